#include "analysis/separation_meter.h"

#include <gtest/gtest.h>

#include "core/decibels.h"
#include "tests/support/kick_and_bass.h"
#include "tests/support/signals.h"

namespace tonewright::test {

namespace {

std::optional<KickSeparation> hear(const KickAndBass& song, double gain = 1.0, int blockFrames = 4096) {
    AudioBuffer audio({song.sampleRateHz, 2}, static_cast<int>(song.kick.size()));
    for (int c : {0, 1})
        for (int n = 0; n < audio.numFrames(); ++n) audio.channel(c)[n] = static_cast<float>(gain * (song.kick[n] + song.bass[n]));
    SeparationMeter meter(audio.spec());
    float* pointers[2];
    for (int start = 0; start < audio.numFrames(); start += blockFrames) meter.add(audio.block(pointers, start, std::min(blockFrames, audio.numFrames() - start)));
    return meter.kick();
}

// Independent noise at the sides, another in the middle.
CentreSeparation hearNoise(double sidesDb) {
    const StreamSpec spec{48000.0, 2};
    AudioBuffer sides = noise(spec, 96000, -20.0 + sidesDb, 1);
    const AudioBuffer middle = noise({48000.0, 1}, 96000, -20.0, 2);
    for (int c : {0, 1})
        for (int n = 0; n < 96000; ++n) sides.channel(c)[n] += middle.channel(0)[n];
    SeparationMeter meter(spec);
    float* pointers[2];
    meter.add(sides.block(pointers, 0, 96000));
    return *meter.centre();
}

}  // namespace

TEST(SeparationMeter, ADrumThatRepeatsIsCaughtWell) {
    int good = 0;
    for (std::uint64_t seed = 700; seed < 706; ++seed) {
        const auto kick = hear(kickAndBass(seed));
        if (!kick) continue;
        EXPECT_GT(kick->likeness, 0.6) << seed;
        if (kick->caught >= 0.4 && kick->ringing <= 0.45) ++good;
    }
    EXPECT_GE(good, 4);
}

TEST(SeparationMeter, ADrumThatRingsLikeABassIsSeenToRing) {
    for (std::uint64_t seed = 500; seed < 506; ++seed) {
        const auto kick = hear(kickAndBass(seed, {.tailSeconds = 0.8}));
        EXPECT_TRUE(!kick || kick->ringing > 0.45 || kick->caught < 0.4 || kick->hits < 6 || kick->likeness < 0.72) << seed;
    }
}

TEST(SeparationMeter, SilenceAndABassAloneHaveNoKick) {
    EXPECT_FALSE(hear(kickAndBass(1, {.seconds = 5.0, .noBass = true, .noKick = true})));
    const auto bass = hear(kickAndBass(3, {.noKick = true}));
    EXPECT_TRUE(!bass || bass->likeness < 0.72 || bass->caught < 0.4 || bass->ringing > 0.45);
}

TEST(SeparationMeter, LevelAndBlocksDecideNothing) {
    const KickAndBass song = kickAndBass(700);
    const auto one = hear(song), quiet = hear(song, 0.125), blocks = hear(song, 1.0, 333);
    ASSERT_TRUE(one && quiet && blocks);
    EXPECT_NEAR(one->caught, quiet->caught, 1e-4);
    EXPECT_NEAR(one->kickToRestDb, quiet->kickToRestDb, 1e-3);
    EXPECT_EQ(one->caught, blocks->caught);
    EXPECT_EQ(one->ringing, blocks->ringing);
}

TEST(SeparationMeter, TheMiddleIsCaughtBetterTheQuieterTheSides) {
    const CentreSeparation quiet = hearNoise(-15.0), equal = hearNoise(0.0);
    EXPECT_GT(quiet.caught, 0.85);
    EXPECT_LT(equal.caught, quiet.caught);
    EXPECT_NEAR(quiet.centreToSidesDb, 15.0, 3.0);
    EXPECT_FALSE(SeparationMeter({48000.0, 1}).centre());
}

}  // namespace tonewright::test
