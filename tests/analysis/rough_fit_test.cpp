#include "analysis/rough_fit.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/laws.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

constexpr StreamSpec kMono{48000.0, 1};
constexpr int kFrames = 48000;
using Feeds = RoughFit::Feeds;

struct Mixed {
    AudioBuffer recordings, mix;
};

// Recordings that spill into each other, mixed with the given gains per channel and side.
Mixed mixed(const std::vector<std::pair<double, double>>& gains, double noiseDb = -200.0) {
    const int count = static_cast<int>(gains.size());
    Mixed result{AudioBuffer({48000.0, count}, kFrames), AudioBuffer({48000.0, 2}, kFrames)};
    for (int i = 0; i < count; ++i) {
        const AudioBuffer own = noise(kMono, kFrames, -20.0, 10 + i), spill = noise(kMono, kFrames, -26.0, 10 + (i + 1) % count);
        for (int n = 0; n < kFrames; ++n) result.recordings.channel(i)[n] = own.channel(0)[n] + spill.channel(0)[n];
    }
    const AudioBuffer other = noise({48000.0, 2}, kFrames, noiseDb, 99);
    for (int c = 0; c < 2; ++c)
        for (int n = 0; n < kFrames; ++n) {
            double sum = other.channel(c)[n];
            for (int i = 0; i < count; ++i) sum += (c == 0 ? gains[i].first : gains[i].second) * static_cast<double>(result.recordings.channel(i)[n]);
            result.mix.channel(c)[n] = static_cast<float>(sum);
        }
    return result;
}

RoughGains fitted(Mixed& material, const std::vector<Feeds>& feeds, int blockFrames = 4096) {
    RoughFit fit(feeds);
    std::vector<float*> ownPointers(material.recordings.numChannels()), mixPointers(2);
    for (int start = 0; start < kFrames; start += blockFrames) {
        const int count = std::min(blockFrames, kFrames - start);
        fit.add(material.recordings.block(ownPointers, start, count), material.mix.block(mixPointers, start, count));
    }
    return fit.result();
}

}  // namespace

TEST(RoughFit, RecoversGainsOfRecordingsThatSpillIntoEachOther) {
    const std::vector<std::pair<double, double>> gains = {{0.5, 0.5}, {1.2, 0.1}, {0.0, 0.9}, {0.03, 0.03}};
    Mixed material = mixed(gains);
    const RoughGains found = fitted(material, std::vector(4, Feeds::both));
    for (int i = 0; i < 4; ++i) {
        EXPECT_NEAR(found.left[i]->value, gains[i].first, 1e-4) << i;
        EXPECT_NEAR(found.right[i]->value, gains[i].second, 1e-4) << i;
    }
    EXPECT_NEAR(found.explainedShare, 1.0, 1e-4);
}

TEST(RoughFit, SaysHowMuchIsNotExplainedAndHowFarItMayErr) {
    const std::vector<std::pair<double, double>> gains = {{0.5, 0.5}, {0.8, 0.1}};
    Mixed material = mixed(gains, -20.0);
    const RoughGains found = fitted(material, std::vector(2, Feeds::both));
    EXPECT_LT(found.explainedShare, 0.8);
    for (int i = 0; i < 2; ++i) {
        EXPECT_GT(found.left[i]->error, 0.0);
        EXPECT_LT(std::abs(found.left[i]->value - gains[i].first), 4.0 * found.left[i]->error) << i;
    }
}

TEST(RoughFit, SidesOfAStereoRecordingFeedTheirSideAlone) {
    Mixed material = mixed({{0.7, 0.0}, {0.0, 0.4}});
    for (int n = 0; n < kFrames; ++n) {   // dual mono: the two could not be told apart if either fed both sides
        material.recordings.channel(1)[n] = material.recordings.channel(0)[n];
        material.mix.channel(0)[n] = 0.7f * material.recordings.channel(0)[n];
        material.mix.channel(1)[n] = 0.4f * material.recordings.channel(0)[n];
    }
    const RoughGains found = fitted(material, {Feeds::left, Feeds::right});
    EXPECT_NEAR(found.left[0]->value, 0.7, 1e-4);
    EXPECT_NEAR(found.right[1]->value, 0.4, 1e-4);
    EXPECT_FALSE(found.left[1]);
}

TEST(RoughFit, CopiesAndSilenceHaveNoGain) {
    Mixed material = mixed({{0.5, 0.5}, {0.5, 0.5}, {0.0, 0.0}});
    for (int n = 0; n < kFrames; ++n) {
        material.recordings.channel(1)[n] = material.recordings.channel(0)[n];
        material.recordings.channel(2)[n] = 0.0f;
    }
    const RoughGains found = fitted(material, std::vector(3, Feeds::both));
    EXPECT_TRUE(found.left[0]);
    EXPECT_FALSE(found.left[1]);
    EXPECT_FALSE(found.left[2]);
}

TEST(LagFinder, FindsWhereAMixBegins) {
    const AudioBuffer song = noise(kMono, 60000, -20.0, 3);
    for (int late : {0, 1, 777, 9000, -431}) {
        LagFinder finder(48000, 12000);
        std::vector<float> later(60000);
        for (int n = 0; n < 60000; ++n)
            if (n - late >= 0 && n - late < 60000) later[n] = -0.3f * song.channel(0)[n - late];
        finder.addReference(song.channel(0).data(), 60000);
        finder.addTarget(later.data(), 60000);
        EXPECT_EQ(finder.lag(), late);
    }
}

TEST(LagFinder, FindsNothingInAnotherSong) {
    const AudioBuffer song = noise(kMono, 48000, -20.0, 3), other = noise(kMono, 48000, -20.0, 4);
    LagFinder finder(48000, 12000);
    finder.addReference(song.channel(0).data(), 48000);
    finder.addTarget(other.channel(0).data(), 48000);
    EXPECT_FALSE(finder.lag());
}
