#include <gtest/gtest.h>

#include "tests/engineer/master_support.h"

namespace tonewright::testing {

namespace {

Analysis withKick(KickSeparation kick) {
    Analysis facts = balancedMix();
    facts.kickSeparation = kick;
    return facts;
}
constexpr KickSeparation kGood{.hits = 200, .likeness = 0.9, .caught = 0.65, .ringing = 0.1, .kickToRestDb = 0.0};
constexpr CentreSeparation kClear{.caught = 0.7, .sidesLinear = 0.2, .sidesSquare = 0.15, .centreToSidesDb = 4.0};

const ComponentEqualizer::Params& paramsOf(const ComponentDecision& decision) { return std::get<ComponentEqualizer::Params>(decision.step->params); }

}  // namespace

TEST(MasterKick, NothingIsDoneUnaskedWithinABroadRange) {
    for (double balanceDb : {-12.0, -3.0, 0.0, 8.0}) {
        KickSeparation kick = kGood;
        kick.kickToRestDb = balanceDb;
        const Analysis facts = withKick(kick);
        const auto decision = decideKickBalance(briefFor(facts), 0.0);
        EXPECT_FALSE(decision.step || decision.advice) << balanceDb;
    }
}

TEST(MasterKick, AWishSetsTheGainThatMovesTheKickSoFar) {
    const Analysis facts = withKick(kGood);
    const auto decision = decideKickBalance(briefFor(facts), 3.0);
    ASSERT_TRUE(decision.step);
    // (10^(3/20) - 1) / 0.65 = 0.635, 4.3 dB
    EXPECT_NEAR(paramsOf(decision).gainDb, 4.3, 0.05);
    EXPECT_EQ(decision.step->because[0].rule, "master.kick");
    const auto down = decideKickBalance(briefFor(facts), -3.0);
    ASSERT_TRUE(down.step);
    EXPECT_NEAR(paramsOf(down).gainDb, -5.2, 0.05);
}

TEST(MasterKick, PoorSeparationRefusesWithAReason) {
    struct Case { const char* what; KickSeparation kick; const char* word; };
    KickSeparation few = kGood, ringing = kGood, changing = kGood, hidden = kGood;
    few.hits = 4;
    ringing.ringing = 0.6;
    changing.likeness = 0.65;
    hidden.caught = 0.3;
    for (const Case& c : {Case{"few hits", few, "repeats"}, Case{"an 808", ringing, "rings"}, Case{"a human beatboxer", changing, "differ"}, Case{"hidden under the bass", hidden, "30 %"}}) {
        const Analysis facts = withKick(c.kick);
        const auto decision = decideKickBalance(briefFor(facts), 3.0);
        EXPECT_FALSE(decision.step) << c.what;
        ASSERT_TRUE(decision.advice) << c.what;
        EXPECT_NE(decision.advice->text.find(c.word), std::string::npos) << decision.advice->text;
    }
    const Analysis none = balancedMix();
    EXPECT_TRUE(decideKickBalance(briefFor(none), 2.0).advice);
    EXPECT_FALSE(decideKickBalance(briefFor(none), 0.0).advice);
}

TEST(MasterKick, FarOutOfRangeItIsMovedHalfWayAndLittle) {
    KickSeparation kick = kGood;
    kick.kickToRestDb = 11.0;
    const Analysis facts = withKick(kick);
    const auto decision = decideKickBalance(briefFor(facts), 0.0);
    ASSERT_TRUE(decision.step);
    EXPECT_LT(paramsOf(decision).gainDb, 0.0);
    EXPECT_GT(paramsOf(decision).gainDb, -3.0);
    EXPECT_FALSE(decideKickBalance(briefFor(facts, "neutral", -14.0, 0.0), 0.0).step) << "intensity 0";
}

TEST(MasterCentre, AWishIsCarriedOutWhereTheSidesStay) {
    Analysis facts = balancedMix();
    facts.centreSeparation = kClear;
    const auto decision = decideCentreBalance(briefFor(facts), 2.0);
    ASSERT_TRUE(decision.step);
    EXPECT_NEAR(paramsOf(decision).gainDb, 2.7, 0.05);  // (10^0.1 - 1) / 0.7
    EXPECT_FALSE(decideCentreBalance(briefFor(facts), 0.0).step);
}

TEST(MasterCentre, MonoAndBlurredMixesRefuse) {
    Analysis mono = balancedMix();
    mono.spec.channels = 1;
    EXPECT_TRUE(decideCentreBalance(briefFor(mono), 2.0).advice);
    Analysis blurred = balancedMix();
    blurred.centreSeparation = CentreSeparation{.caught = 0.7, .sidesLinear = 0.9, .sidesSquare = 0.5, .centreToSidesDb = 0.0};
    const auto decision = decideCentreBalance(briefFor(blurred), 2.0);
    EXPECT_FALSE(decision.step);
    EXPECT_TRUE(warnsOf({*decision.advice}, "master.mix-centre"));
}

}  // namespace tonewright::testing
