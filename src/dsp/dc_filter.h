#pragma once
#include <complex>
#include <vector>

#include "core/audio.h"
#include "core/fields.h"

namespace tonewright {

// Takes out a constant offset, and what moves slower than music: a Butterworth high-pass of order 1 or 2.
class DcFilter {
public:
    struct Params {
        double cornerHz = 5.0;  // -3 dB
        int order = 1;

        bool operator==(const Params&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.number("cornerHz", p.cornerHz, {0.5, 40.0}, "-3 dB point of the high-pass");
            v.integer("order", p.order, {1, 2}, "6 or 12 dB an octave");
        }
    };

    DcFilter(const Params& params, const StreamSpec& spec);
    void reset();
    void process(Block block) noexcept;
    int latencyFrames() const { return 0; }

    std::complex<double> response(double hz) const;

private:
    struct Memory {
        double first = 0.0, second = 0.0;
    };
    double sampleRateHz_;
    double b0_ = 1.0, b1_ = 0.0, b2_ = 0.0, a1_ = 0.0, a2_ = 0.0;
    std::vector<Memory> memory_;
};

}  // namespace tonewright
