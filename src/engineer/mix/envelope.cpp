#include "engineer/mix/envelope.h"

#include <algorithm>
#include <cmath>

#include "core/decibels.h"

namespace tonewright {

namespace {

constexpr double kPhraseSeconds = 0.8;
constexpr double kHitRangeDb = 15.0, kHitRiseDb = 6.0;
constexpr double kPlayingDb = 40.0;

double loudestOf(std::span<const double> power) { return power.empty() ? 0.0 : *std::ranges::max_element(power); }

// Mean power around each frame, `frames` long.
std::vector<double> meanAround(std::span<const double> power, int frames) {
    std::vector<double> before(power.size() + 1);
    for (std::size_t f = 0; f < power.size(); ++f) before[f + 1] = before[f] + power[f];
    std::vector<double> mean(power.size());
    const int half = std::max(1, frames / 2), all = static_cast<int>(power.size());
    for (int f = 0; f < all; ++f) {
        const int from = std::max(0, f - half), to = std::min(all, f + half);
        mean[f] = std::max(0.0, before[to] - before[from]) / (to - from);
    }
    return mean;
}

std::vector<double> powerBeforeFader(const MixTrack& track) {
    std::vector<double> power = track.sketch.framePower();
    for (double& p : power) p *= dbToPower(-track.faderDb);
    return power;
}

}  // namespace

std::vector<int> hitFrames(std::span<const double> power) {
    const double least = loudestOf(power) * dbToPower(-kHitRangeDb), rise = dbToPower(kHitRiseDb);
    std::vector<int> hits;
    for (int f = 1; f + 1 < static_cast<int>(power.size()); ++f) {
        if (!(power[f] > least) || power[f] < power[f - 1] || !(power[f] > power[f + 1])) continue;
        if (power[f] > rise * power[std::max(0, f - 2)] || power[f] > rise * power[f - 1]) hits.push_back(f);
    }
    return hits;
}

Movement movementOf(const MixTrack& track, const SketchGrid& grid) {
    Movement result;
    const std::vector<double> power = powerBeforeFader(track);
    const double loudest = loudestOf(power);
    if (!(loudest > 0.0)) return result;
    result.loudestDb = powerToDb(loudest);

    const std::vector<int> hits = hitFrames(power);
    const auto playing = std::ranges::count_if(power, [&](double p) { return p > loudest * dbToPower(-kPlayingDb); });
    result.attacksPerSecond = static_cast<double>(hits.size()) / (static_cast<double>(playing) * grid.frameSeconds);
    if (track.family() == "drums") {
        for (int f : hits) result.momentsDb.push_back(powerToDb(power[f]));
        std::ranges::sort(result.momentsDb);
        result.usualDb = percentile(result.momentsDb, 0.33);
        result.loudDb = percentile(result.momentsDb, 0.9);
        return result;
    }
    result.momentsDb = activeLevelsDb(power);
    result.usualDb = percentile(result.momentsDb, 0.5);
    result.loudDb = percentile(result.momentsDb, 0.95);

    const std::vector<double> phrases = meanAround(power, static_cast<int>(std::lround(kPhraseSeconds / grid.frameSeconds)));
    const std::vector<double> phrasesDb = activeLevelsDb(phrases);
    result.phraseSpreadDb = percentile(phrasesDb, 0.9) - percentile(phrasesDb, 0.5);
    std::vector<double> over;
    for (std::size_t f = 0; f < power.size(); ++f)
        if (power[f] > loudest * 1e-3) over.push_back(powerToDb(power[f] / phrases[f]));
    std::ranges::sort(over);
    result.momentSpreadDb = percentile(over, 0.95);
    return result;
}

std::optional<double> crestDb(const MixTrack& track, const SketchGrid& grid) {
    const std::vector<float>& drawn = track.analysis->peakEnvelope;
    const Sketch& sketch = track.analysis->sketch;
    const int pairs = static_cast<int>(drawn.size() / 2);
    if (pairs < 20 || sketch.frames < 20 || grid.frames < 1) return std::nullopt;
    std::vector<double> power(sketch.frames);
    for (int f = 0; f < sketch.frames; ++f)
        for (int band = 0; band < kErbBands; ++band) power[f] += sketch.at(f, band);
    const double loudest = loudestOf(power);
    if (!(loudest > 0.0)) return std::nullopt;

    // The highest peak in the time of every frame and its neighbours; a drawn pair may be longer than a frame.
    const double pairsPerFrame = static_cast<double>(pairs) / sketch.frames;
    const auto peakAt = [&](int frame) {
        const int from = std::clamp(static_cast<int>(std::floor((frame - 1) * pairsPerFrame)), 0, pairs - 1);
        const int to = std::clamp(static_cast<int>(std::ceil((frame + 2) * pairsPerFrame)), from + 1, pairs);
        double peak = 0.0;
        for (int p = from; p < to; ++p) peak = std::max({peak, std::abs(static_cast<double>(drawn[2 * p])), std::abs(static_cast<double>(drawn[2 * p + 1]))});
        return peak;
    };
    std::vector<double> crests;
    const auto take = [&](int f) {
        // Only where the frame is the loudest of its surroundings is the peak its own.
        const int reach = std::max(1, static_cast<int>(std::ceil(1.0 / pairsPerFrame)));
        for (int g = std::max(0, f - reach); g <= std::min(sketch.frames - 1, f + reach); ++g)
            if (power[g] > power[f]) return;
        if (const double peak = peakAt(f); peak > 0.0) crests.push_back(2.0 * powerToDb(peak) - powerToDb(power[f]) - detectorDb(track));
    };
    if (track.family() == "drums") {
        for (int f : hitFrames(power)) take(f);
    } else {
        for (int f = 0; f < sketch.frames; ++f)
            if (power[f] > loudest * 1e-3) take(f);
    }
    if (crests.size() < 8) return std::nullopt;
    std::ranges::sort(crests);
    return percentile(crests, 0.5);
}

double detectorDb(const MixTrack& track) {
    if (track.track->info.channels != 2) return 0.0;
    const double ratio = dbToPower(std::clamp(track.analysis->stereo.balanceDb, -60.0, 60.0));
    return powerToDb(std::max(ratio, 1.0) / (1.0 + ratio));
}

}  // namespace tonewright
