#include <gtest/gtest.h>

#include "engineer/master/plan_master.h"
#include "plan/plan_json.h"
#include "tests/engineer/master_support.h"

using namespace tonewright;
using namespace tonewright::testing;

namespace {

Plan planned(const Analysis& facts, Intent intent = {}) {
    Plan plan;
    plan.kind = PlanKind::master;
    plan.intent = intent;
    plan.frames = facts.frames;
    planMaster(plan, facts);
    return plan;
}

std::vector<std::string> ids(const Plan& plan) {
    std::vector<std::string> result;
    for (const Step& step : plan.master) result.push_back(step.id);
    return result;
}

// A mix that needs everything.
Analysis needyMix() {
    Analysis facts = withPlr(withTone(balancedMix(), 5000.0, 14000.0, 5.0), 16.0);
    facts.dcOffset = {0.02, 0.02};
    facts.stereo.bandWidthDb[2] = -14.0;
    for (int band = 0; band < kThirdOctaves; ++band)
        if (thirdOctaveCentreHz(band) < 130.0) facts.stereo.thirdOctaveWidthDb[band] = -6.0;
    return facts;
}

// Everything but the first gain, whose business the level is.
std::vector<Step> afterGain(const Plan& plan) {
    std::vector<Step> steps = plan.master;
    EXPECT_EQ(steps.front().id, "master.gain");
    steps.erase(steps.begin());
    for (Step& step : steps) step.because.clear();  // a percentage of DC is of the file's own full scale
    return steps;
}

}  // namespace

TEST(PlanMaster, StepsStandInTheOrderOfAMasteringChain) {
    Intent loud;
    loud.style = "rock";
    loud.integratedLufs = -9.0;
    const std::vector<std::string> expected = {"master.gain",  "master.dc",       "master.tone",   "master.low-end-mono",
                                               "master.width", "master.dynamics", "master.harmonics", "master.colour", "master.limiter"};
    EXPECT_EQ(ids(planned(needyMix(), loud)), expected);
}

TEST(PlanMaster, EveryStepSaysWhyWithNumbers) {
    Intent loud;
    loud.integratedLufs = -9.0;
    for (const Step& step : planned(needyMix(), loud).master) {
        ASSERT_FALSE(step.because.empty()) << step.id;
        EXPECT_EQ(step.because[0].rule, step.id);
        EXPECT_GT(step.because[0].text.size(), 20u) << step.id;
        EXPECT_FALSE(step.because[0].evidence.empty()) << step.id;
    }
}

TEST(PlanMaster, ThePlanSurvivesItsOwnFileFormat) {
    Intent loud;
    loud.integratedLufs = -9.0;
    Plan plan = planned(needyMix(), loud);
    TrackPlan source;
    source.id = source.name = "source";
    source.source = {"song.wav", "hash", 48000, 2, plan.frames};
    source.fader = {.id = "source.fader", .params = Gain::Params{}};
    source.pan = {.id = "source.pan", .params = Panner::Params{}};
    plan.tracks.push_back(source);
    EXPECT_EQ(planFromJson(toJson(plan), "test").master, plan.master);
}

TEST(PlanMaster, ABalancedMixGetsLevelAndCeilingOnly) {
    const std::vector<std::string> expected = {"master.gain", "master.limiter"};
    const Plan plan = planned(balancedMix());
    EXPECT_EQ(ids(plan), expected);
    EXPECT_TRUE(plan.warnings.empty());
    EXPECT_EQ(plan.style, "neutral");
}

TEST(PlanMaster, LessIsCalledWrongWhereNobodyKnowsTheStyle) {
    const Analysis bright = withTone(balancedMix(), 5000.0, 14000.0, 4.4);
    Intent named;
    named.style = "neutral";
    const auto hasTone = [&](const Intent& intent) {
        const auto all = ids(planned(bright, intent));
        return std::find(all.begin(), all.end(), "master.tone") != all.end();
    };
    EXPECT_TRUE(hasTone(named));
    EXPECT_FALSE(hasTone({}));
}

