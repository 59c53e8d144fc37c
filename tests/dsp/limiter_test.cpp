#include "dsp/limiter.h"

#include <complex>

#include "dsp/true_peak_interpolator.h"
#include "tests/support/laws.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

double truePeakDb(AudioBuffer& audio) {
    float highest = 0.0f;
    for (int c = 0; c < audio.spec().channels; ++c) {
        TruePeakInterpolator interpolator;
        std::vector<float> peaks(audio.numFrames()), rest(TruePeakInterpolator::kLatencyFrames);
        interpolator.process(audio.channel(c).data(), audio.numFrames(), 1e-6f, peaks.data());
        for (float peak : peaks) highest = std::max(highest, peak);
        const std::vector<float> zeros(rest.size());
        interpolator.process(zeros.data(), static_cast<int>(zeros.size()), 1e-6f, rest.data());
        for (float peak : rest) highest = std::max(highest, peak);
    }
    return gainToDb(highest);
}

// With the latency's frames behind the end, as a renderer does it: a cut would make peaks of its own.
AudioBuffer limited(const AudioBuffer& input, const Limiter::Params& params) {
    Limiter limiter(params, input.spec());
    AudioBuffer audio(input.spec(), input.numFrames() + limiter.latencyFrames());
    for (int c = 0; c < input.numChannels(); ++c) std::copy(input.channel(c).begin(), input.channel(c).end(), audio.channel(c).begin());
    run(limiter, audio, 512);
    return audio;
}

AudioBuffer scaled(AudioBuffer audio, double gainDb) {
    for (int c = 0; c < audio.spec().channels; ++c)
        for (float& sample : audio.channel(c)) sample *= static_cast<float>(dbToGain(gainDb));
    return audio;
}

AudioBuffer sum(AudioBuffer a, const AudioBuffer& b) {
    for (int c = 0; c < a.spec().channels; ++c)
        for (int n = 0; n < a.numFrames(); ++n) a.channel(c)[n] += b.channel(c)[n];
    return a;
}

// What is left after the given tones are taken out by least squares, in dB against the tones. The stretch holds whole
// periods of each, so that the tones are orthogonal.
double residualDb(std::span<const float> samples, double sampleRateHz, const std::vector<double>& tonesHz) {
    const int count = static_cast<int>(samples.size());
    double total = 0.0, tones = 0.0, mean = 0.0;
    for (const double sample : samples) mean += sample / count;
    for (const double sample : samples) total += (sample - mean) * (sample - mean) / count;
    std::vector<double> left(samples.begin(), samples.end());
    for (double& value : left) value -= mean;
    for (double hz : tonesHz) {
        std::complex<double> correlation = 0.0;
        for (int n = 0; n < count; ++n) correlation += left[n] * std::polar(2.0 / count, -2.0 * std::numbers::pi * hz * n / sampleRateHz);
        for (int n = 0; n < count; ++n) left[n] -= (correlation * std::polar(1.0, 2.0 * std::numbers::pi * hz * n / sampleRateHz)).real();
        tones += 0.5 * std::norm(correlation);
    }
    double residual = 0.0;
    for (double value : left) residual += value * value / count;
    return powerToDb(residual / tones);
}

const Limiter::Params kDefault{};

}  // namespace

TEST(Limiter, ObeysTheProcessorLaws) {
    obeysProcessorLaws<Limiter>({});
    obeysProcessorLaws<Limiter>({.inputGainDb = 6.0, .lookaheadMs = 0.5, .holdMs = 0.0, .linkTransient = 0.5, .linkSteady = 0.8}, {44100.0, 2});
    obeysProcessorLaws<Limiter>({.lookaheadMs = 20.0}, {96000.0, 1});
}

