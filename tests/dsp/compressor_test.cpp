#include "dsp/compressor.h"

#include "core/decibels.h"
#include "dsp/log_gain.h"
#include "tests/support/laws.h"
#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

const Compressor::Params kParams{.thresholdDb = -24.0, .ratio = 4.0, .kneeDb = 6.0, .attackMs = 5.0, .releaseMs = 80.0};

// The reduction under a constant input is the gain curve: y / x, in dB.
std::vector<double> gainsDb(const AudioBuffer& before, const AudioBuffer& after, int latency = 0) {
    std::vector<double> result;
    for (int n = latency; n < before.numFrames(); ++n)
        result.push_back(gainToDb(after.channel(0)[n] / before.channel(0)[n - latency]));
    return result;
}

AudioBuffer steps(StreamSpec spec, const std::vector<std::pair<int, double>>& parts) {
    int frames = 0;
    for (const auto& [length, db] : parts) frames += length;
    AudioBuffer audio(spec, frames);
    for (int c = 0; c < spec.channels; ++c) {
        int n = 0;
        for (const auto& [length, db] : parts)
            for (int i = 0; i < length; ++i) audio.channel(c)[n++] = static_cast<float>(dbToGain(db));
    }
    return audio;
}

}  // namespace

TEST(Compressor, obeysTheProcessorLaws) {
    obeysProcessorLaws<Compressor>(kParams);
    for (DetectorKind detector : {DetectorKind::peak, DetectorKind::rms})
        for (ReleaseKind release : {ReleaseKind::branching, ReleaseKind::decoupled, ReleaseKind::adaptive}) {
            Compressor::Params params = kParams;
            params.detector = detector;
            params.release = release;
            params.stereoLink = 0.5;
            params.mix = 0.7;
            params.lookaheadMs = 1.5;
            params.makeupGainDb = 3.0;
            params.sidechain = {.lowCutHz = 100.0, .bellGainDb = 6.0};
            obeysProcessorLaws<Compressor>(params);
            obeysProcessorLaws<Compressor>(params, {44100.0, 1});
            obeysProcessorLaws<Compressor>(params, {96000.0, 3});
        }
    obeysProcessorLaws<Compressor>({});
}

TEST(Compressor, neutralParametersLeaveTheBitsAlone) {
    const AudioBuffer input = noise({48000.0, 2}, 5000, 0.0, 4);
    for (const Compressor::Params& params :
         {Compressor::Params{}, Compressor::Params{.thresholdDb = -40.0, .ratio = 8.0, .mix = 0.0},
          Compressor::Params{.thresholdDb = 6.0, .ratio = 8.0, .kneeDb = 6.0}}) {
        AudioBuffer output = input;
        Compressor compressor(params, {48000.0, 2});
        run(compressor, output, 0);
        EXPECT_TRUE(bitEqual(input, output));
        EXPECT_EQ(compressor.maxReductionDb(), 0.0);
    }
}

TEST(Compressor, isLateByItsDeclaredLatencyAndNothingElse) {
    const AudioBuffer input = noise({48000.0, 2}, 5000, -30.0, 4);
    AudioBuffer output = input;
    Compressor compressor({.thresholdDb = 0.0, .ratio = 4.0, .lookaheadMs = 5.0}, {48000.0, 2});
    run(compressor, output, 0);
    ASSERT_EQ(compressor.latencyFrames(), 240);
    for (int n = 0; n < 5000; ++n) ASSERT_EQ(output.channel(1)[n], n < 240 ? 0.0f : input.channel(1)[n - 240]);
}

TEST(Compressor, aSteadySineComesOutOnTheStaticCurve) {
    // rms of a steady sine is steady, so level and curve can be compared exactly; the ripple of the 10 ms window stays small.
    for (double sampleRateHz : {44100.0, 48000.0, 96000.0})
        for (double ratio : {1.5, 4.0, 20.0})
            for (double kneeDb : {0.0, 6.0, 20.0})
                for (double levelDb : {-50.0, -30.0, -24.0, -20.0, -10.0, 0.0}) {
                    const StreamSpec spec{sampleRateHz, 1};
                    const int second = static_cast<int>(sampleRateHz);
                    AudioBuffer audio = sine(spec, second, 1000.0, levelDb + 3.0103);  // rms is levelDb
                    Compressor::Params params = kParams;
                    params.ratio = ratio;
                    params.kneeDb = kneeDb;
                    params.detector = DetectorKind::rms;
                    Compressor compressor(params, spec);
                    run(compressor, audio, 512);
                    const double over = levelDb + 24.0;
                    double expectedDb = levelDb;
                    if (over >= kneeDb / 2) expectedDb = -24.0 + over / ratio;
                    else if (over > -kneeDb / 2) expectedDb = levelDb + (1.0 / ratio - 1.0) * std::pow(over + kneeDb / 2, 2) / (2 * kneeDb);
                    EXPECT_NEAR(rmsDb(audio, second / 2), expectedDb, 0.05) << ratio << ":1, knee " << kneeDb << ", at " << levelDb;
                }
}

