#include "analysis/level_steps_meter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

constexpr StreamSpec kStereo{48000.0, 2};

LevelSteps heard(const AudioBuffer& audio, int blockFrames) {
    LevelStepsMeter meter(audio.spec());
    for (int at = 0; at < audio.numFrames(); at += blockFrames) {
        std::vector<const float*> channels;
        for (int c = 0; c < audio.spec().channels; ++c) channels.push_back(audio.channel(c).data() + at);
        meter.add({channels.data(), audio.spec().channels, std::min(blockFrames, audio.numFrames() - at)});
    }
    return meter.result();
}

TEST(LevelSteps, EveryStepHasItsOwnPowerAndPeakAndNothingOfItsNeighbours) {
    AudioBuffer audio(kStereo, 4800);
    for (int n = 960; n < 1440; ++n) {   // the third step alone
        audio.channel(0)[n] = 0.5f;
        audio.channel(1)[n] = -0.25f;
    }
    const LevelSteps course = heard(audio, 4800);
    ASSERT_EQ(course.power.size(), 10u);
    EXPECT_DOUBLE_EQ(course.stepSeconds, 0.01);
    for (std::size_t s = 0; s < course.power.size(); ++s) {
        EXPECT_NEAR(course.power[s], s == 2 ? 0.25 + 0.0625 : 0.0, 1e-7) << s;
        EXPECT_FLOAT_EQ(course.peak[s], s == 2 ? 0.5f : 0.0f) << s;
    }
}

TEST(LevelSteps, IsTheSameHoweverTheStreamIsCut) {
    const AudioBuffer audio = noise({44100.0, 2}, 44100, -12.0, 4);   // 441 frames a step: no whole number of lanes
    const LevelSteps whole = heard(audio, audio.numFrames());
    for (int block : {1, 7, 441, 1000}) {
        const LevelSteps cut = heard(audio, block);
        EXPECT_EQ(cut.power, whole.power) << block;
        EXPECT_EQ(cut.peak, whole.peak) << block;
    }
}

TEST(LevelSteps, GrowsNoLongerThanFiveStepsForEachOfTheSketchesFrames) {
    constexpr StreamSpec kSlow{8000.0, 1};
    LevelStepsMeter meter(kSlow);
    const std::vector<float> steady(80 * 1000, 0.1f);
    const float* channels[] = {steady.data()};
    for (int i = 0; i < 90; ++i) meter.add({channels, 1, static_cast<int>(steady.size())});   // 900 s
    const LevelSteps course = meter.result();
    EXPECT_LE(course.power.size(), 5u * 8192u);
    EXPECT_DOUBLE_EQ(course.stepSeconds, 0.04);
    for (float power : course.power) ASSERT_NEAR(power, 0.01, 1e-5);
}

TEST(LevelSteps, WhatIsNoNumberCountsAsSilence) {
    AudioBuffer audio({48000.0, 1}, 480);
    audio.channel(0)[5] = std::numeric_limits<float>::quiet_NaN();
    audio.channel(0)[9] = std::numeric_limits<float>::infinity();
    audio.channel(0)[40] = 0.5f;
    const LevelSteps course = heard(audio, 480);
    ASSERT_EQ(course.power.size(), 1u);
    EXPECT_NEAR(course.power[0], 0.25 / 480.0, 1e-9);
    EXPECT_FLOAT_EQ(course.peak[0], 0.5f);
}

}  // namespace
