#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "core/text.h"
#include "engineer/decision.h"
#include "engineer/master/master_rules.h"

// master.low-end-mono, master.width.
namespace tonewright {

namespace {

bool mayTouchStereo(const MasterBrief& brief) {
    const Condition& condition = brief.condition;
    return !condition.silent && !condition.finished && !condition.tooShort && !condition.mono && !condition.brokenStereo && brief.intensity > 0.0 &&
           brief.programme.spec.channels == 2;
}

// Side against mid below a frequency, power summed over third octaves.
std::optional<double> lowSideDb(const Analysis& programme, double belowHz) {
    double side = 0.0, mid = 0.0;
    for (int band = 0; band < kThirdOctaves; ++band) {
        const double hz = thirdOctaveCentreHz(band);
        const double levelDb = programme.spectrum.thirdOctaveDb[band];
        if (hz < 30.0 || hz > belowHz || !std::isfinite(levelDb)) continue;
        const double ratio = dbToPower(programme.stereo.thirdOctaveWidthDb[band]);  // 0 for mono
        if (std::isinf(ratio)) {
            side += dbToPower(levelDb);
            continue;
        }
        side += dbToPower(levelDb) * ratio / (1.0 + ratio);
        mid += dbToPower(levelDb) / (1.0 + ratio);
    }
    if (side + mid <= 0.0) return std::nullopt;
    return mid > 0.0 ? powerToDb(side / mid) : 60.0;
}

}  // namespace

LowEndDecision decideLowEndMono(const MasterBrief& brief, const LowEndTuning& tuning) {
    LowEndDecision decision;
    if (!mayTouchStereo(brief)) return decision;
    const auto sideDb = lowSideDb(brief.programme, tuning.belowHz);
    if (!sideDb || *sideDb <= tuning.mostSideDb) return decision;
    if (*sideDb > 0.0) {
        decision.advice = Warning{"master.mix-bass-phase", "The lowest notes stand more at the sides than in the middle (" + fixed(*sideDb, 1) +
                                                               " dB): in mono and on large systems they vanish. This is a mix problem: check the polarity of bass "
                                                               "and kick, and take stereo effects off them."};
        return decision;
    }
    decision.step = makeStep("master.low-end-mono", StereoWidth::Params{.monoBelowHz = tuning.cornerHz},
                             {.rule = "master.low-end-mono",
                              .text = "The lowest notes spread to the sides; in the middle they are firm on every system, and on vinyl.",
                              .evidence = {evidence("thirdOctaveWidthDb below " + hertz(tuning.belowHz), roundDb(*sideDb), "dB",
                                                    "limit " + fixed(tuning.mostSideDb, 0) + " dB")}});
    return decision;
}

std::optional<Step> decideWidth(const MasterBrief& brief, const WidthTuning& tuning) {
    if (!mayTouchStereo(brief)) return std::nullopt;
    const StereoFacts& stereo = brief.programme.stereo;
    const bool monoLosesMuch = stereo.monoLossLu && *stereo.monoLossLu < tuning.mostMonoLossLu;
    static constexpr const char* kBandNames[] = {"below 200 Hz", "200 Hz-4 kHz", "above 4 kHz"};

    std::array<double, 3> widths{1.0, 1.0, 1.0};
    std::vector<Evidence> shown;
    bool widens = false, narrows = false;
    for (std::size_t band = 1; band < 3; ++band) {  // the lowest band belongs to master.low-end-mono
        const auto& measured = stereo.bandWidthDb[band];
        if (!measured || *measured < tuning.emptySideDb) continue;
        const double missing = brief.style.widthDb[band] - *measured;
        if (std::abs(missing) <= tuning.deadBandDb) continue;
        const auto& correlation = stereo.bandCorrelation[band];
        // A lossy codec leaves little but artefacts on the sides of the highs.
        if (missing > 0.0 && (monoLosesMuch || (band == 2 && brief.condition.topHz < 18000.0) || (correlation && *correlation < tuning.leastCorrelation))) continue;
        // To the edge of the dead band, half-way at most.
        const double move = std::min(0.5 * std::abs(missing), std::abs(missing) - tuning.deadBandDb);
        const double width = roundTo(std::clamp(dbToGain(std::copysign(brief.intensity * move, missing)), tuning.leastWidth, tuning.mostWidth), 0.05);
        if (std::abs(width - 1.0) < 0.04) continue;
        widths[band] = width;
        (width > 1.0 ? widens : narrows) = true;
        shown.push_back(evidence(std::string("bandWidthDb ") + kBandNames[band], roundDb(*measured), "dB",
                                 brief.style.name + " " + fixed(brief.style.widthDb[band], 0) + " dB"));
    }
    if (!widens && !narrows) return std::nullopt;
    const std::string text = widens && narrows ? "One range is narrower and another wider than usual; both are moved a little towards it."
                             : widens          ? "Narrower than usual: the sides are raised a little, and what is in the middle stays as it is."
                                               : "Wider than usual: the sides are lowered a little, so that less is lost in mono.";
    return makeStep("master.width", StereoWidth::Params{.midWidth = widths[1], .highWidth = widths[2]},
                    {.rule = "master.width", .text = text, .evidence = shown, .confidence = 0.7});
}

}  // namespace tonewright
