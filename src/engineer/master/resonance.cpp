#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "engineer/decision.h"
#include "engineer/master/master_rules.h"

namespace tonewright {

namespace {

// Level of the third octave around a frequency against 100 Hz ... 10 kHz.
double levelAroundDb(const SpectrumFacts& spectrum, double hz) {
    double body = 0.0, nearest = 1e9, levelDb = kSilentDb;
    for (int band = 0; band < kThirdOctaves; ++band) {
        const double centre = thirdOctaveCentreHz(band);
        if (centre > 95.0 && centre < 10500.0) body += std::pow(10.0, spectrum.thirdOctaveDb[band] / 10.0);
        if (std::abs(std::log2(centre / hz)) < nearest) {
            nearest = std::abs(std::log2(centre / hz));
            levelDb = spectrum.thirdOctaveDb[band];
        }
    }
    return levelDb - 10.0 * std::log10(body);
}

}  // namespace

std::optional<Step> decideResonance(const MasterBrief& brief, const ResonanceTuning& tuning) {
    if (!brief.soundMayChange()) return std::nullopt;
    const SpectrumFacts& spectrum = brief.programme.spectrum;
    std::vector<NarrowPeak> found;
    for (const NarrowPeak& peak : spectrum.narrowPeaks) {
        if (peak.frequencyHz < tuning.lowestHz || peak.frequencyHz > tuning.highestHz || peak.excessDb < tuning.leastExcessDb || peak.steadyDb < tuning.leastSteadyDb ||
            peak.q < tuning.leastQ || peak.q > tuning.mostQ || levelAroundDb(spectrum, peak.frequencyHz) < tuning.leastLevelDb)
            continue;
        found.push_back(peak);
    }
    // An instrument that sustains has many such peaks, and they belong to it.
    if (found.empty() || static_cast<int>(found.size()) > tuning.mostPeaks) return std::nullopt;
    if (static_cast<int>(found.size()) > tuning.mostCuts) found.resize(static_cast<std::size_t>(tuning.mostCuts));

    Equalizer::Params params;
    std::vector<Evidence> shown;
    std::vector<std::string> places;
    for (const NarrowPeak& peak : found) {
        const double cutDb = std::min(tuning.mostDb, 0.5 * peak.excessDb) * std::min(1.0, brief.intensity);
        params.bands.push_back({.type = BandType::bell, .frequencyHz = roundHz(peak.frequencyHz), .gainDb = -roundDb(cutDb), .q = roundTo(peak.q, 0.5)});
        places.push_back(hertz(roundHz(peak.frequencyHz)));
        shown.push_back(evidence("narrowPeaks.excessDb", peak.excessDb, "dB", hertz(roundHz(peak.frequencyHz)) + ", limit " + fixed(tuning.leastExcessDb, 0)));
        shown.push_back(evidence("narrowPeaks.steadyDb", peak.steadyDb, "dB", "four fifths of the time, limit " + fixed(tuning.leastSteadyDb, 1)));
    }
    std::erase_if(params.bands, [](const EqualizerBand& band) { return band.gainDb == 0.0; });
    if (params.bands.empty()) return std::nullopt;
    return makeStep("master.resonance", params,
                    {.rule = "master.resonance",
                     .text = std::string(places.size() == 1 ? "A narrow peak at " : "Narrow peaks at ") + join(places, " and ") +
                             (places.size() == 1 ? " stands" : " stand") + " out whatever is played: a resonance, not a note. It is taken back by half at most.",
                     .evidence = shown,
                     .confidence = 0.6});
}

}  // namespace tonewright
