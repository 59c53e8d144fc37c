#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "engineer/decision.h"
#include "engineer/repair/repair_rules.h"

namespace tonewright {

std::optional<Step> decideDc(const MixTrack& track, const DcTuning& tuning) {
    const auto& offset = track.analysis->dcOffset;
    const double largest = std::max(std::abs(offset[0]), std::abs(offset[1]));
    if (largest <= 0.0 || !std::isfinite(track.analysis->dynamics.rmsDbfs)) return std::nullopt;
    const double shareDb = gainToDb(largest) - track.analysis->dynamics.rmsDbfs;
    if (shareDb < tuning.leastShareDb) return std::nullopt;
    return makeStep(track.stepId("dc"), DcFilter::Params{.cornerHz = tuning.cornerHz},
                    {.rule = "repair.dc",
                     .text = "The recording sits beside the zero line; the offset is inaudible but costs headroom and makes edits click.",
                     .evidence = {evidence("dcShareOfRms", shareDb, "dB", "limit " + fixed(tuning.leastShareDb, 0))}});
}

}  // namespace tonewright
