#pragma once
#include <complex>
#include <vector>

#include "core/audio.h"
#include "core/fields.h"
#include "dsp/fft.h"

namespace tonewright {

// FIR filter from a drawn curve: gains in dB at frequencies, straight lines between them over log frequency, level
// outside. Samples the curve on a dense grid, shapes the phase and cuts the impulse response to lengthFrames:
//
//   minimum  homomorphic: the cepstrum of log |H| folded onto positive time; no pre-ringing
//   linear   a symmetric response; every frequency late by the same (lengthFrames - 1) / 2, lengthFrames made odd
//
// Convolves by overlap-save in partitions of fixed length, at fixed places in the stream. A curve that is 0 dB
// everywhere is no filter: the bits pass, without latency.
class CurveFilter {
public:
    struct Point {
        double frequencyHz = 1000.0;
        double gainDb = 0.0;

        bool operator==(const Point&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.number("frequencyHz", p.frequencyHz, {1.0, 200000.0}, "where the curve has this gain");
            v.number("gainDb", p.gainDb, {-80.0, 40.0}, "gain of the curve");
        }
    };
    enum class Phase { minimum, linear };
    static constexpr Names<2> kPhaseNames{"minimum", "linear"};

    struct Params {
        std::vector<Point> points;
        Phase phase = Phase::minimum;
        int lengthFrames = 4096;

        bool operator==(const Params&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.list("points", p.points, {0, 512}, "the curve, frequencies ascending");
            v.choice("phase", p.phase, kPhaseNames, "minimum rings after a sound only; linear keeps waveforms in place");
            v.integer("lengthFrames", p.lengthFrames, {64, 32768}, "length of the impulse response: longer follows the curve lower");
        }
    };

    // Throws std::invalid_argument for values out of range and frequencies that do not ascend.
    CurveFilter(const Params& params, const StreamSpec& spec);

    void reset();
    void process(Block block) noexcept;
    // Partition, and half the length of a linear-phase response.
    int latencyFrames() const { return latencyFrames_; }

    // What it does: the response of the impulse response, without the latency.
    std::complex<double> response(double hz) const;
    double responseDb(double hz) const;
    const std::vector<float>& impulseResponse() const { return impulse_; }

    // The drawn curve itself.
    static double curveDb(const std::vector<Point>& points, double hz);

private:
    struct Channel {
        std::vector<float> history;  // the partition before and the one being filled
        std::vector<float> ready;    // filtered, waiting to leave
    };
    void convolve(Channel& channel) noexcept;

    double sampleRateHz_;
    std::vector<float> impulse_;  // empty: no filter
    int partition_ = 0, latencyFrames_ = 0;
    RealFft fft_;
    std::vector<std::complex<float>> kernel_, spectrum_;
    std::vector<float> time_;
    std::vector<Channel> channels_;
    int position_ = 0;
};

}  // namespace tonewright
