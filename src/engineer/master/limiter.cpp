#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "engineer/decision.h"
#include "engineer/master/master_rules.h"

namespace tonewright {

namespace {

// Loudness that limiting costs, roughly: little at first, growing with the square of the peaks' reduction.
double expectedLossLu(double demandDb) { return 0.012 * std::max(0.0, demandDb) * std::max(0.0, demandDb); }

// After sustained limiting the gain comes back within a beat, so that it breathes with the music, if at all; sooner where
// much is limited, because a gain that stays down costs loudness that more drive would have to buy.
double slowReleaseMs(const RhythmFacts& rhythm, double demandDb) {
    const double mostMs = demandDb > 5.0 ? 200.0 : 400.0;
    if (!rhythm.tempoBpm || rhythm.tempoConfidence < 0.3) return std::min(300.0, mostMs);
    return std::clamp(roundTo(60000.0 / *rhythm.tempoBpm, 10.0), 200.0, mostMs);
}

}  // namespace

Step decideLimiter(const MasterBrief& brief) {
    Limiter::Params params;
    params.ceilingDb = brief.ceilingDbtp;
    params.slowReleaseMs = brief.condition.silent ? 300.0 : slowReleaseMs(brief.programme.rhythm, brief.limitingDemandDb());
    if (!brief.condition.silent) {
        const double driveDb = brief.targetLufs - kWorkingLufs + expectedLossLu(brief.limitingDemandDb());
        params.inputGainDb = std::clamp(roundTo(driveDb, 0.01), -40.0, 40.0);
    }
    return makeStep("master.limiter", params,
                    {.rule = "master.limiter",
                     .text = "Sets the final loudness and keeps every peak, also those between samples, under the ceiling.",
                     .evidence = {evidence("peakToLoudnessDb", brief.peakToLoudnessDb, "dB",
                                           "room for " + fixed(brief.ceilingDbtp - brief.targetLufs, 1) + " dB")}});
}

}  // namespace tonewright
