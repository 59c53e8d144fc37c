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

std::vector<double> gateOverTime(const MixTrack& track, const Gate::Params& params) {
    constexpr double kPeakOverRmsDb = 10.0;  // the gate hears peaks, frames are RMS
    std::vector<double> gains = track.sketch.framePower();
    for (double& gain : gains) {
        const double underDb = params.thresholdDb - kPeakOverRmsDb - (gain > 0.0 ? powerToDb(gain) : -200.0);
        gain = underDb > 0.0 ? dbToPower(-std::min(params.rangeDb, underDb * (params.ratio - 1.0))) : 1.0;
    }
    return gains;
}

std::optional<Step> decideGate(const MixTrack& track, const GateTuning& tuning) {
    // Toms sound for seconds in a song and ring along for minutes; kick and snare carry the groove and their bleed is the kit's glue.
    if (track.track->role != "drums/tom") return std::nullopt;
    const std::vector<double> frames = track.sketch.framePower();
    std::vector<double> levels;
    for (double power : frames)
        if (power > 0.0) levels.push_back(powerToDb(power));
    if (levels.size() < 40) return std::nullopt;
    std::sort(levels.begin(), levels.end());
    const double hitDb = percentile(levels, 0.99), restDb = percentile(levels, 0.6);
    if (hitDb - restDb < tuning.leastContrastDb) return std::nullopt;
    // Levels are RMS over 50 ms; the gate hears peaks, some 10 dB above.
    return makeStep(track.stepId("gate"),
                    Gate::Params{.thresholdDb = std::clamp(roundDb(0.5 * (hitDb + restDb) + 10.0), -120.0, 0.0),
                                 .hysteresisDb = 6.0,
                                 .ratio = 10.0,
                                 .rangeDb = tuning.rangeDb,
                                 .attackMs = 0.5,
                                 .holdMs = 120.0,
                                 .releaseMs = 250.0,
                                 .lookaheadMs = 2.0},
                    {.rule = "mix.gate",
                     .text = "Between its hits this tom microphone hears only the rest of the kit and rings along; it is turned down until the tom is played.",
                     .evidence = {evidence("hitsOverRest", hitDb - restDb, "dB", "limit " + fixed(tuning.leastContrastDb, 0))},
                     .confidence = 0.8});
}

}  // namespace tonewright
