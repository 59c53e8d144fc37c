#pragma once
#include <complex>
#include <vector>

#include "core/audio.h"
#include "dsp/filter_cascade.h"
#include "dsp/filter_design.h"

namespace tonewright {

// Parametric equalizer: bells, shelves, cuts and notches whose magnitude follows the analogue prototype up to near the
// Nyquist frequency (filter_design.h). Minimum phase, no latency, double inside. Bands that change nothing (0 dB or
// off) cost nothing; with no other band the output is the input, bit for bit. See docs/dsp/equalizer.md.
class Equalizer {
public:
    using Band = EqualizerBand;

    struct Params {
        std::vector<Band> bands;

        bool operator==(const Params&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.list("bands", p.bands, {0, 32}, "bands, in series");
        }
    };

    // Throws std::invalid_argument for values out of range and slopes that are no multiple of 6.
    Equalizer(const Params& params, const StreamSpec& spec);

    void reset();
    void process(Block block) noexcept;
    int latencyFrames() const { return 0; }

    // What it does, at any frequency below Nyquist.
    std::complex<double> response(double hz) const;
    double responseDb(double hz) const;

private:
    std::vector<Svf::Coefficients> sections_;
    FilterCascade cascade_;
    double sampleRateHz_;
};

// The analogue curve of all bands together: what responseDb() follows, without designing a filter.
double analogueGainDb(const Equalizer::Params& params, double hz);

}  // namespace tonewright
