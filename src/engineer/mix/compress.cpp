#include <algorithm>
#include <cmath>
#include <limits>

#include "core/decibels.h"
#include "dsp/gain_computer.h"
#include "dsp/level_detector.h"
#include "engineer/decision.h"
#include "engineer/mix/dynamics.h"

namespace tonewright {

namespace {

constexpr double kNotMeasured = std::numeric_limits<double>::infinity();

struct Stage {
    const char* word;
    const char* text;
    Compressor::Params params;
    double reductionDb;
};

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
        const double takenDb = wantedDb + (reductionDb - wantedDb) * onTheWay(ms);
        gains[f] = params.mix == 1.0 ? dbToPower(params.makeupGainDb - takenDb) : std::pow(1.0 + params.mix * (dbToGain(params.makeupGainDb - takenDb) - 1.0), 2.0);
        reductionDb = wantedDb + (reductionDb - wantedDb) * left(ms);
    }
    return gains;
}

Reduction reductionOf(std::span<const double> framePower, const Compressor::Params& params, double frameSeconds) {
    Compressor::Params bare = params;
    bare.makeupGainDb = 0.0;
    bare.mix = 1.0;
    const std::vector<double> gains = compressionOverTime(framePower, bare, frameSeconds);
    const double least = framePower.empty() ? 0.0 : *std::ranges::max_element(framePower) * 1e-3;
    Reduction result;
    std::vector<double> active;
    double sum = 0.0;
    int working = 0;
    for (std::size_t f = 0; f < gains.size(); ++f) {
        const double taken = -powerToDb(gains[f]);
        if (framePower[f] > least) active.push_back(taken);
        if (!(taken > 0.1)) continue;
        ++working;
        sum += taken;
        result.mostDb = std::max(result.mostDb, taken);
    }
    if (active.empty()) return result;
    std::ranges::sort(active);
    result.meanDb = working ? sum / working : 0.0;
    result.ofLoudDb = percentile(active, 0.95);
    result.workingShare = static_cast<double>(working) / static_cast<double>(active.size());
    return result;
}

double thresholdFor(std::span<const double> power, Compressor::Params params, double wantedDb, double loudDb, double frameSeconds) {
    params.thresholdDb = loudDb - wantedDb / (1.0 - 1.0 / params.ratio);
    for (int step = 0; step < 5; ++step) {
        const double errorDb = wantedDb - reductionOf(power, params, frameSeconds).ofLoudDb;
        if (std::abs(errorDb) < 0.05) break;
        params.thresholdDb = std::clamp(params.thresholdDb - errorDb / (1.0 - 1.0 / params.ratio), loudDb - 40.0, loudDb + 6.0);
    }
    return params.thresholdDb;
}

