#include "analysis/level_steps_meter.h"

#include <algorithm>
#include <cmath>

namespace tonewright {

namespace {

// What is no sound counts as none.
float sizeOf(float sample) {
    const float size = std::abs(sample);
    return size <= 1e15f ? size : 0.0f;
}

}  // namespace

void LevelStepsMeter::add(ConstBlock block) {
    for (int from = 0; from < block.numFrames;) {
        const auto start = static_cast<std::int64_t>(std::floor(static_cast<double>(baseStep_) * framesPerStep_));
        const auto end = static_cast<std::int64_t>(std::floor(static_cast<double>(baseStep_ + 1) * framesPerStep_));
        const int count = static_cast<int>(std::min<std::int64_t>(block.numFrames - from, end - frame_));
        const int firstLane = static_cast<int>((frame_ - start) % kLanes);
        for (int c = 0; c < block.numChannels; ++c) {
            const float* samples = block.channels[c] + from;
            Lanes& energy = energy_[c];
            std::array<float, kLanes> peak{};
            const auto hear = [&](int n, int lane) {
                const float size = sizeOf(samples[n]);
                energy[lane] += static_cast<double>(size) * static_cast<double>(size);
                peak[lane] = size > peak[lane] ? size : peak[lane];
            };
            int n = 0;
            for (int lane = firstLane; lane > 0 && lane < kLanes && n < count; ++lane) hear(n++, lane);
            for (; n + kLanes <= count; n += kLanes)
                for (int lane = 0; lane < kLanes; ++lane) hear(n + lane, lane);
            for (int lane = 0; n < count; ++lane) hear(n++, lane);
            peak_ = std::max(peak_, *std::ranges::max_element(peak));
        }
        frame_ += count;
        from += count;
        if (frame_ == end) closeStep();
    }
}

void LevelStepsMeter::closeStep() {
    if (baseStep_ >> doublings_ >= kMaxSteps) {
        const std::size_t kept = (power_.size() + 1) / 2;
        for (std::size_t i = 0; i < kept; ++i) {
            const bool two = 2 * i + 1 < power_.size();
            power_[i] = 0.5f * (power_[2 * i] + (two ? power_[2 * i + 1] : 0.0f));
            peaks_[i] = std::max(peaks_[2 * i], two ? peaks_[2 * i + 1] : 0.0f);
        }
        power_.resize(kept);
        peaks_.resize(kept);
        ++doublings_;
    }
    const auto at = static_cast<std::size_t>(baseStep_ >> doublings_);
    if (at >= power_.size()) {
        power_.push_back(0.0f);
        peaks_.push_back(0.0f);
    }
    double energy = 0.0;
    for (Lanes& lanes : energy_) {
        for (double part : lanes) energy += part;
        lanes.fill(0.0);
    }
    power_[at] += static_cast<float>(energy / framesPerStep_ / (1 << doublings_));
    peaks_[at] = std::max(peaks_[at], peak_);
    ++baseStep_;
    peak_ = 0.0f;
}

LevelSteps LevelStepsMeter::result() const {
    LevelStepsMeter closed = *this;
    if (closed.peak_ > 0.0f) closed.closeStep();
    return {0.01 * (1 << closed.doublings_), std::move(closed.power_), std::move(closed.peaks_)};
}

}  // namespace tonewright
