#include <gtest/gtest.h>

#include "engineer/master/plan_master.h"
#include "tests/engineer/master_support.h"

using namespace tonewright;

namespace {

// A limiter on music, in one formula: peaks stand `plrDb` over the loudness; what exceeds the ceiling is taken, and costs
// loudness more and more, up to a wall.
struct SimulatedMusic {
    double preLufs = -18.0, plrDb = 14.0, ceilingDb = -1.0;
    double costPerDb = 0.012;     // of reduction squared
    double noiseLu = 0.0;         // measurement that is not quite monotone
    double estimateOffLu = 0.2;
    mutable int rounds = 0;
    mutable std::vector<LoudnessTrial> seen;

    double reductionDb(double drive) const { return std::max(0.0, preLufs + plrDb + drive - ceilingDb); }
    double lufs(double drive) const {
        const double r = reductionDb(drive);
        // slope 1 - 2 c r, but never below 0.2
        const double knee = 0.8 / (2.0 * costPerDb);
        const double lost = r <= knee ? costPerDb * r * r : costPerDb * knee * knee + 0.8 * (r - knee);
        return preLufs + drive - lost + noiseLu * std::sin(50.0 * drive);
    }
    LoudnessTrials trials() const {
        return [this](const std::vector<double>& drives) {
            ++rounds;
            EXPECT_EQ(drives.size(), 1u) << "each is a whole master";
            std::vector<LoudnessTrial> result;
            for (double drive : drives) {
                LoudnessTrial trial{.driveDb = drive};
                trial.loudness.integratedLufs = lufs(drive);
                trial.maxReductionDb = -reductionDb(drive);
                trial.meanReductionDb = -0.3 * reductionDb(drive);
                result.push_back(trial);
                seen.push_back(trial);
            }
            return result;
        };
    }
    // Excerpts, by default a little louder than the whole.
    LoudnessTrials estimates() const {
        return [this](const std::vector<double>& drives) {
            std::vector<LoudnessTrial> result;
            for (double drive : drives) {
                LoudnessTrial trial{.driveDb = drive};
                trial.loudness.integratedLufs = lufs(drive) + estimateOffLu;
                trial.maxReductionDb = -std::max(0.0, reductionDb(drive) - 1.0);
                result.push_back(trial);
            }
            return result;
        };
    }
    // Limiting is not heard at first, then more and more.
    double worstGrade(double drive) const { return -4.0 * (1.0 - std::exp(-std::pow(reductionDb(drive) / 9.0, 2.0))); }
    DamageTrials damage() const {
        return [this](const std::vector<double>& drives) {
            EXPECT_LE(drives.size(), 2u) << "two run side by side";
            std::vector<LimitingDamage> result;
            for (double drive : drives) result.push_back({.meanGrade = 0.6 * worstGrade(drive), .worstGrade = worstGrade(drive), .worstSeconds = 65.0});
            return result;
        };
    }
    LimiterAudition audition() const { return {.estimate = estimates(), .measure = trials(), .judge = damage()}; }
    LoudnessFacts facts() const { return {.integratedLufs = preLufs}; }
};

Plan planFor(double targetLufs, bool asked, double estimateDb) {
    Plan plan;
    if (asked) plan.intent.integratedLufs = targetLufs;
    plan.delivery.integratedLufs = targetLufs;
    plan.delivery.text = "Chosen.";
    Step limiter;
    limiter.id = "master.limiter";
    limiter.params = Limiter::Params{.inputGainDb = estimateDb};
    plan.master.push_back(limiter);
    return plan;
}

double driveOf(const Plan& plan) { return std::get<Limiter::Params>(plan.master.back().params).inputGainDb; }

}  // namespace

