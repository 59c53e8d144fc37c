#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "core/text.h"
#include "engineer/decision.h"
#include "engineer/master/master_rules.h"

namespace tonewright {

namespace {

constexpr double kLowHz = 200.0, kHighHz = 8000.0;

double sidesMoveDb(const CentreSeparation& centre, double excess) {
    return powerToDb(std::max(0.01, 1.0 + centre.sidesLinear * excess + centre.sidesSquare * excess * excess));
}

double automaticDb(const MasterBrief& brief, const CentreTuning& tuning) {
    const auto& centre = brief.programme.centreSeparation;
    if (!brief.stereoMayChange() || !centre || centre->centreToSidesDb >= tuning.weakestDb) return 0.0;
    const double move = roundDb(std::min(0.5 * brief.intensity * (tuning.weakestDb - centre->centreToSidesDb), tuning.mostDb));
    return move < tuning.leastDb ? 0.0 : move;
}

}  // namespace

ComponentDecision decideCentreBalance(const MasterBrief& brief, double wishedDb, const CentreTuning& tuning) {
    const bool asked = wishedDb != 0.0;
    const double moveDb = asked ? std::clamp(wishedDb, -tuning.mostWishedDb, tuning.mostWishedDb) : automaticDb(brief, tuning);
    if (moveDb == 0.0) return {};
    const std::string what = asked ? "You asked for the middle " + std::string(moveDb > 0.0 ? "up" : "down") + " by " + fixed(std::abs(moveDb), 1) + " dB"
                                   : "The middle, where voices stand, is weak against the sides";
    const auto& centre = brief.programme.centreSeparation;
    std::string why;
    double excess = 0.0;
    if (brief.condition.silent || brief.condition.tooShort) why = "there is too little to hear";
    else if (brief.condition.mono || brief.programme.spec.channels != 2 || !centre) why = "everything stands in the middle";
    else if (brief.condition.brokenStereo) why = "a channel is silent or inverted";
    else if (centre->caught < tuning.leastCaught) why = "only " + fixed(100.0 * centre->caught, 0) + " % of it could be told from the sides";
    else {
        excess = (dbToGain(moveDb) - 1.0) / centre->caught;
        const double sides = sidesMoveDb(*centre, excess);
        if (std::abs(sides) > tuning.mostSidesShare * std::abs(moveDb) || excess <= -1.0) why = "the sides would move with it by about " + fixed(std::abs(sides), 1) + " dB";
    }
    if (!why.empty())
        return {.step = std::nullopt, .advice = Warning{"master.mix-centre", what + ", but " + why + ". It was left alone; move the voice in the mix instead."}};

    const double sidesDb = sidesMoveDb(*centre, excess);
    Reason reason{.rule = "master.centre",
                  .text = what + "; what stands left and right stays (predicted: " + fixed(std::abs(sidesDb), 1) + " dB). Everything in the middle moves, not the voice alone.",
                  .evidence = {evidence("centreSeparation.centreToSidesDb", centre->centreToSidesDb, "dB", "at least " + fixed(tuning.weakestDb, 0)),
                               evidence("centreSeparation.caught", centre->caught, "", "at least " + fixed(tuning.leastCaught, 2)),
                               evidence("sidesMoveDb", sidesDb, "dB", "at most " + fixed(tuning.mostSidesShare * std::abs(moveDb), 1))},
                  .confidence = roundTo(std::clamp(1.0 - std::abs(sidesDb / moveDb), 0.0, 1.0), 0.05)};
    return {.step = makeStep("master.centre",
                             ComponentEqualizer::Params{.component = ComponentEqualizer::Component::centre, .lowHz = kLowHz, .highHz = kHighHz,
                                                        .gainDb = roundDb(gainToDb(1.0 + excess))}, std::move(reason)),
            .advice = std::nullopt};
}

}  // namespace tonewright
