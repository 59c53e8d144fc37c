#pragma once
#include <cmath>
#include <numbers>

namespace tonewright {

// Modified Bessel function of the first kind, order 0, by its power series (x up to about 30).
inline double besselI0(double x) {
    double sum = 1.0, term = 1.0;
    for (int k = 1; term > 1e-18 * sum; ++k) {
        const double half = 0.5 * x / k;
        term *= half * half;
        sum += term;
    }
    return sum;
}

inline double sinc(double x) {
    const double angle = std::numbers::pi * x;
    return std::abs(x) < 1e-9 ? 1.0 : std::sin(angle) / angle;
}

// Ideal interpolator under a Kaiser window: the weight of a sample `offset` frames from the wanted point, zero from
// `half` frames on. Exactly a unit impulse at whole offsets. The transition band around fs/2 is about
// (0.29 beta + 0.3) / half of the sample rate wide; the stop band lies about 8.7 beta + 9 dB down.
inline double kaiserSinc(double offset, double half, double beta) {
    const double r = offset / half, inside = 1.0 - r * r;
    if (inside <= 0.0) return 0.0;
    return sinc(offset) * besselI0(beta * std::sqrt(inside)) / besselI0(beta);
}

}  // namespace tonewright
