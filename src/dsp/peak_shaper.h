#pragma once
#include <complex>
#include <cstdint>
#include <vector>

#include "core/audio.h"
#include "dsp/fft.h"
#include "dsp/peak_tracker.h"

namespace tonewright {

// Takes short peaks off by subtracting pulses that sound like what they are hidden in, instead of turning anything down:
//
//   y_e[n] = x_e[n] - sum_i s_i a_i p_ce(n - n_i)     s_i = sign of the peak of channel c at n_i, 0 <= a_i <= share of its height
//   p_cc   zero-phase pulse, p_cc(0) = 1, whose spectrum is the sound's own amplitude spectrum around the peak, smoothed
//          over two critical bands (ERB, Glasberg and Moore 1990)
//   p_ce   what the other channels lose with it: P_ce(f) = P_cc(f) S_ce(f) / S_cc(f), their cross-spectrum over the power (smoothed alike): what the
//          channels share keeps its place, what is in c alone goes from c alone
//
// The amounts are the least that bring every peak to the level: of all corrections that do, the one with the least energy
// relative to that spectrum (a quadratic programme, solved by coordinate descent), hop by hop. What it does not reach in time, or may not take, is left
// for a limiter behind it. While all channels stay below the level they pass bit for bit.
// Perceptual clipping by constrained optimisation: Defraene et al., IEEE TASLP 20(10), 2012; here with pulses, so that
// its cost grows with the number of peaks alone.
class PeakShaper {
public:
    // level: gain; mostShare: of a peak's height that may be taken off, 0 ... 1; link: how far other channels follow, 0 ... 1.
    PeakShaper(double level, double mostShare, double link, const StreamSpec& spec);

    void reset();
    int latencyFrames() const { return frame_ - (before_ - reach_); }

    // reduction: so far (1 - lowest gain), delayed with the channels and brought up to date at the peaks.
    void process(std::vector<TrackedChunk>& chunks, float* reduction, int count) noexcept;

private:
    struct Pulse {
        int at;
        float sign, amount, most;
    };
    struct Channel {
        PeakTracker tracker;
        std::vector<float> in, out;    // a window of frame_ frames; the current hop begins at before_
        std::vector<float> peaks;      // signed true peak of the interval that begins at each frame
        std::vector<std::uint8_t> moved;         // of `out`: 1 where it is not `in`, and just behind
        std::vector<float> unshaped;             // peaks of this hop before
        std::vector<float> known;                // of the newest hop, as they came
        std::vector<std::uint8_t> knownMoved;
        std::vector<std::complex<float>> spectrum;  // around the current hop
        std::vector<double> amplitude;              // of it, smoothed
        std::vector<std::vector<float>> pulses;     // what each channel loses by a peak of this one: 2 reach_ + 1 values, or none
        std::vector<Pulse> placed;                  // of this hop
    };

    void hop() noexcept;
    bool detect(Channel& channel) noexcept;
    void analyze(Channel& channel) noexcept;
    double inBand(const std::vector<double>& summed, int k) const noexcept;
    void makePulse(std::vector<float>& pulse, float height) noexcept;
    void makePulses(std::size_t which) noexcept;
    void solve() noexcept;
    void subtract(std::vector<float>& from, const std::vector<float>& pulse, int at, float amount, int first, int last) const noexcept;
    bool addViolators(Channel& channel, int first, int last) noexcept;
    void apply() noexcept;
    void note() noexcept;

    float level_, mostShare_, link_;
    int frame_, hop_, reach_, before_;  // in frames: window, hop, half a pulse, place of the hop in the window
    int at_ = 0;                        // in the hop
    RealFft fft_;
    std::vector<Channel> channels_;
    std::vector<float> reduction_;      // as a channel's `out`
    std::vector<float> window_, taper_, time_, found_;
    std::vector<int> bandFirst_, bandLast_;
    std::vector<double> bandShare_, summed_, summedImaginary_;
    std::vector<std::complex<float>> spectrum_;
};

}  // namespace tonewright
