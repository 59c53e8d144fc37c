#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "engineer/decision.h"
#include "engineer/master/master_rules.h"

namespace tonewright {

std::optional<Step> decideMasterDc(const MasterBrief& brief, const MasterDcTuning& tuning) {
    const double offset = std::max(std::abs(brief.programme.dcOffset[0]), std::abs(brief.programme.dcOffset[1]));
    if (brief.condition.silent || offset <= 0.0 || !std::isfinite(brief.programme.dynamics.rmsDbfs)) return std::nullopt;
    const double shareDb = 20.0 * std::log10(offset) - brief.programme.dynamics.rmsDbfs;
    if (shareDb < tuning.leastShareDb) return std::nullopt;
    return makeStep("master.dc", DcFilter::Params{.cornerHz = tuning.cornerHz},
                    {.rule = "master.dc",
                     .text = "The waveform stands off-centre, which wastes headroom and makes limiting lopsided; it is centred.",
                     .evidence = {evidence("dcOffset", 100.0 * offset, "%", "RMS " + fixed(brief.programme.dynamics.rmsDbfs, 1) + " dBFS")}});
}

}  // namespace tonewright
