#pragma once
#include <array>

#include "dsp/saturator_params.h"

namespace tonewright {

// What a saturator makes of a sine: measured on its output, at 48 kHz.
struct HarmonicProfile {
    std::array<double, 4> harmonicDb{};  // 2nd ... 5th against the fundamental; -140 where there is none
    double totalPercent = 0.0;           // the four together against the fundamental, in amplitude
};

inline constexpr double kProfileHz = 1000.0, kProfilePeakDbfs = -12.0;  // what colour is stated at

// Throws std::invalid_argument for settings that no saturator takes. hz: so that 2400 / hz periods are whole, at most 4 kHz.
HarmonicProfile harmonicProfile(const SaturatorParams& params, double hz = kProfileHz, double peakDbfs = kProfilePeakDbfs);

}  // namespace tonewright