TEST(SolveLoudness, LandsWithinATwentiethInTwoRounds) {
    struct Case {
        const char* when;
        double targetLufs, plrDb, cost, estimateErrorDb;
    };
    const Case cases[] = {
        {"no limiting needed", -16.0, 14.0, 0.012, 0.0},
        {"turned down", -30.0, 14.0, 0.012, 0.0},
        {"a little limiting", -14.0, 14.0, 0.012, 0.0},
        {"much limiting", -9.0, 14.0, 0.012, 0.0},
        {"dense music", -7.0, 9.0, 0.02, 0.0},
        {"an estimate that is too high", -11.0, 14.0, 0.012, 2.0},
        {"an estimate that expected no limiting", -10.0, 15.0, 0.02, -1.0},
        {"limiting that costs little", -10.0, 14.0, 0.004, 0.0},
        {"limiting that costs much", -10.0, 14.0, 0.035, 0.0},
    };
    for (const Case& example : cases) {
        SimulatedMusic music{.plrDb = example.plrDb, .costPerDb = example.cost};
        const double demand = std::max(0.0, example.plrDb - (-1.0 - example.targetLufs));
        Plan plan = planFor(example.targetLufs, true, example.targetLufs + 18.0 + 0.012 * demand * demand + example.estimateErrorDb);
        const LoudnessSolution solution = solveLoudness(plan, music.facts(), music.audition());
        EXPECT_TRUE(solution.reached) << example.when << ": " << solution.text;
        EXPECT_NEAR(music.lufs(solution.driveDb), example.targetLufs, 0.05) << example.when;
        EXPECT_EQ(driveOf(plan), solution.driveDb) << example.when;
        EXPECT_NEAR(solution.driveDb * 100.0, std::round(solution.driveDb * 100.0), 1e-6) << example.when;
        EXPECT_LE(music.rounds, 2) << example.when;
        EXPECT_EQ(music.seen.back().driveDb, solution.driveDb) << example.when << ": what was made last is the master";
    }
}

TEST(SolveLoudness, OneRoundIsEnoughWhereTheEstimateIsFair) {
    SimulatedMusic music{.estimateOffLu = 0.03};
    Plan plan = planFor(-11.0, true, 7.0 + 0.012 * 16.0);
    solveLoudness(plan, music.facts(), music.audition());
    EXPECT_EQ(music.rounds, 1);
}

TEST(SolveLoudness, DoesNotMindALittleNoise) {
    SimulatedMusic music{.noiseLu = 0.01};
    Plan plan = planFor(-10.0, true, 8.3);
    EXPECT_TRUE(solveLoudness(plan, music.facts(), music.audition()).reached);
    EXPECT_NEAR(music.lufs(driveOf(plan)), -10.0, 0.05);
}

TEST(SolveLoudness, UnaskedItStopsWhereTheBudgetOfHeardDamageEnds) {
    // Peaks 18 dB over the loudness, a style that is usually taken to -9.
    SimulatedMusic music{.plrDb = 18.0};
    Plan plan = planFor(-9.0, false, 9.8);
    const LoudnessSolution solution = solveLoudness(plan, music.facts(), music.audition());
    EXPECT_TRUE(solution.reached) << "the honest target is reached";
    const double heard = music.worstGrade(solution.driveDb), allowed = std::max(kAutomaticDamage.worstGrade, kAutomaticDamage.meanGrade / 0.6);
    EXPECT_GE(heard, allowed - 0.01);
    EXPECT_LT(heard, allowed + 0.35) << "but as loud as the budget allows";
    EXPECT_NEAR(plan.delivery.integratedLufs, music.lufs(solution.driveDb), 0.05);
    EXPECT_EQ(music.seen.back().driveDb, solution.driveDb);
    EXPECT_NE(plan.delivery.text.find("--loudness"), std::string::npos) << plan.delivery.text;
}

TEST(SolveLoudness, AskedForItGoesMuchFurtherButNotToRuin) {
    SimulatedMusic music{.plrDb = 18.0};
    Plan loud = planFor(-9.5, true, 9.5);
    EXPECT_TRUE(solveLoudness(loud, music.facts(), music.audition()).reached);
    EXPECT_LT(music.worstGrade(driveOf(loud)), kAutomaticDamage.worstGrade);

    SimulatedMusic dynamic{.plrDb = 20.0};
    Plan tooLoud = planFor(-5.0, true, 16.0);
    const LoudnessSolution solution = solveLoudness(tooLoud, dynamic.facts(), dynamic.audition());
    EXPECT_FALSE(solution.reached);
    const double heard = dynamic.worstGrade(solution.driveDb);
    EXPECT_GE(heard, kAskedDamage.worstGrade - 0.01);
    EXPECT_LT(heard, kAskedDamage.worstGrade + 0.35);
    EXPECT_EQ(tooLoud.delivery.integratedLufs, -5.0) << "what was asked for stays on record";
    EXPECT_NE(solution.text.find("short of -5.0"), std::string::npos) << solution.text;
    EXPECT_LE(dynamic.rounds, 4);
}

