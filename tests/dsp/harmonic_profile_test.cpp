#include "dsp/harmonic_profile.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace tonewright;

namespace {

// Of docs/dsp/saturator.md, by another measurement (a second of FFT): 6 dB of drive.
TEST(HarmonicProfile, IsThatOfTheSaturatorsPage) {
    struct Case {
        SaturatorKind kind;
        std::array<double, 4> harmonicDb;
    };
    const Case cases[] = {{SaturatorKind::tape, {-37.7, -34.9, -66.3, -67.9}},
                          {SaturatorKind::tube, {-23.6, -36.4, -52.6, -73.1}},
                          {SaturatorKind::transformer, {-32.1, -31.2, -55.1, -59.1}}};
    for (const Case& example : cases) {
        const HarmonicProfile profile = harmonicProfile({.kind = example.kind, .driveDb = 6.0});
        double power = 0.0;
        for (std::size_t i = 0; i < 4; ++i) {
            EXPECT_NEAR(profile.harmonicDb[i], example.harmonicDb[i], 0.15) << kSaturatorKindNames[static_cast<std::size_t>(example.kind)] << " " << i + 2;
            power += std::pow(10.0, example.harmonicDb[i] / 10.0);
        }
        EXPECT_NEAR(profile.totalPercent, 100.0 * std::sqrt(power), 0.02 * profile.totalPercent);
    }
    const HarmonicProfile softClip = harmonicProfile({.kind = SaturatorKind::softClip, .driveDb = 6.0});
    EXPECT_LT(softClip.harmonicDb[0], -95.0);
    EXPECT_NEAR(softClip.harmonicDb[1], -48.8, 0.15);
}

TEST(HarmonicProfile, FollowsTheMixAndIsNothingWithoutOne) {
    const HarmonicProfile whole = harmonicProfile({.kind = SaturatorKind::tube}), tenth = harmonicProfile({.kind = SaturatorKind::tube, .mix = 0.1});
    EXPECT_NEAR(tenth.totalPercent / whole.totalPercent, 0.1, 0.005);
    EXPECT_NEAR(whole.harmonicDb[0] - tenth.harmonicDb[0], 20.0, 0.5);
    EXPECT_LT(harmonicProfile({.mix = 0.0}).totalPercent, 0.0002);
}

}  // namespace
