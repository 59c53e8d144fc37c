#include <gtest/gtest.h>

#include "dsp/channel_matrix.h"
#include "dsp/fade.h"
#include "dsp/multiband_compressor.h"
#include "dsp/trim.h"
#include "tests/engineer/master_support.h"

using namespace tonewright;
using namespace tonewright::testing;

namespace {

Analysis withEdges(double startSeconds, double endSeconds) {
    Analysis facts = balancedMix();
    facts.edges = {.startSeconds = startSeconds, .endSeconds = endSeconds, .peakDbfs = facts.loudness.samplePeakDbfs};
    return facts;
}

EdgeDecision edgesOf(const Analysis& facts, const Intent& intent = {}) { return decideEdges(briefFor(facts), intent, 48000.0); }

}  // namespace

// --- master.edges

TEST(MasterEdges, WhatLiesOutsideIsTakenAwayUpToSomeRoom) {
    struct Case {
        const char* when;
        double start, end;
        double expectedStart, expectedEnd;  // -1: nothing is taken away there
    };
    const Case cases[] = {
        {"tight", 0.0, 240.0, -1, -1},
        {"usual room", 0.2, 239.7, -1, -1},
        {"hardly more", 0.24, 239.66, -1, -1},
        {"silence before", 1.7, 240.0, 1.5, -1},
        {"silence after", 0.0, 236.0, -1, 236.3},
        {"both", 3.0, 230.5, 2.8, 230.8},
    };
    for (const Case& example : cases) {
        const EdgeDecision decision = edgesOf(withEdges(example.start, example.end));
        ASSERT_EQ(decision.trim.has_value(), example.expectedStart >= 0 || example.expectedEnd >= 0) << example.when;
        if (!decision.trim) continue;
        const auto& trim = std::get<Trim::Params>(decision.trim->params);
        EXPECT_NEAR(trim.startSeconds, std::max(0.0, example.expectedStart), 1e-9) << example.when;
        EXPECT_NEAR(trim.endSeconds, std::max(0.0, example.expectedEnd), 1e-9) << example.when;
    }
}

TEST(MasterEdges, ClicksInTheRoomShortenIt) {
    Analysis facts = withEdges(2.0, 238.0);
    facts.edges.clicksBeforeSeconds = {0.7, 1.9};
    facts.edges.clicksAfterSeconds = {238.1, 239.0};
    const auto trim = std::get<Trim::Params>(edgesOf(facts).trim->params);
    EXPECT_GT(trim.startSeconds, 1.905);
    EXPECT_LE(trim.startSeconds, 2.0);
    EXPECT_GE(trim.endSeconds, 238.0);
    EXPECT_LT(trim.endSeconds, 238.1);
}

TEST(MasterEdges, FadesOnlyWhereItWouldClickOrWhereAsked) {
    EXPECT_FALSE(edgesOf(withEdges(0.0, 240.0)).fades) << "nothing to fade";
    Analysis cut = withEdges(0.0, 240.0);
    cut.faults = {{.kind = "starts-cut", .value = -12.0}, {.kind = "ends-cut", .value = -14.0}};
    const EdgeDecision protectedEnds = edgesOf(cut);
    ASSERT_TRUE(protectedEnds.fades);
    EXPECT_FALSE(protectedEnds.trim);
    const auto fade = std::get<Fade::Params>(protectedEnds.fades->params);
    EXPECT_LE(fade.inFrames, 0.002 * 48000);
    EXPECT_LE(fade.outFrames, 0.010 * 48000);
    EXPECT_EQ(fade.endFrames, 240.0 * 48000);
    Intent intent;
    intent.fadeOutSeconds = 8.0;
    EXPECT_EQ(std::get<Fade::Params>(edgesOf(withEdges(0.0, 240.0), intent).fades->params).outFrames, 8.0 * 48000);
    intent = {};
    intent.keepEdges = true;
    EXPECT_FALSE(edgesOf(withEdges(3.0, 200.0), intent).trim);
}

TEST(MasterEdges, ANoteHeldQuietlyIsNotNoise) {
    Analysis facts = withEdges(3.0, 240.0);
    facts.edges.leadingNoiseDbfs = -65.0;
    for (int frame = 0; frame < 60; ++frame)
        for (int band = 0; band < kErbBands; ++band) facts.sketch.power[static_cast<std::size_t>(frame) * kErbBands + band] = 1e-9f;
    EXPECT_TRUE(edgesOf(facts).trim) << "noise";
    for (int frame = 0; frame < 60; ++frame) facts.sketch.power[static_cast<std::size_t>(frame) * kErbBands + 12] = 1e-7f;
    EXPECT_FALSE(edgesOf(facts).trim) << "a drone";
}

// --- master.channels

