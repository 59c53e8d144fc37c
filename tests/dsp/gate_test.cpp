#include "dsp/gate.h"

#include "core/decibels.h"
#include "tests/support/laws.h"
#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

const Gate::Params kParams{.thresholdDb = -30.0, .ratio = 10.0, .rangeDb = 40.0};

double steadyGainDb(const Gate::Params& params, double peakDb, double sampleRateHz = 48000.0) {
    const StreamSpec spec{sampleRateHz, 1};
    const int frames = static_cast<int>(2 * sampleRateHz);
    AudioBuffer audio = sine(spec, frames, 1000.0, peakDb);
    Gate gate(params, spec);
    run(gate, audio, 512);
    return rmsDb(audio, frames / 2) - (peakDb - 3.0103);
}

}  // namespace

TEST(Gate, obeysTheProcessorLaws) {
    obeysProcessorLaws<Gate>({.thresholdDb = 0.0, .ratio = 4.0, .rangeDb = 30.0, .holdMs = 1.0, .releaseMs = 5.0, .lookaheadMs = 2.0});
    obeysProcessorLaws<Gate>({.thresholdDb = -3.0, .rangeDb = 30.0, .sidechain = {.lowCutHz = 500.0}}, {44100.0, 1});
    obeysProcessorLaws<Gate>({});
}

TEST(Gate, neutralParametersLeaveTheBitsAlone) {
    const AudioBuffer input = noise({48000.0, 2}, 5000, -50.0, 4);
    for (const Gate::Params& params : {Gate::Params{}, Gate::Params{.thresholdDb = -20.0, .ratio = 1.0, .rangeDb = 60.0}}) {
        AudioBuffer output = input;
        Gate gate(params, {48000.0, 2});
        run(gate, output, 0);
        EXPECT_TRUE(bitEqual(input, output));
    }
}

TEST(Gate, openItIsBitIdentical) {
    const StreamSpec spec{48000.0, 1};
    const AudioBuffer input = sine(spec, 48000, 200.0, -6.0);
    AudioBuffer output = input;
    Gate gate(kParams, spec);
    run(gate, output, 0);
    for (int n = 2400; n < 48000; ++n) ASSERT_EQ(input.channel(0)[n], output.channel(0)[n]) << n;
    EXPECT_GT(gate.openShare(), 0.99);
}

TEST(Gate, aSteadySineBelowTheThresholdComesOutOnTheExpandersCurve) {
    for (double sampleRateHz : {44100.0, 48000.0, 96000.0}) {
        Gate::Params params = kParams;
        params.ratio = 2.0;
        EXPECT_NEAR(steadyGainDb(params, -20.0, sampleRateHz), 0.0, 1e-6);
        // The envelope sags between crests by less than 0.3 dB at 1 kHz; the expander sees its mean.
        EXPECT_NEAR(steadyGainDb(params, -40.0, sampleRateHz), -10.0, 0.35);
        EXPECT_NEAR(steadyGainDb(params, -50.0, sampleRateHz), -20.0, 0.35);
        EXPECT_NEAR(steadyGainDb(params, -80.0, sampleRateHz), -40.0, 1e-3);
    }
}

TEST(Gate, hysteresisKeepsItOpenUntilTheLowerThreshold) {
    // Opened at -20 dB, it stays open at -33 (threshold -30, hysteresis 4), and closes at -35.
    const auto gainAfterOpeningDb = [](double thenDb) {
        const StreamSpec spec{48000.0, 1};
        AudioBuffer audio = sine(spec, 96000, 1000.0, 0.0);
        for (int n = 0; n < 96000; ++n) audio.channel(0)[n] *= static_cast<float>(dbToGain(n < 24000 ? -20.0 : thenDb));
        Gate gate(kParams, spec);
        run(gate, audio, 512);
        return rmsDb(audio, 90000) - (thenDb - 3.0103);
    };
    EXPECT_NEAR(gainAfterOpeningDb(-33.0), 0.0, 1e-6);
    EXPECT_LT(gainAfterOpeningDb(-35.0), -35.0);
    EXPECT_LT(steadyGainDb(kParams, -33.0), -20.0) << "never opened, it is closed at the same level";
}

TEST(Gate, holdsThenReleasesWithItsTimeConstant) {
    const StreamSpec spec{48000.0, 1};
    AudioBuffer input({48000.0, 1}, 48000);
    for (int n = 0; n < 48000; ++n) input.channel(0)[n] = n < 24000 ? 0.5f : 1e-6f;
    AudioBuffer output = input;
    Gate::Params params = kParams;
    params.holdMs = 100.0;
    params.releaseMs = 50.0;
    Gate gate(params, spec);
    run(gate, output, 512);
    const auto gainDb = [&](int n) { return gainToDb(output.channel(0)[n] / input.channel(0)[n]); };
    // The envelope falls from -6 to -34 dB in 10 ms * ln(10^(28/20)); then hold.
    const int closes = 24000 + static_cast<int>(480.0 * 27.98 / 20.0 * std::log(10.0)) + 4800;
    EXPECT_EQ(gainDb(closes - 10), 0.0);
    EXPECT_LT(gainDb(closes + 10), -0.01);
    EXPECT_NEAR(gainDb(closes + 2400 + 2), -40.0 * (1.0 - std::exp(-1.0)), 1.0);
}

TEST(Gate, lookaheadOpensBeforeTheHit) {
    const StreamSpec spec{48000.0, 1};
    AudioBuffer input({48000.0, 1}, 9600);
    for (int n = 4800; n < 9600; ++n) input.channel(0)[n] = 0.5f;
    Gate::Params params = kParams;
    params.attackMs = 0.5;
    params.lookaheadMs = 5.0;
    AudioBuffer output = input;
    Gate gate(params, spec);
    run(gate, output, 512);
    EXPECT_NEAR(gainToDb(output.channel(0)[4800 + gate.latencyFrames()] / 0.5), 0.0, 0.01);
    EXPECT_EQ(gate.latencyFrames(), 240);
}

TEST(Gate, refusesParametersOutOfRange) {
    EXPECT_THROW(Gate({.ratio = 0.0}, {}), std::invalid_argument);
    EXPECT_THROW(Gate({.releaseMs = std::nan("")}, {}), std::invalid_argument);
}
