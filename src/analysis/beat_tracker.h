#pragma once
#include <vector>

#include "analysis/onset_detector.h"
#include "analysis/tempo.h"

namespace tonewright {

struct Beats {
    std::vector<double> seconds;   // at most 20000
    double bpm = 0.0;              // of a straight line through the beats where they are steady, else their median interval
};

// Beats by dynamic programming (Ellis, "Beat Tracking by Dynamic Programming", JNMR 2007):
//
//   C[t] = O[t] + max over d in [P/2, 2P] of C[t - d] - 100 ln^2(d / P)
//
// with O the onset envelope over its standard deviation and P the tempo's period. Beats before the first and after the
// last onset are left out; each is moved to the peak of the envelope that it sits on.
Beats trackBeats(const OnsetEnvelope& envelope, const Tempo& tempo);

}  // namespace tonewright
