#pragma once
#include <algorithm>
#include <cmath>
#include <cstring>

namespace tonewright {

// Highest |sample|; NaN and infinity count as silence.
inline float peakOf(const float* samples, int count) {
    using Lanes = float __attribute__((vector_size(16)));
    Lanes highest{}, lowest{};
    int n = 0;
    for (; n + 4 <= count; n += 4) {
        Lanes x;
        std::memcpy(&x, samples + n, sizeof x);
        highest = x > highest ? x : highest;
        lowest = x < lowest ? x : lowest;
    }
    float peak = 0.0f;
    for (int lane = 0; lane < 4; ++lane) peak = std::max({peak, highest[lane], -lowest[lane]});
    for (; n < count; ++n) peak = std::max(peak, std::isnan(samples[n]) ? 0.0f : std::abs(samples[n]));
    if (std::isfinite(peak)) return peak;
    peak = 0.0f;
    for (n = 0; n < count; ++n) peak = std::max(peak, std::isfinite(samples[n]) ? std::abs(samples[n]) : 0.0f);
    return peak;
}

}  // namespace tonewright
