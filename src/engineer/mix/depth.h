#pragma once
#include <vector>

#include "engineer/mix/mix_rules.h"

namespace tonewright {

// mix.depth: what stands at the back (backing voices, and what is sent to the hall) is darker than what stands in front, as
// air and distance make it: a high shelf, half of the way.
struct DepthTuning {
    double fromHz = 5000.0, toHz = 12500.0;            // treble, against ...
    double bodyFromHz = 500.0, bodyToHz = 4000.0;      // ... what a sound is recognised by
    double leastUnderLeadDb = 3.0;                     // so much less treble than the lead is behind it
    double leastDb = 0.5, mostDb = 2.0;
    double shelfHz = 6000.0;
};
std::vector<MaskingDecision> decideDepth(const MixState& state, double intensity, const DepthTuning& tuning = {});

}  // namespace tonewright
