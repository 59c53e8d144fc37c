#pragma once
#include <vector>

#include "engineer/mix/automation.h"

namespace tonewright {

// What the lead voices sing together, and what plays beside them, on the state's grid.
struct Singing {
    std::vector<int> tracks;            // lead voices that are heard
    std::vector<double> voice, rest;    // loudness-weighted power of each frame
    std::vector<char> sings;            // of each frame
};
Singing singingOf(const MixState& state, const RideTuning& tuning);

struct Phrase {
    int first = 0, last = 0;            // frames; last: one past the end
};
std::vector<Phrase> phrasesOf(const Singing& singing, double frameSeconds, const RideTuning& tuning);

}  // namespace tonewright
