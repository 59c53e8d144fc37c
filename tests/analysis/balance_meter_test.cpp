#include "analysis/balance_meter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/decibels.h"
#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

constexpr int kOneKilohertz = 17;

BalanceFacts measured(const AudioBuffer& audio, int blockFrames) {
    BalanceMeter meter(audio.spec());
    std::vector<const float*> pointers(static_cast<std::size_t>(audio.numChannels()));
    for (int start = 0; start < audio.numFrames(); start += blockFrames) {
        for (int c = 0; c < audio.numChannels(); ++c) pointers[static_cast<std::size_t>(c)] = audio.channel(c).data() + start;
        meter.add({pointers.data(), audio.numChannels(), std::min(blockFrames, audio.numFrames() - start)});
    }
    return meter.result();
}

// A tone in both channels, the right one turned over or not.
AudioBuffer stereoTone(double hz, double seconds, double peak, float rightSign, double sampleRateHz = 48000.0) {
    AudioBuffer audio({sampleRateHz, 2}, static_cast<int>(seconds * sampleRateHz));
    for (int n = 0; n < audio.numFrames(); ++n) {
        audio.channel(0)[n] = static_cast<float>(peak * std::sin(2.0 * std::numbers::pi * hz * n / sampleRateHz));
        audio.channel(1)[n] = rightSign * audio.channel(0)[n];
    }
    return audio;
}

}  // namespace

TEST(BalanceMeter, aToneInTheCentreIsAllMidAndOneTurnedOverAllSide) {
    for (double sampleRateHz : {44100.0, 48000.0, 96000.0}) {
        const BalanceFacts centre = measured(stereoTone(1000.0, 30.0, 0.5, 1.0f, sampleRateHz), 4096);
        EXPECT_NEAR(centre.whole.midDb[kOneKilohertz], powerToDb(0.125), 0.15);  // the frames at both ends are half empty
        EXPECT_FALSE(centre.stereo);
        const BalanceFacts turned = measured(stereoTone(1000.0, 30.0, 0.5, -1.0f, sampleRateHz), 4096);
        EXPECT_NEAR(turned.whole.sideDb[kOneKilohertz], powerToDb(0.125), 0.15);
        EXPECT_EQ(turned.whole.midDb[kOneKilohertz], kSilentDb);
        EXPECT_TRUE(turned.stereo);
    }
}

TEST(BalanceMeter, bandsOfWhiteNoiseGrowWithTheirWidth) {
    const BalanceFacts facts = measured(noise({48000.0, 2}, 48000 * 20, -12.0, 3), 1000);
    for (int band = 8; band < 29; ++band) {
        const double perHz = facts.whole.midDb[band] - powerToDb(thirdOctaveCentreHz(band));
        EXPECT_NEAR(perHz, facts.whole.midDb[20] - powerToDb(thirdOctaveCentreHz(20)), 0.6) << thirdOctaveCentreHz(band);
        EXPECT_NEAR(facts.whole.midDb[band], facts.whole.sideDb[band], 0.8);  // independent channels
    }
}

TEST(BalanceMeter, blocksDoNotMatter) {
    const AudioBuffer audio = noise({44100.0, 2}, 100000, -6.0, 4);
    const BalanceFacts a = measured(audio, 100000), b = measured(audio, 777);
    EXPECT_EQ(a.whole.midDb, b.whole.midDb);
    EXPECT_EQ(a.loud.sideDb, b.loud.sideDb);
}

TEST(BalanceMeter, loudQuietAndRestAreToldApart) {
    // 1 kHz loud, then 250 Hz 15 dB below, then 4 kHz 60 dB below.
    const AudioBuffer parts[] = {stereoTone(1000.0, 10.0, 0.5, 1.0f), stereoTone(250.0, 10.0, 0.09, 1.0f), stereoTone(4000.0, 10.0, 0.0005, 1.0f)};
    AudioBuffer audio({48000.0, 2}, 30 * 48000);
    for (int part = 0; part < 3; ++part)
        for (int c = 0; c < 2; ++c) std::copy_n(parts[part].channel(c).begin(), 10 * 48000, audio.channel(c).begin() + part * 10 * 48000);
    const BalanceFacts facts = measured(audio, 5000);
    EXPECT_GT(facts.loud.midDb[17], facts.loud.midDb[11] + 20.0);
    EXPECT_GT(facts.quiet.midDb[11], facts.quiet.midDb[17] + 10.0);
    ASSERT_TRUE(facts.floorDb.has_value());
    EXPECT_GT((*facts.floorDb)[23], (*facts.floorDb)[17] + 20.0);
    EXPECT_FALSE(measured(parts[0], 5000).floorDb.has_value());
}
