#include <gtest/gtest.h>

#include "tests/engineer/master_support.h"

using namespace tonewright;
using namespace tonewright::testing;

namespace {

Analysis withRegion(Analysis facts, ToneRegion region, double medianDb, double loudDb) {
    RegionFacts& changed = facts.spectrum.regions[static_cast<std::size_t>(region)];
    changed.medianDb = medianDb;
    changed.loudDb = loudDb;
    return facts;
}

Analysis withPeak(Analysis facts, NarrowPeak peak) {
    facts.spectrum.narrowPeaks.push_back(peak);
    return facts;
}

double cutDb(const std::optional<Step>& step) {
    if (!step) return 0.0;
    if (const auto* equalizer = std::get_if<Equalizer::Params>(&step->params)) return equalizer->bands[0].gainDb;
    return -std::get<DynamicEqualizer::Params>(step->params).bands[0].rangeDb;
}

}  // namespace

TEST(MasterCorrective, ACleanProgrammeIsLeftAlone) {
    const Analysis facts = balancedMix();
    const MasterBrief brief = briefFor(facts);
    for (const auto& step : {decideRumble(brief), decideResonance(brief), decideMud(brief), decideHarshness(brief), decideSibilance(brief)})
        EXPECT_FALSE(step) << step->id;
}

TEST(MasterCorrective, IntensityZeroCorrectsNothing) {
    Analysis facts = withPeak(withTone(balancedMix(), 190.0, 520.0, 9.0), {3200.0, 9.0, 7.0, 8.0});
    facts.spectrum.regions[0].levelDb = -12.0;
    const MasterBrief brief = briefFor(facts, "neutral", -14.0, 0.0);
    for (const auto& step : {decideRumble(brief), decideResonance(brief), decideMud(brief)}) EXPECT_FALSE(step) << step->id;
}

TEST(MasterRumble, IsCutWhereItStandsByItself) {
    struct Case {
        const char* when;
        double subsonicDb, deepNotesDb;  // against the body
        bool expected;
    };
    const Case cases[] = {
        {"nothing down there", -45.0, -30.0, false},
        {"traffic under everything", -15.0, -30.0, true},
        {"the skirt of a deep synthesizer", -15.0, -5.0, false},
        {"a little", -27.0, -30.0, false},
    };
    for (const Case& example : cases) {
        Analysis facts = balancedMix();
        double body = 0.0;
        for (int band = 0; band < kThirdOctaves; ++band)
            if (thirdOctaveCentreHz(band) > 95.0 && thirdOctaveCentreHz(band) < 10500.0) body += std::pow(10.0, facts.spectrum.thirdOctaveDb[band] / 10.0);
        facts.spectrum.thirdOctaveDb[2] = example.deepNotesDb + 10.0 * std::log10(body);
        facts.spectrum.regions[0].levelDb = example.subsonicDb;
        EXPECT_EQ(decideRumble(briefFor(facts)).has_value(), example.expected) << example.when;
    }
}

TEST(MasterResonance, CutsOnlyWhatIsThereWhateverIsPlayed) {
    struct Case {
        const char* when;
        NarrowPeak peak;
        double expectedDb;
    };
    const Case cases[] = {
        {"a ringing room", {3200.0, 8.0, 6.5, 9.0}, -3.0},
        {"just enough to be sure", {3200.0, 6.0, 4.0, 9.0}, -3.0},
        {"a little", {3200.0, 4.0, 3.5, 9.0}, 0.0},
        {"a note that is often played", {3200.0, 8.0, 1.0, 9.0}, 0.0},
        {"a tone, narrower than any resonance", {3200.0, 12.0, 8.0, 40.0}, 0.0},
        {"where every note could be one", {392.0, 12.0, 8.0, 9.0}, 0.0},
        {"broad: not a resonance", {3200.0, 8.0, 6.0, 1.5}, 0.0},
    };
    for (const Case& example : cases) {
        const Analysis facts = withPeak(balancedMix(), example.peak);
        const auto step = decideResonance(briefFor(facts));
        EXPECT_NEAR(cutDb(step), example.expectedDb, 0.051) << example.when;
        if (step) {
            EXPECT_NEAR(std::get<Equalizer::Params>(step->params).bands[0].q, example.peak.q, 0.26) << example.when;
        }
    }
    Analysis organ = balancedMix();
    for (double hz : {1200.0, 1600.0, 2400.0, 3200.0, 4000.0}) organ = withPeak(organ, {hz, 9.0, 7.0, 10.0});
    EXPECT_FALSE(decideResonance(briefFor(organ))) << "many at once are an instrument";
}

