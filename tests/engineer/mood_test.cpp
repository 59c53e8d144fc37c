#include "engineer/mood.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "engineer/master/plan_master.h"
#include "tests/engineer/master_support.h"

using namespace tonewright;
using namespace tonewright::testing;

namespace {

Plan planned(const Analysis& facts, std::vector<MoodWish> wishes, double intensity = 1.0) {
    Plan plan;
    plan.kind = PlanKind::master;
    plan.intent.moods = std::move(wishes);
    plan.intent.intensity = intensity;
    plan.frames = facts.frames;
    planMaster(plan, facts);
    return plan;
}

const Step* find(const Plan& plan, const std::string& id) {
    for (const Step& step : plan.master)
        if (step.id == id) return &step;
    return nullptr;
}

double toneAt(const Plan& plan, double hz) {
    double db = 0.0;
    for (const char* id : {"master.tone", "master.mood"})
        if (const Step* step = find(plan, id)) db += analogueGainDb(std::get<Equalizer::Params>(step->params), hz);
    return db;
}

}  // namespace

TEST(Mood, WordsAreReadWithAmounts) {
    const std::vector<MoodWish> expected = {{"warm", 0.5}, {"punchy", 1.0}};
    EXPECT_EQ(parseMoods("warm=0.5,punchy"), expected);
    EXPECT_TRUE(parseMoods("").empty());
    for (const char* wrong : {"wram", "warm=2", "warm=-1", "warm=", "warm=nan", "warm,warm", "warm,,wide"}) EXPECT_THROW(parseMoods(wrong), UsageError) << wrong;
    try {
        parseMoods("brigth");
        FAIL();
    } catch (const UsageError& error) {
        EXPECT_NE(std::string(error.what()).find("did you mean \"bright\""), std::string::npos) << error.what();
    }
}

TEST(Mood, EveryMoodIsReadAndBounded) {
    ASSERT_EQ(moods().size(), 9u);
    for (const Mood& mood : moods()) {
        EXPECT_LT(mood.measure.change[0], mood.measure.change[1]) << mood.name;
        EXPECT_GT(mood.measure.change[0] * mood.measure.change[1], 0.0) << mood.name << ": a direction";
    }
    std::vector<MoodWish> all;
    for (const Mood& mood : moods()) all.push_back({mood.name, 1.0});
    for (const double intensity : {1.0, 2.0}) {
        const MoodShape shape = moodShape(all, intensity);
        for (int band = 0; band < kThirdOctaves; ++band)
            EXPECT_LE(std::abs(analogueGainDb(Equalizer::Params{shape.tone}, thirdOctaveCentreHz(band))), 3.3);
    }
}

TEST(Mood, MovesTheResultWhereverTheMusicStands) {
    for (const double offDb : {-6.0, -2.0, 0.0, 2.0, 6.0}) {
        const Analysis facts = withTone(balancedMix(), 5000.0, 14000.0, offDb);
        const double without = toneAt(planned(facts, {}), 9000.0);
        EXPECT_NEAR(toneAt(planned(facts, {{"dark", 1.0}}), 9000.0) - without, -2.4, 0.3) << offDb;
        EXPECT_NEAR(toneAt(planned(facts, {{"dark", 0.5}}), 9000.0) - without, -1.2, 0.2) << offDb;
        EXPECT_NEAR(toneAt(planned(facts, {{"dark", 1.0}, {"bright", 1.0}}), 9000.0) - without, -0.5, 0.3) << offDb << ": opposites";
    }
}

TEST(Mood, SaysThatItWasAskedFor) {
    const Plan plan = planned(balancedMix(), {{"warm", 1.0}, {"wide", 1.0}});
    for (const char* id : {"master.mood", "master.mood-width"}) {
        const Step* step = find(plan, id);
        ASSERT_NE(step, nullptr) << id;
        EXPECT_EQ(step->because[0].rule, "master.mood");
        EXPECT_EQ(step->because[0].text.rfind("You asked for warm and wide", 0), 0u) << step->because[0].text;
        EXPECT_FALSE(step->because[0].evidence.empty());
    }
    EXPECT_EQ(find(planned(balancedMix(), {}), "master.mood"), nullptr);
    EXPECT_EQ(find(planned(balancedMix(), {{"warm", 1.0}}, 0.0), "master.mood"), nullptr) << "intensity 0";
}

TEST(Mood, WidthIsBoundedByWhatMonoLoses) {
    Analysis facts = balancedMix();
    facts.stereo.monoLossLu = -3.5;
    const Plan plan = planned(facts, {{"wide", 1.0}});
    EXPECT_EQ(find(plan, "master.mood-width"), nullptr);
    EXPECT_TRUE(warnsOf(plan.warnings, "master.mood-width-bounded"));
    EXPECT_TRUE(warnsOf(plan.warnings, "master.mix-mono-loss"));
    facts.stereo.dualMono = true;
    EXPECT_TRUE(warnsOf(planned(facts, {{"wide", 1.0}}).warnings, "master.mood-no-sides"));
}

TEST(Mood, WidthIsACurveThatSparesTheBassAndWhatABandDoesNotBear) {
    const auto sideDb = [](const Analysis& facts, const char* mood, double hz) {
        const Plan plan = planned(facts, {{mood, 1.0}});
        const Step* step = find(plan, "master.mood-width");
        return step ? CurveFilter::curveDb(std::get<CurveFilter::Params>(step->params).points, hz) : 0.0;
    };
    const Analysis mix = balancedMix();
    for (const double hz : {30.0, 60.0, 119.0}) {
        EXPECT_EQ(sideDb(mix, "wide", hz), 0.0) << hz;
        EXPECT_EQ(sideDb(mix, "intimate", hz), 0.0) << hz;
    }
    EXPECT_NEAR(sideDb(mix, "wide", 1000.0), 1.5, 0.06);
    EXPECT_NEAR(sideDb(mix, "wide", 8000.0), 2.0, 0.06);
    EXPECT_NEAR(sideDb(mix, "intimate", 1000.0), -2.0, 0.06);
    struct Case {
        const char* when;
        double bandSideDb, most;
    };
    for (const Case& one : {Case{"nearly as strong as the middle", -2.5, 0.5}, {"stronger than the middle", 3.0, 0.0}, {"no side to speak of", -40.0, 0.0}}) {
        Analysis facts = mix;
        for (int band = 0; band < kThirdOctaves; ++band)
            if (std::abs(std::log2(thirdOctaveCentreHz(band) / 1000.0)) < 0.5) facts.stereo.thirdOctaveWidthDb[band] = one.bandSideDb;
        EXPECT_LE(sideDb(facts, "wide", thirdOctaveCentreHz(17)), one.most + 0.06) << one.when;
        EXPECT_NEAR(sideDb(facts, "wide", 8000.0), 2.0, 0.06) << one.when << ": other bands do not mind";
    }
    Analysis unrelated = mix;
    unrelated.stereo.bandCorrelation[2] = 0.1;
    EXPECT_EQ(sideDb(unrelated, "wide", 8000.0), 0.0);
    EXPECT_GT(sideDb(unrelated, "wide", 1000.0), 1.0);
}

TEST(Mood, AWishReachesAFinishedMasterToo) {
    const Analysis finished = withPlr(balancedMix(), 8.0);
    const Plan plan = planned(finished, {{"dark", 1.0}, {"punchy", 1.0}});
    EXPECT_NE(find(plan, "master.mood"), nullptr);
    EXPECT_EQ(find(plan, "master.mood-attacks"), nullptr) << "its dynamics are finished";
}
