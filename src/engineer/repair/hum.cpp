#include <algorithm>

#include "engineer/decision.h"
#include "engineer/repair/repair_rules.h"

namespace tonewright {

std::optional<Step> decideHum(const MixTrack& track, const HumTuning& tuning) {
    const HumFacts& hum = track.analysis->hum;
    if (!hum.found) return std::nullopt;
    return makeStep(track.stepId("hum"),
                    HumFilter::Params{.humHz = roundTo(hum.fundamentalHz, 0.01),
                                      .harmonics = std::clamp(hum.harmonics, 1, tuning.mostHarmonics),
                                      .notchWidthHz = tuning.notchWidthHz,
                                      .depthDb = tuning.depthDb},
                    {.rule = "repair.hum",
                     .text = "Mains hum runs through the whole recording; narrow notches take out the fundamental and the harmonics that stand out.",
                     .evidence = {evidence("humHz", hum.fundamentalHz, "Hz"), evidence("humLevelDbfs", hum.levelDbfs, "dBFS"),
                                  evidence("harmonics", hum.harmonics, "")}});
}

}  // namespace tonewright
