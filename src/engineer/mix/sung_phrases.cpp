#include "engineer/mix/sung_phrases.h"

#include <algorithm>
#include <cmath>

#include "core/decibels.h"

namespace tonewright {

namespace {

constexpr double kBlockSeconds = 0.4;   // over which loudness is heard

// Mean over a block around each frame.
std::vector<double> blockMeans(const std::vector<double>& power, double frameSeconds) {
    const int count = static_cast<int>(power.size()), half = std::max(0, static_cast<int>(std::lround(0.5 * kBlockSeconds / frameSeconds)));
    std::vector<double> sums(count + 1, 0.0), means(count);
    for (int f = 0; f < count; ++f) sums[f + 1] = sums[f] + power[f];
    for (int f = 0; f < count; ++f) {
        const int from = std::max(0, f - half), to = std::min(count, f + half + 1);
        means[f] = (sums[to] - sums[from]) / (to - from);
    }
    return means;
}

// Long phrases in two, and again, where the voice is quietest in the middle half.
void split(const Phrase& phrase, const std::vector<double>& means, int longest, std::vector<Phrase>& result) {
    const int length = phrase.last - phrase.first;
    if (length <= longest) {
        result.push_back(phrase);
        return;
    }
    const auto quietest = std::min_element(means.begin() + phrase.first + length / 4, means.begin() + phrase.last - length / 4);
    const int at = static_cast<int>(quietest - means.begin());
    split({phrase.first, at}, means, longest, result);
    split({at, phrase.last}, means, longest, result);
}

}  // namespace

Singing singingOf(const MixState& state, const RideTuning& tuning) {
    Singing singing;
    const int frames = state.grid.frames;
    for (int i : state.byContent)
        if (state.tracks[i].isLeadVocal()) singing.tracks.push_back(i);
    singing.sings.assign(frames, 0);
    if (singing.tracks.empty()) return singing;
    singing.voice.assign(frames, 0.0);
    for (int i : singing.tracks) {
        const std::vector<double> power = state.tracks[i].sketch.loudnessPower();
        for (int f = 0; f < frames; ++f) singing.voice[f] += power[f];
    }
    const std::vector<double> mix = state.mixLoudnessPower();
    singing.rest.resize(frames);
    for (int f = 0; f < frames; ++f) singing.rest[f] = std::max(0.0, mix[f] - singing.voice[f]);
    const double own = sketchLoudness(singing.voice, state.grid.frameSeconds), whole = state.mixLoudnessLufs();
    if (!std::isfinite(own) || !std::isfinite(whole)) return singing;
    const double least = dbToPower(std::max(own - tuning.singsWithinLu, whole - tuning.ignoreUnderMixLu) + 0.691);
    const std::vector<double> means = blockMeans(singing.voice, state.grid.frameSeconds);
    for (int f = 0; f < frames; ++f) singing.sings[f] = means[f] > least;
    return singing;
}

std::vector<Phrase> phrasesOf(const Singing& singing, double frameSeconds, const RideTuning& tuning) {
    const auto frames = [&](double seconds) { return static_cast<int>(std::lround(seconds / frameSeconds)); };
    std::vector<Phrase> runs;
    const int count = static_cast<int>(singing.sings.size());
    for (int f = 0; f < count; ++f) {
        if (!singing.sings[f]) continue;
        if (!runs.empty() && f - runs.back().last <= frames(tuning.breathSeconds)) runs.back().last = f + 1;
        else runs.push_back({f, f + 1});
    }
    // A word alone belongs to the phrase next to it.
    std::vector<Phrase> phrases;
    for (const Phrase& run : runs) {
        const bool isShort = run.last - run.first < frames(tuning.shortestSeconds);
        const bool afterShort = !phrases.empty() && phrases.back().last - phrases.back().first < frames(tuning.shortestSeconds);
        const bool near = !phrases.empty() && run.first - phrases.back().last < frames(2.5 * tuning.breathSeconds);
        if (near && (isShort || afterShort)) phrases.back().last = run.last;
        else phrases.push_back(run);
    }
    std::vector<Phrase> result;
    const std::vector<double> means = blockMeans(singing.voice, frameSeconds);
    for (const Phrase& phrase : phrases) split(phrase, means, std::max(2, frames(tuning.longestSeconds)), result);
    return result;
}

}  // namespace tonewright
