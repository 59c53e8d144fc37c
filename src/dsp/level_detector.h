#pragma once
#include <cmath>

#include "core/fields.h"

namespace tonewright {

// What a dynamics processor listens to: sample in, power out (10 log10 of it is the level in dBFS).
//
//   peak  p[n] = x[n]^2                               every sample; ballistics smooth it
//   rms   p[n] = a p[n-1] + (1 - a) x[n]^2           a = e^(-1 / (windowMs fs))
//
// A sine of peak 0 dBFS reads 0 dB by peak (at its crests) and -3.01 dB by rms.
enum class DetectorKind { peak, rms };
inline constexpr Names<2> kDetectorKindNames{"peak", "rms"};

struct LevelDetector {
    static constexpr double kRmsWindowMs = 10.0;

    LevelDetector(DetectorKind kind, double sampleRateHz, double windowMs = kRmsWindowMs)
        : keep(kind == DetectorKind::peak ? 0.0 : std::exp(-1000.0 / (windowMs * sampleRateHz))) {}

    void reset() { power = 0.0; }
    double operator()(double x) {
        if (keep == 0.0) return x * x;
        power = keep * power + (1.0 - keep) * (x * x);
        return power;
    }

    double keep;  // 0: peak
    double power = 0.0;
};

}  // namespace tonewright
