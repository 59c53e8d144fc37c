#include "engineer/master/harmonics.h"

#include <gtest/gtest.h>

#include "dsp/harmonic_profile.h"
#include "tests/engineer/master_support.h"

using namespace tonewright;
using namespace tonewright::testing;

namespace {

struct Situation {
    const char* when;
    const char* style;
    double plrDb, trebleDb, flatness;
    std::vector<MoodWish> moods;
    double intensity;
    const char* kind;      // "": nothing is added
    double percent;
};

std::optional<Step> decided(const Situation& situation, bool clipped = false) {
    Analysis facts = withTone(withPlr(balancedMix(), situation.plrDb), 5000.0, 13000.0, situation.trebleDb);
    facts.spectrum.flatness = situation.flatness;
    if (clipped) facts.faults.push_back({.kind = "clipping", .severity = Severity::warning});
    MasterBrief brief = briefFor(facts, situation.style);
    brief.intensity = situation.intensity;
    brief.mood = moodShape(situation.moods, situation.intensity);
    return decideHarmonics(brief);
}

// A plan in which the most that a mood may ask for stands.
Plan warmPlan() {
    Plan plan;
    plan.master.push_back(*decided({"", "neutral", 14.0, 0.0, 0.05, {{"warm", 1.0}}, 1.0, "", 0.0}));
    return plan;
}

const SaturatorParams& paramsOf(const Plan& plan) { return std::get<SaturatorParams>(plan.master[0].params); }

}  // namespace

TEST(MasterHarmonics, AreAddedWhereTheSoundHasRoomAndSomeoneWantsThem) {
    const Situation situations[] = {
        {"clean, a style that bears tape", "rock", 16.0, 0.0, 0.05, {}, 1.0, "tape", 0.5},
        {"half-way between dense and clean", "rock", 14.0, 2.0, 0.05, {}, 1.0, "tape", 0.25},
        {"not clean enough, and not dull", "rock", 12.0, 2.0, 0.05, {}, 1.0, "", 0.0},
        {"dull", "rock", 12.0, -6.0, 0.05, {}, 1.0, "tape", 0.5},
        {"dense", "rock", 10.0, -6.0, 0.05, {}, 1.0, "", 0.0},
        {"noisy", "rock", 16.0, -6.0, 0.14, {}, 1.0, "", 0.0},
        {"a style that bears none", "orchestral", 20.0, 0.0, 0.02, {}, 1.0, "", 0.0},
        {"no style at all", "neutral", 16.0, 0.0, 0.05, {}, 1.0, "", 0.0},
        {"a mood wants it", "neutral", 12.0, 0.0, 0.05, {{"warm", 1.0}}, 1.0, "tube", 0.6},
        {"half of a mood", "neutral", 12.0, 0.0, 0.05, {{"warm", 0.5}}, 1.0, "tube", 0.3},
        {"a mood's kind comes before the style's", "folk", 16.0, 0.0, 0.05, {{"aggressive", 1.0}}, 1.0, "transformer", 0.8},
        {"moods together stay bounded", "neutral", 14.0, 0.0, 0.05, {{"warm", 1.0}, {"aggressive", 1.0}}, 1.0, "transformer", 1.0},
        {"a mood wants it, but it is dense", "neutral", 9.9, 0.0, 0.05, {{"warm", 1.0}}, 1.0, "", 0.0},
        {"clean is asked for", "rock", 16.0, 0.0, 0.05, {{"clean", 1.0}}, 1.0, "", 0.0},
        {"intensity 0", "rock", 16.0, 0.0, 0.05, {}, 0.0, "", 0.0},
    };
    for (const Situation& situation : situations) {
        const auto step = decided(situation);
        EXPECT_EQ(step.has_value(), *situation.kind != '\0') << situation.when;
        EXPECT_FALSE(decided(situation, true)) << situation.when << ", but clipped";
        if (!step) continue;
        const auto& params = std::get<SaturatorParams>(step->params);
        EXPECT_EQ(kSaturatorKindNames[static_cast<std::size_t>(params.kind)], situation.kind) << situation.when;
        const double measured = harmonicProfile(params).totalPercent;
        EXPECT_NEAR(measured, situation.percent, 0.06) << situation.when;
        EXPECT_NE(step->because[0].text.find(fixed(measured, 2) + " %"), std::string::npos) << step->because[0].text;
        EXPECT_TRUE(params.autoGain) << situation.when;
    }
}

