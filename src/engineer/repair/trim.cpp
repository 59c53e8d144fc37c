#include <cmath>

#include "engineer/decision.h"
#include "engineer/repair/repair_rules.h"

namespace tonewright {

std::optional<Step> decideTrim(const MixTrack& track) {
    if (!std::isfinite(track.loudnessLufs)) return std::nullopt;
    const double gainDb = roundTo(kReferenceLufs - track.loudnessLufs, 0.01);  // finer than heard: what is left would be a fader error
    return makeStep(track.stepId("trim"), Gain::Params{.gainDb = std::clamp(gainDb, -60.0, 60.0)},
                    {.rule = "repair.trim",
                     .text = "Brings the recording to the level that all tracks start from, so that how hot it was recorded decides nothing.",
                     .evidence = {evidence("loudnessWhilePlaying", track.loudnessLufs, "LUFS", "reference " + fixed(kReferenceLufs, 0))}});
}

}  // namespace tonewright