TEST(Limiter, HoldsTheTruePeakCeilingOnAnything) {
    for (double rate : {44100.0, 48000.0, 96000.0}) {
        const StreamSpec spec{rate, 2};
        const int frames = 24000;
        AudioBuffer square(spec, frames), impulses(spec, frames), clipped = noise(spec, frames, 12.0, 3), start(spec, frames);
        for (int c = 0; c < 2; ++c)
            for (int n = 0; n < frames; ++n) {
                square.channel(c)[n] = n / 220 % 2 ? -1.5f : 1.5f;
                clipped.channel(c)[n] = std::clamp(clipped.channel(c)[n], -1.0f, 1.0f);
                if (n % 997 == 0 || n % 1231 == 0) impulses.channel(c)[n] = n % 2 ? 4.0f : -3.0f;
            }
        start.channel(0)[0] = 8.0f;  // the very first frame
        start.channel(1)[frames - 600] = -8.0f;
        const AudioBuffer betweenSamples = sine(spec, frames, rate / 4.0, 6.0, std::numbers::pi / 4.0);
        for (const Limiter::Params& params : {kDefault, Limiter::Params{.ceilingDb = -0.1, .lookaheadMs = 0.5, .holdMs = 0.0, .releaseMs = 5.0},
                                              Limiter::Params{.inputGainDb = 12.0, .linkTransient = 0.0, .linkSteady = 0.0}})
            for (const AudioBuffer* input : std::initializer_list<const AudioBuffer*>{&square, &clipped, &impulses, &start, &betweenSamples}) {
                AudioBuffer output = limited(*input, params);
                EXPECT_LE(truePeakDb(output), params.ceilingDb + 0.02) << rate << " Hz, release " << params.releaseMs << ", input " << input;
            }
        for (std::uint64_t seed = 0; seed < 3; ++seed) {
            AudioBuffer output = limited(noise(spec, frames, 9.0, seed), kDefault);
            EXPECT_LE(truePeakDb(output), kDefault.ceilingDb + 0.02) << "noise " << seed << " at " << rate;
        }
    }
}

TEST(Limiter, PassesWhatStaysBelowTheCeilingBitForBitAndLateByItsLatency) {
    for (double rate : {44100.0, 48000.0, 96000.0}) {
        const StreamSpec spec{rate, 2};
        const AudioBuffer input = noise(spec, 20000, -12.0, 3);
        Limiter limiter({}, spec);
        AudioBuffer output = input;
        run(limiter, output, 512);
        const int latency = limiter.latencyFrames();
        for (int n = latency; n < 20000; ++n) ASSERT_EQ(output.channel(1)[n], input.channel(1)[n - latency]) << n;
        EXPECT_EQ(limiter.maxReductionDb(), 0.0);
        EXPECT_EQ(limiter.activeShare(), 0.0);
    }
}

TEST(Limiter, ReturnsToBitTransparencyAfterAPeak) {
    const StreamSpec spec{48000.0, 2};
    AudioBuffer input = noise(spec, 3 * 48000 * 4, -20.0, 4);
    input.channel(0)[1000] = 4.0f;
    const AudioBuffer output = limited(input, {.slowReleaseMs = 100.0});
    const int latency = Limiter({}, spec).latencyFrames();
    for (int n = 8 * 48000; n < output.numFrames(); ++n) ASSERT_EQ(output.channel(0)[n], input.channel(0)[n - latency]) << n;
}

TEST(Limiter, KeepsSteadyTonesClean) {
    for (double rate : {44100.0, 48000.0, 96000.0}) {
        const StreamSpec spec{rate, 1};
        const int second = static_cast<int>(rate);
        const auto residual = [&](const AudioBuffer& input, const std::vector<double>& tones) {
            const AudioBuffer output = limited(scaled(input, 0.0), {});
            return residualDb(output.channel(0).subspan(2 * second, second), rate, tones);
        };
        EXPECT_LT(residual(sine(spec, 3 * second, 50.0, 5.0), {50.0}), -120.0) << rate;
        EXPECT_LT(residual(sine(spec, 3 * second, 997.0, 5.0), {997.0}), -120.0) << rate;
        EXPECT_LT(residual(sum(sine(spec, 3 * second, 60.0, 3.06), sine(spec, 3 * second, 7000.0, -8.98)), {60.0, 7000.0}), -80.0) << rate;
    }
}

