#include "engineer/mix/mix_rules.h"

#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "dsp/gain_computer.h"
#include "dsp/level_detector.h"
#include "engineer/decision.h"

namespace tonewright {

namespace {

// How often the track's level jumps up by 6 dB or more to within 15 dB of its loudest, per second in which it plays.
double attacksPerSecond(const MixTrack& track, const SketchGrid& grid) {
    const std::vector<double> power = track.sketch.framePower();
    const double loudest = power.empty() ? 0.0 : *std::max_element(power.begin(), power.end());
    int attacks = 0, playing = 0;
    for (std::size_t f = 2; f < power.size(); ++f) {
        playing += power[f] > loudest * dbToPower(-40.0);
        attacks += power[f] > loudest * dbToPower(-15.0) && power[f] > 4.0 * power[f - 2] && !(power[f - 1] > 4.0 * power[f - 2]);
    }
    return playing ? attacks / (playing * grid.frameSeconds) : 0.0;
}

}  // namespace

std::vector<double> compressionOverTime(std::span<const double> framePower, const Compressor::Params& params, double frameSeconds) {
    const GainComputer curve{params.thresholdDb, params.ratio, params.kneeDb};
    // In one frame the reduction moves from where it was towards where it should be; what counts is its mean on the way.
    // The detector smooths over 10 ms, so it comes that much later, and reads moments that a frame's mean hides.
    constexpr double kDetectorMs = LevelDetector::kRmsWindowMs, kMomentOverFrameDb = 1.5;
    const auto left = [&](double ms) { return ms > 0.0 ? std::exp(-1000.0 * frameSeconds / ms) : 0.0; };
    const auto onTheWay = [&](double ms) { return ms > 0.0 ? ms / (1000.0 * frameSeconds) * (1.0 - left(ms)) : 0.0; };
    std::vector<double> gains(framePower.size());
    double reductionDb = 0.0;
    for (std::size_t f = 0; f < gains.size(); ++f) {
        const double wantedDb = framePower[f] > 0.0 ? curve.reductionDb(powerToDb(framePower[f]) + kMomentOverFrameDb) : 0.0;
        const double ms = wantedDb > reductionDb ? params.attackMs + kDetectorMs : params.releaseMs;
        gains[f] = dbToPower(params.makeupGainDb - wantedDb - (reductionDb - wantedDb) * onTheWay(ms));
        reductionDb = wantedDb + (reductionDb - wantedDb) * left(ms);
    }
    return gains;
}

std::optional<Step> decideCompression(const MixTrack& track, const SketchGrid& grid, double intensity, const CompressTuning& tuning) {
    if (!track.profile->compression) return std::nullopt;
    const CompressionProfile& usual = *track.profile->compression;
    const std::vector<double> levels = activeLevelsDb(track.sketch.framePower());
    if (levels.size() < 20) return std::nullopt;
    const double loudDb = percentile(levels, 0.95), usualDb = percentile(levels, 0.5);
    const double spreadDb = loudDb - usualDb;
    const double reductionDb = std::min(usual.mostDb, 0.7 * (spreadDb - usual.wantedSpreadDb)) * intensity;
    if (reductionDb < tuning.leastReductionDb) return std::nullopt;

    // The threshold at which a loud moment is reduced by just that much, and the loudest of all by no more than half as much
    // again: a drum's first milliseconds stand well over the 50 ms that a frame is long.
    const double loudestDb = levels.back() + (track.family() == "drums" ? kHitOverFrameDb : 1.0);
    const double slope = 1.0 - 1.0 / usual.ratio;
    Compressor::Params params{.thresholdDb = std::clamp(roundDb(std::max(loudDb - reductionDb / slope, loudestDb - 1.5 * reductionDb / slope)), -80.0, 0.0),
                              .ratio = usual.ratio,
                              .kneeDb = tuning.kneeDb,
                              .attackMs = usual.attackMs,
                              .releaseMs = usual.releaseMs,
                              .detector = DetectorKind::rms};
    // A release that ends before the next attack: no slower than a third of the usual distance between them.
    if (const double rate = attacksPerSecond(track, grid); rate > 0.0 && track.family() == "drums")
        params.releaseMs = std::clamp(roundTo(1000.0 / rate / 3.0, 10.0), 40.0, usual.releaseMs);

    TrackSketch after = track.sketch;
    after.applyOverTime(compressionOverTime(track.sketch.framePower(), params, grid.frameSeconds));
    const double lost = sketchLoudness(track.sketch.loudnessPower(), grid.frameSeconds) - sketchLoudness(after.loudnessPower(), grid.frameSeconds);
    params.makeupGainDb = roundDb(std::clamp(lost, 0.0, 12.0));
    return makeStep(track.stepId("compress"), params,
                    {.rule = "mix.compress",
                     .text = "Its loud moments stand " + fixed(spreadDb, 0) + " dB over its usual level; they are brought down by about " + fixed(reductionDb, 0) +
                             " dB, so that it keeps its place, and the loss is made up.",
                     .evidence = {evidence("loudOverUsual", spreadDb, "dB", "usual " + fixed(usual.wantedSpreadDb, 0))},
                     .confidence = track.track->roleConfidence});
}

}  // namespace tonewright
