#include "dsp/gain_computer.h"
#include "dsp/harmonic_profile.h"
#include "dsp/saturator.h"
#include "engineer/master/detector.h"
#include "engineer/master/harmonics.h"
#include "engineer/master/plan_master.h"
#include "engineer/mix/mix_sketch.h"
#include "tests/plots/decision.h"

using namespace tonewright;
using namespace tonewright::test;
using namespace tonewright::testing;

namespace {

// Beats of 6 dB, four minutes long, as loud at the end as at the beginning.
Analysis withoutSections() {
    Analysis facts = balancedMix();
    for (int frame = 0; frame < facts.sketch.frames; ++frame)
        for (int band = 0; band < kErbBands; ++band)
            facts.sketch.power[static_cast<std::size_t>(frame) * kErbBands + band] = static_cast<float>(dbToPower(frame % 10 < 3 ? -30.0 : -36.0));
    return facts;
}

// What a compressing step takes from the loudest tenth of what its detector hears.
double easedDb(const MasterBrief& brief, const std::optional<Step>& step) {
    if (!step) return 0.0;
    const auto eased = [&](const auto& settings, const HeardRange& range) {
        return loudReductionDb(activeLevelsDb(detectorPower(brief, {}, range)), GainComputer{settings.thresholdDb, settings.ratio, settings.kneeDb});
    };
    if (const auto* bands = std::get_if<MultibandCompressor::Params>(&step->params)) return eased(bands->bands.at(0), {.highestHz = bands->bands.at(0).upperHz});
    const auto& params = std::get<Compressor::Params>(step->params);
    return eased(params, {.lowestHz = params.sidechain.lowCutHz});
}

// Music whose peaks stand 14 dB over its loudness, and a limiter in one formula: what exceeds the ceiling is taken, costs loudness
// by its square, and is heard more and more.
struct ImaginedLimiter {
    double ceilingDb = -1.0, plrDb = 14.0;

    double reductionDb(double driveDb) const { return std::max(0.0, kWorkingLufs + plrDb + driveDb - ceilingDb); }
    double lufs(double driveDb) const { return kWorkingLufs + driveDb - 0.012 * std::pow(reductionDb(driveDb), 2.0); }
    double worstGrade(double driveDb) const { return -4.0 * (1.0 - std::exp(-std::pow(reductionDb(driveDb) / 9.0, 2.0))); }
    LimiterAudition audition() const {
        const LoudnessTrials measured = [this](const std::vector<double>& drivesDb) {
            std::vector<LoudnessTrial> trials;
            for (double driveDb : drivesDb) {
                trials.push_back({.driveDb = driveDb, .loudness = {}, .maxReductionDb = -reductionDb(driveDb), .meanReductionDb = -0.3 * reductionDb(driveDb)});
                trials.back().loudness.integratedLufs = lufs(driveDb);
            }
            return trials;
        };
        const DamageTrials judged = [this](const std::vector<double>& drivesDb) {
            std::vector<LimitingDamage> grades;
            for (double driveDb : drivesDb) grades.push_back({.meanGrade = 0.5 * worstGrade(driveDb), .worstGrade = worstGrade(driveDb), .worstSeconds = 0.0});
            return grades;
        };
        return {.estimate = measured, .measure = measured, .judge = judged};
    }
    // The drive that the rule settles on.
    double solvedDb(double targetLufs, bool asked) const {
        Plan plan;
        if (asked) plan.intent.integratedLufs = targetLufs;
        plan.delivery.integratedLufs = targetLufs;
        plan.master.push_back(decideLimiter(briefFor(withPlr(balancedMix(), plrDb), "neutral", targetLufs)));
        LoudnessFacts before;
        before.integratedLufs = kWorkingLufs;
        return solveLoudness(plan, before, audition()).driveDb;
    }
};

}  // namespace

