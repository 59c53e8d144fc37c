#include "engineer/mix/depth.h"

#include <gtest/gtest.h>

#include "mix_support.h"

// What stands at the back is darker than what stands in front.
namespace tonewright::testing {
namespace {

constexpr double kSeconds = 20.0;

Band bandWith(const std::string& role, double highHz, const std::string& lead = "vocals/lead", double leadHighHz = 9000.0) {
    Band band;
    band.add("kick", "drums/kick", played(kSeconds, 40, 5000, hits));
    band.add("lead", lead, played(kSeconds, 200, leadHighHz, [](double t) { return std::fmod(t, 4.0) < 3.0 ? -14.0 : -200.0; }));
    band.add("other", role, played(kSeconds, 200, highHz, steady));
    return band;
}

const Step* depthOf(const Plan& plan) { return stepOf(trackOf(plan, "other"), "eq.depth"); }
double shelfDb(const Step& step) { return std::get<Equalizer::Params>(step.params).bands.front().gainDb; }

TEST(MixDepth, WhatSupportsStepsBehindTheLead) {
    for (const char* role : {"vocals/backing", "pad/synth", "strings/ensemble"}) {
        const Plan plan = bandWith(role, 16000).plan();
        const Step* step = depthOf(plan);
        ASSERT_TRUE(step) << role;
        EXPECT_EQ(step->because.front().rule, "mix.depth");
        EXPECT_LE(shelfDb(*step), -0.5);
        EXPECT_GE(shelfDb(*step), -2.0);
        EXPECT_LT(measured(*step, "trebleOverLeadPredictedDb"), measured(*step, "trebleOverLeadDb") - 0.3) << role;
    }
}

TEST(MixDepth, WhatIsDarkEnoughStaysAndSoDoesWhatStandsInFront) {
    EXPECT_FALSE(depthOf(bandWith("pad/synth", 4500).plan()));
    for (const char* role : {"guitar/electric", "keys/piano", "drums/overhead", "bass/electric"}) EXPECT_FALSE(depthOf(bandWith(role, 16000).plan())) << role;
}

TEST(MixDepth, TheBrighterTheLeadTheLessIsDone) {
    const Plan dull = bandWith("pad/synth", 16000, "synth/lead", 6500).plan(), bright = bandWith("pad/synth", 16000, "synth/lead", 12500).plan();   // no voice: nothing de-esses it
    ASSERT_TRUE(depthOf(dull));
    EXPECT_LT(shelfDb(*depthOf(dull)), depthOf(bright) ? shelfDb(*depthOf(bright)) : 0.0);
}

TEST(MixDepth, ALeadInstrumentIsALeadToo) { EXPECT_TRUE(depthOf(bandWith("pad/synth", 16000, "synth/lead").plan())); }

TEST(MixDepth, IntensityScalesIt) {
    Intent none, half;
    none.intensity = 0.0;
    half.intensity = 0.5;
    const Band band = bandWith("pad/synth", 16000);
    EXPECT_FALSE(depthOf(band.plan(none)));
    const Plan all = band.plan(), some = band.plan(half);
    ASSERT_TRUE(depthOf(all) && depthOf(some));
    EXPECT_NEAR(shelfDb(*depthOf(some)), 0.5 * shelfDb(*depthOf(all)), 0.16);
}

}  // namespace
}  // namespace tonewright::testing
