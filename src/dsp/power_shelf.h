#pragma once
#include <algorithm>
#include <cmath>
#include <numbers>

#include "dsp/state_guard.h"

namespace tonewright {

// Second-order shelf whose powers cross over (Butterworth, trapezoidal state-variable filter, k = sqrt 2):
//
//   H(s) = (low + sqrt(low high) k s + high s^2) / (1 + k s + s^2),   |H|^2 = (low^2 + w^4 high^2) / (1 + w^4)
//
// at w = f / hz. With low 0 and high 1 it is the Butterworth low-cut of 12 dB an octave, with 1 and 0 the high-cut.
// Equal gains: no filter at all.
struct PowerShelf {
    static PowerShelf design(double hz, double lowGain, double highGain, double sampleRateHz) {
        PowerShelf shelf;
        shelf.active = lowGain != highGain;
        shelf.g = std::tan(std::numbers::pi * std::min(hz, 0.49 * sampleRateHz) / sampleRateHz);
        shelf.scale = 1.0 / (1.0 + shelf.g * (std::numbers::sqrt2 + shelf.g));
        shelf.lowGain = lowGain;
        shelf.bandGain = std::sqrt(lowGain * highGain) * std::numbers::sqrt2;
        shelf.highGain = highGain;
        return shelf;
    }

    double operator()(double x) {
        if (!active) return x * highGain;
        const double high = (x - (std::numbers::sqrt2 + g) * s1 - s2) * scale;
        const double band = g * high + s1, low = g * band + s2;
        s1 = flushed(g * high + band);
        s2 = flushed(g * band + low);
        return lowGain * low + bandGain * band + highGain * high;
    }

    double magnitude(double hz, double sampleRateHz) const {
        if (!active) return highGain;
        const double w2 = std::pow(std::tan(std::numbers::pi * hz / sampleRateHz) / g, 2.0), w4 = w2 * w2;
        return std::sqrt((lowGain * lowGain + w4 * highGain * highGain) / (1.0 + w4));
    }

    void reset() { s1 = s2 = 0.0; }
    bool atRest() const { return s1 == 0.0 && s2 == 0.0; }

    bool active = false;
    double g = 0.0, scale = 1.0, lowGain = 1.0, bandGain = 1.0, highGain = 1.0;
    double s1 = 0.0, s2 = 0.0;
};

}  // namespace tonewright
