#include "engineer/mix/mix_rules.h"

#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "dsp/gain_computer.h"
#include "engineer/decision.h"

namespace tonewright {

std::vector<double> compressionOverTime(const MixTrack& track, const Compressor::Params& params) {
    std::vector<double> gains = track.sketch.framePower();
    for (double& gain : gains) {
        const double levelDb = gain > 0.0 ? powerToDb(gain) : kSilentDb;
        const double over = levelDb - params.thresholdDb;
        const double reductionDb = over > 0.0 ? over * (1.0 - 1.0 / params.ratio) : 0.0;
        gain = dbToPower(params.makeupGainDb - reductionDb);
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

    // The threshold at which a loud moment is reduced by just that much.
    const double slope = 1.0 - 1.0 / usual.ratio;
    Compressor::Params params{.thresholdDb = std::clamp(roundDb(loudDb - reductionDb / slope), -80.0, 0.0),
                              .ratio = usual.ratio,
                              .kneeDb = tuning.kneeDb,
                              .attackMs = usual.attackMs,
                              .releaseMs = usual.releaseMs,
                              .detector = DetectorKind::rms};
    // A release that ends before the next attack: no slower than a third of the usual distance between them.
    if (const double rate = track.analysis->rhythm.onsetsPerSecond; rate > 0.0 && track.family() == "drums")
        params.releaseMs = std::clamp(roundMs(1000.0 / rate / 3.0), 40.0, usual.releaseMs);

    TrackSketch after = track.sketch;
    after.applyOverTime(compressionOverTime(track, params));
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