TEST(GainComputer, isContinuousMonotoneAndSmoothInTheKnee) {
    const GainComputer curve{-20.0, 4.0, 12.0};
    double lastOut = -81.0, lastSlope = 1.0;
    for (double level = -80.0; level <= 12.0; level += 0.01) {
        const double out = level - curve.reductionDb(level), slope = (out - lastOut) / 0.01;
        if (level > -79.99) {
            EXPECT_GT(slope, 0.24);
            EXPECT_LT(slope, 1.01);
            EXPECT_LT(slope, lastSlope + 1e-6);
        }
        lastOut = out;
        lastSlope = level > -79.995 ? slope : 1.0;
    }
    EXPECT_EQ(curve.reductionDb(-26.0), 0.0);
    EXPECT_NEAR(curve.reductionDb(-20.0), 0.75 * 36.0 / 24.0, 1e-12);
    EXPECT_NEAR(curve.reductionDb(0.0), 15.0, 1e-12);
    EXPECT_NEAR(powerToDb(curve.idlePower()), -26.0, 1e-9);
}

TEST(Ballistics, reachOneMinusOneOverEInTheirTimeConstants) {
    for (ReleaseKind kind : {ReleaseKind::branching, ReleaseKind::adaptive}) {
        Ballistics ballistics(kind, 10.0, 100.0, 48000.0);
        double y = 0.0;
        for (int n = 0; n < 480; ++n) y = ballistics(12.0);
        EXPECT_NEAR(y, 12.0 * (1.0 - std::exp(-1.0)), 1e-9);
    }
    for (ReleaseKind kind : {ReleaseKind::branching, ReleaseKind::decoupled}) {
        Ballistics ballistics(kind, 0.0, 100.0, 48000.0);
        double y = ballistics(12.0);
        EXPECT_EQ(y, 12.0);
        for (int n = 0; n < 4800; ++n) y = ballistics(0.0);
        EXPECT_NEAR(y, 12.0 * std::exp(-1.0), 1e-9);
    }
}

TEST(Ballistics, adaptiveReleaseLetsAPeakGoQuicklyAndSustainSlowly) {
    const auto leftAfter = [](int framesAbove) {
        Ballistics ballistics(ReleaseKind::adaptive, 1.0, 50.0, 48000.0);
        for (int n = 0; n < framesAbove; ++n) ballistics(10.0);
        double y = 0.0;
        for (int n = 0; n < 7200; ++n) y = ballistics(0.0);  // three releases later
        return y;
    };
    EXPECT_LT(leftAfter(240), 1.0);
    EXPECT_GT(leftAfter(96000), 6.0);
}

TEST(Ballistics, comeToRestExactly) {
    for (ReleaseKind kind : {ReleaseKind::branching, ReleaseKind::decoupled, ReleaseKind::adaptive}) {
        Ballistics ballistics(kind, 1.0, 20.0, 48000.0);
        for (int n = 0; n < 1000; ++n) ballistics(20.0);
        EXPECT_FALSE(ballistics.atRest());
        for (int n = 0; n < 150000; ++n) ballistics(0.0);
        EXPECT_TRUE(ballistics.atRest());
    }
}

TEST(LevelDetector, readsPeaksAndRms) {
    LevelDetector peak(DetectorKind::peak, 48000.0), rms(DetectorKind::rms, 48000.0);
    double highest = 0.0, mean = 0.0;
    for (int n = 0; n < 48000; ++n) {
        const double x = 0.5 * std::sin(0.1 * n);
        highest = std::max(highest, peak(x));
        mean = rms(x);
    }
    EXPECT_NEAR(powerToDb(highest), gainToDb(0.5), 0.01);
    EXPECT_NEAR(powerToDb(mean), gainToDb(0.5) - 3.01, 0.2);
}

TEST(LogGain, agreesWithTheLibrary) {
    for (double db = -600.0; db < 600.0; db += 0.37) {
        EXPECT_NEAR(fastPowerToDb(dbToPower(db)), db, 1e-9);
        EXPECT_NEAR(fastDbToGain(db) / dbToGain(db), 1.0, 1e-11);
    }
    EXPECT_EQ(fastDbToGain(0.0), 1.0);
    EXPECT_EQ(fastPowerToDb(1.0), 0.0);
}

TEST(Compressor, attacksAndReleasesWithItsTimeConstants) {
    for (double sampleRateHz : {44100.0, 48000.0, 96000.0}) {
        const StreamSpec spec{sampleRateHz, 1};
        const int second = static_cast<int>(sampleRateHz);
        const AudioBuffer input = steps(spec, {{second, -40.0}, {second, -4.0}, {second, -40.0}});
        AudioBuffer output = input;
        Compressor::Params params = kParams;
        params.release = ReleaseKind::branching;
        Compressor compressor(params, spec);
        run(compressor, output, 512);
        const std::vector<double> gain = gainsDb(input, output);
        EXPECT_NEAR(gain[second + static_cast<int>(0.005 * sampleRateHz) - 1], -15.0 * (1.0 - std::exp(-1.0)), 0.05);
        EXPECT_NEAR(gain[2 * second - 1], -15.0, 1e-4);
        EXPECT_NEAR(gain[2 * second + static_cast<int>(0.08 * sampleRateHz) - 1], -15.0 * std::exp(-1.0), 0.05);
        EXPECT_NEAR(compressor.maxReductionDb(), -15.0, 1e-4);
        EXPECT_NEAR(compressor.meanReductionDb(), -15.0 * (1.0 - 0.005 + 0.08) / 3.0, 0.01);
        EXPECT_NEAR(compressor.workingShare(), (1.0 + 0.08 * std::log(150.0)) / 3.0, 0.001);
    }
}

