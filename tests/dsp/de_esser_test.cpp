#include "dsp/de_esser.h"

#include "core/decibels.h"
#include "tests/support/laws.h"
#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

const DeEsser::Params kParams{.frequencyHz = 5000.0, .thresholdDb = -6.0, .rangeDb = 8.0};

double gainOfDb(const DeEsser::Params& params, double hz, double levelDb, double sampleRateHz = 48000.0) {
    const int frames = static_cast<int>(sampleRateHz);
    AudioBuffer audio = sine({sampleRateHz, 1}, frames, hz, levelDb);
    DeEsser deEsser(params, {sampleRateHz, 1});
    run(deEsser, audio, 512);
    return rmsDb(audio, frames / 2) - (levelDb - 3.0103);
}

}  // namespace

TEST(DeEsser, obeysTheProcessorLaws) {
    obeysProcessorLaws<DeEsser>(kParams);
    obeysProcessorLaws<DeEsser>(kParams, {44100.0, 1});
    obeysProcessorLaws<DeEsser>({});
}

TEST(DeEsser, neutralOrAtRestItLeavesTheBitsAlone) {
    const AudioBuffer hiss = noise({48000.0, 2}, 5000, 0.0, 4), tone = sine({48000.0, 2}, 48000, 200.0, -6.0);
    AudioBuffer output = hiss;
    DeEsser neutral({}, {48000.0, 2});
    run(neutral, output, 0);
    EXPECT_TRUE(bitEqual(hiss, output));

    output = tone;
    DeEsser resting(kParams, {48000.0, 2});
    run(resting, output, 0);
    // The click with which the tone begins holds highs for an instant.
    EXPECT_GT(resting.maxReductionDb(), -0.1);
    for (int n = 24000; n < 48000; ++n) ASSERT_EQ(tone.channel(1)[n], output.channel(1)[n]) << n;
}

TEST(DeEsser, reducesSibilanceByTheExcessOfItsShareAtEveryLevel) {
    for (double sampleRateHz : {44100.0, 48000.0, 96000.0})
        for (double levelDb : {-60.0, -30.0, 0.0}) {
            // All energy is high: 6 dB above the threshold share, far above the shelf's middle.
            EXPECT_NEAR(gainOfDb(kParams, 15000.0, levelDb, sampleRateHz), -6.0, 0.25);
            EXPECT_NEAR(gainOfDb(kParams, 500.0, levelDb, sampleRateHz), 0.0, 1e-6);
        }
    DeEsser::Params narrow = kParams;
    narrow.rangeDb = 3.0;
    EXPECT_NEAR(gainOfDb(narrow, 15000.0, -20.0), -3.0, 0.15);
}

TEST(DeEsser, keepsTheVowelWhileItReducesTheSibilant) {
    const StreamSpec spec{48000.0, 1};
    AudioBuffer mixed = sine(spec, 48000, 8000.0, -10.0);
    const AudioBuffer vowel = sine(spec, 48000, 300.0, -16.0);
    for (int n = 0; n < 48000; ++n) mixed.channel(0)[n] += vowel.channel(0)[n];
    DeEsser deEsser(kParams, spec);
    run(deEsser, mixed, 512);
    const auto amplitudeDb = [&](double hz) {
        double re = 0.0, im = 0.0;
        for (int n = 24000; n < 48000; ++n) {
            re += mixed.channel(0)[n] * std::cos(2.0 * std::numbers::pi * hz * n / 48000.0);
            im += mixed.channel(0)[n] * std::sin(2.0 * std::numbers::pi * hz * n / 48000.0);
        }
        return gainToDb(std::hypot(re, im) / 12000.0);
    };
    EXPECT_NEAR(amplitudeDb(300.0), -16.0, 0.1);
    EXPECT_LT(amplitudeDb(8000.0), -13.0);
}

TEST(DeEsser, refusesParametersOutOfRange) {
    EXPECT_THROW(DeEsser({.rangeDb = -1.0}, {}), std::invalid_argument);
    EXPECT_THROW(DeEsser({.frequencyHz = std::nan("")}, {}), std::invalid_argument);
}
