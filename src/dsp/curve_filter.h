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
//
// On mid or side (mid_side.h) the other one passes late by the same latency. A mono stream is all mid: it has no side.
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
    enum class Channels { both, mid, side };
    static constexpr Names<3> kChannelsNames{"both", "mid", "side"};

    struct Params {
        std::vector<Point> points;
        Phase phase = Phase::minimum;
        int lengthFrames = 4096;
        Channels channels = Channels::both;

        bool operator==(const Params&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.list("points", p.points, {0, 512}, "the curve, frequencies ascending");
            v.choice("phase", p.phase, kPhaseNames, "minimum rings after a sound only; linear keeps waveforms in place");
            v.integer("lengthFrames", p.lengthFrames, {64, 32768}, "length of the impulse response: longer follows the curve lower");
            v.choice("channels", p.channels, kChannelsNames, "what it acts on: left and right alike, the middle alone, or the sides alone");
        }
    };

    // Throws std::invalid_argument for values out of range, frequencies that do not ascend, and mid or side of more than two
    // channels.
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
    void passLate(Channel& channel) noexcept;
    void exchange(Block block, int start, int length) noexcept;
    bool filters(std::size_t lane) const { return lane == filteredLane_ || filteredLane_ == kEveryLane; }

    static constexpr std::size_t kEveryLane = 99;
    double sampleRateHz_;
    std::vector<float> impulse_;  // empty: no filter
    int partition_ = 0, latencyFrames_ = 0;
    RealFft fft_;
    std::vector<std::complex<float>> kernel_, spectrum_;
    std::vector<float> time_;
    std::vector<Channel> channels_;            // left and right, or mid and side
    std::size_t filteredLane_ = kEveryLane;
    int position_ = 0;
};

}  // namespace tonewright
