#include "analysis/song_structure.h"

#include <algorithm>
#include <cmath>

#include "analysis/song_beats.h"
#include "analysis/song_canvas.h"
#include "analysis/song_names.h"
#include "analysis/song_sections.h"
#include "core/decibels.h"
#include "core/text.h"

namespace tonewright {

namespace {

constexpr std::size_t kMaxUnits = 512, kMaxSpans = 64;
constexpr double kUnitSecondsWithoutBeats = 1.0;
constexpr double kPlays = 0.2;             // of what a voice plays where it plays all the time: less is spill, or a tail
constexpr double kSoundDb = -40.0;         // re the loudest moment: before and after that is silence
constexpr double kGapSeconds = 4.0;        // shorter rests do not end a span
constexpr double kShortestSeconds = 2.0;   // of a song that has parts at all

double seconds2(double seconds) { return roundTo(seconds, 0.01); }

// Where units begin and end: bars; two beats where bars cannot be told; a second where there are no beats.
std::vector<double> unitEdges(const SongStructure& structure, const TimeSpan& sound) {
    std::vector<double> inner;
    if (!structure.downbeats.empty())
        for (int b : structure.downbeats) inner.push_back(structure.beatSeconds[b]);
    else if (!structure.beatSeconds.empty())
        for (std::size_t b = 0; b < structure.beatSeconds.size(); b += 2) inner.push_back(structure.beatSeconds[b]);
    else
        for (double t = kUnitSecondsWithoutBeats; t < sound.endSeconds; t += kUnitSecondsWithoutBeats) inner.push_back(t);
    std::erase_if(inner, [&](double t) { return t <= sound.startSeconds || t >= sound.endSeconds; });
    const std::size_t group = inner.size() / kMaxUnits + 1;
    const double unit = (sound.endSeconds - sound.startSeconds) / (static_cast<double>(inner.size()) / static_cast<double>(group) + 1.0);
    std::vector<double> edges = {sound.startSeconds};
    for (std::size_t i = 0; i < inner.size(); i += group)
        if (inner[i] > edges.back() + 0.3 * unit && inner[i] < sound.endSeconds - 0.3 * unit) edges.push_back(inner[i]);
    edges.push_back(sound.endSeconds);
    return edges;
}

// From the first to the last sound.
TimeSpan soundingSpan(const SongCanvas& canvas) {
    std::vector<double> power(canvas.frames);
    for (int f = 0; f < canvas.frames; ++f)
        for (int band = 0; band < kErbBands; ++band) power[f] += canvas.sum[static_cast<std::size_t>(f) * kErbBands + band];
    const double least = *std::max_element(power.begin(), power.end()) * dbToPower(kSoundDb);
    int first = 0, last = canvas.frames - 1;
    while (power[first] < least) ++first;
    while (power[last] < least) --last;
    return {first * canvas.frameSeconds, (last + 1) * canvas.frameSeconds};
}

// Of a part, by time.
double mean(const std::vector<double>& values, const SongFeatures& features, const SongSegment& segment) {
    double sum = 0.0, all = 0.0;
    for (int u = segment.firstUnit; u < segment.lastUnit; ++u) {
        all += features.seconds(u);
        sum += features.seconds(u) * values[u];
    }
    return sum / all;
}

std::vector<TimeSpan> spansOf(const std::vector<double>& activity, const SongFeatures& features) {
    std::vector<TimeSpan> spans;
    for (int u = 0; u < features.units(); ++u) {
        if (activity[u] < kPlays) continue;
        const TimeSpan span{seconds2(features.edges[u]), seconds2(features.edges[u + 1])};
        if (!spans.empty() && span.startSeconds - spans.back().endSeconds < kGapSeconds) spans.back().endSeconds = span.endSeconds;
        else spans.push_back(span);
    }
    while (spans.size() > kMaxSpans) {   // the shortest rests are left out
        std::size_t shortest = 1;
        for (std::size_t i = 2; i < spans.size(); ++i)
            if (spans[i].startSeconds - spans[i - 1].endSeconds < spans[shortest].startSeconds - spans[shortest - 1].endSeconds) shortest = i;
        spans[shortest - 1].endSeconds = spans[shortest].endSeconds;
        spans.erase(spans.begin() + static_cast<std::ptrdiff_t>(shortest));
    }
    return spans;
}

double loudnessOf(const SongFeatures& features, int first, int last) {
    double sum = 0.0, all = 0.0;
    for (int u = first; u < last; ++u) {
        sum += features.seconds(u) * features.loudness[u];
        all += features.seconds(u);
    }
    return powerToDb(std::max(1e-12, sum / all));
}

std::string letter(int label) { return label < 26 ? std::string(1, static_cast<char>('A' + label)) : "Z" + std::to_string(label - 25); }

void describeParts(Song& song, std::span<const SongVoice> voices, const SongFeatures& features, const std::vector<SongSegment>& segments) {
    const double whole = loudnessOf(features, 0, features.units());
    std::vector<NamedPart> named;
    for (const SongSegment& segment : segments) {
        SongPart part;
        part.startSeconds = seconds2(features.edges[segment.firstUnit]);
        part.endSeconds = seconds2(features.edges[segment.lastUnit]);
        part.label = letter(segment.label);
        part.levelLu = roundTo(std::max(-60.0, loudnessOf(features, segment.firstUnit, segment.lastUnit) - whole), 0.1);
        NamedPart name{.label = segment.label, .seconds = part.seconds(), .levelLu = part.levelLu, .sung = 0.0, .playing = 0.0, .name = {}, .confidence = 0.0};
        double all = 0.0;
        for (std::size_t v = 0; v < voices.size(); ++v) {
            const double playing = mean(features.activity[v], features, segment);
            if (playing >= kPlays) part.plays.push_back(voices[v].id);
            if (voices[v].sings) name.sung = std::max(name.sung, mean(features.sounding[v], features, segment));
            all += voices[v].weight;
            name.playing += voices[v].weight * playing;
        }
        name.playing /= std::max(1e-9, all);
        part.confidence = roundTo(segment.contrast, 0.01);
        song.parts.push_back(std::move(part));
        named.push_back(std::move(name));
    }
    nameParts(named);
    for (std::size_t i = 0; i < named.size(); ++i)
        if (!named[i].name.empty()) {
            song.parts[i].name = named[i].name;
            song.parts[i].confidence = roundTo(named[i].confidence, 0.01);
        }
}

}  // namespace

std::string partTitle(const Song& song, std::size_t part) {
    const std::string& name = song.parts[part].name;
    if (name.empty()) return "section " + std::to_string(part + 1);
    int number = 0, all = 0;
    for (std::size_t i = 0; i < song.parts.size(); ++i)
        if (song.parts[i].name == name) {
            ++all;
            if (i <= part) ++number;
        }
    return all > 1 ? name + " " + std::to_string(number) : name;
}

const SongPart* partAt(const Song& song, double seconds) {
    for (const SongPart& part : song.parts)
        if (seconds >= part.startSeconds && seconds < part.endSeconds) return &part;
    return nullptr;
}

SongStructure findSongStructure(std::span<const SongVoice> voices, double durationSeconds) {
    SongStructure result;
    if (!(durationSeconds >= kShortestSeconds)) return result;
    const SongCanvas canvas = songCanvas(voices, durationSeconds);
    if (std::ranges::none_of(canvas.weights, [](double weight) { return weight > 0.0; })) return result;

    Song& song = result.song;
    SongBeats beats = findSongBeats(voices, durationSeconds);
    result.beatSeconds = std::move(beats.seconds);
    if (!result.beatSeconds.empty()) {
        song.tempoBpm = roundTo(beats.tempoBpm, 0.1);
        song.tempoConfidence = roundTo(beats.confidence, 0.01);
        song.firstBeatSeconds = seconds2(result.beatSeconds.front());
        SongMetre metre = findSongMetre(canvas, result.beatSeconds);
        song.beatsPerBar = metre.beatsPerBar;
        song.metreConfidence = roundTo(metre.confidence, 0.01);
        result.downbeats = std::move(metre.downbeats);
        if (!result.downbeats.empty()) song.firstDownbeatSeconds = seconds2(result.beatSeconds[result.downbeats.front()]);
    }
    SongFeatures features = songFeatures(canvas, unitEdges(result, soundingSpan(canvas)));
    features.areBars = !result.downbeats.empty() && result.downbeats.size() <= kMaxUnits;
    const std::vector<SongSegment> segments = segmentSong(features);
    features.edges.front() = 0.0;   // what stands before the first sound and behind the last belongs to the first part and the last
    features.edges.back() = durationSeconds;
    describeParts(song, voices, features, segments);
    for (std::size_t v = 0; v < voices.size(); ++v)
        if (canvas.weights[v] > 0.0) song.elements.push_back({voices[v].id, spansOf(features.activity[v], features)});
    return result;
}

}  // namespace tonewright
