#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "core/text.h"
#include "engineer/decision.h"
#include "engineer/master/master_rules.h"

namespace tonewright {

namespace {

// The level, against full scale, of a peak that the soft clipper (saturator.h: tanh(u + u^3 / 3)) lowers by so much.
double peakForReductionDb(double reductionDb) {
    double lowDb = -12.0, highDb = 24.0;
    for (int i = 0; i < 40; ++i) {
        const double db = 0.5 * (lowDb + highDb), u = dbToGain(db);
        (gainToDb(u / std::tanh(u + u * u * u / 3.0)) < reductionDb ? lowDb : highDb) = db;
    }
    return 0.5 * (lowDb + highDb);
}

}  // namespace

std::optional<Step> decideColour(const MasterBrief& brief, const ColourTuning& tuning) {
    if (!brief.densityMayChange()) return std::nullopt;
    const double demandDb = brief.limitingDemandDb();
    if (demandDb <= tuning.leastDemandDb || brief.style.peakToLoudnessDb[0] >= tuning.gentlePlrDb) return std::nullopt;
    const double peakDb = kWorkingLufs + brief.peakToLoudnessDb;  // where the highest peaks arrive
    SaturatorParams params{.kind = SaturatorKind::softClip, .autoGain = false};
    const double shavedDb = std::clamp(tuning.share * (demandDb - tuning.freeDb), tuning.leastDb, tuning.mostDb);
    params.driveDb = std::clamp(roundDb(peakForReductionDb(shavedDb) - peakDb), -12.0, 24.0);
    params.mix = std::min(1.0, brief.intensity) * brief.mood.colourShare;
    if (params.mix <= 0.0) return std::nullopt;
    return makeStep("master.colour", params,
                    {.rule = "master.colour",
                     .text = "The wanted loudness asks much of the limiter; rounding off the highest peaks by up to " + fixed(shavedDb, 1) +
                             " dB first keeps its work inaudible for longer.",
                     .evidence = {evidence("peakToLoudnessDb", brief.peakToLoudnessDb, "dB",
                                           "room for " + fixed(brief.ceilingDbtp - brief.targetLufs, 1) + " dB")},
                     .confidence = 0.7});
}

}  // namespace tonewright