TEST(Limiter, TakesOffExactlyWhatASteadyToneIsOver) {
    AudioBuffer input = sine({48000.0, 2}, 480000, 997.0, 5.0);
    Limiter limiter({}, input.spec());
    run(limiter, input, 512);
    EXPECT_NEAR(limiter.maxReductionDb(), -6.0, 0.2);
    EXPECT_NEAR(limiter.meanReductionDb(), -6.0, 0.4);  // a moment passes before it counts as sustained
    EXPECT_NEAR(rmsDb(input, 96000), -1.0 - 3.0103, 0.01);
}

TEST(Limiter, GivesTheGainBackFastAfterAPeakAndSlowlyAfterSustainedLimiting) {
    const StreamSpec spec{48000.0, 1};
    const auto gainAfter = [&](int loudFrames, int later) {
        AudioBuffer input = sine(spec, 4 * 48000, 1000.0, -20.0);
        const int loudFrom = 2 * 48000 - loudFrames, loudTo = 2 * 48000;
        for (int n = loudFrom; n < loudTo; ++n) input.channel(0)[n] *= static_cast<float>(dbToGain(25.0));
        AudioBuffer output = input;
        Limiter limiter({}, spec);
        run(limiter, output, 512);
        const int at = loudTo + later, latency = limiter.latencyFrames();
        return rmsDb(output, at + latency, at + latency + 480) - rmsDb(input, at, at + 480);
    };
    EXPECT_GT(gainAfter(48, 4800), -0.6);    // 1 ms loud: nearly all is back after 100 ms
    EXPECT_LT(gainAfter(48000, 4800), -2.5);  // 1 s loud: it takes its time
    EXPECT_GT(gainAfter(48000, 72000), -0.1);
}

TEST(Limiter, LinkingDecidesWhetherTheOtherChannelMoves) {
    const StreamSpec spec{48000.0, 2};
    AudioBuffer input = sine(spec, 96000, 1000.0, -12.0);
    for (float& sample : input.channel(0)) sample *= 6.0f;  // left about 4.6 dB over
    const auto rightChange = [&](double transient, double steady) {
        const AudioBuffer output = limited(input, {.linkTransient = transient, .linkSteady = steady});
        return rmsDb(output, 60000, -1, 1) - rmsDb(input, 60000, -1, 1);
    };
    EXPECT_NEAR(rightChange(0.0, 0.0), 0.0, 0.02);
    EXPECT_NEAR(rightChange(1.0, 1.0), -4.6, 0.1);
    EXPECT_LT(rightChange(0.0, 1.0), -4.0);  // sustained: the steady part moves both
}

TEST(Limiter, WhatStandsInTheMiddleStaysThereWhileOneSideAloneIsShaped) {
    const StreamSpec spec{48000.0, 2};
    AudioBuffer input = sine(spec, 2 * 48000, 1500.0, -22.0);
    const auto original = input;
    for (int n = 0; n < input.numFrames(); ++n) {
        const int since = n % 12000;
        input.channel(0)[n] += static_cast<float>(1.6 * std::exp(-since / 480.0) * std::sin(2.0 * std::numbers::pi * 150.0 * since / 48000.0));
    }
    // Level of the tone on the left less its level on the right, in windows of 10 ms around the knocks.
    const auto shiftDb = [&](double link) {
        const Limiter::Params params{.linkTransient = link};
        const AudioBuffer output = limited(input, params);
        const int latency = Limiter(params, spec).latencyFrames();
        double most = 0.0;
        for (int at = 24000; at < 72000; at += 12000)
            for (int start = at; start < at + 960; start += 96) {
                std::complex<double> sums[2];
                for (int c = 0; c < 2; ++c)
                    for (int n = start; n < start + 480; ++n) {
                        const double window = 0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * (n - start) / 480.0);
                        sums[c] += window * output.channel(c)[n + latency] * std::polar(1.0, -2.0 * std::numbers::pi * 1500.0 * n / 48000.0);
                    }
                most = std::max(most, std::abs(gainToDb(std::abs(sums[0]) / std::abs(sums[1]))));
            }
        return most;
    };
    EXPECT_LT(shiftDb(1.0), 0.2);
    EXPECT_GT(shiftDb(0.0), 0.9);
}