std::vector<Step> decideCompression(const MixTrack& track, const SketchGrid& grid, double intensity, const CompressTuning& tuning) {
    if (!track.profile->compression || intensity <= 0.0) return {};
    const CompressionProfile& usual = *track.profile->compression;
    const Movement movement = movementOf(track, grid);
    const bool drum = track.family() == "drums", voice = track.family() == "vocals";
    if (movement.momentsDb.size() < (drum ? 8u : 20u)) return {};
    const double spreadDb = movement.spreadDb();
    const double reductionDb = std::min({usual.mostDb * std::max(1.0, intensity), tuning.mostReductionDb, tuning.part * (spreadDb - usual.wantedSpreadDb) * intensity});
    if (reductionDb < tuning.leastReductionDb) return {};
    const double crest = voice || drum ? crestDb(track, grid).value_or(kNotMeasured) : kNotMeasured;
    if (crest < tuning.leastCrestDb) return {};

    Compressor::Params fast{.ratio = usual.ratio, .kneeDb = tuning.kneeDb, .attackMs = usual.attackMs, .releaseMs = usual.releaseMs, .detector = DetectorKind::rms};
    // A release that ends before the next attack: no slower than a third of the usual distance between them.
    if (const double rate = movement.attacksPerSecond; rate > 0.0 && drum) fast.releaseMs = std::clamp(roundTo(1000.0 / rate / 3.0, 10.0), 40.0, usual.releaseMs);
    Compressor::Params slow = fast;
    slow.ratio = tuning.levellerRatio;
    slow.attackMs = tuning.levellerAttackMs;
    slow.releaseMs = tuning.levellerReleaseMs;

    // What of the spread lies between phrases, and what inside them.
    const double phrases = movement.phraseSpreadDb * movement.phraseSpreadDb, moments = movement.momentSpreadDb * movement.momentSpreadDb;
    const double slowDb = voice && phrases + moments > 0.0 ? reductionDb * phrases / (phrases + moments) : 0.0;
    std::vector<Stage> stages;
    if (slowDb >= tuning.leastOfStageDb && reductionDb - slowDb >= tuning.leastOfStageDb) {
        stages = {{"level", "a slow compressor first holds the louder phrases", slow, slowDb}, {"compress", "this fast one takes the moments that still stand out", fast, reductionDb - slowDb}};
    } else if (slowDb > 0.5 * reductionDb) {
        stages = {{"level", "a slow compressor holds the louder phrases", slow, reductionDb}};
    } else {
        stages = {{"compress", drum ? "its harder hits come nearer to the others" : "they come nearer to the rest", fast, reductionDb}};
    }

    std::vector<Step> steps;
    TrackSketch sketch = track.sketch;
    sketch.applyGain(-track.faderDb);
    for (Stage& stage : stages) {
        std::vector<double> heard = sketch.framePower();
        for (double& power : heard) power *= dbToPower(detectorDb(track));
        // The hardest moment loses no more than half as much again: a drum's first milliseconds stand well over the 50 ms that a frame is long.
        const double slope = 1.0 - 1.0 / stage.params.ratio, loudestDb = powerToDb(*std::ranges::max_element(heard)) + (drum ? kHitOverFrameDb : 1.0);
        const double loudDb = movement.loudDb + detectorDb(track);
        const double thresholdDb = drum ? loudDb - stage.reductionDb / slope : thresholdFor(heard, stage.params, stage.reductionDb, loudDb, grid.frameSeconds);
        stage.params.thresholdDb = std::clamp(roundDb(std::max(thresholdDb, loudestDb - 1.5 * (drum ? stage.reductionDb : tuning.mostReductionDb) / slope)), -80.0, 0.0);
        const Reduction reduction = reductionOf(heard, stage.params, grid.frameSeconds);
        if (reduction.mostDb < 0.5) continue;

        TrackSketch after = sketch;
        after.applyOverTime(compressionOverTime(heard, stage.params, grid.frameSeconds));
        const double lost = sketchLoudness(sketch.loudnessPower(), grid.frameSeconds) - sketchLoudness(after.loudnessPower(), grid.frameSeconds);
        stage.params.makeupGainDb = roundDb(std::clamp(lost, 0.0, 12.0));
        after.applyGain(stage.params.makeupGainDb);
        sketch = std::move(after);

        std::vector<Evidence> proof = {evidence("loudOverUsual", spreadDb, "dB", "usual " + fixed(usual.wantedSpreadDb, 0)),
                                       evidence("reductionPredicted", reduction.meanDb, "dB", "on average while acting"),
                                       evidence("mostReductionPredicted", reduction.mostDb, "dB")};
        if (voice) proof.push_back(evidence(stage.params.ratio == slow.ratio ? "phraseSpread" : "momentSpread",
                                            stage.params.ratio == slow.ratio ? movement.phraseSpreadDb : movement.momentSpreadDb, "dB"));
        if (crest != kNotMeasured) proof.push_back(evidence("crest", crest, "dB", "left alone below " + fixed(tuning.leastCrestDb, 1)));
        steps.push_back(makeStep(track.stepId(stage.word), stage.params,
                                 {.rule = "mix.compress",
                                  .text = "Its loud " + std::string(drum ? "hits" : "moments") + " stand " + fixed(spreadDb, 0) + " dB over its usual " + (drum ? "ones" : "level") + "; " + stage.text + ", by " +
                                          fixed(reduction.meanDb, 1) + " dB on average, and what is lost is made up.",
                                  .evidence = std::move(proof),
                                  .confidence = track.track->roleConfidence}));
    }
    return steps;
}

}  // namespace tonewright
