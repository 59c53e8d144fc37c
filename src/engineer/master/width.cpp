#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "core/text.h"
#include "engineer/decision.h"
#include "engineer/master/master_rules.h"

namespace tonewright {

std::optional<Step> decideWidth(const MasterBrief& brief, const WidthTuning& tuning) {
    if (!brief.stereoMayChange()) return std::nullopt;
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
