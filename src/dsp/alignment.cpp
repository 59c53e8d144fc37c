#include "dsp/alignment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "dsp/finite.h"
#include "dsp/windowed_sinc.h"

namespace tonewright {

namespace {

constexpr int kHalf = 48;
constexpr double kBeta = 12.0;
constexpr int kChunk = 256;
constexpr double kWholeWithin = 1e-6;  // frames: as good as a whole delay

}  // namespace

Alignment::Alignment(const Params& params, const StreamSpec& spec) {
    const double delay = validated(params, "alignment").delayFrames;
    const double sign = params.invertPolarity ? -1.0 : 1.0;
    const int whole = static_cast<int>(std::lround(delay));
    if (std::abs(delay - whole) < kWholeWithin) {
        latency_ = std::max(0, -whole);
        offset_ = whole + latency_;
        taps_ = {sign};
    } else {
        const int floor = static_cast<int>(std::floor(delay));
        latency_ = std::max(0, kHalf - 1 - floor);
        offset_ = floor + latency_ - (kHalf - 1);
        for (int j = 0; j < 2 * kHalf; ++j) taps_.push_back(sign * kaiserSinc(delay + latency_ - (offset_ + j), kHalf, kBeta));
    }
    historyFrames_ = offset_ + static_cast<int>(taps_.size()) - 1;
    // Room to move on in, so that the history is copied back to the front only now and then.
    history_.assign(spec.channels, std::vector<float>(2 * historyFrames_ + 8 * kChunk));
    reset();
}

void Alignment::reset() {
    for (auto& channel : history_) std::fill(channel.begin(), channel.end(), 0.0f);
    end_ = historyFrames_;
}

void Alignment::process(Block block) noexcept {
    const int taps = static_cast<int>(taps_.size());
    for (int start = 0; start < block.numFrames; start += kChunk) {
        const int count = std::min(kChunk, block.numFrames - start);
        const bool full = end_ + count > 2 * historyFrames_ + 8 * kChunk;
        for (int c = 0; c < block.numChannels; ++c) {
            float* history = history_[c].data();
            if (full) std::memmove(history, history + end_ - historyFrames_, static_cast<std::size_t>(historyFrames_) * sizeof(float));
            float* newest = history + (full ? historyFrames_ : end_);
            float* samples = block.channels[c] + start;
            for (int n = 0; n < count; ++n) newest[n] = finiteOrZero(samples[n]);

            std::array<double, kChunk> sums{};
            for (int k = 0; k < taps; ++k) {  // along time, so that each sum adds its taps in their order
                const float* from = newest - offset_ - k;
                const double weight = taps_[k];
                for (int n = 0; n < count; ++n) sums[n] += weight * from[n];
            }
            for (int n = 0; n < count; ++n) samples[n] = static_cast<float>(sums[n]);
        }
        end_ = (full ? historyFrames_ : end_) + count;
    }
}

}  // namespace tonewright