TEST(MasterChannels, MendsWhatIsBrokenAndNothingElse) {
    EXPECT_FALSE(decideChannels(briefFor(balancedMix())).step);
    Analysis silent = balancedMix();
    silent.stereo.oneChannelSilent = true;
    silent.stereo.balanceDb = 90.0;
    EXPECT_EQ(std::get<ChannelMatrix::Params>(decideChannels(briefFor(silent)).step->params), (ChannelMatrix::Params{1.0, 0.0, 1.0, 0.0}));
    silent.stereo.balanceDb = -90.0;
    EXPECT_EQ(std::get<ChannelMatrix::Params>(decideChannels(briefFor(silent)).step->params), (ChannelMatrix::Params{0.0, 1.0, 0.0, 1.0}));
    Analysis inverted = balancedMix();
    inverted.stereo.correlation = -0.9;
    inverted.faults.push_back({.kind = "inverted-channel"});
    EXPECT_EQ(std::get<ChannelMatrix::Params>(decideChannels(briefFor(inverted)).step->params).rightFromRight, -1.0);
}

TEST(MasterChannels, BalanceMovesHalfOfWhatExceedsADeadBandWhereOnlyAGainCanBeTheCause) {
    const auto decide = [](double balanceDb, double correlation, double intensity = 1.0) {
        Analysis facts = balancedMix();
        facts.stereo.balanceDb = balanceDb;
        facts.stereo.correlation = correlation;
        return decideChannels(briefFor(facts, "neutral", -14.0, intensity));
    };
    EXPECT_FALSE(decide(1.4, 0.9).step) << "within the dead band";
    EXPECT_FALSE(decide(4.0, 0.5).step) << "an arrangement, not a fault";
    EXPECT_TRUE(decide(4.0, 0.5).advice);
    EXPECT_FALSE(decide(4.0, 0.9, 0.0).step) << "intensity 0";
    const auto left = std::get<ChannelMatrix::Params>(decide(4.0, 0.9).step->params), right = std::get<ChannelMatrix::Params>(decide(-4.0, 0.9).step->params);
    EXPECT_NEAR(20.0 * std::log10(left.leftFromLeft), -1.3, 0.06);
    EXPECT_EQ(left.rightFromRight, 1.0);
    EXPECT_NEAR(20.0 * std::log10(right.rightFromRight), -1.3, 0.06);
}

// --- master.band-dynamics

TEST(MasterBandDynamics, WorksInTheOneBandThatMovesFarMoreThanTheOthers) {
    const auto decide = [](std::array<double, kSpreadBands> spreadDb) {
        Analysis facts = balancedMix();
        for (std::size_t i = 0; i < kSpreadBands; ++i) facts.dynamics.bandSpreadDb[i] = spreadDb[i];
        return decideBandDynamics(briefFor(facts), {});
    };
    EXPECT_FALSE(decide({6.0, 6.0, 7.0, 8.0})) << "usual";
    EXPECT_FALSE(decide({11.0, 6.0, 5.0, 6.0})) << "lively bass";
    EXPECT_FALSE(decide({21.0, 19.0, 22.0, 20.0})) << "the arrangement changes";
    const auto bass = decide({18.0, 6.0, 5.0, 7.0}), mids = decide({6.0, 6.0, 17.0, 7.0}), treble = decide({6.0, 6.0, 7.0, 20.0});
    ASSERT_TRUE(bass && mids && treble);
    const auto& bands = std::get<MultibandCompressor::Params>(bass->params).bands;
    ASSERT_EQ(bands.size(), 2u);
    EXPECT_EQ(bands[0].upperHz, 160.0);
    EXPECT_EQ(bands[0].ratio, 2.0);
    EXPECT_EQ(bands[1], MultibandCompressor::Band{}) << "the rest is left alone";
    EXPECT_EQ(std::get<MultibandCompressor::Params>(mids->params).bands.size(), 3u);
    EXPECT_GT(std::get<MultibandCompressor::Params>(treble->params).bands.back().ratio, 1.0);
    EXPECT_NE(bass->because[0].text.find("bass"), std::string::npos);
}

// --- master.no-harm: what shows a finished master

TEST(MasterNoHarm, ACeilingReachedFromBothSidesIsALimiterAndSamplesThatRepeatAreNot) {
    const auto limited = [](double share, bool bothSides, double plrDb) {
        Analysis facts = withPlr(balancedMix(), plrDb);
        int i = 0;
        for (std::size_t pair = 0; pair < facts.peakEnvelope.size(); pair += 2, ++i) {
            if ((i * 37) % 1000 >= share * 1000) continue;
            if (!bothSides || i % 2) facts.peakEnvelope[pair + 1] = 0.62f;
            else facts.peakEnvelope[pair] = -0.62f;
        }
        return findCondition(facts).finished;
    };
    EXPECT_TRUE(limited(0.05, true, 11.8)) << "a gentle master";
    EXPECT_TRUE(limited(0.3, true, 12.5)) << "a dense one";
    EXPECT_FALSE(limited(0.05, true, 14.0)) << "that much dynamics is left: not finished";
    EXPECT_FALSE(limited(0.3, false, 11.8)) << "one drum sample, again and again";
    EXPECT_FALSE(limited(0.005, true, 11.8)) << "a few equal hits";
}
