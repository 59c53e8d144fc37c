#include "dsp/channel_matrix.h"
#include "dsp/fade.h"
#include "dsp/gain.h"
#include "dsp/gain_envelope.h"
#include "dsp/trim.h"
#include "tests/support/laws.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

// A constant 1 shows the gain itself.
template <class P>
AudioBuffer gainCurve(const typename P::Params& params, StreamSpec spec, int frames) {
    AudioBuffer ones(spec, frames);
    for (int c = 0; c < spec.channels; ++c) std::fill(ones.channel(c).begin(), ones.channel(c).end(), 1.0f);
    P processor(params, spec);
    run(processor, ones, 0);
    return ones;
}

}  // namespace

TEST(Gain, ObeysTheProcessorLawsAndIsExact) {
    obeysProcessorLaws<Gain>({.gainDb = -3.0});
    EXPECT_NEAR(gainToDb(gainCurve<Gain>({.gainDb = -7.3}, {48000.0, 1}, 1).channel(0)[0]), -7.3, 1e-5);
    EXPECT_THROW(Gain({.gainDb = 61.0}, {}), std::invalid_argument);
}

TEST(Gain, IsBitTransparentAtZero) {
    const AudioBuffer input = noise({48000.0, 2}, 5000, 3.0, 1);
    AudioBuffer output = input;
    Gain gain({}, input.spec());
    run(gain, output, 512);
    EXPECT_TRUE(bitEqual(input, output));
}

TEST(GainEnvelope, ObeysTheProcessorLaws) {
    obeysProcessorLaws<GainEnvelope>({.points = {{0.1, -6.0}, {0.2, 3.0}, {0.2, 0.0}, {0.9, -1.0}}});
}

TEST(GainEnvelope, FollowsStraightLinesInDecibelsSampleBySample) {
    for (double rate : {44100.0, 48000.0, 96000.0}) {
        const GainEnvelope::Params params{.points = {{0.1, -60.0}, {0.35, 6.0}, {0.35, 0.0}, {0.5, 0.0}, {0.50001, -3.0}}};
        const GainEnvelope envelope(params, {rate, 1});
        const AudioBuffer curve = gainCurve<GainEnvelope>(params, {rate, 1}, static_cast<int>(0.6 * rate));
        for (int n = 0; n < curve.numFrames(); ++n) ASSERT_NEAR(gainToDb(curve.channel(0)[n]), envelope.gainDbAt(n / rate), 1e-4) << n;
        const auto at = [&](double seconds) { return gainToDb(curve.channel(0)[static_cast<int>(std::ceil(seconds * rate))]); };
        EXPECT_NEAR(at(0.05), -60.0, 1e-4);
        EXPECT_NEAR(at(0.225), -27.0, 0.02);
        EXPECT_EQ(at(0.4), 0.0);
        EXPECT_NEAR(at(0.59), -3.0, 1e-5);
    }
}

TEST(GainEnvelope, WithoutPointsIsBitTransparentAndTimesMustNotGoBack) {
    const AudioBuffer input = noise({48000.0, 2}, 5000, 3.0, 1);
    AudioBuffer output = input;
    GainEnvelope envelope({}, input.spec());
    run(envelope, output, 512);
    EXPECT_TRUE(bitEqual(input, output));
    EXPECT_THROW(GainEnvelope({.points = {{1.0, 0.0}, {0.5, 0.0}}}, {}), std::invalid_argument);
}

TEST(Fade, ObeysTheProcessorLaws) {
    obeysProcessorLaws<Fade>({.startFrames = 10, .inFrames = 999, .outFrames = 0});
    obeysProcessorLaws<Fade>({.inFrames = 500, .inCurve = Fade::Curve::exponential, .endFrames = 47990, .outFrames = 3000, .outCurve = Fade::Curve::equalPower});
}