TEST(MasterMud, IsTurnedDownWhereItStaysAndHeldBackWhereItComesAndGoes) {
    const Analysis muddy = withTone(balancedMix(), 190.0, 520.0, 6.0);
    const auto steady = decideMud(briefFor(muddy));
    ASSERT_TRUE(steady);
    EXPECT_EQ(steady->type(), "equalizer");
    EXPECT_LE(cutDb(steady), -1.0);
    EXPECT_GE(cutDb(steady), -3.0);
    const double levelDb = muddy.spectrum.region(ToneRegion::lowMids).levelDb;
    const Analysis passages = withRegion(muddy, ToneRegion::lowMids, levelDb - 8.0, levelDb + 4.0);
    const auto moving = decideMud(briefFor(passages));
    ASSERT_TRUE(moving);
    EXPECT_EQ(moving->type(), "dynamicEqualizer");
    EXPECT_FALSE(decideMud(briefFor(withTone(balancedMix(), 190.0, 520.0, 3.0)))) << "a warm mix";
    EXPECT_FALSE(decideMud(briefFor(withTone(balancedMix(), 90.0, 2100.0, 6.0)))) << "all of the middle: not mud";
}

TEST(MasterHarshnessAndSibilance, AreHeldBackInTheirMomentsOnly) {
    const Analysis mix = balancedMix();
    const auto hard = decideHarshness(briefFor(withRegion(mix, ToneRegion::presence, -14.0, -1.0)));
    ASSERT_TRUE(hard);
    EXPECT_EQ(hard->type(), "dynamicEqualizer");
    const auto sharp = decideSibilance(briefFor(withRegion(mix, ToneRegion::sibilance, -18.0, -2.0)));
    ASSERT_TRUE(sharp);
    EXPECT_NEAR(cutDb(sharp), -2.0, 0.051);
    EXPECT_FALSE(decideSibilance(briefFor(withRegion(mix, ToneRegion::sibilance, -9.0, -3.0)))) << "bright all the time: a matter of tone";
    EXPECT_FALSE(decideSibilance(briefFor(withRegion(mix, ToneRegion::sibilance, -24.0, -8.0)))) << "s-sounds as they should be";
}

TEST(MasterSibilance, ThresholdLiesUnderTheLoudMomentsAtTheWorkingLevel) {
    const Analysis sharp = withRegion(balancedMix(), ToneRegion::sibilance, -18.0, -2.0);
    const auto thresholdDb = [](const Analysis& facts) { return std::get<DynamicEqualizer::Params>(decideSibilance(briefFor(facts))->params).bands[0].thresholdDb; };
    EXPECT_NEAR(thresholdDb(sharp), thresholdDb(atGain(sharp, -15.0)), 0.11) << "the level of the file decides nothing";
    EXPECT_GT(thresholdDb(sharp), -32.0);
    EXPECT_LT(thresholdDb(sharp), -18.0);
}

TEST(MasterTone, JudgesWhatTheCorrectionsLeave) {
    const Analysis muddy = withTone(balancedMix(), 190.0, 520.0, 6.0);
    MasterBrief brief = briefFor(muddy);
    const auto at = [&] {
        const ToneDecision tone = decideMasterTone(brief);
        return tone.step ? analogueGainDb(std::get<Equalizer::Params>(tone.step->params), 315.0) : 0.0;
    };
    const double alone = at();
    brief.correctedDb = meanEffectDb(*decideMud(brief));
    EXPECT_GT(at(), alone + 0.5);
}
