#pragma once
#include <array>
#include <cstdint>

#include "analysis/facts.h"
#include "core/audio.h"

namespace tonewright {

// How two channels relate, in the whole band and in three: below 200 Hz, 200 Hz ... 4 kHz, above (Linkwitz-Riley,
// 24 dB an octave). Sums of products, so everything is independent of level. Other channel counts: nothing measured.
//
//   correlation = sum LR / sqrt(sum LL sum RR)      width = sum (L-R)^2 / sum (L+R)^2      balance = sum LL / sum RR
//   dual mono:         side below -60 dB of mid
//   channel silent:    60 dB below the other
//   channel inverted:  correlation < -0.9 and side at least 10 dB above mid
class StereoMeter {
public:
    explicit StereoMeter(const StreamSpec& spec);

    void add(ConstBlock block);
    StereoFacts result() const;          // without thirdOctaveWidthDb and monoLossLu, which others measure
    bool channelInverted() const;
    int silentChannel() const;           // 0 or 1; -1 if none

private:
    // Two filters of left and right in one register: the lower one's left and right, the upper one's.
    using Lanes = double __attribute__((vector_size(32)));
    struct Coefficients { double b0, b1, b2, a1, a2; };
    struct Filters {
        Lanes b0, b1, b2, a1, a2;
        Filters(const Coefficients& lower, const Coefficients& upper);
    };
    struct State { Lanes s1{}, s2{}; };
    struct Sums { double ll = 0.0, rr = 0.0, lr = 0.0; };
    struct BandSums { Lanes squares{}, products{}; };   // LL, RR and LR (twice) of two bands

    static void measure(const float* left, const float* right, int count, const Filters& at200, const Filters& at4k, std::array<State, 4>& states,
                        Sums& whole, std::array<BandSums, 2>& bands);
    void closeStep();

    bool stereo_, twoBands_;
    int stepFrames_, inStep_ = 0;
    Filters at200_, at4k_;
    std::array<State, 4> states_{};      // twice at 200 Hz, twice at 4 kHz
    Sums whole_, step_;
    std::array<Sums, 3> bands_;
    std::array<BandSums, 2> bandStep_;   // below and above 200 Hz (the latter is not used); between and above 4 kHz
};

}  // namespace tonewright
