#pragma once
#include <optional>
#include <vector>

#include "engineer/mix/mix_state.h"

namespace tonewright {

// mix.gate: a drum's close microphone hears the others between its hits.
struct GateTuning {
    double leastContrastDb = 14.0;   // of a tom without other microphones: hits above what lies between them
    double leastGapDb = 6.0, leastSnareGapDb = 12.0;  // softest hits above the loudest bleed
    int leastMoments = 8, leastHits = 8;   // of bleed; of its own (a tom: one)
    double overBleedDb = 2.0;        // where it opens, above the bleed's peaks
    double underHitsDb = 4.0;        // and at least that far below the softest hits
    double othersLouderDb = 10.0;    // a moment is bleed where another microphone stands that much nearer to its own hits
    double tomRangeDb = 12.0, kickRangeDb = 10.0, snareRangeDb = 6.0;
};
std::optional<Step> decideGate(const MixTrack& track, const MixState& state, const GateTuning& tuning = {});

// mix.breaths: breaths and noise between a voice's phrases.
struct BreathTuning {
    double wordsWithinDb = 20.0;     // of the usual level: what is louder is sung
    double leastPauseSeconds = 0.5;
    double tailSeconds = 0.25, onsetSeconds = 0.15;  // of a pause that belong to the words before and after it
    int leastPauses = 3;
    double leastDistanceDb = 26.0;   // of what sounds in pauses under the usual level: nearer, and it cannot be told from words
    double quietEnoughDb = 48.0;     // so far under the usual level nobody hears it
    double overRestDb = 3.0;         // where it opens, above what sounds in pauses
    double mostUnderWordsDb = 24.0;  // opens there at the latest, under the usual level
    double leastRangeDb = 4.0, mostRangeDb = 10.0;
    double leastLoweredDb = 1.5;     // on the whole, or it is not worth a gate
};
std::optional<Step> decideBreaths(const MixTrack& track, const SketchGrid& grid, const BreathTuning& tuning = {});

// What a gate does to the sketch, one power ratio a step.
std::vector<double> gateOverTime(const MixTrack& track, const Gate::Params& params, double stepSeconds);

}  // namespace tonewright
