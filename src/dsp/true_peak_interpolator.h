#pragma once
#include <array>

namespace tonewright {

// The highest level of the band-limited waveform between samples, one value a frame, for one channel. ITU-R BS.1770-5
// annex 2 asks for 4 phases at least; here are 16, and a parabola through the highest point and its neighbours:
//
//   x(t)     = sum_k x[k] h(t - k)        h: Kaiser-windowed sinc, 128 taps, beta 8.5
//   peak[n]  = max_p |x(n + p/16)|, p = 0 ... 16, refined
//
// Flat within 0.001 dB up to 0.475 of the sample rate; sines read within 0.001 dB.
//
// What cannot exceed a level that the caller names is not computed. Exact bounds, with X the highest sample within
// the kernel's reach:
//   |x(t)| <= X sum_k |h(t - k)|                                          where even this stays below, nothing is computed
//   |x(t)| <= max(|x(a)|, |x(b)|) + (b - a)^2 / 8 X sum_k |h''(t - k)|    between neighbours a, b of the quarter grid
class TruePeakInterpolator {
public:
    static constexpr int kPhases = 16;
    static constexpr int kTaps = 128;
    static constexpr int kLatencyFrames = kTaps / 2;

    TruePeakInterpolator() { reset(); }
    void reset() { window_.fill(0.0f); }

    // peaks[i] = max(level, peak of the interval that begins kLatencyFrames before samples[i]). Any numFrames; the
    // values do not depend on how the stream is cut. NaN and infinity count as 0. After the last sample feed
    // kLatencyFrames zeros to see the end.
    void process(const float* samples, int numFrames, float level, float* peaks) noexcept;

    // The same from the quarter grid (4 phases) and parabolas alone, without the fine search: within 0.05 dB up to
    // 0.4 of the sample rate, and several times cheaper where much lies above the level.
    void processCoarse(const float* samples, int numFrames, float level, float* peaks) noexcept;

private:
    static constexpr int kChunk = 64;
    static constexpr int kHistory = kTaps + 1;  // one frame more, for the neighbour left of an interval

    template <class Evaluate>
    void inChunks(const float* samples, int numFrames, float level, float* peaks, Evaluate evaluate) noexcept;

    alignas(32) std::array<float, kHistory + kChunk> window_;
};

}  // namespace tonewright
