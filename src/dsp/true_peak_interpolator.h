#pragma once
#include <array>
#include <cstdint>

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
// What cannot exceed a level that the caller names is not computed. Exact bounds: between two points a <= t <= b of the
// grid, x(t) leaves the straight line through them by at most
//   X sum_k |r_k(t)|    or    D sum_k |u_k(t)| + X e(t)
// with X the highest sample within reach, D the highest second difference |x[k-1] - 2 x[k] + x[k+1]|, r the weights that all
// of the above gives to the samples, less those of the line, and u their second sum (e: what the window leaves of it). Music
// bends little, so the second is mostly the smaller by far. First between the samples themselves, then with the points half
// way, then between neighbours of the quarter grid.
class TruePeakInterpolator {
public:
    static constexpr int kTaps = 128;
    static constexpr int kLatencyFrames = kTaps / 2 + 1;

    TruePeakInterpolator() { reset(); }
    void reset() { window_.fill(0.0f); }

    // Returns the highest of: peaks[i] = max(level, peak of the interval that begins kLatencyFrames before samples[i]). Any numFrames; the
    // values do not depend on how the stream is cut. NaN and infinity count as 0. After the last sample feed
    // kLatencyFrames zeros to see the end. wanted: where it is 0, peaks[i] comes out as `level` unsearched; null: all are wanted.
    float process(const float* samples, int numFrames, float level, float* peaks, const std::uint8_t* wanted = nullptr) noexcept;

private:
    static constexpr int kChunk = 270;            // with one interval more on either side, 272 positions
    static constexpr int kLanes = 16;             // positions that are looked at together
    static constexpr int kLead = kLanes + 1;      // before the first position's window: puts the samples of kLanes positions into one group
    static constexpr int kHistory = kLead + kTaps + 1;

    alignas(64) std::array<float, kHistory + kChunk + kLanes> window_;
};

}  // namespace tonewright
