#pragma once
#include "engineer/mix/mix_state.h"

namespace tonewright {

// mix.polarity: tracks that share a low end without being microphones of one thing (two basses on the same notes, a sound and
// its effect, kick and bass) are turned so that their sum is the fuller one. Among all that could be turned it joins the
// strongest pair first, so that the mix does not depend on the polarity in which anything was recorded.
struct PolarityTuning {
    double leastBandDb = 0.05;   // a third octave, 31.5 Hz to 2 kHz, of the whole mix differs by so much between both polarities
};
void decidePolarity(MixState& state, const PolarityTuning& tuning = {});

}  // namespace tonewright
