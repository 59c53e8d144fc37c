#include <algorithm>
#include <cmath>
#include <limits>

#include "core/decibels.h"
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
    const double stepSeconds = grid.frameSeconds / TrackSketch::kSteps;
    for (Stage& stage : stages) {
        std::vector<double> heard = sketch.stepPower();
        for (double& power : heard) power *= dbToPower(detectorDb(track));
        // The hardest moment loses no more than half as much again.
        const double slope = 1.0 - 1.0 / stage.params.ratio, loudestDb = loudestMomentDb(heard, stepSeconds), loudDb = movement.loudDb + detectorDb(track);
        const double thresholdDb = drum ? loudDb - stage.reductionDb / slope : thresholdFor(heard, stage.params, stage.reductionDb, loudDb, stepSeconds);
        stage.params.thresholdDb = std::clamp(roundDb(std::max(thresholdDb, loudestDb - 1.5 * (drum ? stage.reductionDb : tuning.mostReductionDb) / slope)), -80.0, 0.0);
        const Reduction reduction = reductionOf(heard, stage.params, stepSeconds);
        if (reduction.mostDb < 0.5) continue;

        TrackSketch after = sketch;
        after.applyOverSteps(compressionOverTime(heard, stage.params, stepSeconds));
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
