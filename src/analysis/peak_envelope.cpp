#include "analysis/peak_envelope.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tonewright {

void PeakEnvelope::add(ConstBlock block) {
    for (int from = 0; from < block.numFrames;) {
        if (pairs_.empty() || inLast_ == framesPerPair_) {
            if (static_cast<int>(pairs_.size()) == kMaxPairs) halve();
            pairs_.push_back({std::numeric_limits<float>::max(), std::numeric_limits<float>::lowest()});
            inLast_ = 0;
        }
        const int count = static_cast<int>(std::min<std::int64_t>(block.numFrames - from, framesPerPair_ - inLast_));
        float low = pairs_.back().low, high = pairs_.back().high;
        for (int c = 0; c < block.numChannels; ++c)
            for (int n = from; n < from + count; ++n) {
                const float sample = block.channels[c][n];
                const bool finite = std::abs(sample) <= std::numeric_limits<float>::max();
                low = finite && sample < low ? sample : low;
                high = finite && sample > high ? sample : high;
            }
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
