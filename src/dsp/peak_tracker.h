#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "dsp/true_peak_interpolator.h"

namespace tonewright {

// One channel on its way from one stage of a limiter to the next: every sample with the true peak (or a level below which
// it does not matter) of the interval that begins at it, as if the gain that it got held all around it, and whether it did.
struct TrackedChunk {
    static constexpr int kFrames = 256;
    std::array<float, kFrames> samples{}, peaks{};
    std::array<std::uint8_t, kFrames> moved{};  // 1: treated otherwise than the sample before
};

// Searches true peaks only where the stage before has changed something: a peak that got one gain with all around it
// is that gain times what it was.
class PeakTracker {
public:
    static constexpr int kLatencyFrames = TruePeakInterpolator::kLatencyFrames;

    void reset() {
        interpolator_.reset();
        known_.fill(0.0f);
        still_ = kReachFrames;
    }

    // peaks[i] = max(level, peak of the interval that begins kLatencyFrames before samples[i]); returns the highest. known and moved
    // go with the samples; without them every peak is searched.
    float process(const float* samples, const float* known, const std::uint8_t* moved, int count, float level, float* peaks) noexcept {
        if (!known) return interpolator_.process(samples, count, level, peaks);
        float highest = level;
        for (int start = 0; start < count; start += kChunk) highest = std::max(highest, follow(samples + start, known + start, moved + start, std::min(kChunk, count - start), level, peaks + start));
        return highest;
    }

private:
    static constexpr int kChunk = TrackedChunk::kFrames;
    static constexpr int kReachFrames = TruePeakInterpolator::kTaps + 1;  // with the newest sample: all that a peak is made of

    float follow(const float* samples, const float* known, const std::uint8_t* moved, int count, float level, float* peaks) noexcept {
        // Wanted is what has a move within reach.
        std::uint8_t* wanted = wanted_.data();
        if (std::memchr(moved, 1, count)) {
            for (int n = 0; n < count; ++n) {
                still_ = moved[n] ? 0 : still_ + 1;
                wanted[n] = still_ < kReachFrames;
            }
            still_ = std::min(still_, kReachFrames);
        } else {
            const int unsettled = std::clamp(kReachFrames - 1 - still_, 0, count);
            std::memset(wanted, 1, unsettled);
            std::memset(wanted + unsettled, 0, count - unsettled);
            still_ = std::min(still_ + count, kReachFrames);
        }
        interpolator_.process(samples, count, level, peaks, wanted);
        std::copy_n(known, count, known_.begin() + kLatencyFrames);
        float highest = level;
        for (int n = 0; n < count; ++n) {
            const float before = known_[n] > level ? known_[n] : level;
            peaks[n] = wanted[n] ? peaks[n] : before;
            highest = peaks[n] > highest ? peaks[n] : highest;
        }
        std::memmove(known_.data(), known_.data() + count, kLatencyFrames * sizeof(float));
        return highest;
    }

    TruePeakInterpolator interpolator_;
    std::array<float, kLatencyFrames + kChunk> known_{};
    int still_ = kReachFrames;  // frames since the last move, as far as it matters
    std::array<std::uint8_t, kChunk> wanted_{};
};

}  // namespace tonewright
