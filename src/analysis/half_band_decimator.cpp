#include "analysis/half_band_decimator.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tonewright {

namespace {

double besselI0(double x) {
    double sum = 1.0, term = 1.0;
    for (int k = 1; k < 40; ++k) {
        term *= (x / (2.0 * k)) * (x / (2.0 * k));
        sum += term;
    }
    return sum;
}

}  // namespace

HalfBandDecimator::HalfBandDecimator() : outer_(kHistory, 0.0f), centre_(kPairs, 0.0f) {
    constexpr double kBeta = 7.9;
    double sum = 0.0;
    std::vector<double> taps;
    for (int i = 0; i < kPairs; ++i) {
        const double distance = kDelayFrames - 2 * i;  // 15, 13 ... 1 samples from the centre
        const double window = besselI0(kBeta * std::sqrt(1.0 - std::pow(distance / (kDelayFrames + 1), 2))) / besselI0(kBeta);
        taps.push_back(std::sin(std::numbers::pi * distance / 2.0) / (std::numbers::pi * distance) * window);
        sum += 2.0 * taps.back();
    }
    for (double tap : taps) coefficients_.push_back(static_cast<float>(tap * 0.5 / sum));  // unity at DC, with 0.5 at the centre
}

// y[m] = 0.5 centre[m] + sum_i c[i] (outer[m + i] + outer[m + 15 - i]), one pass per tap so that the loops vectorise
// across outputs and every output adds in the same order.
std::span<const float> HalfBandDecimator::process(std::span<const float> input) {
    for (float sample : input) {
        (odd_ ? centre_ : outer_).push_back(sample);
        odd_ = !odd_;
    }
    const int count = static_cast<int>(outer_.size()) - kHistory;
    output_.assign(static_cast<std::size_t>(count), 0.0f);
    float* out = output_.data();
    for (int i = 0; i < kPairs; ++i) {
        const float c = coefficients_[i];
        const float *a = outer_.data() + i, *b = outer_.data() + kHistory - i;
        for (int m = 0; m < count; ++m) out[m] += c * (a[m] + b[m]);
    }
    const float* middle = centre_.data();
    for (int m = 0; m < count; ++m) out[m] += 0.5f * middle[m];
    outer_.erase(outer_.begin(), outer_.begin() + count);
    centre_.erase(centre_.begin(), centre_.begin() + count);
    return output_;
}

}  // namespace tonewright