TEST(MasterHarmonics, AFinishedMasterGetsNone) {
    EXPECT_FALSE(decided({"", "rock", 8.0, -6.0, 0.05, {{"warm", 1.0}}, 1.0, "", 0.0}));
}

TEST(MasterHarmonics, WithinTheBudgetTheyStayAsWanted) {
    Plan plan = warmPlan();
    const SaturatorParams wanted = paramsOf(plan);
    int tries = 0;
    settleHarmonics(plan, [&](const SaturatorParams&) {
        ++tries;
        return LimitingDamage{-0.10, -0.29, 65.0};
    });
    EXPECT_EQ(tries, 1);
    EXPECT_EQ(paramsOf(plan), wanted);
    EXPECT_NE(plan.master[0].because[0].text.find("-0.10 on the mean and -0.29 at worst"), std::string::npos);
}

TEST(MasterHarmonics, TheAmountIsBoundedByWhatIsHeard) {
    // The grade falls with the amount; the budget ends at one third of what is wanted.
    Plan plan = warmPlan();
    const double wantedMix = paramsOf(plan).mix;
    std::vector<double> tried;
    settleHarmonics(plan, [&](const SaturatorParams& params) {
        tried.push_back(params.mix);
        return LimitingDamage{0.0, -0.9 * params.mix / wantedMix, 65.0};
    });
    EXPECT_LE(tried.size(), 4u);
    EXPECT_LE(paramsOf(plan).mix, wantedMix / 3.0 + 1e-9);
    EXPECT_GE(paramsOf(plan).mix, 0.2 * wantedMix);
    EXPECT_TRUE(plan.master[0].enabled);
    const Reason& reason = plan.master[0].because[0];
    EXPECT_NE(reason.text.find("0.59 % was tried and graded 0.00 on the mean and -0.90 at worst"), std::string::npos) << reason.text;
    EXPECT_NE(reason.text.find(fixed(harmonicProfile(paramsOf(plan)).totalPercent, 2) + " % of a 1 kHz sine"), std::string::npos) << reason.text;
}

TEST(MasterHarmonics, TheMeanCountsToo) {
    Plan plan = warmPlan();
    const double wantedMix = paramsOf(plan).mix;
    settleHarmonics(plan, [&](const SaturatorParams& params) { return LimitingDamage{-0.3 * params.mix / wantedMix, -0.1, 0.0}; });
    EXPECT_LE(paramsOf(plan).mix, 0.5 * wantedMix + 0.001);
}

TEST(MasterHarmonics, WhereEveryAmountIsHeardTheyAreBypassed) {
    Plan plan = warmPlan();
    settleHarmonics(plan, [](const SaturatorParams&) { return LimitingDamage{-0.5, -2.0, 0.0}; });
    EXPECT_FALSE(plan.master[0].enabled);
    EXPECT_NE(plan.master[0].because[0].text.find("It is bypassed: 0.59 % was tried and graded -0.50"), std::string::npos) << plan.master[0].because[0].text;
}

TEST(MasterHarmonics, WhatTheUserDecidedIsNotTried) {
    for (const bool locked : {true, false}) {
        Plan plan = warmPlan();
        (locked ? plan.master[0].locked : plan.master[0].enabled) = locked;
        settleHarmonics(plan, [](const SaturatorParams&) -> LimitingDamage {
            ADD_FAILURE();
            return {};
        });
    }
    Plan own = warmPlan(), nothing;
    own.master[0].origin = Origin::user;
    for (Plan* plan : {&own, &nothing})
        settleHarmonics(*plan, [](const SaturatorParams&) -> LimitingDamage {
            ADD_FAILURE();
            return {};
        });
}
