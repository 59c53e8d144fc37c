#include "analysis/stereo_meter.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/analysis/listen.h"
#include "tests/support/signals.h"

namespace tonewright::test {
namespace {

StereoMeter meterOf(const AudioBuffer& audio, int blockLength = 4096) { return listen(StereoMeter(audio.spec()), audio, blockLength); }

// Left and right made of an independent mid and side of given levels.
AudioBuffer midSide(double midDb, double sideDb, double seconds = 4.0) {
    AudioBuffer audio = noise({48000.0, 2}, static_cast<int>(48000 * seconds), 0.0, 8);
    const float mid = static_cast<float>(dbToGain(midDb)), side = static_cast<float>(dbToGain(sideDb));
    for (int n = 0; n < audio.numFrames(); ++n) {
        const float m = mid * audio.channel(0)[n], s = side * audio.channel(1)[n];
        audio.channel(0)[n] = m + s;
        audio.channel(1)[n] = m - s;
    }
    return audio;
}

TEST(Stereo, WidthIsSideOverMidAndCorrelationFollows) {
    for (const double sideDb : {-30.0, -12.0, 0.0, +6.0}) {
        const StereoFacts facts = meterOf(midSide(-20.0, -20.0 + sideDb)).result();
        const double ratio = dbToPower(sideDb);
        EXPECT_NEAR(facts.widthDb.value(), sideDb, 0.1) << sideDb;
        EXPECT_NEAR(facts.correlation.value(), (1.0 - ratio) / (1.0 + ratio), 0.01) << sideDb;
        EXPECT_NEAR(facts.balanceDb, 0.0, 0.2);
    }
}

TEST(Stereo, BalanceIsLeftOverRight) {
    AudioBuffer audio = noise({48000.0, 2}, 96000, -6.0, 2);
    for (float& sample : audio.channel(1)) sample *= 0.5f;
    EXPECT_NEAR(meterOf(audio).result().balanceDb, 6.02, 0.1);
}

TEST(Stereo, BandsAreMeasuredApart) {
    // 80 Hz in the middle, 1 kHz left only, 8 kHz inverted.
    AudioBuffer audio = sine({48000.0, 2}, 96000, 80.0, -12.0);
    const AudioBuffer middle = sine({48000.0, 1}, 96000, 1000.0, -12.0), high = sine({48000.0, 1}, 96000, 8000.0, -12.0);
    for (int n = 0; n < 96000; ++n) {
        audio.channel(0)[n] += middle.channel(0)[n] + high.channel(0)[n];
        audio.channel(1)[n] -= high.channel(0)[n];
    }
    const StereoFacts facts = meterOf(audio).result();
    EXPECT_GT(facts.bandCorrelation[0].value(), 0.99);
    EXPECT_LT(facts.bandWidthDb[0].value(), -25.0);
    EXPECT_NEAR(facts.bandWidthDb[1].value(), 0.0, 0.5);
    EXPECT_LT(facts.bandCorrelation[2].value(), -0.99);
    EXPECT_GT(facts.bandWidthDb[2].value(), 25.0);
}

TEST(Stereo, DoubledSilentAndInvertedChannelsAreTold) {
    AudioBuffer audio = noise({48000.0, 2}, 96000, -20.0, 2);
    EXPECT_FALSE(meterOf(audio).result().dualMono);
    EXPECT_EQ(meterOf(audio).silentChannel(), -1);
    EXPECT_FALSE(meterOf(audio).channelInverted());

    AudioBuffer doubled = audio, inverted = audio, silent = audio;
    for (int n = 0; n < 96000; ++n) {
        doubled.channel(1)[n] = doubled.channel(0)[n];
        inverted.channel(1)[n] = -0.8f * inverted.channel(0)[n];
        silent.channel(1)[n] = 1e-5f * silent.channel(1)[n];
    }
    EXPECT_TRUE(meterOf(doubled).result().dualMono);
    EXPECT_EQ(meterOf(doubled).result().widthDb.value(), kSilentDb);
    EXPECT_TRUE(meterOf(inverted).channelInverted());
    EXPECT_FALSE(meterOf(inverted).result().dualMono);
    EXPECT_TRUE(meterOf(silent).result().oneChannelSilent);
    EXPECT_EQ(meterOf(silent).silentChannel(), 1);
}

TEST(Stereo, TurningItUpOrDownChangesNothing) {
    const StereoFacts reference = meterOf(midSide(-20.0, -26.0)).result();
    for (const double gainDb : {-20.0, 12.0}) {
        const StereoFacts facts = meterOf(midSide(-20.0 + gainDb, -26.0 + gainDb)).result();
        EXPECT_NEAR(facts.widthDb.value(), reference.widthDb.value(), 1e-4);
        EXPECT_NEAR(facts.bandCorrelation[1].value(), reference.bandCorrelation[1].value(), 1e-5);
    }
}

TEST(Stereo, SilenceAndMonoHaveNoWidth) {
    const StereoFacts silent = meterOf(AudioBuffer({48000.0, 2}, 48000)).result();
    EXPECT_FALSE(silent.correlation || silent.widthDb || silent.dualMono || silent.oneChannelSilent);
    EXPECT_FALSE(meterOf(sine({48000.0, 1}, 48000, 997.0, -20.0)).result().correlation);
}

TEST(Stereo, HowTheStreamIsCutChangesNoBit) {
    const AudioBuffer audio = midSide(-10.0, -16.0, 2.0);
    const StereoFacts whole = meterOf(audio, audio.numFrames()).result(), pieces = meterOf(audio, 0).result();
    EXPECT_EQ(whole.correlation, pieces.correlation);
    EXPECT_EQ(whole.bandWidthDb, pieces.bandWidthDb);
    EXPECT_EQ(whole.balanceDb, pieces.balanceDb);
}

}  // namespace
}  // namespace tonewright::test
