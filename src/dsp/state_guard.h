#pragma once
#include <algorithm>
#include <cmath>

#include "dsp/finite.h"

namespace tonewright {

// What a processor with feedback lets in: NaN and infinity become 0, and nothing is above +160 dBFS, so that no state
// can overflow and stick.
inline float tamed(float sample) { return std::clamp(finiteOrZero(sample), -1e8f, 1e8f); }

// Values under -300 dBFS become exact zeros: tails end, and no state is ever denormal (slow, and of a precision that
// depends on the processor's mode).
inline float flushed(float value) { return std::abs(value) < 1e-15f ? 0.0f : value; }
inline double flushed(double value) { return std::abs(value) < 1e-15 ? 0.0 : value; }

}  // namespace tonewright
