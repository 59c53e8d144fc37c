#pragma once
#include <cmath>

namespace tonewright {

// What every processor does with its input first: NaN and infinity count as silence, so they never reach a state.
inline float finiteOrZero(float sample) { return std::isfinite(sample) ? sample : 0.0f; }

}  // namespace tonewright
