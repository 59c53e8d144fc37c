#include <algorithm>

#include "core/decibels.h"
#include "engineer/decision.h"
#include "engineer/mix/mix_rules.h"

namespace tonewright {

std::optional<Step> decideDeEss(const MixTrack& track, const DeEssTuning& tuning) {
    if (track.family() != "vocals" || track.track->role == "vocals/choir") return std::nullopt;
    const std::vector<double> frames = track.sketch.framePower();
    const double loudest = frames.empty() ? 0.0 : *std::max_element(frames.begin(), frames.end());
    std::vector<double> shares;
    for (int f = 0; f < track.sketch.frames(); ++f) {
        if (!(frames[f] > loudest * dbToPower(-25.0))) continue;
        double highs = 0.0;
        for (int band = 0; band < kErbBands; ++band)
            if (erbCentreHz(band) >= tuning.fromHz) highs += track.sketch.at(f, band);
        if (highs > 0.0) shares.push_back(powerToDb(highs / frames[f]));
    }
    if (shares.size() < 40) return std::nullopt;
    std::sort(shares.begin(), shares.end());
    const double strong = percentile(shares, 0.95);
    if (strong < tuning.strongShareDb) return std::nullopt;
    return makeStep(track.stepId("deess"),
                    DeEsser::Params{.frequencyHz = tuning.fromHz,
                                    .thresholdDb = std::clamp(roundDb(strong - 5.0), -40.0, 0.0),
                                    .rangeDb = tuning.rangeDb},
                    {.rule = "mix.de-ess",
                     .text = "S-sounds stand out of this voice; only while they last, the highs are held back.",
                     .evidence = {evidence("highsShareOfStrongFrames", strong, "dB", "limit " + fixed(tuning.strongShareDb, 0))},
                     .confidence = 0.7});
}

}  // namespace tonewright
