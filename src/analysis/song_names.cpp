#include "analysis/song_names.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace tonewright {

namespace {

constexpr double kSung = 0.2;             // share of the time that makes a part sung
constexpr double kLouderLu = 1.0, kFuller = 0.1;
constexpr double kQuietEdgeLu = 3.0;      // an instrumental's intro and outro
constexpr double kBreakLu = -3.0;
constexpr double kLongestEdgeShare = 0.3; // of the song
constexpr double kShortVerse = 0.75;      // of the verses' length: what ends the song so is no verse

struct Kind {
    int count = 0;                                      // of sung parts
    double seconds = 0.0, level = 0.0, playing = 0.0;   // level: mean of LU by time
    bool sung = false;
};

bool isSung(const NamedPart& part) { return part.sung >= kSung; }

void give(NamedPart& part, const char* name, double confidence) {
    part.name = name;
    part.confidence = std::clamp(confidence, 0.0, 1.0);
}

std::map<int, Kind> kindsOf(std::span<const NamedPart> parts) {
    std::map<int, Kind> kinds;
    std::map<int, double> sungSeconds;
    for (const NamedPart& part : parts) {
        Kind& kind = kinds[part.label];
        kind.count += isSung(part);
        kind.seconds += part.seconds;
        kind.level += part.seconds * part.levelLu;
        kind.playing += part.seconds * part.playing;
        sungSeconds[part.label] += part.seconds * part.sung;
    }
    for (auto& [label, kind] : kinds) {
        kind.level /= kind.seconds;
        kind.playing /= kind.seconds;
        kind.sung = sungSeconds[label] / kind.seconds >= kSung;
    }
    return kinds;
}

// The label that is the chorus, or -1; `sure` 0 ... 1.
int chorusOf(const std::map<int, Kind>& kinds, double& sure) {
    const auto strength = [](const Kind& kind) { return kind.level / kLouderLu + kind.playing / kFuller; };
    int best = -1;
    double highest = -1e9;
    for (const auto& [label, kind] : kinds)
        if (kind.sung && kind.count >= 2 && strength(kind) > highest) {
            highest = strength(kind);
            best = label;
        }
    if (best < 0) return -1;
    double second = -1e9;
    for (const auto& [label, kind] : kinds)
        if (kind.sung && label != best) second = std::max(second, strength(kind));
    if (second < -1e8 || highest - second < 1.0) return -1;   // nothing that it is louder than
    sure = std::min(0.9, 0.5 + 0.1 * (highest - second) + 0.05 * kinds.at(best).count);
    return best;
}

void nameEdges(std::span<NamedPart> parts, bool anybodySings, double songSeconds) {
    const std::size_t count = parts.size();
    if (anybodySings) {
        std::size_t first = 0, last = count;
        while (!isSung(parts[first])) ++first;
        while (!isSung(parts[last - 1])) --last;
        double before = 0.0, after = 0.0;
        for (std::size_t i = 0; i < first; ++i) before += parts[i].seconds;
        for (std::size_t i = last; i < count; ++i) after += parts[i].seconds;
        for (std::size_t i = 0; i < first && before < kLongestEdgeShare * songSeconds; ++i) give(parts[i], "intro", 0.9);
        for (std::size_t i = last; i < count && after < kLongestEdgeShare * songSeconds; ++i) give(parts[i], "outro", 0.85);
        return;
    }
    if (count < 3) return;
    const auto quieter = [&](const NamedPart& edge, const NamedPart& next) { return next.levelLu - edge.levelLu >= kQuietEdgeLu && edge.seconds < 0.5 * kLongestEdgeShare * songSeconds; };
    if (quieter(parts[0], parts[1])) give(parts[0], "intro", 0.6);
    if (quieter(parts[count - 1], parts[count - 2])) give(parts[count - 1], "outro", 0.6);
}

}  // namespace

void nameParts(std::span<NamedPart> parts) {
    if (parts.size() < 2) return;
    double songSeconds = 0.0;
    for (const NamedPart& part : parts) songSeconds += part.seconds;
    const bool anybodySings = std::ranges::any_of(parts, isSung);
    nameEdges(parts, anybodySings, songSeconds);
    if (!anybodySings) return;

    const std::map<int, Kind> kinds = kindsOf(parts);
    double sure = 0.0;
    const int chorus = chorusOf(kinds, sure);
    std::vector<std::size_t> choruses;
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (parts[i].label == chorus && isSung(parts[i])) {
            give(parts[i], "chorus", sure);
            choruses.push_back(i);
        }
    for (std::size_t i = 0; i < parts.size(); ++i) {
        NamedPart& part = parts[i];
        if (!part.name.empty()) continue;
        if (!isSung(part)) {
            if (part.levelLu < kBreakLu) give(part, "break", 0.6);
            else if (chorus >= 0 && choruses.size() >= 2 && i > choruses[1] && i < choruses.back()) give(part, "solo", 0.5);
            continue;
        }
        if (chorus < 0) continue;
        const Kind& kind = kinds.at(part.label);
        int beforeChorus = 0;
        for (std::size_t c : choruses) beforeChorus += c > 0 && parts[c - 1].label == part.label;
        const bool always = beforeChorus == kind.count;
        // A prechorus has a verse before it; a verse has none.
        const bool afterSung = i > 0 && isSung(parts[i - 1]) && parts[i - 1].label != part.label && parts[i - 1].label != chorus;
        if (kind.count >= 2 && always && afterSung && kind.level <= kinds.at(chorus).level) give(part, "prechorus", 0.7 * sure);
        else if (i > choruses.back() && (kind.count < 2 || part.seconds < kShortVerse * (kind.seconds - part.seconds) / (kind.count - 1))) give(part, "outro", 0.5);
        else if (kind.count >= 2 || i < choruses.front()) give(part, "verse", 0.9 * sure);
        else if (choruses.size() >= 2 && i > choruses[1]) give(part, "bridge", 0.7 * sure);
    }
}

}  // namespace tonewright
