#include "dsp/low_band_bridge.h"

#include <algorithm>
#include <cmath>

#include "dsp/windowed_sinc.h"

namespace tonewright {

namespace {

constexpr double kTopHz = 300.0;
constexpr double kLowestRateHz = 2000.0;
constexpr int kLanes = 8;
constexpr double kBeta = 8.0;
constexpr double kTransition = 5.0;   // width of this window's transition band in cycles over its length

int factorFor(double sampleRateHz) {
    int factor = 1;
    while (sampleRateHz / (2 * factor) >= kLowestRateHz) factor *= 2;
    return factor;
}

}  // namespace

LowBandBridge::LowBandBridge(double sampleRateHz, int channels)
    : factor_(factorFor(sampleRateHz)),
      lowRateHz_(sampleRateHz / factor_),
      half_(static_cast<int>(std::ceil(0.5 * kTransition * sampleRateHz / (lowRateHz_ - 2.0 * kTopHz)))) {
    const int taps = 2 * half_ + 1;
    std::vector<double> shape(taps);
    double sum = 0.0;
    for (int i = 0; i < taps; ++i) {
        const double r = static_cast<double>(i - half_) / (half_ + 1);
        shape[i] = sinc(static_cast<double>(i - half_) / factor_) * besselI0(kBeta * std::sqrt(1.0 - r * r));
        sum += shape[i];
    }
    downTaps_.assign((static_cast<std::size_t>(std::max(taps, factor_)) + kLanes - 1) / kLanes * kLanes, 0.0f);
    const std::size_t first = downTaps_.size() - taps;   // zeros in front: the newest samples stand at the end
    upLength_ = (taps + factor_ - 1) / factor_;
    upTaps_.assign(static_cast<std::size_t>(upLength_) * factor_, 0.0f);
    for (int i = 0; i < taps; ++i) {
        downTaps_[first + i] = static_cast<float>(shape[i] / sum);
        upTaps_[i] = static_cast<float>(factor_ * shape[i] / sum);
    }
    history_.assign(channels, std::vector<float>(downTaps_.size()));
    recent_.assign(channels, std::vector<float>(upLength_));
}

void LowBandBridge::reset() {
    for (auto& history : history_) std::fill(history.begin(), history.end(), 0.0f);
    for (auto& recent : recent_) std::fill(recent.begin(), recent.end(), 0.0f);
}

float LowBandBridge::down(int channel, const float* chunk) {
    std::vector<float>& history = history_[channel];
    std::copy(history.begin() + factor_, history.end(), history.begin());
    std::copy_n(chunk, factor_, history.end() - factor_);
    // Lanes in a fixed order: the compiler may not regroup a sum, and so could not use vectors.
    const float* samples = history.data();
    float lanes[kLanes] = {};
    for (std::size_t i = 0; i < downTaps_.size(); i += kLanes)
        for (int lane = 0; lane < kLanes; ++lane) lanes[lane] += downTaps_[i + lane] * samples[i + lane];
    float sum = 0.0f;
    for (float lane : lanes) sum += lane;
    return sum;
}

void LowBandBridge::up(int channel, float sample, float* chunk) {
    std::vector<float>& recent = recent_[channel];
    std::copy_backward(recent.begin(), recent.end() - 1, recent.end());
    recent[0] = sample;
    std::fill_n(chunk, factor_, 0.0f);
    for (int age = 0; age < upLength_; ++age) {
        const float* taps = upTaps_.data() + static_cast<std::size_t>(age) * factor_;
        for (int phase = 0; phase < factor_; ++phase) chunk[phase] += taps[phase] * recent[age];
    }
}

}  // namespace tonewright
