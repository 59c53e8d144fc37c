#include "dsp/stereo_width.h"

#include <gtest/gtest.h>

#include "dsp/mid_side.h"
#include "tests/support/laws.h"
#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

// Measured gain of the side at one frequency: a sine in antiphase.
double measuredSideGain(const StereoWidth::Params& params, double hz, double sampleRateHz) {
    const StreamSpec spec{sampleRateHz, 2};
    const int frames = static_cast<int>(2.0 * sampleRateHz);
    AudioBuffer audio = sine(spec, frames, hz, -6.0);
    for (float& sample : audio.channel(1)) sample = -sample;
    const double before = rmsDb(audio, frames / 2);
    StereoWidth width(params, spec);
    run(width, audio, 512);
    return dbToGain(rmsDb(audio, frames / 2) - before);
}

// The documented analogue power sums.
double expectedSideGain(const StereoWidth::Params& p, double hz) {
    const auto power = [](double low, double high, double ratio) {
        const double w4 = std::pow(ratio, 4.0);
        return (low * low + w4 * high * high) / (1.0 + w4);
    };
    double result = power(p.lowWidth, p.midWidth, hz / p.lowCrossoverHz) * power(p.midWidth, p.highWidth, hz / p.highCrossoverHz) /
                    (p.midWidth * p.midWidth);
    if (p.monoBelowHz > 0.0) result *= power(0.0, 1.0, hz / p.monoBelowHz);
    return std::sqrt(result);
}

}  // namespace

TEST(StereoWidth, ObeysTheProcessorLaws) {
    obeysProcessorLaws<StereoWidth>({.lowWidth = 0.0, .midWidth = 1.2, .highWidth = 1.5, .monoBelowHz = 120.0});
}

TEST(StereoWidth, IsBitIdenticalWhenAllWidthsAreOne) {
    const AudioBuffer input = noise({48000.0, 2}, 4000, 0.0, 5);
    AudioBuffer output = input;
    StereoWidth width({}, input.spec());
    run(width, output, 512);
    EXPECT_TRUE(bitEqual(output, input));
}

TEST(StereoWidth, FollowsItsEquationsInEveryBand) {
    const StereoWidth::Params params{.lowWidth = 0.2, .midWidth = 0.8, .highWidth = 1.6, .lowCrossoverHz = 200.0, .highCrossoverHz = 3000.0};
    const StereoWidth::Params mono{.monoBelowHz = 120.0};
    for (double rate : {44100.0, 48000.0, 96000.0})
        for (double hz : {30.0, 60.0, 120.0, 200.0, 500.0, 1000.0, 3000.0}) {
            EXPECT_NEAR(measuredSideGain(params, hz, rate), expectedSideGain(params, hz), 0.015) << hz << " Hz at " << rate;
            EXPECT_NEAR(measuredSideGain(mono, hz, rate), expectedSideGain(mono, hz), 0.003) << hz << " Hz at " << rate;
        }
}

TEST(StereoWidth, SaysWhatItDoesAtEveryFrequency) {
    const StereoWidth::Params params{.lowWidth = 0.0, .midWidth = 1.2, .highWidth = 1.5, .monoBelowHz = 90.0};
    const StereoWidth width(params, {44100.0, 2});
    for (double hz : {50.0, 200.0, 900.0, 4000.0, 12000.0})
        EXPECT_NEAR(measuredSideGain(params, hz, 44100.0), width.sideGainAt(hz), 0.001) << hz;
}

TEST(StereoWidth, LeavesTheMonoSumToTheLastBit) {
    const AudioBuffer input = noise({44100.0, 2}, 44100, -1.0, 5);
    AudioBuffer output = input;
    StereoWidth width({.lowWidth = 0.0, .midWidth = 1.3, .highWidth = 2.0, .monoBelowHz = 200.0}, input.spec());
    run(width, output, 512);
    double largest = 0.0;
    for (int n = 0; n < 44100; ++n) {
        const double in = static_cast<double>(input.channel(0)[n]) + input.channel(1)[n];
        const double out = static_cast<double>(output.channel(0)[n]) + output.channel(1)[n];
        const double bit = std::max(std::abs(output.channel(1)[n]), 1e-30f) * 0x1p-24;  // half a step of the only rounding
        largest = std::max(largest, std::abs(out - in) / bit);
    }
    EXPECT_LE(largest, 1.0);
}

TEST(StereoWidth, WidthZeroIsMono) {
    AudioBuffer audio = noise({48000.0, 2}, 4000, -6.0, 5);
    StereoWidth width({.lowWidth = 0.0, .midWidth = 0.0, .highWidth = 0.0}, audio.spec());
    run(width, audio, 512);
    for (int n = 0; n < 4000; ++n) ASSERT_NEAR(audio.channel(0)[n], audio.channel(1)[n], 1e-7f);
}

TEST(StereoWidth, AMonoSourceIsUntouched) {
    AudioBuffer input = noise({48000.0, 2}, 4000, -6.0, 5);
    std::copy(input.channel(0).begin(), input.channel(0).end(), input.channel(1).begin());
    AudioBuffer output = input;
    StereoWidth width({.lowWidth = 0.0, .midWidth = 1.5, .highWidth = 2.0, .monoBelowHz = 150.0}, input.spec());
    run(width, output, 512);
    EXPECT_TRUE(bitEqual(output, input));
}

TEST(StereoWidth, RefusesWhatItCannotDo) {
    EXPECT_THROW(StereoWidth({.lowWidth = -0.1}, {}), std::invalid_argument);
    EXPECT_THROW(StereoWidth({}, {48000.0, 1}), std::invalid_argument);
}
