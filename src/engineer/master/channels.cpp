#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "dsp/channel_matrix.h"
#include "engineer/decision.h"
#include "engineer/master/master_rules.h"

namespace tonewright {

namespace {

// Left over right where both carry nearly the same, so that only a gain can be the cause.
std::optional<double> imbalanceDb(const Analysis& programme, const ChannelTuning& tuning) {
    const StereoFacts& stereo = programme.stereo;
    if (programme.spec.channels != 2 || stereo.oneChannelSilent || !stereo.correlation || *stereo.correlation < tuning.leastCorrelation) return std::nullopt;
    return stereo.balanceDb;
}

}  // namespace

ChannelDecision decideChannels(const MasterBrief& brief, const ChannelTuning& tuning) {
    ChannelDecision decision;
    const Analysis& programme = brief.programme;
    if (brief.condition.silent) return decision;
    switch (brief.condition.channels) {
        case ChannelFault::leftSilent:
        case ChannelFault::rightSilent: {
            const bool left = brief.condition.channels == ChannelFault::leftSilent;
            const ChannelMatrix::Params params = left ? ChannelMatrix::Params{.leftFromLeft = 0.0, .leftFromRight = 1.0, .rightFromLeft = 0.0, .rightFromRight = 1.0}
                                                      : ChannelMatrix::Params{.leftFromLeft = 1.0, .leftFromRight = 0.0, .rightFromLeft = 1.0, .rightFromRight = 0.0};
            decision.step = makeStep("master.channels", params,
                                     {.rule = "master.channels",
                                      .text = std::string("The ") + (left ? "left" : "right") + " channel is silent, so the other one plays on both sides: a master in mono.",
                                      .evidence = {evidence("stereo.balanceDb", std::clamp(programme.stereo.balanceDb, -200.0, 200.0), "dB", "left against right")}});
            return decision;
        }
        case ChannelFault::inverted:
            decision.step = makeStep("master.channels", ChannelMatrix::Params{.rightFromRight = -1.0},
                                     {.rule = "master.channels",
                                      .text = "One channel is inverted against the other, and in mono the music would nearly vanish; the right one is turned over.",
                                      .evidence = {evidence("stereo.correlation", programme.stereo.correlation.value_or(0.0), "", "music in stereo is above 0")}});
            return decision;
        case ChannelFault::none: break;
    }

    // Balance: only half of what exceeds the dead band, and only where both channels carry nearly the same.
    const auto offDb = imbalanceDb(programme, tuning);
    const double left = programme.stereo.balanceDb;
    if (programme.spec.channels == 2 && !brief.condition.mono && std::isfinite(left) && std::abs(left) >= tuning.adviceDb)
        decision.advice = Warning{"master.imbalance", "The " + std::string(left > 0.0 ? "left" : "right") + " side carries " + fixed(std::abs(left), 1) +
                                                          " dB more than the other. If that is not meant, look at the panning, and at the levels of both channels "
                                                          "on the way out of the mix."};
    if (!offDb || !brief.stereoMayChange() || std::abs(*offDb) <= tuning.deadBandDb) return decision;
    const double moveDb = roundDb(std::min(tuning.mostDb, 0.5 * (std::abs(*offDb) - tuning.deadBandDb) * std::min(1.0, brief.intensity)));
    if (moveDb < tuning.leastDb) return decision;
    // The louder side comes down, so nothing can come nearer to full scale.
    const double factor = roundTo(std::pow(10.0, -moveDb / 20.0), 0.0001);
    ChannelMatrix::Params params;
    (*offDb > 0.0 ? params.leftFromLeft : params.rightFromRight) = factor;
    decision.step = makeStep("master.balance", params,
                             {.rule = "master.channels",
                              .text = std::string("Both sides carry nearly the same music, the ") + (*offDb > 0.0 ? "left" : "right") + " one louder; it is turned down by " +
                                      fixed(moveDb, 1) + " dB, at most half of the difference.",
                              .evidence = {evidence("stereo.balanceDb", *offDb, "dB", "left alone up to " + fixed(tuning.deadBandDb, 1)),
                                           evidence("stereo.correlation", *programme.stereo.correlation, "", "at least " + fixed(tuning.leastCorrelation, 2))},
                              .confidence = 0.6});
    return decision;
}

}  // namespace tonewright
