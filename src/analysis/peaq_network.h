#pragma once
#include "analysis/peaq_variables.h"

namespace tonewright {

// The network of PEAQ's basic version (BS.1387-1, clause 6.2): 11 variables, 3 hidden nodes. Higher is better.
double distortionIndex(const PeaqVariables& variables);

// ODG = -3.98 + 4.2 / (1 + e^-DI), at most 0: the network gives indistinguishable signals up to +0.22.
double objectiveDifferenceGrade(double distortionIndex);

}  // namespace tonewright
