#pragma once
#include <vector>

#include "core/audio.h"
#include "dsp/oversampler.h"
#include "dsp/saturator_params.h"
#include "dsp/state_guard.h"

namespace tonewright {

// Saturation without audible aliasing.
//
//   u = drive * emphasis(x) + bias                       at 4, 8 or 16 times the rate
//   y = de-emphasis(g(u) - g(bias)) / (drive g'(bias))   back at the rate; small-signal gain 1
//   output = (1 - mix) x + mix * makeup * y              x late by latencyFrames()
//
//   kind         g(u)              emphasis (undone after)        bias   gives
//   tape         tanh u            +3.5 dB above 4 kHz            0.06   highs saturate first, mostly odd harmonics
//   tube         tanh u            none                           0.30   even and odd, second strongest at low level
//   transformer  u / sqrt(1+u^2)   +9 dB below 90 Hz              0.08   lows saturate first, third harmonic
//   softClip     tanh(u + u^3/3)   none                           0      clean until near the ceiling (its cubic term is 0)
//
// Every g is smooth, so harmonics fall exponentially and oversampling alone keeps aliasing down; a kinked curve would
// need antiderivative anti-aliasing too. With peaks up to 0 dBFS, 4x serves up to 6 dB of drive, 8x up to 13 dB, 16x
// above (at 44.1 and 48 kHz; a half of that at twice the rate). An asymmetric curve moves the mean: a first-order 3 Hz
// high-pass removes it. makeup: see SaturatorParams::autoGain.
class Saturator {
public:
    using Params = SaturatorParams;

    Saturator(const Params& params, const StreamSpec& spec);

    void reset();
    void process(Block block) noexcept;
    int latencyFrames() const { return channels_.front().oversampler.latencyFrames(); }

    // Gain of quiet sounds: the makeup, 0 dB without autoGain. For the report.
    double smallSignalGainDb() const;

private:
    // H(z) = (b0 + b1 z^-1) / (1 + a1 z^-1), and with swapped coefficients its exact inverse.
    struct FirstOrder {
        double b0 = 1.0, b1 = 0.0, a1 = 0.0;
        double state = 0.0;

        double operator()(double x) {
            const double y = b0 * x + state;
            state = flushed(b1 * x - a1 * y);
            return y;
        }
        FirstOrder inverse() const { return {1.0 / b0, a1 / b0, b1 / b0}; }
        double magnitude(double hz, double sampleRateHz) const;
    };
    struct Channel {
        Oversampler oversampler;
        FirstOrder emphasis, deEmphasis, dcBlock;
        std::vector<float> dry;  // ring of latencyFrames()
        int dryPosition = 0;
        int silentFrames = 0;    // of input, until the filters are empty too
    };
    // What a kind is made of.
    struct Voice {
        FirstOrder emphasis;
        double bias;
    };
    static Voice voice(const Params& params, double sampleRateHz);
    double makeup(const Voice& voice, double sampleRateHz) const;
    bool atRest(const Channel& channel) const;
    void processChunk(Channel& channel, float* audio, int frames) noexcept;

    Params params_;
    double drive_ = 1.0;
    double makeup_ = 1.0;
    float bias_ = 0.0f, offset_ = 0.0f, scale_ = 1.0f;
    bool blocksDc_ = false, emphasised_ = false;
    std::vector<Channel> channels_;
};

}  // namespace tonewright