TEST(RulePlots, masterGain) {
    Panel panel{"Gain to the working level, -18 LUFS", linearAxis("measured, LUFS", -45.0, 0.0, 5.0), linearAxis("dB", -20.0, 30.0, 10.0), {}};
    panel.lines = {swept("", finely(-45.0, 0.0, 60), [](double lufs) {
        const Analysis facts = atGain(balancedMix(), lufs - balancedMix().loudness.integratedLufs);
        return std::get<Gain::Params>(decideGain(briefFor(facts))->params).gainDb;
    })};
    for (const auto& [lufs, db] : panel.lines[0].points) EXPECT_NEAR(lufs + db, kWorkingLufs, 0.0051) << "in hundredths";
    expectPicture("rule-master-gain", drawn("master.gain: gain over the measured loudness", {panel}));
}

TEST(RulePlots, masterTarget) {
    Panel panel{"Loudness that nobody asked for", linearAxis("peaks over loudness, dB", 6.0, 20.0, 2.0), linearAxis("target, LUFS", -22.0, -6.0, 2.0), {}};
    for (const char* style : {"rock", "neutral", "orchestral"}) {
        panel.lines.push_back(swept(style, finely(6.0, 20.0, 140), [=](double plrDb) { return decideTarget(briefFor(withPlr(balancedMix(), plrDb), style), {}, false).integratedLufs; }));
        expectFalls(panel.lines.back());
        for (const auto& [plrDb, lufs] : panel.lines.back().points)
            EXPECT_NEAR(lufs, std::max(findStyle(style)->integratedLufs, -1.0 - plrDb), 0.11) << style << ": the style's, or where the peaks meet the ceiling, at " << plrDb;
    }
    expectPicture("rule-master-target", drawn("master.target: target loudness over how far peaks stand over the loudness, for three styles", {panel}));
}

TEST(RulePlots, masterLimiter) {
    const ImaginedLimiter music;
    Panel reached{"Loudness reached", linearAxis("wanted, LUFS", -22.0, -2.0, 4.0), linearAxis("LUFS", -22.0, -2.0, 4.0), {}};
    Panel damage{"What is heard of it, worst window", linearAxis("wanted, LUFS", -22.0, -2.0, 4.0), linearAxis("grade", -4.0, 0.0, 1.0), {}};
    for (const bool asked : {true, false}) {
        const std::string name = asked ? "asked for" : "nobody asked";
        const double worstAllowed = asked ? kAskedDamage.worstGrade : kAutomaticDamage.worstGrade;
        reached.lines.push_back(swept(name, finely(-22.0, -2.0, 40), [&](double lufs) { return music.lufs(music.solvedDb(lufs, asked)); }));
        damage.lines.push_back(swept(name, finely(-22.0, -2.0, 40), [&](double lufs) { return music.worstGrade(music.solvedDb(lufs, asked)); }));
        expectRises(reached.lines.back(), 0.6);  // where the budget ends, the search stops within a few tenths of it
        for (std::size_t i = 0; i < reached.lines.back().points.size(); ++i) {
            const auto [wantedLufs, lufs] = reached.lines.back().points[i];
            EXPECT_LT(lufs, wantedLufs + 0.051) << name << ": never louder than wanted";
            EXPECT_GE(damage.lines.back().points[i].second, worstAllowed - 0.011) << name << ": the budget of heard damage holds at " << wantedLufs;
            if (damage.lines.back().points[i].second > worstAllowed + 0.4) {
                EXPECT_NEAR(lufs, wantedLufs, 0.051) << name << ": reached as long as the budget lasts";
            }
        }
    }
    EXPECT_GT(reached.lines[0].points.back().second, reached.lines[1].points.back().second + 2.0) << "what is asked for is carried much further";
    expectPicture("rule-master-limiter", drawn("master.limiter: loudness reached and damage heard over the loudness wanted, on an imagined programme", {reached, damage}));
}