TEST(Fade, IsSilentOutsideFullInsideAndOnItsCurveBetween) {
    for (const auto curve : {Fade::Curve::linear, Fade::Curve::equalPower, Fade::Curve::smooth, Fade::Curve::exponential}) {
        const AudioBuffer gain = gainCurve<Fade>(
            {.startFrames = 100, .inFrames = 400, .inCurve = curve, .endFrames = 2000, .outFrames = 600, .outCurve = curve}, {48000.0, 1}, 2200);
        const auto at = [&](int n) { return gain.channel(0)[n]; };
        EXPECT_EQ(at(0), 0.0f);
        EXPECT_EQ(at(100), 0.0f);
        EXPECT_GT(at(101), 0.0f);
        EXPECT_EQ(at(500), 1.0f);
        EXPECT_EQ(at(1400), 1.0f);
        EXPECT_EQ(at(2000), 0.0f);
        EXPECT_EQ(at(2199), 0.0f);
        for (int n = 100; n < 499; ++n) EXPECT_LE(at(n), at(n + 1));
        for (int n = 1400; n < 1999; ++n) EXPECT_GE(at(n), at(n + 1));
        const double half = curve == Fade::Curve::equalPower ? -3.0103 : curve == Fade::Curve::exponential ? -30.0 : -6.0206;
        EXPECT_NEAR(gainToDb(at(300)), half, 1e-3);
        EXPECT_NEAR(gainToDb(at(1700)), half, 1e-3);
    }
}

TEST(Fade, EqualPowerHalvesAddUpToOne) {
    for (double u = 0.0; u <= 1.0; u += 0.1)
        EXPECT_NEAR(std::pow(Fade::gain(Fade::Curve::equalPower, u), 2) + std::pow(Fade::gain(Fade::Curve::equalPower, 1.0 - u), 2), 1.0, 1e-12);
}

TEST(Fade, WithoutFadesIsBitTransparentAndAnEndBeforeTheStartIsRefused) {
    const AudioBuffer input = noise({48000.0, 2}, 5000, 3.0, 1);
    AudioBuffer output = input;
    Fade fade({}, input.spec());
    run(fade, output, 512);
    EXPECT_TRUE(bitEqual(input, output));
    EXPECT_THROW(Fade({.startFrames = 100, .endFrames = 50}, {}), std::invalid_argument);
}

TEST(Fade, CountsFromWhatIsHeardWhereTheStreamIsLate) {
    const StreamSpec spec{48000.0, 1};
    const Fade::Params params{.startFrames = 10.0, .inFrames = 100.0, .endFrames = 900.0, .outFrames = 200.0};
    const AudioBuffer onTime = gainCurve<Fade>(params, spec, 1000);
    AudioBuffer late(spec, 1100);
    std::fill(late.channel(0).begin(), late.channel(0).end(), 1.0f);
    Fade fade(params, spec, 100);
    run(fade, late, 64);
    for (int n = 0; n < 1000; ++n) ASSERT_EQ(late.channel(0)[n + 100], onTime.channel(0)[n]) << n;
}

TEST(Trim, DeclaresWhatItTakesAwayAsLatencyAndSilencesTheRest) {
    const StreamSpec spec{48000.0, 2};
    const Trim::Params params{.startSeconds = 0.01, .endSeconds = 0.05};
    Trim trim(params, spec);
    EXPECT_EQ(trim.latencyFrames(), 480);
    EXPECT_EQ(Trim::remainingFrames(params, 48000.0, 48000), 1920);
    EXPECT_EQ(Trim::remainingFrames({.startSeconds = 0.01}, 48000.0, 48000), 47520);
    const AudioBuffer input = noise(spec, 3000, 1.0, 4);
    for (const int split : {0, 1, 64, 500}) {
        AudioBuffer output = input;
        trim.reset();
        run(trim, output, split);
        for (int n = 0; n < 3000; ++n) ASSERT_EQ(output.channel(1)[n], n >= 480 && n < 2400 ? input.channel(1)[n] : 0.0f) << n << " in blocks of " << split;
    }
    EXPECT_THROW(Trim({.startSeconds = 2.0, .endSeconds = 1.0}, spec), std::invalid_argument);
}

TEST(Trim, NeutralIsBitTransparent) {
    const AudioBuffer input = noise({48000.0, 2}, 5000, 3.0, 1);
    AudioBuffer output = input;
    Trim trim({}, input.spec());
    run(trim, output, 512);
    EXPECT_TRUE(bitEqual(input, output));
}

TEST(ChannelMatrix, ObeysTheProcessorLawsAndMixesAsItSays) {
    obeysProcessorLaws<ChannelMatrix>({.leftFromLeft = 0.5, .leftFromRight = -1.0, .rightFromLeft = 0.25, .rightFromRight = 0.9});
    const AudioBuffer input = noise({48000.0, 2}, 100, 3.0, 1);
    AudioBuffer output = input;
    ChannelMatrix turnedOver({.rightFromRight = -1.0}, input.spec());
    run(turnedOver, output, 7);
    for (int n = 0; n < 100; ++n) {
        ASSERT_EQ(output.channel(0)[n], input.channel(0)[n]);
        ASSERT_EQ(output.channel(1)[n], -input.channel(1)[n]);
    }
}
