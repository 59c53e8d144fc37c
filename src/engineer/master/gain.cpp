#include "core/text.h"
#include "engineer/decision.h"
#include "engineer/master/master_rules.h"

namespace tonewright {

std::optional<Step> decideGain(const MasterBrief& brief) {
    if (brief.condition.silent) return std::nullopt;
    return makeStep("master.gain", Gain::Params{.gainDb = brief.gainDb()},
                    {.rule = "master.gain",
                     .text = "Brings the programme to the level that the rest of the chain works at, so that the result does not "
                             "depend on how hot the mix was exported.",
                     .evidence = {evidence("integratedLufs", brief.loudnessLufs, "LUFS", "working level " + fixed(kWorkingLufs, 1))}});
}

}  // namespace tonewright