TEST(Limiter, ASteadyToneIsCleanFromItsFirstMoment) {
    const StreamSpec spec{48000.0, 1};
    AudioBuffer input(spec, 96000);
    for (int n = 24000; n < 96000; ++n) {
        const double rise = std::min(1.0, (n - 24000) / 960.0);
        input.channel(0)[n] = static_cast<float>(1.7 * rise * std::sin(2.0 * std::numbers::pi * 1000.0 * n / 48000.0));
    }
    const AudioBuffer output = limited(input, {});
    const int from = 24000 + 960 + Limiter({}, spec).latencyFrames();
    EXPECT_LT(residualDb(output.channel(0).subspan(from, 4800), 48000.0, {1000.0}), -90.0);
}

TEST(Limiter, BlockBoundariesDoNotExistBetweenSparsePeaks) {
    AudioBuffer whole = noise({48000.0, 2}, 96000, -12.0, 8);
    for (int n = 500; n < 96000; n += n % 7 ? 3001 : 17011) whole.channel(n % 2)[n] = 1.7f;
    for (int n = 30000; n < 60000; n += 97) whole.channel(0)[n] = -1.4f;  // sustained, then rest
    AudioBuffer pieces = whole, hundreds = whole;
    Limiter one({}, whole.spec()), two({}, whole.spec()), three({}, whole.spec());
    run(one, whole, 8192);
    run(two, pieces, 0);
    run(three, hundreds, 100);
    EXPECT_TRUE(bitEqual(whole, pieces));
    EXPECT_TRUE(bitEqual(whole, hundreds));
    EXPECT_EQ(one.maxReductionDb(), two.maxReductionDb());
    EXPECT_EQ(one.maxReductionDb(), three.maxReductionDb());
}

TEST(Limiter, LeavesNoHoleBehindASinglePeak) {
    const StreamSpec spec{48000.0, 2};
    AudioBuffer input = sine(spec, 2 * 48000, 1000.0, -20.0);
    input.channel(0)[48000] = input.channel(1)[48000] = 2.0f;  // 7 dB over
    const AudioBuffer output = limited(input, {});
    const int at = 48000 + Limiter({}, spec).latencyFrames();
    EXPECT_NEAR(rmsDb(output, at + 480, at + 960), rmsDb(input, 48480, 48960), 0.8);  // 10 ms later
    EXPECT_NEAR(rmsDb(output, at - 960, at - 480), rmsDb(input, 47040, 47520), 0.1);
}

TEST(Limiter, ShapingKeepsTheLevelOfWhatSoundsUnderDrums) {
    // A bass 6 dB under the ceiling, and on it a knock every quarter of a second.
    const StreamSpec spec{48000.0, 1};
    AudioBuffer input = sine(spec, 4 * 48000, 110.0, -7.0);
    for (int n = 0; n < input.numFrames(); ++n) {
        const int since = n % 12000;
        input.channel(0)[n] += static_cast<float>(1.2 * std::exp(-since / 240.0) * std::sin(2.0 * std::numbers::pi * 900.0 * since / 48000.0));
    }
    const auto lostDb = [&](double shapingDb) {
        const AudioBuffer output = limited(input, {.shapingDb = shapingDb});
        const int latency = Limiter({.shapingDb = shapingDb}, spec).latencyFrames();
        return rmsDb(input, 48000, 3 * 48000) - rmsDb(output, 48000 + latency, 3 * 48000 + latency);
    };
    EXPECT_LT(lostDb(12.0), 0.5 * lostDb(0.0));
    EXPECT_LT(lostDb(12.0), 0.35);
}

TEST(Limiter, WithoutShapingItIsALimiterOfGainAlone) {
    obeysProcessorLaws<Limiter>({.shapingDb = 0.0});
    const AudioBuffer input = noise({48000.0, 2}, 24000, 9.0, 5);
    AudioBuffer output = limited(input, {.shapingDb = 0.0});
    EXPECT_LE(truePeakDb(output), -1.0 + 0.02);
}

TEST(Limiter, RefusesParametersOutOfRange) {
    EXPECT_THROW(Limiter({.ceilingDb = 1.0}, {}), std::invalid_argument);
    EXPECT_THROW(Limiter({.lookaheadMs = 0.0}, {}), std::invalid_argument);
    EXPECT_THROW(Limiter({.releaseMs = std::nan("")}, {}), std::invalid_argument);
}
