#include <cmath>

#include "core/decibels.h"
#include "core/text.h"
#include "engineer/decision.h"
#include "engineer/master/master_rules.h"

namespace tonewright {

namespace {

// Side against mid below a frequency, power summed over third octaves.
std::optional<double> lowSideDb(const Analysis& programme, double belowHz) {
    double side = 0.0, mid = 0.0;
    for (int band = 0; band < kThirdOctaves; ++band) {
        const double hz = thirdOctaveCentreHz(band);
        const double levelDb = programme.spectrum.thirdOctaveDb[band];
        if (hz < 30.0 || hz > belowHz || !std::isfinite(levelDb)) continue;
        const double ratio = dbToPower(programme.stereo.thirdOctaveWidthDb[band]);  // 0 for mono
        if (std::isinf(ratio)) {
            side += dbToPower(levelDb);
            continue;
        }
        side += dbToPower(levelDb) * ratio / (1.0 + ratio);
        mid += dbToPower(levelDb) / (1.0 + ratio);
    }
    if (side + mid <= 0.0) return std::nullopt;
    return mid > 0.0 ? powerToDb(side / mid) : 60.0;
}

}  // namespace

LowEndDecision decideLowEndMono(const MasterBrief& brief, const LowEndTuning& tuning) {
    LowEndDecision decision;
    if (!brief.stereoMayChange()) return decision;
    const auto sideDb = lowSideDb(brief.programme, tuning.belowHz);
    if (!sideDb || *sideDb <= tuning.mostSideDb) return decision;
    if (*sideDb > 0.0) {
        decision.advice = Warning{"master.mix-bass-phase", "The lowest notes stand more at the sides than in the middle (" + fixed(*sideDb, 1) +
                                                               " dB): in mono and on large systems they vanish. This is a mix problem: check the polarity of bass "
                                                               "and kick, and take stereo effects off them."};
        return decision;
    }
    decision.step = makeStep("master.low-end-mono", StereoWidth::Params{.monoBelowHz = tuning.cornerHz},
                             {.rule = "master.low-end-mono",
                              .text = "The lowest notes spread to the sides; in the middle they are firm on every system, and on vinyl.",
                              .evidence = {evidence("thirdOctaveWidthDb", roundDb(*sideDb), "dB",
                                                    "all below " + hertz(tuning.belowHz) + ", limit " + fixed(tuning.mostSideDb, 0) + " dB")}});
    return decision;
}

}  // namespace tonewright