TEST(PlanMaster, IntensityZeroIsLevelAndCeilingWithRepair) {
    Intent none;
    none.intensity = 0.0;
    none.integratedLufs = -9.0;
    const std::vector<std::string> expected = {"master.gain", "master.dc", "master.limiter"};
    EXPECT_EQ(ids(planned(needyMix(), none)), expected);
}

TEST(PlanMaster, AFinishedMasterIsLeftAlone) {
    Analysis facts = withPlr(needyMix(), 8.0);
    facts.dcOffset = {};
    facts = atGain(facts, 10.0 - 0.97);  // peaks exactly at the ceiling
    const Plan plan = planned(facts);
    const std::vector<std::string> expected = {"master.gain", "master.limiter"};
    EXPECT_EQ(ids(plan), expected);
    EXPECT_TRUE(warnsOf(plan.warnings, "master.already-mastered"));
    // Comes out as loud as it came in.
    EXPECT_NEAR(plan.delivery.integratedLufs, facts.loudness.integratedLufs, 0.11);
}

TEST(PlanMaster, DecisionsDoNotDependOnTheLevelOfTheFile) {
    Intent loud;
    loud.integratedLufs = -9.0;
    for (const Intent& intent : {Intent{}, loud}) {
        const Plan reference = planned(needyMix(), intent);
        for (const double db : {-12.34, -6.0, 3.3, 11.0}) {
            const Analysis moved = atGain(needyMix(), db);
            const Plan plan = planned(moved, intent);
            EXPECT_EQ(plan.delivery, reference.delivery) << db;
            EXPECT_EQ(plan.warnings, reference.warnings) << db;
            const auto a = afterGain(plan), b = afterGain(reference);
            ASSERT_EQ(a.size(), b.size()) << db;
            for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i], b[i]) << a[i].id << " at " << db << " dB";
            EXPECT_NEAR(moved.loudness.integratedLufs + std::get<Gain::Params>(plan.master.front().params).gainDb, kWorkingLufs, 0.006);
        }
    }
}

TEST(PlanMaster, MonoPlaysOnTwoLoudspeakersAndHasNoWidth) {
    Analysis facts = balancedMix();
    facts.spec.channels = 1;
    facts.stereo = {};
    const Plan plan = planned(facts);
    EXPECT_NEAR(std::get<Gain::Params>(plan.master.front().params).gainDb, kWorkingLufs - (-18.03 + 3.01), 0.011);
    for (const Step& step : plan.master) EXPECT_NE(step.type(), "stereoWidth");
    EXPECT_TRUE(warnsOf(plan.warnings, "master.mono"));
}

TEST(PlanMaster, SilenceGetsACeilingAndAWord) {
    Analysis facts;
    facts.spec = {44100.0, 2};
    facts.frames = 441000;
    facts.spectrum.thirdOctaveDb.fill(kSilentDb);
    const Plan plan = planned(facts);
    ASSERT_EQ(plan.master.size(), 1u);
    EXPECT_EQ(plan.master[0].id, "master.limiter");
    EXPECT_EQ(std::get<Limiter::Params>(plan.master[0].params).inputGainDb, 0.0);
    EXPECT_TRUE(warnsOf(plan.warnings, "master.silent"));
}

TEST(PlanMaster, AnUnknownStyleIsAnError) {
    Intent intent;
    intent.style = "rok";
    EXPECT_THROW(planned(balancedMix(), intent), UsageError);
}

TEST(PlanMaster, TheLimiterHoldsTheAskedCeiling) {
    Intent intent;
    intent.ceilingDbtp = -2.0;
    const Plan plan = planned(balancedMix(), intent);
    EXPECT_EQ(std::get<Limiter::Params>(plan.master.back().params).ceilingDb, -2.0);
    EXPECT_EQ(plan.delivery.ceilingDbtp, -2.0);
}
