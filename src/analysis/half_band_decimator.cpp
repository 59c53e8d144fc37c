#include "analysis/half_band_decimator.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

#include "dsp/target_clones.h"

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

// y[m] = sum_i c[i] (outer[m + i] + outer[m + 15 - i]) + 0.5 centre[m]: eight outputs side by side, each adding in the
// same order.
TONEWRIGHT_TARGET_CLONES
void convolve(const float* c, int pairs, const float* outer, const float* centre, float* out, int count) {
    using Lanes = float __attribute__((vector_size(32)));
    const int span = 2 * pairs - 1;
    int m = 0;
    for (; m + 8 <= count; m += 8) {
        Lanes sum{}, a, b;
        for (int i = 0; i < pairs; ++i) {
            std::memcpy(&a, outer + m + i, sizeof a);
            std::memcpy(&b, outer + m + span - i, sizeof b);
            sum += c[i] * (a + b);
        }
        std::memcpy(&a, centre + m, sizeof a);
        sum += 0.5f * a;
        std::memcpy(out + m, &sum, sizeof sum);
    }
    for (; m < count; ++m) {
        float sum = 0.0f;
        for (int i = 0; i < pairs; ++i) sum += c[i] * (outer[m + i] + outer[m + span - i]);
        out[m] = sum + 0.5f * centre[m];
    }
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

std::span<const float> HalfBandDecimator::process(std::span<const float> input) {
    const std::size_t length = input.size();
    std::vector<float>& now = odd_ ? centre_ : outer_;
    std::vector<float>& next = odd_ ? outer_ : centre_;
    const std::size_t nowAt = now.size(), nextAt = next.size();
    now.resize(nowAt + (length + 1) / 2);
    next.resize(nextAt + length / 2);
    float *toNow = now.data() + nowAt, *toNext = next.data() + nextAt;
    for (std::size_t n = 0; n < length / 2; ++n) {
        toNow[n] = input[2 * n];
        toNext[n] = input[2 * n + 1];
    }
    if (length % 2 == 1) toNow[length / 2] = input[length - 1];
    if (length % 2 == 1) odd_ = !odd_;

    const int count = static_cast<int>(outer_.size()) - kHistory;
    output_.resize(static_cast<std::size_t>(count));
    convolve(coefficients_.data(), kPairs, outer_.data(), centre_.data(), output_.data(), count);
    outer_.erase(outer_.begin(), outer_.begin() + count);
    centre_.erase(centre_.begin(), centre_.begin() + count);
    return output_;
}

}  // namespace tonewright
