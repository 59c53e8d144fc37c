#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "core/text.h"
#include "dsp/gain_computer.h"
#include "engineer/decision.h"
#include "engineer/master/detector.h"
#include "engineer/master/master_rules.h"
#include "engineer/mix/mix_sketch.h"

namespace tonewright {

namespace {

// How a static curve changes the level of stretches of three seconds: the most against the least, over stretches within 20 dB of
// the loudest. That much nearer do loud and quiet sections come. Between hits the compressor holds what the curve would let go at once:
// kHeld is what came out against what the curve alone foretold.
constexpr double kHeld = 1.65;

double sectionChangeDb(const std::vector<double>& power, double frameSeconds, const GainComputer& curve) {
    const auto perSection = static_cast<std::size_t>(std::max(1.0, std::round(3.0 / frameSeconds)));
    std::vector<std::pair<double, double>> sections;  // before, after
    double loudest = 0.0;
    for (std::size_t start = 0; start + perSection <= power.size(); start += perSection) {
        double before = 0.0, after = 0.0;
        for (std::size_t i = start; i < start + perSection; ++i) {
            before += power[i];
            after += power[i] > 0.0 ? power[i] * dbToPower(-std::abs(curve.reductionDb(powerToDb(power[i])))) : 0.0;
        }
        sections.emplace_back(before, after);
        loudest = std::max(loudest, before);
    }
    double most = -100.0, least = 0.0;
    for (const auto& [before, after] : sections) {
        if (before <= 0.01 * loudest) continue;
        most = std::max(most, powerToDb(after / before));
        least = std::min(least, powerToDb(after / before));
    }
    return kHeld * std::max(0.0, most - least);
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
    const double wanted = std::min(brief.intensity * (tuning.perPlrDb * dense + tuning.perLraLu * tooWide) + brief.mood.compressionDb, tuning.mostDb);
    if (wanted < tuning.leastDb) return std::nullopt;

    const std::vector<double> power = detectorPower(brief, tone, {.lowestHz = tuning.sidechainLowCutHz});
    const std::vector<double> levels = activeLevelsDb(power);
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
    // Loud and quiet sections are the arrangement's: the compressor works within them.
    const auto sections = [&] { return sectionChangeDb(power, brief.programme.sketch.frameSeconds, GainComputer(params.thresholdDb, params.ratio, params.kneeDb)); };
    while (sections() > tuning.mostSectionChangeDb && params.thresholdDb < levels.back()) params.thresholdDb = roundDb(params.thresholdDb + 0.2);
    const double reached = loudReductionDb(levels, GainComputer(params.thresholdDb, params.ratio, params.kneeDb));
    if (reached < 0.5 * tuning.leastDb) return std::nullopt;

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
                     .text = text + "; loud moments are eased by about " + fixed(reached, 1) + " dB, so that the limiter has less to do. Sections keep their levels to each "
                             "other within " + fixed(std::max(0.1, sections()), 1) + " dB.",
                     .evidence = shown,
                     .confidence = 0.7});
}

}  // namespace tonewright
