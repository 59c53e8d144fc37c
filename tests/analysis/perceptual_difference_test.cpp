#include "analysis/perceptual_difference.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

#include "analysis/peaq_network.h"
#include "tests/analysis/difference_signals.h"
#include "tests/support/signals.h"

namespace tonewright::test {
namespace {

// blockLength 0: random lengths, 0 included.
void feed(PerceptualDifference& meter, AudioBuffer reference, AudioBuffer damaged, int blockLength = 4096) {
    std::vector<float*> from(reference.numChannels()), to(reference.numChannels());
    std::mt19937 random(3);
    const int frames = std::min(reference.numFrames(), damaged.numFrames());
    for (int start = 0; start < frames;) {
        const int length = std::min(frames - start, blockLength > 0 ? blockLength : static_cast<int>(random() % 3000));
        meter.add(reference.block(from, start, length), damaged.block(to, start, length));
        start += length;
    }
}

PerceptualDifferenceFacts difference(const AudioBuffer& reference, const AudioBuffer& damaged, PerceptualDifference::Options options = {}, int blockLength = 4096) {
    PerceptualDifference meter(reference.spec(), options);
    feed(meter, reference, damaged, blockLength);
    return meter.result();
}

const StreamSpec kStereo{48000.0, 2};
const AudioBuffer& chords() {
    static const AudioBuffer audio = pluckedChords(kStereo, 6.0);
    return audio;
}
// With noise that falls off at the top, so that there is a bandwidth.
const AudioBuffer& airyChords() {
    static const AudioBuffer audio = dulled(dulled(dulled(withNoise(pluckedChords(kStereo, 6.0), 0.05), 6000.0), 6000.0), 6000.0);
    return audio;
}

// What bench/peaq.py, written independently in numpy, says of the same signals (--as-is), with the error's harmonics seen
// through the ear, that is without the spectrum's bin 0.
TEST(PerceptualDifference, AgreesWithAnIndependentImplementation) {
    struct Case { const char* name; const AudioBuffer* reference; AudioBuffer damaged; double distortionIndex; PeaqVariables variables; };
    const AudioBuffer &plain = chords(), &airy = airyChords();
    const Case cases[] = {
        {"noise", &plain, withNoise(plain, 0.0002), -0.2706, {0, 0, -5.9862, 6.2045, 0.88804, 0.21473, 5.3575, 75.856, 0.24457, 0.2843, 0.76786}},
        {"pumped", &plain, pumped(plain, 0.5, 6.0), -0.0571, {0, 0, -28.084, 7.1106, -0.5, 0.21552, 7.3135, 14.098, 0.13973, 0.68295, 0}},
        {"saturated", &plain, saturated(plain, 0.5), -0.2963, {0, 0, -8.6511, 5.7174, 1.7978, 1.6806, 5.3642, 14.287, 1.7464, 0.88898, 0.38393}},
        {"airy, noise", &airy, withNoise(airy, 0.003), 0.4206, {185, 185, -13.667, 0.90874, 1.319, 0.11258, 0.90061, 2.493, 0.017107, 1, 0}},
        {"airy, clipped", &airy, clipped(airy, 0.35), -1.6882, {406.43, 406.41, -7.8723, 16.425, 2.3824, 0.27747, 13.811, 37.855, 0.78843, 0.65656, 0.29286}},
        {"airy, clipped more", &airy, clipped(airy, 0.25), -2.9921, {420.94, 420.04, -4.2947, 24.479, 2.5257, 0.59197, 24.561, 70.403, 1.4558, 0.89445, 0.525}},
        {"airy, dulled", &airy, dulled(airy, 6000.0), 0.8356, {757.82, 613.34, -8.9656, 0.73953, 2.0854, 0.17454, 0.73962, 0.82677, 0.049705, 1, 0}},
        {"airy, saturated", &airy, saturated(airy, 0.6), 2.8485, {407.03, 407.03, -30.484, 1.7109, -0.5, 0.22023, 1.6509, 3.2607, 0.02742, 0.32925, 0}},
        {"airy, 10 bits", &airy, quantised(airy, 10), 2.3338, {396.35, 396.35, -21.862, 2.2971, 0, 0.20821, 2.2735, 8.0089, 0.032052, 0.0018443, 0}},
        {"airy, quieter", &airy, mapped(airy, [](double x) { return 0.9 * x; }), 1.8888, {423.98, 423.98, -17.752, 0.30023, 1.7056, 0, 0.30095, 0.57566, 0.009593, 1, 0}},
    };
    for (const Case& c : cases) {
        const PerceptualDifferenceFacts facts = difference(*c.reference, c.damaged);
        EXPECT_NEAR(facts.distortionIndex, c.distortionIndex, 0.005) << c.name;
        EXPECT_NEAR(facts.objectiveDifferenceGrade, objectiveDifferenceGrade(c.distortionIndex), 0.005) << c.name;
        for (const auto variable : {&PeaqVariables::bandwidthRef, &PeaqVariables::bandwidthTest, &PeaqVariables::totalNmrDb, &PeaqVariables::winModDiff1, &PeaqVariables::adb,
                                    &PeaqVariables::avgModDiff1, &PeaqVariables::avgModDiff2, &PeaqVariables::rmsNoiseLoud, &PeaqVariables::mfpd,
                                    &PeaqVariables::relDistFrames})
            EXPECT_NEAR(facts.variables.*variable, c.variables.*variable, 1e-4 + 1e-3 * std::abs(c.variables.*variable)) << c.name;
        // Ratios of bins that hold little but the transform's rounding, which is single precision here.
        EXPECT_NEAR(facts.variables.ehs, c.variables.ehs, 0.015 * c.variables.ehs + 1e-4) << c.name;
    }
}

TEST(PerceptualDifference, IdenticalSignalsHaveTheHighestGrade) {
    for (const AudioBuffer* audio : {&chords(), &airyChords()}) {
        const PerceptualDifferenceFacts facts = difference(*audio, *audio);
        EXPECT_EQ(facts.objectiveDifferenceGrade, 0.0);
        EXPECT_EQ(facts.worstWindowGrade, 0.0);
        EXPECT_GT(facts.distortionIndex, 2.9);  // the network's +0.0 and more
        EXPECT_LT(facts.variables.totalNmrDb, -100.0);
        EXPECT_EQ(facts.variables.rmsNoiseLoud, 0.0);
        EXPECT_EQ(facts.variables.ehs, 0.0);
        EXPECT_NEAR(facts.measuredSeconds, 6.0, 0.05);
    }
}

TEST(PerceptualDifference, SilenceHasNoGradeToGive) {
    const AudioBuffer silence(kStereo, 48000);
    const PerceptualDifferenceFacts facts = difference(silence, silence);
    EXPECT_EQ(facts.measuredSeconds, 0.0);
    EXPECT_EQ(facts.objectiveDifferenceGrade, 0.0);
    EXPECT_EQ(facts.worstWindowGrade, 0.0);
}

TEST(PerceptualDifference, MoreNoiseIsWorse) {
    double last = 0.1;
    for (const double peak : {0.00003, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03}) {
        const double grade = difference(chords(), withNoise(chords(), peak), {.assumeFullBandwidth = true}).objectiveDifferenceGrade;
        EXPECT_LT(grade, last) << peak;
        last = grade;
        if (grade == 0.0) last = 1e-9;
    }
    EXPECT_LT(last, -3.5);
}

TEST(PerceptualDifference, HarderClippingIsWorse) {
    double last = 0.1;
    for (const double peak : {0.7, 0.5, 0.35, 0.25}) {
        const double grade = difference(airyChords(), clipped(airyChords(), peak), {.assumeFullBandwidth = true}).objectiveDifferenceGrade;
        EXPECT_LT(grade, last) << peak;
        last = grade;
    }
    EXPECT_LT(last, -1.0);
}

TEST(PerceptualDifference, BlocksDoNotMatter) {
    const AudioBuffer damaged = saturated(chords(), 1.5);
    const PerceptualDifferenceFacts facts = difference(chords(), damaged);
    EXPECT_EQ(difference(chords(), damaged, {}, 0), facts);
    EXPECT_EQ(difference(chords(), damaged, {}, 1000000), facts);
    EXPECT_EQ(difference(chords(), damaged, {}, 1), facts);
}

// The contract: what is late is damaged, even by less than anyone hears.
TEST(PerceptualDifference, ADelayIsTakenForDamage) {
    AudioBuffer late(kStereo, chords().numFrames());
    for (int c = 0; c < 2; ++c) std::copy(chords().channel(c).begin(), chords().channel(c).end() - 480, late.channel(c).begin() + 480);
    EXPECT_LT(difference(chords(), late).objectiveDifferenceGrade, -1.0);
}

TEST(PerceptualDifference, TheGradeIsThatOfTheSameSoundAtAnotherRate) {
    for (const bool noisy : {true, false}) {
        double grades[3];
        int i = 0;
        for (const double rate : {48000.0, 44100.0, 96000.0}) {
            const AudioBuffer audio = pluckedChords({rate, 2}, 6.0);
            // Noise of one density up to 22 kHz: its power in the band goes with the rate.
            const AudioBuffer damaged = noisy ? withNoise(audio, 0.0004 * std::sqrt(rate / 48000.0)) : pumped(audio, 2.0, 6.0);
            grades[i++] = difference(audio, damaged, {.assumeFullBandwidth = true}).objectiveDifferenceGrade;
        }
        EXPECT_LT(grades[0], -0.1);
        EXPECT_NEAR(grades[1], grades[0], 0.1) << noisy;
        EXPECT_NEAR(grades[2], grades[0], 0.1) << noisy;
    }
}

TEST(PerceptualDifference, MonoIsJudgedLikeTwoEqualChannels) {
    const AudioBuffer mono = pluckedChords({48000.0, 1}, 6.0), damaged = saturated(mono, 1.5);
    AudioBuffer twice(kStereo, mono.numFrames()), twiceDamaged = twice;
    for (int c = 0; c < 2; ++c) {
        std::copy(mono.channel(0).begin(), mono.channel(0).end(), twice.channel(c).begin());
        std::copy(damaged.channel(0).begin(), damaged.channel(0).end(), twiceDamaged.channel(c).begin());
    }
    const PerceptualDifferenceFacts one = difference(mono, damaged), two = difference(twice, twiceDamaged);
    EXPECT_NEAR(one.distortionIndex, two.distortionIndex, 1e-9);
    EXPECT_LT(one.objectiveDifferenceGrade, -0.5);
}

TEST(PerceptualDifference, TheWorstWindowIsWhereTheDamageIs) {
    const AudioBuffer audio = pluckedChords(kStereo, 20.0);
    const AudioBuffer damaged = withNoise(audio, 0.003, 48000 * 11, 48000 * 13);
    const PerceptualDifferenceFacts facts = difference(audio, damaged);
    EXPECT_NEAR(facts.worstWindowSeconds, 10.0, 0.1);
    EXPECT_LT(facts.worstWindowGrade, -1.0);
    EXPECT_LT(facts.worstWindowGrade, facts.meanWindowGrade - 0.5);
    EXPECT_NEAR(facts.meanWindowGrade, facts.worstWindowGrade / 4.0, 0.15);  // the other three of four are clean
}

TEST(PerceptualDifference, AfterAGapTheEarHasForgotten) {
    const AudioBuffer damaged = saturated(chords(), 1.5);
    const PerceptualDifferenceFacts once = difference(chords(), damaged);
    PerceptualDifference meter(kStereo);
    for (int i = 0; i < 3; ++i) {
        feed(meter, chords(), damaged);
        meter.gap();
    }
    const PerceptualDifferenceFacts facts = meter.result();
    EXPECT_NEAR(facts.distortionIndex, once.distortionIndex, 1e-9);
    EXPECT_EQ(facts.worstWindowGrade, once.worstWindowGrade);
    EXPECT_NEAR(facts.meanWindowGrade, once.meanWindowGrade, 1e-12);
    EXPECT_NEAR(facts.measuredSeconds, 3.0 * once.measuredSeconds, 1e-9);
}

TEST(PerceptualDifference, SilenceAroundTheProgrammeDoesNotDiluteTheGrade) {
    const AudioBuffer damaged = saturated(chords(), 1.5);
    AudioBuffer padded(kStereo, 20 * 48000), paddedDamaged = padded;
    for (int c = 0; c < 2; ++c) {
        std::copy(chords().channel(c).begin(), chords().channel(c).end(), padded.channel(c).begin() + 7 * 48000);
        std::copy(damaged.channel(c).begin(), damaged.channel(c).end(), paddedDamaged.channel(c).begin() + 7 * 48000);
    }
    const PerceptualDifferenceFacts facts = difference(padded, paddedDamaged), bare = difference(chords(), damaged);
    EXPECT_NEAR(facts.measuredSeconds, 6.0, 0.1);
    EXPECT_NEAR(facts.objectiveDifferenceGrade, bare.objectiveDifferenceGrade, 0.1);
}

TEST(PerceptualDifference, NanAndInfinityCountAsZero) {
    AudioBuffer broken = chords(), zeroed = chords();
    for (int n = 48000; n < 48100; ++n) {
        broken.channel(0)[n] = n % 2 ? std::numeric_limits<float>::quiet_NaN() : std::numeric_limits<float>::infinity();
        zeroed.channel(0)[n] = 0.0f;
    }
    EXPECT_EQ(difference(chords(), broken), difference(chords(), zeroed));
    EXPECT_EQ(difference(broken, chords()), difference(zeroed, chords()));
}

TEST(PerceptualDifference, TheLoudestSamplesLeaveItFinite) {
    for (const float level : {1e4f, 1e30f}) {
        const AudioBuffer loud = mapped(chords(), [level](double x) { return x > 0.1 ? level : -level; });
        const PerceptualDifferenceFacts facts = difference(loud, chords());
        EXPECT_TRUE(std::isfinite(facts.distortionIndex));
        EXPECT_TRUE(std::isfinite(facts.variables.rmsNoiseLoud));
        EXPECT_LT(facts.objectiveDifferenceGrade, -3.5);
    }
}

TEST(PerceptualDifference, ItRunsFrom8To768KHz) {
    for (const double rate : {8000.0, 22050.0, 32000.0, 768000.0}) {
        const AudioBuffer audio = pluckedChords({rate, 1}, 0.8);
        EXPECT_EQ(difference(audio, audio, {.assumeFullBandwidth = true}).objectiveDifferenceGrade, 0.0) << rate;
        EXPECT_LT(difference(audio, withNoise(audio, 0.01)).objectiveDifferenceGrade, -1.0) << rate;
    }
}

TEST(PerceptualDifference, RefusesWhatItCannotJudge) {
    EXPECT_THROW(PerceptualDifference({4000.0, 2}), std::invalid_argument);
    EXPECT_THROW(PerceptualDifference({48000.0, 6}), std::invalid_argument);
    EXPECT_THROW(PerceptualDifference(kStereo, {.windowSeconds = 0.5}), std::invalid_argument);
    EXPECT_THROW(PerceptualDifference(kStereo, {.windowSeconds = std::numeric_limits<double>::quiet_NaN()}), std::invalid_argument);
}

// ODG = -3.98 + 4.2 / (1 + e^-DI)
TEST(PeaqNetwork, GradesAreTheStandardsFunctionOfTheIndex) {
    EXPECT_NEAR(objectiveDifferenceGrade(0.0), -1.88, 1e-12);
    EXPECT_NEAR(objectiveDifferenceGrade(1.0), -0.909554, 1e-6);
    EXPECT_NEAR(objectiveDifferenceGrade(-100.0), -3.98, 1e-9);
    EXPECT_EQ(objectiveDifferenceGrade(100.0), 0.0);
}

}  // namespace
}  // namespace tonewright::test
