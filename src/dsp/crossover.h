#pragma once
#include <vector>

#include "core/audio.h"
#include "dsp/svf.h"

namespace tonewright {

// Linkwitz-Riley crossover, 24 dB an octave, into any number of bands whose sum is flat (all-pass).
//
//   low  = LP2(LP2(x)),  high = AP2(x) - low      Butterworth second order; AP2 shares its state with the first LP2
//
// low + high = AP2(x) exactly, and high is the fourth-order high-pass. Each lower band also passes the all-passes of
// every higher crossover, so that all bands carry the same phase: the sum of all is AP2_1 AP2_2 ... (x).
class Crossover {
public:
    // frequenciesHz: ascending, above 0 and below half the sample rate; throws std::invalid_argument.
    Crossover(std::vector<double> frequenciesHz, const StreamSpec& spec);

    int bands() const { return static_cast<int>(frequenciesHz_.size()) + 1; }
    void reset();

    // bands[b]: as many channels and frames as the input, which must be finite. The lowest band first. `input` may be
    // one of them.
    void split(ConstBlock input, const Block* bands) noexcept;

private:
    // Two channels at once in the lanes of one register.
    using Pair = double __attribute__((vector_size(16)));
    struct Stage {
        double a1, a2, a3;
        Pair first1{}, first2{}, second1{}, second2{};  // states of the splitting filter and of the low-pass behind it
    };
    struct Rotation {  // all-pass of crossover `of` on band `band`
        double a1, a2, a3;
        Pair state1{}, state2{};
    };
    struct Lane {
        int firstChannel, channels;
        std::vector<Stage> stages;
        std::vector<std::vector<Rotation>> rotations;  // band by band
    };

    std::vector<double> frequenciesHz_;
    std::vector<Lane> lanes_;
};

}  // namespace tonewright
