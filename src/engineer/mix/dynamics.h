#pragma once
#include <optional>
#include <span>
#include <vector>

#include "engineer/mix/envelope.h"

namespace tonewright {

// mix.compress: loud moments brought nearer to the rest. A voice gets two stages: a slow one for phrases, a fast one for moments.
struct CompressTuning {
    double part = 0.7;               // of what goes beyond the role's usual spread is taken away
    double leastReductionDb = 1.0;   // of a loud moment; less is not worth a compressor
    double leastOfStageDb = 0.8;     // of each of a voice's two stages; else one does it all
    double mostReductionDb = 6.0;    // of a loud moment, whatever the intensity
    double kneeDb = 6.0;
    double leastCrestDb = 6.5;       // voices and drums with less were compressed or driven before
    double levellerRatio = 2.0;
    double levellerAttackMs = 40.0, levellerReleaseMs = 400.0;
};
std::vector<Step> decideCompression(const MixTrack& track, const SketchGrid& grid, double intensity, const CompressTuning& tuning = {});

// What a compressor that hears this power does, one power ratio a step (TrackSketch::stepPower(), or frames): its own detector, curve and
// ballistics, at the steps' pace.
std::vector<double> compressionOverTime(std::span<const double> power, const Compressor::Params& params, double stepSeconds);
// The highest level that an RMS detector reads.
double loudestMomentDb(std::span<const double> power, double stepSeconds);

// What a compressor takes away, as predicted: what the reasons state and the render is compared with.
struct Reduction {
    double meanDb = 0.0;             // while it takes away more than 0.1 dB
    double mostDb = 0.0;
    double ofLoudDb = 0.0;           // of the steps within 30 dB of the loudest: exceeded in one of twenty
    double workingShare = 0.0;       // of the active steps
};
Reduction reductionOf(std::span<const double> power, const Compressor::Params& params, double stepSeconds);
// The threshold at which a loud moment loses `wantedDb`, in a few rounds of reductionOf(). loudDb: where to begin.
double thresholdFor(std::span<const double> power, Compressor::Params params, double wantedDb, double loudDb, double stepSeconds);

// mix.punch: a close drum microphone's hits, sharper or shorter where their envelope says so.
struct PunchTuning {
    double kickCrestDb = 10.0, snareCrestDb = 11.0, tomCrestDb = 9.0;  // peaks over the 50 ms of a hit, of drums with punch
    double leastCrestDb = 5.0;       // less is a sound that was made so
    double part = 0.7;               // of what is missing
    double ringingDb = -8.0;         // level 150 ms after a hit against the hit: above it, kick and snare ring on
    double leastDb = 1.0, mostAttackDb = 3.0, mostSustainDb = 2.0;
};
std::optional<Step> decidePunch(const MixTrack& track, const SketchGrid& grid, double intensity, const PunchTuning& tuning = {});
// What a transient shaper that hears these peaks (squared, TrackSketch::stepPeaks()) does, one power ratio a step.
std::vector<double> shapingOverTime(std::span<const double> peaks, const TransientShaper::Params& params, double stepSeconds);

// mix.parallel: a hard compressed copy of the kit under the kit.
struct ParallelTuning {
    double leastSpreadDb = 8.0, fullSpreadDb = 14.0;  // loud against usual moments of the kit: from none of the copy to all of it
    double leastMix = 0.05, mostMix = 0.25;           // share of the copy
    double hardReductionDb = 8.0;                     // what the copy loses in loud moments
    double ratio = 4.0, attackMs = 15.0, releaseMs = 100.0;
};

// mix.bus-compress: glue on a group.
struct GlueTuning {
    double part = 0.5;               // of what goes beyond the usual spread
    double leastDb = 0.7;            // less is not worth a compressor
    double drumsSpreadDb = 5.0, mostDrumsDb = 2.0;
    double spreadDb = 5.0, mostDb = 1.2;
};

}  // namespace tonewright