TEST(Compressor, lookaheadReducesBeforeTheStepArrives) {
    const StreamSpec spec{48000.0, 1};
    const AudioBuffer input = steps(spec, {{4800, -40.0}, {4800, -4.0}});
    Compressor::Params params = kParams;
    params.attackMs = 1.0;
    params.lookaheadMs = 5.0;
    AudioBuffer output = input;
    Compressor compressor(params, spec);
    run(compressor, output, 512);
    EXPECT_NEAR(gainsDb(input, output, compressor.latencyFrames())[4800], -15.0, 0.15);
}

TEST(Compressor, linkHoldsTheImageAndUnlinkedChannelsGoTheirOwnWay) {
    const StreamSpec spec{48000.0, 2};
    AudioBuffer input = steps(spec, {{48000, -4.0}});
    for (float& sample : input.channel(1)) sample *= 0.01f;
    const auto rightGainDb = [&](double link) {
        Compressor::Params params = kParams;
        params.stereoLink = link;
        AudioBuffer output = input;
        Compressor compressor(params, spec);
        run(compressor, output, 512);
        EXPECT_NEAR(gainToDb(output.channel(0)[47999] / input.channel(0)[47999]), -15.0, 1e-3);
        return gainToDb(output.channel(1)[47999] / input.channel(1)[47999]);
    };
    EXPECT_NEAR(rightGainDb(1.0), -15.0, 1e-3);
    EXPECT_NEAR(rightGainDb(0.5), -7.5, 1e-3);
    EXPECT_NEAR(rightGainDb(0.0), 0.0, 1e-9);
}

TEST(Compressor, parallelMixAddsTheDrySound) {
    const StreamSpec spec{48000.0, 1};
    const AudioBuffer input = steps(spec, {{48000, -4.0}});
    AudioBuffer output = input;
    Compressor::Params params = kParams;
    params.mix = 0.25;
    params.makeupGainDb = 6.0;
    Compressor compressor(params, spec);
    run(compressor, output, 512);
    EXPECT_NEAR(output.channel(0)[47999] / input.channel(0)[47999], 0.75 + 0.25 * dbToGain(6.0 - 15.0), 1e-5);
}

TEST(Compressor, listensToTheKeyAlone) {
    const StreamSpec spec{48000.0, 2};
    const AudioBuffer input = steps(spec, {{48000, -4.0}});
    AudioBuffer key = steps({48000.0, 1}, {{48000, -14.0}}), silentKey({48000.0, 1}, 48000), output = input, untouched = input;
    key.channel(0)[10] = std::numeric_limits<float>::quiet_NaN();
    std::vector<float*> pointers(2), keyPointers(1);
    Compressor compressor(kParams, spec), other(kParams, spec);
    compressor.processWithKey(output.block(pointers, 0, 48000), key.block(keyPointers, 0, 48000));
    EXPECT_NEAR(gainsDb(input, output)[47999], -7.5, 1e-3);
    other.processWithKey(untouched.block(pointers, 0, 48000), silentKey.block(keyPointers, 0, 48000));
    EXPECT_TRUE(bitEqual(input, untouched));
}

TEST(Compressor, sidechainFilterMakesItDeafToTheBass) {
    const StreamSpec spec{48000.0, 1};
    const auto reductionDb = [&](double hz, SidechainFilter::Params sidechain) {
        Compressor::Params params = kParams;
        params.detector = DetectorKind::rms;
        params.sidechain = sidechain;
        AudioBuffer audio = sine(spec, 48000, hz, -6.0);
        Compressor compressor(params, spec);
        run(compressor, audio, 512);
        return rmsDb(audio, 24000) - (-9.0103);
    };
    // 50 Hz through a 12 dB/octave low cut at 200 Hz is 24.1 dB down: below threshold.
    EXPECT_NEAR(reductionDb(50.0, {.lowCutHz = 200.0}), 0.0, 1e-3);
    EXPECT_NEAR(reductionDb(5000.0, {.lowCutHz = 200.0}), reductionDb(5000.0, {}), 0.01);
    EXPECT_NEAR(reductionDb(5000.0, {.bellHz = 5000.0, .bellGainDb = 6.0}), reductionDb(5000.0, {}) - 6.0 * 0.75, 0.02);
}

TEST(Compressor, refusesParametersOutOfRange) {
    EXPECT_THROW(Compressor({.ratio = 0.5}, {}), std::invalid_argument);
    EXPECT_THROW(Compressor({.attackMs = std::nan("")}, {}), std::invalid_argument);
    EXPECT_THROW(Compressor({.mix = 1.1}, {}), std::invalid_argument);
}
