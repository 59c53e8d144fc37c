#pragma once
#include <bit>
#include <cstdint>

#include "core/audio.h"

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace tonewright {

// What a recursive filter may eat: NaN, infinity and numbers of 2^64 and more (nothing that was ever a recording)
// become 0; every other sample passes unchanged.
inline float usableSample(float sample) {
    constexpr std::uint32_t kMagnitude = 0x7fffffffu, kTwoTo64 = (127u + 64u) << 23;
    return (std::bit_cast<std::uint32_t>(sample) & kMagnitude) < kTwoTo64 ? sample : 0.0f;
}

// The same for a whole block, in place; the usual case is a read-only scan.
inline void makeUsable(Block block) {
    for (int c = 0; c < block.numChannels; ++c) {
        float* samples = block.channels[c];
        std::uint32_t worst = 0;
        for (int n = 0; n < block.numFrames; ++n) {
            const std::uint32_t magnitude = std::bit_cast<std::uint32_t>(samples[n]) & 0x7fffffffu;
            worst = magnitude > worst ? magnitude : worst;
        }
        if (worst < (127u + 64u) << 23) continue;
        for (int n = 0; n < block.numFrames; ++n) samples[n] = usableSample(samples[n]);
    }
}

// While it lives, numbers too small for the normal range count as 0 on this thread: the tail of a recursive filter
// ends there, and does not crawl through denormal arithmetic.
class FlushDenormals {
public:
#if defined(__SSE2__)
    FlushDenormals() : saved_(_mm_getcsr()) { _mm_setcsr(saved_ | 0x8040u); }  // flush to zero, denormals are zero
    ~FlushDenormals() { _mm_setcsr(saved_); }
#else
    FlushDenormals() {}
#endif
    FlushDenormals(const FlushDenormals&) = delete;
    FlushDenormals& operator=(const FlushDenormals&) = delete;

private:
    [[maybe_unused]] unsigned saved_ = 0;
};

}  // namespace tonewright
