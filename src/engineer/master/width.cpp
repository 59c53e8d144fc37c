#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "core/text.h"
#include "engineer/decision.h"
#include "engineer/master/master_rules.h"

namespace tonewright {

double monoLossAfterLu(double monoLossLu, double sideGainDb) {
    return -powerToDb(1.0 + (dbToPower(-monoLossLu) - 1.0) * dbToPower(sideGainDb));
}

WidthDecision decideWidth(const MasterBrief& brief, const WidthTuning& tuning) {
    WidthDecision decision;
    if (!brief.stereoMayChange()) return decision;
    const StereoFacts& stereo = brief.programme.stereo;
    const double lossLu = stereo.monoLossLu.value_or(0.0);
    if (lossLu < tuning.badMonoLossLu)
        decision.advice = Warning{"master.mix-mono-loss", "Played in mono the music loses " + fixed(-lossLu, 1) +
                                                              " LU: much of it stands at the sides only. If it is not meant so, this is a mix problem: narrow what is "
                                                              "doubled, spread or wide by effect until mono loses less than " + fixed(-tuning.badMonoLossLu, 0) + " LU."};
    static constexpr const char* kBandNames[] = {"below 200 Hz", "from 200 Hz to 4 kHz", "above 4 kHz"};

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
        if (missing > 0.0 && ((band == 2 && brief.condition.topHz < 18000.0) || (correlation && *correlation < tuning.leastCorrelation))) continue;
        // To the edge of the dead band, half-way at most.
        const double move = std::min(0.5 * std::abs(missing), std::abs(missing) - tuning.deadBandDb);
        double width = roundTo(std::clamp(dbToGain(std::copysign(brief.intensity * move, missing)), tuning.leastWidth, tuning.mostWidth), 0.05);
        // What mono loses stays bounded; and nothing is done against what was asked for.
        while (width > 1.0 && monoLossAfterLu(lossLu, gainToDb(width)) < tuning.mostMonoLossLu) width = roundTo(width - 0.05, 0.05);
        // Wide is no fault of music that nobody knows, as long as mono bears it.
        if (width < 1.0 && brief.style.name == "neutral" && lossLu >= tuning.mostMonoLossLu) continue;
        if (missing * brief.mood.widthDb[band - 1] < 0.0) continue;
        if (std::abs(width - 1.0) < 0.04) continue;
        widths[band] = width;
        (width > 1.0 ? widens : narrows) = true;
        shown.push_back(evidence("bandWidthDb", *measured, "dB", std::string(kBandNames[band]) + ", " + brief.style.name + " " + fixed(brief.style.widthDb[band], 0) + " dB"));
    }
    if (!widens && !narrows) return decision;
    const double afterLu = monoLossAfterLu(lossLu, gainToDb(std::max(widths[1], widths[2]) > 1.0 ? std::max(widths[1], widths[2]) : std::min(widths[1], widths[2])));
    shown.push_back(evidence("monoLossLu", lossLu, "LU", "about " + fixed(afterLu, 1) + " after, limit " + fixed(tuning.mostMonoLossLu, 0)));
    const std::string text = widens && narrows ? "One range is narrower and another wider than usual; both are moved a little towards it."
                             : widens          ? "Narrower than usual: the sides are raised a little, and what is in the middle stays as it is."
                                               : "Wider than usual: the sides are lowered a little, so that less is lost in mono.";
    decision.step = makeStep("master.width", StereoWidth::Params{.midWidth = widths[1], .highWidth = widths[2]},
                    {.rule = "master.width", .text = text, .evidence = shown, .confidence = 0.7});
    return decision;
}

}  // namespace tonewright
