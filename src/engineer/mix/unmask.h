#pragma once
#include <vector>

#include "engineer/mix/mix_rules.h"

namespace tonewright {

// mix.unmask: what covers the lead voice between 1 and 4 kHz steps back there while the voice sings, and only then: a
// dynamic bell that hears the voice.
struct UnmaskTuning {
    double lowHz = 1000.0, highHz = 4000.0;  // where words are understood
    double leastCoveredShare = 0.03;         // of the voice's energy there
    double leastPart = 0.05;                 // of what covers it
    double leftCovered = 0.5;                // of that: no more is done than it takes
    double mostLeftCovered = 0.85;           // if all that may step back leave more than this of it, none does
    double leastDb = 0.8;                    // less is not worth a step
    double mostDb = 4.0;
    double mostOfAMixDb = 2.5;               // from what is a mix already
    int mostTracks = 4;
};
std::vector<MaskingDecision> decideUnmask(const MixState& state, double intensity, const UnmaskTuning& tuning = {});

// Share of a track's energy between two frequencies that the rest of the mix covers by more than `thresholdDb`, over the
// time in which it plays. `sum`: state.sum(), with the track in it.
double coveredShareBetween(const MixTrack& track, const TrackSketch& sum, double lowHz, double highHz, double thresholdDb = 4.0);

// What a keyed dynamic equalizer does to the sketch of its track: power ratios, [frame * kErbBands + band]. `heard`: the key
// before its fader.
std::vector<float> dynamicGains(const DynamicEqualizer::Params& params, const TrackSketch& heard, double frameSeconds);

}  // namespace tonewright
