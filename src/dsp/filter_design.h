#pragma once
#include <vector>

#include "core/fields.h"
#include "dsp/svf.h"

namespace tonewright {

enum class BandType { bell, lowShelf, highShelf, lowCut, highCut, notch };
inline constexpr Names<6> kBandTypeNames{"bell", "lowShelf", "highShelf", "lowCut", "highCut", "notch"};

// One band of an equalizer, as its analogue prototype means it.
struct EqualizerBand {
    BandType type = BandType::bell;
    double frequencyHz = 1000.0;  // centre, middle of the shelf (half the dB), or -3 dB point of a Butterworth cut
    double gainDb = 0.0;          // bells and shelves
    double q = 0.7071;            // bells: centre / width at half the dB; cuts: 0.7071 is Butterworth, more resonates
    int slopeDbPerOctave = 12;    // cuts: 6 for each order
    bool enabled = true;

    bool operator==(const EqualizerBand&) const = default;

    // Changes nothing: not enabled, or 0 dB.
    bool isNeutral() const;

    template <class Self, class Visitor>
    static void fields(Self& p, Visitor& v) {
        v.choice("type", p.type, kBandTypeNames, "shape of the band");
        v.number("frequencyHz", p.frequencyHz, {10.0, 40000.0}, "centre, middle of the shelf or corner of the cut");
        v.number("gainDb", p.gainDb, {-36.0, 36.0}, "gain of a bell or shelf");
        v.number("q", p.q, {0.05, 50.0}, "narrowness of a bell, steepness of a shelf, resonance of a cut (0.7071 has none)");
        v.integer("slopeDbPerOctave", p.slopeDbPerOctave, {6, 48}, "steepness of a cut; a multiple of 6");
        v.flag("enabled", p.enabled, "off leaves the sound untouched");
    }
};

// Second-order analogue sections whose product is the band:
//   H(s) = (low + band s + high s^2) / (1 + k s + s^2),   s = i f / cornerHz
struct AnalogueSection {
    double cornerHz, k, low, band, high;

    double power(double hz) const;  // |H|^2
};
std::vector<AnalogueSection> analogueSections(const EqualizerBand& band);

// Gain of the band at a frequency as the analogue prototype has it, and as the digital filter follows it up to close
// to the Nyquist frequency: what a sketch of a mix needs, without designing a filter.
double analogueGainDb(const EqualizerBand& band, double hz);

// The digital section whose magnitude follows the analogue one up to 0.455 of the sample rate. Poles start where
// impulse invariance puts them and gains are matched at 0 Hz, at the corner and at Nyquist (Vicanek, "Matched
// Second Order Digital Filters", 2016); then all free coefficients are fitted to the log magnitude by
// Levenberg-Marquardt. Gain at 0 Hz and zeros of cuts and notches stay exact; the result is stable and minimum-phase.
Svf::Coefficients matched(const AnalogueSection& section, double sampleRateHz);

}  // namespace tonewright