TEST(RulePlots, masterDynamics) {
    Panel demand{"Eased at the loud moments, over the demand", linearAxis("limiting demand, dB", 0.0, 14.0, 2.0), linearAxis("dB", 0.0, 3.0, 1.0), {}};
    for (const auto& [name, intensity, steady] : {std::tuple{"intensity 1", 1.0, true}, {"0.5", 0.5, true}, {"1, loud and quiet sections", 1.0, false}}) {
        const Analysis facts = withPlr(steady ? withoutSections() : balancedMix(), 12.0);
        demand.lines.push_back(swept(name, finely(0.0, 14.0, 60), [&, much = intensity](double demandDb) {
            const MasterBrief brief = briefFor(facts, "neutral", -13.0 + demandDb, much);
            EXPECT_NEAR(brief.limitingDemandDb(), demandDb, 1e-9);
            return easedDb(brief, decideMasterDynamics(brief, {}));
        }, steady ? PlotLine::Kind::solid : PlotLine::Kind::dashed));
        expectNothing(demand.lines.back(), 0.0, 5.4);  // 0.4 dB a dB beyond 4, from 0.6 dB on
        expectRises(demand.lines.back(), 0.1);
    }
    EXPECT_NEAR(slope(demand.lines[0], 5.6, 8.0), 0.4, 0.03);
    EXPECT_NEAR(slope(demand.lines[1], 7.2, 13.8), 0.2, 0.02);
    expectBounds(demand.lines[0], 0.0, 2.0, 0.06);
    EXPECT_LT(demand.lines[2].points.back().second, 1.9) << "sections keep their levels to each other";
    Panel range{"The same, over the loudness range", linearAxis("loudness range, LU", 0.0, 24.0, 4.0), linearAxis("dB", 0.0, 3.0, 1.0), {}};
    for (const char* style : {"pop", "orchestral"}) {
        range.lines.push_back(swept(style, finely(0.0, 24.0, 60), [&](double lu) {
            Analysis facts = withPlr(withoutSections(), 12.0);
            facts.loudness.loudnessRangeLu = lu;
            const MasterBrief brief = briefFor(facts, style, -18.0);
            return easedDb(brief, decideMasterDynamics(brief, {}));
        }));
        const double mostLu = findStyle(style)->loudnessRangeLu[1];
        expectNothing(range.lines.back(), 0.0, mostLu + 2.35);
        expectRises(range.lines.back(), 0.1);
        if (mostLu < 15.0) {
            EXPECT_NEAR(slope(range.lines.back(), mostLu + 2.6, mostLu + 7.8), 0.25, 0.03);
        }
    }
    expectBounds(range.lines[0], 0.0, 2.0, 0.06);
    expectPicture("rule-master-dynamics", drawn("master.dynamics: reduction of the loudest tenth over the demand on the limiter, and over the loudness range", {demand, range}));
}

TEST(RulePlots, masterBandDynamics) {
    Panel panel{"Lows eased at their loud moments", linearAxis("spread of the lows, dB", 6.0, 30.0, 4.0), linearAxis("dB", 0.0, 3.0, 1.0), {}};
    for (const auto& [name, intensity] : {std::pair{"intensity 1", 1.0}, {"0.5", 0.5}}) {
        panel.lines.push_back(swept(name, finely(6.0, 30.0, 80), [much = intensity](double spreadDb) {
            Analysis facts = withoutSections();
            facts.dynamics.bandSpreadDb = {spreadDb, 8.0, 7.0, 9.0};
            const MasterBrief brief = briefFor(facts, "neutral", -14.0, much);
            return easedDb(brief, decideBandDynamics(brief, {}));
        }));
        expectNothing(panel.lines.back(), 6.0, 13.95);
        expectRises(panel.lines.back(), 0.1);
        EXPECT_NEAR(slope(panel.lines.back(), 15.0, 21.0), 0.15 * intensity, 0.02);
    }
    expectBounds(panel.lines[0], 0.0, 2.0, 0.06);
    expectPicture("rule-master-band-dynamics", drawn("master.band-dynamics: reduction of the lows over how far their level moves", {panel}));
}

