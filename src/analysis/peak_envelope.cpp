#include "analysis/peak_envelope.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace tonewright {

namespace {

// Samples that are not finite are left out.
void widen(const float* samples, int count, float& low, float& high) {
    using Lanes = float __attribute__((vector_size(16)));
    constexpr float kHighest = std::numeric_limits<float>::max();
    Lanes lows = {low, low, low, low}, highs = {high, high, high, high};
    int n = 0;
    for (; n + 4 <= count; n += 4) {
        Lanes x;
        std::memcpy(&x, samples + n, sizeof x);
        lows = x >= -kHighest && x < lows ? x : lows;
        highs = x <= kHighest && x > highs ? x : highs;
    }
    for (int lane = 0; lane < 4; ++lane) {
        low = std::min(low, lows[lane]);
        high = std::max(high, highs[lane]);
    }
    for (; n < count; ++n) {
        const float x = samples[n];
        if (!(std::abs(x) <= kHighest)) continue;
        low = std::min(low, x);
        high = std::max(high, x);
    }
}

}  // namespace

void PeakEnvelope::add(ConstBlock block) {
    for (int from = 0; from < block.numFrames;) {
        if (pairs_.empty() || inLast_ == framesPerPair_) {
            if (static_cast<int>(pairs_.size()) == kMaxPairs) halve();
            pairs_.push_back({std::numeric_limits<float>::max(), std::numeric_limits<float>::lowest()});
            inLast_ = 0;
        }
        const int count = static_cast<int>(std::min<std::int64_t>(block.numFrames - from, framesPerPair_ - inLast_));
        float low = pairs_.back().low, high = pairs_.back().high;
        for (int c = 0; c < block.numChannels; ++c) widen(block.channels[c] + from, count, low, high);
        pairs_.back() = {low, high};
        inLast_ += count;
        from += count;
    }
}

void PeakEnvelope::halve() {
    for (std::size_t i = 0; i < pairs_.size() / 2; ++i)
        pairs_[i] = {std::min(pairs_[2 * i].low, pairs_[2 * i + 1].low), std::max(pairs_[2 * i].high, pairs_[2 * i + 1].high)};
    pairs_.resize(pairs_.size() / 2);
    framesPerPair_ *= 2;
    inLast_ = framesPerPair_;  // called only when the last pair was full
}

std::vector<float> PeakEnvelope::result() const {
    std::vector<float> flat;
    flat.reserve(2 * pairs_.size());
    for (const Pair& pair : pairs_) {
        const bool held = pair.low <= pair.high;
        flat.push_back(held ? pair.low : 0.0f);
        flat.push_back(held ? pair.high : 0.0f);
    }
    return flat;
}

float PeakEnvelope::peak() const {
    float peak = 0.0f;
    for (const Pair& pair : pairs_)
        if (pair.low <= pair.high) peak = std::max({peak, -pair.low, pair.high});
    return peak;
}

}  // namespace tonewright
