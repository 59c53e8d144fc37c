#pragma once
#include <array>

namespace tonewright {

// The highest level of the band-limited waveform between samples, one value a frame, for one channel. ITU-R BS.1770-5
// annex 2 asks for 4 points a sample at least; here are 16, and a parabola through the highest and its neighbours:
//
//   x(n + q/4)        = sum_k x[k] h(n + q/4 - k)         Kaiser-windowed sinc, 128 taps, beta 8.5
//   x(n + (q + s/4)/4)  from eight neighbours of the quarter grid, in the same way (beta 9)
//   peak[n]           = max |x(t)|, n <= t <= n + 1, refined
//
// Sines read within 0.001 dB up to 0.475 of the sample rate.
//
// What cannot exceed a level that the caller names is not computed. Exact bounds, with X the highest sample within
// reach and w the weights that all of the above gives to the samples:
//   |x(t)| <= max(|x(a)|, |x(b)|) + (b - a)^2 / 8 X sum_k |w''(t - k)|    a <= t <= b
// first between the samples themselves, then with the points half way, then between neighbours of the quarter grid.
class TruePeakInterpolator {
public:
    static constexpr int kTaps = 128;
    static constexpr int kLatencyFrames = kTaps / 2 + 1;

    TruePeakInterpolator() { reset(); }
    void reset() { window_.fill(0.0f); }

    // Returns the highest of: peaks[i] = max(level, peak of the interval that begins kLatencyFrames before samples[i]). Any numFrames; the
    // values do not depend on how the stream is cut. NaN and infinity count as 0. After the last sample feed
    // kLatencyFrames zeros to see the end.
    float process(const float* samples, int numFrames, float level, float* peaks) noexcept;

private:
    static constexpr int kChunk = 126;            // with one interval more on either side, 128 positions
    static constexpr int kHistory = kTaps + 1;    // the first position's window, less its newest sample

    alignas(32) std::array<float, kHistory + kChunk + 1> window_;  // whole groups of 16
};

}  // namespace tonewright
