#pragma once
#include <complex>
#include <cstdint>
#include <vector>

#include "core/audio.h"
#include "core/fields.h"

namespace tonewright {

// Notches at the mains frequency and its harmonics. Per notch, with A the second-order all-pass around n humHz:
//   H(z) = (1 + d)/2 + (1 - d)/2 A(z)       d = 10^(-depthDb/20) at the centre, 1 far away
// All notches are equally wide. Of noise they take 1.57 notchWidthHz / humHz: at 1 and 50 Hz, 0.14 dB. A hum that is off by
// d Hz is still attenuated by about 20 log10(notchWidthHz / 2d) dB. Harmonics above 0.45 of the sample rate are left out.
class HumFilter {
public:
    struct Params {
        double humHz = 50.0;
        int harmonics = 10;         // including the fundamental; 0: nothing
        double notchWidthHz = 1.0;  // between the -3 dB points of a notch
        double depthDb = 60.0;

        bool operator==(const Params&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.number("humHz", p.humHz, {20.0, 1000.0}, "fundamental of the hum");
            v.integer("harmonics", p.harmonics, {0, 64}, "notches, the fundamental included");
            v.number("notchWidthHz", p.notchWidthHz, {0.05, 20.0}, "-3 dB width of every notch");
            v.number("depthDb", p.depthDb, {0.0, 120.0}, "attenuation at the centre of a notch");
        }
    };

    HumFilter(const Params& params, const StreamSpec& spec);
    void reset();
    void process(Block block) noexcept;
    int latencyFrames() const { return 0; }

    std::complex<double> response(double hz) const;

private:
    struct Notch {
        double b0, b1, b2, a1, a2;
    };
    struct Memory {
        double s1 = 0.0, s2 = 0.0;
    };
    double sampleRateHz_;
    std::vector<Notch> notches_;
    std::vector<std::vector<Memory>> memory_;  // [channel][notch]
    std::int64_t position_ = 0;
};

}  // namespace tonewright