TEST(SolveLoudness, WhereNothingIsHeldNothingIsJudged) {
    SimulatedMusic music{.plrDb = 10.0};
    Plan plan = planFor(-16.0, false, 2.0);
    const auto judged = [](const std::vector<double>&) -> std::vector<LimitingDamage> {
        ADD_FAILURE() << "there is nothing to judge";
        return {{}};
    };
    EXPECT_TRUE(solveLoudness(plan, music.facts(), {music.estimates(), music.trials(), judged}).reached);
}

TEST(SolveLoudness, SaysWhatTheLimiterDoes) {
    SimulatedMusic music;
    Plan plan = planFor(-11.0, true, 7.2);
    solveLoudness(plan, music.facts(), music.audition());
    const Reason& reason = plan.master.back().because.at(0);
    EXPECT_EQ(reason.rule, "master.limiter");
    ASSERT_EQ(reason.evidence.size(), 7u);
    EXPECT_NEAR(reason.evidence[0].value, -18.0, 0.01);
    EXPECT_NEAR(reason.evidence[1].value, -11.0, 0.06);
    EXPECT_NEAR(reason.evidence[2].value, driveOf(plan), 0.005);
    EXPECT_NEAR(reason.evidence[3].value, -music.reductionDb(driveOf(plan)), 0.05);
    EXPECT_NEAR(reason.evidence[4].value, -0.3 * music.reductionDb(driveOf(plan)), 0.05);
    EXPECT_NEAR(reason.evidence[5].value, music.worstGrade(driveOf(plan)), 0.02);
    EXPECT_NEAR(reason.evidence[6].value, 0.6 * music.worstGrade(driveOf(plan)), 0.02);
    EXPECT_NE(reason.text.find("1:05"), std::string::npos) << reason.text;
}

TEST(SolveLoudness, SilenceIsNotTried) {
    Plan plan = planFor(-14.0, false, 3.0);
    const LoudnessSolution solution = solveLoudness(plan, LoudnessFacts{}, {.estimate = [](const std::vector<double>&) -> std::vector<LoudnessTrial> {
        ADD_FAILURE() << "nothing to try";
        return {};
    }, .measure = {}, .judge = {}});
    EXPECT_FALSE(solution.reached);
    EXPECT_EQ(driveOf(plan), 0.0);
    EXPECT_FALSE(solution.text.empty());
}

TEST(SolveLoudness, ATargetBelowTheGateIsAnEstimateAndSaysSo) {
    Plan plan = planFor(-69.0, true, -40.0);
    const auto trials = [](const std::vector<double>& drives) {
        std::vector<LoudnessTrial> result;
        for (double drive : drives) result.push_back({.driveDb = drive});  // -infinity: all of it gated
        return result;
    };
    EXPECT_FALSE(solveLoudness(plan, {.integratedLufs = -18.0}, {trials, trials, {}}).reached);
}

TEST(SolveLoudness, BeyondTheLimitersRangeIsSaid) {
    SimulatedMusic music{.preLufs = -60.0, .plrDb = 10.0};
    Plan plan = planFor(-12.0, true, 40.0);
    const LoudnessSolution solution = solveLoudness(plan, music.facts(), music.audition());
    EXPECT_FALSE(solution.reached);
    EXPECT_LE(std::abs(solution.driveDb), 40.0);
    EXPECT_NE(solution.text.find("range"), std::string::npos) << solution.text;
}

TEST(SolveLoudness, WithoutALimiterNothingIsSet) {
    Plan plan;
    EXPECT_FALSE(solveLoudness(plan, {.integratedLufs = -18.0}, {}).reached);
}
