#include "demo/fractional_delay.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace tonewright::demo {
namespace {

constexpr int kHalfLength = 32;
constexpr double kKaiserBeta = 10.0;  // side lobes below -100 dB
constexpr int kBlockFrames = 2048;

double besselI0(double x) {
    double sum = 1.0, term = 1.0;
    for (int k = 1; k < 60; ++k) {
        term *= (x / (2.0 * k)) * (x / (2.0 * k));
        sum += term;
    }
    return sum;
}

double kaiser(double position) {  // -1 ... 1
    const double inside = 1.0 - position * position;
    return inside <= 0.0 ? 0.0 : besselI0(kKaiserBeta * std::sqrt(inside)) / besselI0(kKaiserBeta);
}

}  // namespace

FractionalDelay::FractionalDelay(double delayFrames) {
    assert(delayFrames >= 0.0);
    const int whole = static_cast<int>(std::floor(delayFrames));
    const double fraction = delayFrames - whole;
    if (fraction == 0.0) {
        firstTapFrame_ = whole;
        taps_ = {1.0f};
        return;
    }
    firstTapFrame_ = whole - kHalfLength + 1;
    double sum = 0.0;
    std::vector<double> taps;
    for (int k = -kHalfLength + 1; k <= kHalfLength; ++k) {
        const double x = k - fraction;
        taps.push_back(std::sin(std::numbers::pi * x) / (std::numbers::pi * x) * kaiser(x / kHalfLength));
        sum += taps.back();
    }
    for (double tap : taps) taps_.push_back(static_cast<float>(tap / sum));
}

void FractionalDelay::add(std::span<const float> in, float gain, std::span<float> out) const {
    assert(in.size() == out.size());
    const int frames = static_cast<int>(in.size());
    const int numTaps = static_cast<int>(taps_.size());
    std::vector<float> sum(kBlockFrames);
    for (int start = 0; start < frames; start += kBlockFrames) {
        const int length = std::min(kBlockFrames, frames - start);
        // Everything that this block can hear.
        const int from = std::max(0, start - firstTapFrame_ - numTaps + 1);
        const int to = std::clamp(start + length - firstTapFrame_, 0, frames);
        if (from >= to || std::all_of(in.begin() + from, in.begin() + to, [](float x) { return x == 0.0f; })) continue;
        std::fill(sum.begin(), sum.end(), 0.0f);
        for (int k = 0; k < numTaps; ++k) {
            const int shift = firstTapFrame_ + k;  // out[n] hears in[n - shift]
            const int first = std::max(start, shift), last = std::min(start + length, frames + shift);
            const float tap = taps_[k];
            for (int n = first; n < last; ++n) sum[n - start] += tap * in[n - shift];
        }
        for (int n = 0; n < length; ++n) out[start + n] += gain * sum[n];
    }
}

}  // namespace tonewright::demo
