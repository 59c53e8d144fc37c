#include "analysis/shared_treble.h"

#include <gtest/gtest.h>

#include <cmath>

#include "../support/signals.h"
#include "analysis/alignment_finder.h"

namespace tonewright::testing {
namespace {

constexpr StreamSpec kMono{48000.0, 1};
constexpr int kFrames = 480000, kLate = 150;

// Two microphones: half of the power of each is one source, which the second hears 150 frames later; the rest is their own.
SharedTreble twoMicrophones() {
    const AudioBuffer source = test::noise(kMono, kFrames, -12.0, 1), one = test::noise(kMono, kFrames, -12.0, 2), two = test::noise(kMono, kFrames, -12.0, 3);
    std::vector<float> a(kFrames), b(kFrames);
    for (int n = 0; n < kFrames; ++n) {
        a[n] = source.channel(0)[n] + one.channel(0)[n];
        b[n] = (n >= kLate ? source.channel(0)[n - kLate] : 0.0f) + two.channel(0)[n];
    }
    AlignmentFinder finder(2, kMono.sampleRateHz);
    const float* channels[] = {a.data(), b.data()};
    finder.add({channels, 2, kFrames});
    return finder.sharedTreble();
}

TEST(SharedTreble, IsWhatTheMicrophonesHaveInCommonOnceTheyStandInStep) {
    const SharedTreble treble = twoMicrophones();
    for (int band = 0; band < SharedTreble::kBands; ++band) {
        EXPECT_NEAR(treble.correlation(0, 1, band, kLate, 0.0), 0.5, 0.04) << band;
        EXPECT_NEAR(treble.correlation(1, 0, band, 0.0, kLate), 0.5, 0.04) << band << ", asked the other way round";
        EXPECT_NEAR(treble.correlation(0, 1, band, 0.0, 0.0), 0.0, 0.06) << band << ", as recorded";
        EXPECT_EQ(treble.correlation(1, 1, band, 0.0, 0.0), 1.0);
    }
}

// Half a period late at 5 kHz (4.8 frames) what was in common cancels there, as far as the band is narrow.
TEST(SharedTreble, HalfAPeriodLateItCancels) {
    const SharedTreble treble = twoMicrophones();
    constexpr int k5kHz = 3;
    EXPECT_LT(treble.correlation(0, 1, k5kHz, kLate + 4.8, 0.0), -0.4);
}

}  // namespace
}  // namespace tonewright::testing
