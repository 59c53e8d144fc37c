#pragma once
#include <span>
#include <vector>

namespace tonewright {

// One channel at 2, 4, 8 or 16 times its rate and back, through linear-phase half-band filters (Kaiser windowed), one
// pair a doubling:
//
//   up:    y[2i] = sum_k 2 h[2k] x[i - k],    y[2i+1] = x[i - m]
//   down:  y[i]  = sum_k h[2k] v[2i - 2k] + v[2i - 2m - 1] / 2        h of length 4m + 3
//
// Flat within 0.001 dB up to 0.4535 of the base rate (20 kHz at 44.1 kHz); images of that band when going up, and what
// would fold into it when coming down, lie at least 100 dB under. Between 0.4535 and 0.5465 the first filter falls, -6 dB
// at the half. Up and down together delay by a whole number of base frames.
class Oversampler {
public:
    // factor: 2, 4, 8 or 16; maxFrames: the most base frames of one call.
    Oversampler(int factor, int maxFrames);

    void reset();
    int factor() const { return factor_; }

    // Of up() and down() together, in base frames.
    int latencyFrames() const { return latencyFrames_; }

    // input.size() * factor() samples, to be changed in place and then handed back by down(). No allocation.
    std::span<float> up(std::span<const float> input);

    // Takes what up() returned last; output.size() base frames.
    void down(std::span<float> output);

private:
    // The last `past` samples, then the new ones: a filter sees both as one line.
    struct Line {
        Line(int past, int maxFrames);
        float* fresh() { return samples.data() + past; }
        void advance(int frames);

        int past;
        std::vector<float> samples;
    };
    struct Stage {
        Stage(int halfLength, double beta, int maxFrames);

        int m;                     // the filter has 4m + 3 taps
        std::vector<float> pairs;  // h[0], h[2] ... up to the middle: it is symmetric
        Line upLine, evenLine, oddLine;
        std::vector<float> upper;  // this stage's output at its higher rate
        std::vector<float> lower;  // what comes back at its lower rate
        int extraDelay = 0;        // at its lower rate, makes the total whole
    };

    int factor_;
    int latencyFrames_ = 0;
    std::vector<Stage> stages_;
};

}  // namespace tonewright
