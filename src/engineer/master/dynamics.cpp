#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "core/text.h"
#include "dsp/gain_computer.h"
#include "engineer/decision.h"
#include "engineer/master/master_rules.h"
#include "engineer/mix/mix_sketch.h"

namespace tonewright {

namespace {

// What the compressor's detector will hear in each frame of the programme at the working level, ascending, dB: the mean of the
// channels. Frames more than 30 dB under the loudest are left out.
std::vector<double> detectorLevelsDb(const MasterBrief& brief, const Equalizer::Params& before, double lowCutHz) {
    const Sketch& sketch = brief.programme.sketch;
    BandGains gains = bandGains(before);
    const BandGains heard = bandGains(Equalizer::Params{.bands = {{.type = BandType::lowCut, .frequencyHz = lowCutHz}}});
    const double scale = dbToPower(brief.gainDb()) / std::max(1, brief.programme.spec.channels);
    for (int band = 0; band < kErbBands; ++band) gains[band] *= heard[band] * scale;
    std::vector<double> power(static_cast<std::size_t>(sketch.frames));
    for (int frame = 0; frame < sketch.frames; ++frame)
        for (int band = 0; band < kErbBands; ++band) power[static_cast<std::size_t>(frame)] += sketch.at(frame, band) * gains[band];
    return activeLevelsDb(power);
}

// Mean reduction over the loudest tenth, were the level steady within a frame.
double loudReductionDb(const std::vector<double>& ascendingDb, const GainComputer& curve) {
    const std::size_t first = ascendingDb.size() - std::max<std::size_t>(1, ascendingDb.size() / 10);
    double sum = 0.0;
    for (std::size_t i = first; i < ascendingDb.size(); ++i) sum += std::abs(curve.reductionDb(ascendingDb[i]));
    return sum / static_cast<double>(ascendingDb.size() - first);
}

}  // namespace

std::optional<Step> decideMasterDynamics(const MasterBrief& brief, const Equalizer::Params& tone, const MasterDynamicsTuning& tuning) {
    if (!brief.densityMayChange()) return std::nullopt;
    const Style& style = brief.style;

    // What exceeds the style (of the peaks only what the loudness makes the limiter take anyway), and what the limiter should
    // not have to do alone.
    const double range = brief.programme.loudness.loudnessRangeLu.value_or(0.0);
    const double tooWide = std::max(0.0, range - style.loudnessRangeLu[1]);
    const double tooPeaky = std::clamp(brief.peakToLoudnessDb - style.peakToLoudnessDb[1], 0.0, std::max(0.0, brief.limitingDemandDb()));
    const double tooMuch = std::max(0.0, brief.limitingDemandDb() - tuning.limiterAloneDb);
    const double dense = std::max(tooPeaky, tooMuch);
    const double wanted = std::min(brief.intensity * (tuning.perPlrDb * dense + tuning.perLraLu * tooWide), tuning.mostDb);
    if (wanted < tuning.leastDb) return std::nullopt;

    const std::vector<double> levels = detectorLevelsDb(brief, tone, tuning.sidechainLowCutHz);
    if (levels.size() < 40) return std::nullopt;
    Compressor::Params params;
    params.ratio = wanted > 1.4 ? 1.8 : 1.5;
    params.kneeDb = tuning.kneeDb;
    params.attackMs = tuning.attackMs;
    const RhythmFacts& rhythm = brief.programme.rhythm;
    params.releaseMs = rhythm.tempoBpm && rhythm.tempoConfidence >= 0.3 ? std::clamp(roundTo(15000.0 / *rhythm.tempoBpm, 10.0), 80.0, 200.0) : 120.0;
    params.detector = DetectorKind::rms;
    params.release = ReleaseKind::adaptive;
    params.sidechain.lowCutHz = tuning.sidechainLowCutHz;
    double low = levels.back() - 40.0, high = levels.back() + 6.0;  // more reduction ... none
    for (int i = 0; i < 40; ++i) {
        const double middle = 0.5 * (low + high);
        (loudReductionDb(levels, GainComputer(middle, params.ratio, params.kneeDb)) > wanted ? low : high) = middle;
    }
    params.thresholdDb = std::clamp(roundDb(0.5 * (low + high)), -80.0, 12.0);

    std::vector<Evidence> shown;
    if (dense > 0.0)
        shown.push_back(evidence("peakToLoudnessDb", brief.peakToLoudnessDb, "dB",
                                 tooMuch > tooPeaky ? "room for " + fixed(brief.ceilingDbtp - brief.targetLufs, 1) + " dB"
                                                    : style.name + " up to " + fixed(style.peakToLoudnessDb[1], 0)));
    if (tooWide > 0.0) shown.push_back(evidence("loudnessRangeLu", range, "LU", style.name + " up to " + fixed(style.loudnessRangeLu[1], 0)));
    const std::string usual = style.name == "neutral" ? "released music" : style.name;
    const std::string text = tooWide > dense      ? "Quiet and loud passages are further apart than " + usual + " usually has them"
                             : tooMuch > tooPeaky ? "The wanted loudness leaves little room over the music's level"
                                                  : "The peaks stand further out than " + usual + " usually has them";
    return makeStep("master.dynamics", params,
                    {.rule = "master.dynamics",
                     .text = text + "; loud moments are eased by about " + fixed(wanted, 1) + " dB, so that the limiter has less to do.",
                     .evidence = shown,
                     .confidence = 0.7});
}

}  // namespace tonewright
