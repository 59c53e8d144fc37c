#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "core/text.h"
#include "engineer/decision.h"
#include "engineer/master/master_rules.h"

namespace tonewright {

namespace {

// How far the bass moves with the component: not further in 87 of 88 mixtures of known parts
// (docs/dsp/component-equalizer.md).
double bassMovesDb(double excess) { return 0.2 * std::abs(excess) + 0.4 * excess * excess; }

// Why not, in words; empty: it can be done.
std::string obstacle(const MasterBrief& brief, const KickTuning& tuning) {
    const auto& kick = brief.programme.kickSeparation;
    if (brief.condition.silent || brief.condition.tooShort) return "there is too little to hear";
    if (!kick || kick->hits < tuning.leastHits) return "no drum repeats often enough in the lows to be told from the bass";
    if (kick->ringing > tuning.mostRinging) return "it rings on like a bass (" + fixed(kick->ringing, 2) + " of its energy is still there 110 ms later)";
    if (kick->likeness < tuning.leastLikeness) return "its hits differ too much from each other (likeness " + fixed(kick->likeness, 2) + ")";
    if (kick->caught < tuning.leastCaught) return "only " + fixed(100.0 * kick->caught, 0) + " % of it could be told from the bass";
    return "";
}

double automaticDb(const MasterBrief& brief, const KickTuning& tuning) {
    const auto& kick = brief.programme.kickSeparation;
    if (!brief.soundMayChange() || !kick || kick->hits < tuning.leastHits) return 0.0;
    const double over = kick->kickToRestDb > tuning.strongestDb  ? tuning.strongestDb - kick->kickToRestDb
                        : kick->kickToRestDb < tuning.weakestDb ? tuning.weakestDb - kick->kickToRestDb
                                                                 : 0.0;
    const double move = roundDb(std::clamp(0.5 * over * brief.intensity, -tuning.mostDb, tuning.mostDb));
    return std::abs(move) < tuning.leastDb ? 0.0 : move;
}

}  // namespace

ComponentDecision decideKickBalance(const MasterBrief& brief, double wishedDb, const KickTuning& tuning) {
    const bool asked = wishedDb != 0.0;
    const double moveDb = asked ? std::clamp(wishedDb, -tuning.mostWishedDb, tuning.mostWishedDb) : automaticDb(brief, tuning);
    if (moveDb == 0.0) return {};
    const std::string what = asked ? "You asked for the kick " + std::string(moveDb > 0.0 ? "up" : "down") + " by " + fixed(std::abs(moveDb), 1) + " dB"
                                   : std::string("The kick is ") + (moveDb > 0.0 ? "weak" : "strong") + " against the bass";
    std::string why = obstacle(brief, tuning);
    const double excess = why.empty() ? (dbToGain(moveDb) - 1.0) / brief.programme.kickSeparation->caught : 0.0;
    if (why.empty() && (bassMovesDb(excess) > tuning.mostOtherDb || excess <= -1.0)) why = "the bass would move with it by about " + fixed(bassMovesDb(excess), 1) + " dB";
    if (!why.empty())
        return {.step = std::nullopt, .advice = Warning{"master.mix-kick", what + ", but " + why + ". It was left alone; move the kick in the mix instead."}};

    const KickSeparation& kick = *brief.programme.kickSeparation;
    Reason reason{.rule = "master.kick", .text = what + "; the bass in the same band stays (it moves by about " + fixed(bassMovesDb(excess), 1) + " dB at most).",
                  .evidence = {evidence("kickSeparation.kickToRestDb", kick.kickToRestDb, "dB", fixed(tuning.weakestDb, 0) + " to " + fixed(tuning.strongestDb, 0)),
                               evidence("kickSeparation.caught", kick.caught, "", "at least " + fixed(tuning.leastCaught, 2)),
                               evidence("kickSeparation.likeness", kick.likeness, "", "at least " + fixed(tuning.leastLikeness, 2)),
                               evidence("kickSeparation.ringing", kick.ringing, "", "at most " + fixed(tuning.mostRinging, 2))},
                  .confidence = roundTo(std::clamp(kick.likeness * std::min(1.0, kick.caught / 0.6), 0.0, 1.0), 0.05)};
    return {.step = makeStep("master.kick",
                             ComponentEqualizer::Params{.component = ComponentEqualizer::Component::percussive, .gainDb = roundDb(gainToDb(1.0 + excess))}, std::move(reason)),
            .advice = std::nullopt};
}

}  // namespace tonewright
