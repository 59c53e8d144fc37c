#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "engineer/decision.h"
#include "engineer/mix/mix_rules.h"

namespace tonewright {

Shelving deEssing(const DeEsser::Params& params, const TrackSketch& sketch, double frameSeconds) {
    Shelving result{.gains = std::vector<float>(static_cast<std::size_t>(sketch.frames()) * kErbBands, 1.0f), .meanDb = 0.0, .mostDb = 0.0};
    // Its detector's high-pass and its shelf (dsp/de_esser.h), by band.
    BandGains passed{};
    for (int band = 0; band < kErbBands; ++band) passed[band] = 1.0 / (1.0 + std::pow(params.frequencyHz / erbCentreHz(band), 4.0));
    const auto shelf = [&](double db) { return bandGains({.bands = {{.type = BandType::highShelf, .frequencyHz = params.frequencyHz, .gainDb = db, .q = std::sqrt(0.5)}}}); };
    constexpr double kStepDb = 0.25;
    std::vector<BandGains> shelves;
    for (int step = 0; step * kStepDb <= params.rangeDb + kStepDb; ++step) shelves.push_back(shelf(-step * kStepDb));
    const double release = 1.0 - std::exp(-1000.0 * frameSeconds / params.releaseMs);
    double takenDb = 0.0, sum = 0.0;
    int working = 0;
    for (int f = 0; f < sketch.frames(); ++f) {
        double high = 0.0, all = 0.0;
        for (int band = 0; band < kErbBands; ++band) {
            high += passed[band] * sketch.at(f, band);
            all += sketch.at(f, band);
        }
        const double wantedDb = all > 0.0 && high > 0.0 ? std::clamp(powerToDb(high / all) - params.thresholdDb, 0.0, params.rangeDb) : 0.0;
        takenDb = wantedDb > takenDb ? wantedDb : takenDb + (wantedDb - takenDb) * release;
        if (takenDb > 0.1) {
            sum += takenDb;
            ++working;
        }
        result.mostDb = std::max(result.mostDb, takenDb);
        const BandGains& now = shelves[static_cast<std::size_t>(std::lround(takenDb / kStepDb))];
        for (int band = 0; band < kErbBands; ++band) result.gains[static_cast<std::size_t>(f) * kErbBands + band] = static_cast<float>(now[band]);
    }
    result.meanDb = working ? sum / working : 0.0;
    return result;
}

std::optional<Step> decideDeEss(const MixTrack& track, const SketchGrid& grid, const DeEssTuning& tuning) {
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
    const DeEsser::Params params{.frequencyHz = tuning.fromHz, .thresholdDb = std::clamp(roundDb(strong - 5.0), -40.0, 0.0), .rangeDb = tuning.rangeDb};
    const Shelving reduction = deEssing(params, track.sketch, grid.frameSeconds);
    return makeStep(track.stepId("deess"), params,
                    {.rule = "mix.de-ess",
                     .text = "S-sounds stand out of this voice; only while they last, the highs are held back, by " + fixed(reduction.meanDb, 1) + " dB on average.",
                     .evidence = {evidence("highsShareOfStrongFrames", strong, "dB", "limit " + fixed(tuning.strongShareDb, 0)),
                                  evidence("reductionPredicted", reduction.meanDb, "dB", "on average while acting"),
                                  evidence("mostReductionPredicted", reduction.mostDb, "dB")},
                     .confidence = 0.7});
}

}  // namespace tonewright
