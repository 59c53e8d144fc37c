#include "core/decibels.h"
#include "engineer/decision.h"
#include "engineer/repair/repair_rules.h"

namespace tonewright {

std::optional<Step> decideLowCut(const MixTrack& track, const LowCutTuning& tuning) {
    const double cornerHz = track.profile->lowCutHz;
    if (cornerHz <= 0.0) return std::nullopt;
    double below = 0.0, all = 0.0;
    for (int band = 0; band < kThirdOctaves; ++band) {
        const double power = dbToPower(track.analysis->spectrum.thirdOctaveDb[band]);
        all += power;
        if (thirdOctaveCentreHz(band) * 1.1225 < cornerHz) below += power;  // bands that lie below the corner as a whole
    }
    if (!(all > 0.0)) return std::nullopt;
    const double share = below / all;
    if (share < tuning.leastShare || share > tuning.mostShare) return std::nullopt;
    const double hz = roundHz(0.85 * cornerHz);
    return makeStep(track.stepId("lowcut"),
                    Equalizer::Params{.bands = {{.type = BandType::lowCut, .frequencyHz = hz, .slopeDbPerOctave = 12}}},
                    {.rule = "repair.low-cut",
                     .text = "There is rumble below the instrument that only muddies the low end; it is cut under " + hertz(hz) + ".",
                     .evidence = {evidence("shareBelowCorner", 100.0 * share, "%", "between " + fixed(100.0 * tuning.leastShare, 1) + " and " +
                                                                                       fixed(100.0 * tuning.mostShare, 0))}});
}

}  // namespace tonewright
