#include "dsp/dc_filter.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "dsp/finite.h"

namespace tonewright {

DcFilter::DcFilter(const Params& params, const StreamSpec& spec) : sampleRateHz_(spec.sampleRateHz), memory_(spec.channels) {
    const double k = std::tan(std::numbers::pi * validated(params, "dcFilter").cornerHz / sampleRateHz_);
    if (params.order == 1) {
        b0_ = 1.0 / (1.0 + k);
        b1_ = -b0_;
        a1_ = (k - 1.0) * b0_;
    } else {
        b0_ = 1.0 / (1.0 + std::numbers::sqrt2 * k + k * k);
        b1_ = -2.0 * b0_;
        b2_ = b0_;
        a1_ = 2.0 * (k * k - 1.0) * b0_;
        a2_ = (1.0 - std::numbers::sqrt2 * k + k * k) * b0_;
    }
}

void DcFilter::reset() { std::fill(memory_.begin(), memory_.end(), Memory{}); }

std::complex<double> DcFilter::response(double hz) const {
    const std::complex<double> delay = std::polar(1.0, -2.0 * std::numbers::pi * hz / sampleRateHz_);
    return (b0_ + delay * (b1_ + delay * b2_)) / (1.0 + delay * (a1_ + delay * a2_));
}

void DcFilter::process(Block block) noexcept {
    constexpr double nothing = 1e-30;  // numbers near zero are slow: a state below this is left to rest
    for (int c = 0; c < block.numChannels; ++c) {
        float* samples = block.channels[c];
        auto [s1, s2] = memory_[c];
        for (int n = 0; n < block.numFrames; ++n) {
            const double value = finiteOrZero(samples[n]);
            const double out = b0_ * value + s1;
            s1 = b1_ * value - a1_ * out + s2;
            s2 = b2_ * value - a2_ * out;
            if (std::abs(s1) + std::abs(s2) < nothing) s1 = s2 = 0.0;
            samples[n] = static_cast<float>(out);
        }
        memory_[c] = {s1, s2};
    }
}

}  // namespace tonewright
