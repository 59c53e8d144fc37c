#pragma once
#include <array>
#include <complex>
#include <vector>

#include "core/audio.h"
#include "dsp/fft.h"
#include "dsp/true_peak_interpolator.h"

namespace tonewright {

// Takes short peaks off by subtracting pulses that sound like what they are hidden in, instead of turning anything down:
//
//   y[n]   = x[n] - sum_i s_i a_i p(n - n_i)        s_i = sign of the peak at n_i, 0 <= a_i <= share of its height
//   p(t)   zero-phase pulse, p(0) = 1, whose spectrum is the sound's own amplitude spectrum around the peak, smoothed
//          over two critical bands (ERB, Glasberg and Moore 1990)
//
// The amounts are the least that bring every peak to the level: of all corrections that do, the one with the least energy
// relative to that spectrum (a quadratic programme, solved by coordinate descent), hop by hop, each channel for itself. What it does not reach in time, or may not take, is left for a limiter behind it. What stays below the level passes bit for bit.
// Perceptual clipping by constrained optimisation: Defraene et al., IEEE TASLP 20(10), 2012; here with pulses, so that
// its cost grows with the number of peaks alone.
class PeakShaper {
public:
    static constexpr int kChunk = 256;
    using Chunk = std::array<float, kChunk>;

    // level: gain; mostShare: of a peak's height that may be taken off, 0 ... 1.
    PeakShaper(double level, double mostShare, const StreamSpec& spec);

    void reset();
    int latencyFrames() const { return frame_ - (before_ - reach_); }

    // samples: one array a channel, and last of all the reduction so far (1 - lowest gain), which is delayed with them and
    // brought up to date at the peaks. count <= kChunk.
    void process(std::vector<Chunk>& samples, int count) noexcept;

private:
    struct Pulse {
        int at;
        float sign, height, amount, most;
    };
    struct Channel {
        TruePeakInterpolator interpolator;
        std::vector<float> in, out;    // a window of frame_ frames; the current hop begins at before_
        std::vector<float> peaks;      // signed true peak of the interval that begins at each frame
        std::vector<float> pulse;      // 2 reach_ + 1 values
        std::vector<Pulse> pulses;     // of this hop
    };

    void hop() noexcept;
    bool detect(Channel& channel) noexcept;
    void shapePulse(Channel& channel) noexcept;
    void solve(Channel& channel) noexcept;
    void subtract(std::vector<float>& from, const std::vector<float>& pulse, int at, float amount, int first, int last) const noexcept;
    void addViolators(Channel& channel, int first, int last) noexcept;

    float level_, mostShare_;
    int frame_, hop_, reach_, before_;  // in frames: window, hop, half a pulse, place of the hop in the window
    int at_ = 0;                        // in the hop
    RealFft fft_;
    std::vector<Channel> channels_;
    std::vector<float> reduction_;      // as a channel's `out`
    std::vector<float> window_, taper_, time_, found_;
    std::vector<int> bandFirst_, bandLast_;
    std::vector<double> power_;         // summed from 0
    std::vector<std::complex<float>> spectrum_;
};

}  // namespace tonewright
