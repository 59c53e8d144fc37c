#pragma once
#include "core/audio.h"
#include "core/fields.h"
#include "dsp/power_shelf.h"

namespace tonewright {

// Width per band, and bass in the middle. Only the side S = (L - R)/2 is changed; the mid, and so the mono sum, stays
// what it was to the last bit that floats can hold.
//
//   S' = S filtered by two second-order shelves (k = sqrt 2) and, if asked, a Butterworth low-cut:
//   |low crossover|^2  = (low^2  + w^4 mid^2) / (1 + w^4),   w = f / lowCrossoverHz
//   |high crossover|^2 = (mid^2 + w^4 high^2) / (1 + w^4),   w = f / highCrossoverHz
//   |mono below|^2     = w^4 / (1 + w^4),                    w = f / monoBelowHz      (12 dB an octave)
//   L' = L + (S' - S),  R' = R - (S' - S)
//
// Powers cross over, so the side's level at a crossover is the power mean of its neighbours. Minimum phase, no latency.
// With all widths 1 and monoBelowHz 0 the output is the input, bit for bit.
class StereoWidth {
public:
    struct Params {
        double lowWidth = 1.0;   // gain of the side below lowCrossoverHz; 0 is mono
        double midWidth = 1.0;   // between the crossovers
        double highWidth = 1.0;  // above highCrossoverHz
        double lowCrossoverHz = 250.0;
        double highCrossoverHz = 4000.0;
        double monoBelowHz = 0.0;  // side low-cut, -3 dB here; 0 is off

        bool operator==(const Params&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.number("lowWidth", p.lowWidth, {0.0, 2.0}, "gain of the side signal in the low band: 0 mono, 1 unchanged");
            v.number("midWidth", p.midWidth, {0.0, 2.0}, "gain of the side signal in the middle band");
            v.number("highWidth", p.highWidth, {0.0, 2.0}, "gain of the side signal in the high band");
            v.number("lowCrossoverHz", p.lowCrossoverHz, {40.0, 1000.0}, "between the low and the middle band");
            v.number("highCrossoverHz", p.highCrossoverHz, {1000.0, 12000.0}, "between the middle and the high band");
            v.number("monoBelowHz", p.monoBelowHz, {0.0, 500.0}, "below it the side is cut, 12 dB an octave; 0 is off");
        }
    };

    // spec.channels must be 2.
    StereoWidth(const Params& params, const StreamSpec& spec);

    void reset();
    void process(Block block) noexcept;
    int latencyFrames() const { return 0; }

    // Gain of the side at a frequency: what process() does, bilinear warping included.
    double sideGainAt(double hz) const;

private:
    double sampleRateHz_;
    double gain_ = 1.0;  // of the whole side, where the shelves start from
    PowerShelf low_, high_, mono_;
    bool neutral_;
};

}  // namespace tonewright
