#include "demo/notation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace tonewright::demo {
namespace {

[[noreturn]] void notUnderstood(std::string_view what, std::string_view text) {
    throw std::invalid_argument("the demo's score: \"" + std::string(text) + "\" is no " + std::string(what));
}

// Reads a pitch class from the front of `text` and removes it.
int takePitchClass(std::string_view& text, std::string_view whole) {
    constexpr std::array<int, 7> kFromA = {9, 11, 0, 2, 4, 5, 7};
    if (text.empty() || text[0] < 'A' || text[0] > 'G') notUnderstood("note", whole);
    int pitch = kFromA[static_cast<std::size_t>(text[0] - 'A')];
    text.remove_prefix(1);
    if (text.starts_with('#')) {
        ++pitch;
        text.remove_prefix(1);
    } else if (text.starts_with('b')) {
        --pitch;
        text.remove_prefix(1);
    }
    return (pitch + 12) % 12;
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts(1);
    for (char c : text)
        if (c == separator)
            parts.emplace_back();
        else
            parts.back() += c;
    return parts;
}

std::vector<std::string> words(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> result;
    for (std::string word; stream >> word;) result.push_back(word);
    return result;
}

double beatsOf(const std::string& text, std::string_view whole) {
    char* end = nullptr;
    const double beats = std::strtod(text.c_str(), &end);
    if (end != text.c_str() + text.size() || !(beats > 0.0)) notUnderstood("length", whole);
    return beats;
}

const std::vector<int>& intervalsOf(std::string_view quality, std::string_view whole) {
    static const std::vector<std::pair<std::string_view, std::vector<int>>> kQualities = {
        {"", {0, 4, 7}},         {"m", {0, 3, 7}},      {"7", {0, 4, 7, 10}}, {"m7", {0, 3, 7, 10}},
        {"maj7", {0, 4, 7, 11}}, {"sus4", {0, 5, 7}},   {"add9", {0, 2, 4, 7}}, {"m6", {0, 3, 7, 9}}};
    for (const auto& [name, intervals] : kQualities)
        if (name == quality) return intervals;
    notUnderstood("chord", whole);
}

}  // namespace

int keyOf(std::string_view name) {
    std::string_view rest = name;
    const int pitch = takePitchClass(rest, name);
    if (rest.size() != 1 || rest[0] < '0' || rest[0] > '8') notUnderstood("note", name);
    return 12 * (rest[0] - '0' + 1) + pitch;
}

Chord chordOf(std::string_view name) {
    const std::size_t slash = name.find('/');
    std::string_view upper = name.substr(0, slash);
    Chord chord;
    chord.name = std::string(name);
    chord.root = chord.bass = takePitchClass(upper, name);
    for (int interval : intervalsOf(upper, name)) chord.tones.push_back((chord.root + interval) % 12);
    if (slash != std::string_view::npos) {
        std::string_view lower = name.substr(slash + 1);
        chord.bass = takePitchClass(lower, name);
        if (!lower.empty()) notUnderstood("chord", name);
    }
    return chord;
}

std::vector<int> Chord::voiced(int lowest, int count) const {
    std::vector<int> keys;
    for (int key = lowest; static_cast<int>(keys.size()) < count; ++key)
        if (std::find(tones.begin(), tones.end(), key % 12) != tones.end()) keys.push_back(key);
    return keys;
}

std::vector<ChordSpan> chordChart(std::string_view text, double startBeat) {
    std::vector<ChordSpan> chart;
    for (const std::string& bar : split(text, '|')) {
        const std::vector<std::string> names = words(bar);
        if (names.empty()) notUnderstood("chord chart", text);
        const double beats = kBeatsPerBar / static_cast<double>(names.size());
        for (const std::string& name : names) {
            chart.push_back({startBeat, beats, chordOf(name)});
            startBeat += beats;
        }
    }
    return chart;
}

std::vector<SungNote> melody(std::string_view text, double startBeat) {
    std::vector<SungNote> notes;
    double barStart = startBeat;
    for (const std::string& bar : split(text, '|')) {
        double beat = barStart;
        for (const std::string& word : words(bar)) {
            const std::vector<std::string> fields = split(word, ':');
            const bool rest = fields[0] == "r";
            if (fields.size() != (rest ? 2u : 3u)) notUnderstood("sung note", word);
            const double beats = beatsOf(fields[1], word);
            if (!rest) notes.push_back({beat, beats, keyOf(fields[0]), fields[2]});
            beat += beats;
        }
        if (std::abs(beat - barStart - kBeatsPerBar) > 1e-9) notUnderstood("full bar", bar);
        barStart += kBeatsPerBar;
    }
    return notes;
}

std::vector<GridHit> drumGrid(std::string_view bar) {
    if (bar.size() != 16) notUnderstood("bar of sixteenths", bar);
    std::vector<GridHit> hits;
    for (int step = 0; step < 16; ++step) {
        const char c = bar[static_cast<std::size_t>(step)];
        const int velocity = c == 'X' ? 118 : c == 'o' ? 92 : c == 'g' ? 34 : 0;
        if (velocity == 0 && c != '.') notUnderstood("bar of sixteenths", bar);
        if (velocity > 0) hits.push_back({step / 4.0, velocity});
    }
    return hits;
}

}  // namespace tonewright::demo
