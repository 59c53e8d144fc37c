#include "dsp/equalizer.h"

#include <stdexcept>
#include <string>

#include "core/decibels.h"
#include "core/fields.h"
#include "dsp/sample_guard.h"

namespace tonewright {

namespace {

std::vector<Svf::Coefficients> designed(const Equalizer::Params& params, const StreamSpec& spec) {
    validated(params, "equalizer");
    std::vector<Svf::Coefficients> sections;
    for (std::size_t i = 0; i < params.bands.size(); ++i) {
        const EqualizerBand& band = params.bands[i];
        if (band.slopeDbPerOctave % 6 != 0)
            throw std::invalid_argument("equalizer: bands[" + std::to_string(i) + "]: slopeDbPerOctave is " +
                                        std::to_string(band.slopeDbPerOctave) + "; it must be a multiple of 6");
        const double nyquistHz = 0.5 * spec.sampleRateHz;
        const bool beyondAudio = band.type == BandType::notch && band.frequencyHz >= nyquistHz;
        if (band.isNeutral() || beyondAudio) continue;
        for (const AnalogueSection& section : analogueSections(band)) sections.push_back(matched(section, spec.sampleRateHz));
    }
    return sections;
}

}  // namespace

Equalizer::Equalizer(const Params& params, const StreamSpec& spec)
    : sections_(designed(params, spec)), cascade_(sections_, spec.channels), sampleRateHz_(spec.sampleRateHz) {}

void Equalizer::reset() { cascade_.reset(); }

void Equalizer::process(Block block) noexcept {
    const FlushDenormals guard;
    makeUsable(block);
    if (!sections_.empty()) cascade_.process(block);
}

std::complex<double> Equalizer::response(double hz) const {
    std::complex<double> product = 1.0;
    for (const Svf::Coefficients& section : sections_) product *= section.response(hz, sampleRateHz_);
    return product;
}

double Equalizer::responseDb(double hz) const { return powerToDb(std::norm(response(hz))); }

double analogueGainDb(const Equalizer::Params& params, double hz) {
    double gainDb = 0.0;
    for (const EqualizerBand& band : params.bands) gainDb += analogueGainDb(band, hz);
    return gainDb;
}

}  // namespace tonewright