TEST(RulePlots, masterColour) {
    const StreamSpec mono{48000.0, 1};
    Panel panel{"Taken from the highest peaks, as the saturator does it", linearAxis("limiting demand, dB", 0.0, 14.0, 2.0), linearAxis("dB", 0.0, 5.0, 1.0), {}};
    for (const char* style : {"neutral", "jazz"}) {
        panel.lines.push_back(swept(style, finely(0.0, 14.0, 60), [&](double demandDb) {
            const MasterBrief brief = briefFor(withPlr(balancedMix(), 14.0), style, -15.0 + demandDb);
            const auto step = decideColour(brief);
            if (!step) return 0.0;
            // A wave of 50 Hz whose peaks are the music's highest.
            const AudioBuffer in = made(mono, 4800, [](int n) { return dbToGain(kWorkingLufs + 14.0) * std::sin(2.0 * std::numbers::pi * 50.0 * n / 48000.0); });
            const AudioBuffer out = through(Saturator(std::get<SaturatorParams>(step->params), mono), in);
            return gainToDb(*std::max_element(in.channel(0).begin() + 2400, in.channel(0).end()) / *std::max_element(out.channel(0).begin() + 2400, out.channel(0).end()));
        }));
        expectRises(panel.lines.back(), 0.06);
    }
    expectNothing(panel.lines[0], 0.0, 3.95);
    EXPECT_NEAR(slope(panel.lines[0], 4.2, 9.2), 0.6, 0.05);
    expectBounds(panel.lines[0], 0.0, 4.5, 0.15);
    expectNothing(panel.lines[1], 0.0, 14.0);  // a gentle style is never clipped
    expectPicture("rule-master-colour", drawn("master.colour: what is taken from the highest peaks over the demand on the limiter", {panel}));
}

TEST(RulePlots, masterHarmonics) {
    const auto percent = [](double plrDb, double dullDb, const char* style, const char* mood) {
        const Analysis facts = withTone(withPlr(balancedMix(), plrDb), 5000.0, 13000.0, -dullDb);
        MasterBrief brief = briefFor(facts, style);
        if (*mood != '\0') brief.mood = moodShape({{mood, 1.0}}, 1.0);
        const auto step = decideHarmonics(brief);
        return step ? harmonicProfile(std::get<SaturatorParams>(step->params)).totalPercent : 0.0;
    };
    Panel clean{"Harmonics, over how far peaks stand out", linearAxis("peaks over loudness, dB", 8.0, 20.0, 2.0), linearAxis("% of a 1 kHz sine", 0.0, 1.0, 0.2), {}};
    for (const auto& [name, style, mood] : {std::tuple{"rock", "rock", ""}, {"pop", "pop", ""}, {"--mood warm", "neutral", "warm"}, {"orchestral", "orchestral", ""}}) {
        clean.lines.push_back(swept(name, finely(8.0, 20.0, 48), [&, s = style, m = mood](double db) { return percent(db, 0.0, s, m); }));
        expectNothing(clean.lines.back(), 8.0, 10.45);
        expectRises(clean.lines.back());
    }
    expectNothing(clean.lines[0], 8.0, 12.0);
    expectBounds(clean.lines[0], 0.0, 0.5, 0.03);
    expectBounds(clean.lines[1], 0.0, 0.3, 0.03);
    expectBounds(clean.lines[2], 0.0, 0.6, 0.03);
    expectNothing(clean.lines[3], 8.0, 20.0);
    Panel dull{"The same, over how dull it is; peaks 12 dB over", linearAxis("5-13 kHz under the style, dB", 0.0, 10.0, 2.0), linearAxis("% of a 1 kHz sine", 0.0, 1.0, 0.2), {}};
    dull.lines = {swept("rock", finely(0.0, 10.0, 48), [&](double db) { return percent(12.0, db, "rock", ""); })};
    expectNothing(dull.lines[0], 0.0, 1.4);
    expectRises(dull.lines[0]);
    expectBounds(dull.lines[0], 0.0, 0.5, 0.03);
    expectPicture("rule-master-harmonics", drawn("master.harmonics: harmonics over how far peaks stand out, and over how dull the sound is", {clean, dull}));
}
