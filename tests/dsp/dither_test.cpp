#include "dsp/dither.h"

#include <complex>

#include "dsp/fft.h"
#include "tests/support/laws.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

constexpr double kStep16 = 1.0 / 32768.0;

AudioBuffer quantised(AudioBuffer audio, const Dither::Params& params) {
    Dither dither(params, audio.spec());
    run(dither, audio, 512);
    return audio;
}

// Error in steps of the 16-bit grid.
std::vector<double> errorOf(const AudioBuffer& output, const AudioBuffer& input, int channel = 0) {
    std::vector<double> error(input.numFrames());
    for (int n = 0; n < input.numFrames(); ++n) error[n] = (static_cast<double>(output.channel(channel)[n]) - input.channel(channel)[n]) / kStep16;
    return error;
}

double meanProduct(const std::vector<double>& a, const std::vector<double>& b, int lag = 0) {
    double sum = 0.0;
    for (std::size_t n = lag; n < a.size(); ++n) sum += a[n] * b[n - lag];
    return sum / static_cast<double>(a.size() - lag);
}

// Mean power of the error between two frequencies (white error of variance v gives v everywhere).
double densityOf(const std::vector<double>& error, double rate, double fromHz, double toHz) {
    const int size = 4096;
    RealFft fft(size);
    std::vector<float> time(size);
    std::vector<std::complex<float>> spectrum(fft.bins());
    double sum = 0.0;
    int count = 0;
    for (std::size_t start = 0; start + size <= error.size(); start += size / 2) {
        for (int n = 0; n < size; ++n)
            time[n] = static_cast<float>(error[start + n] * std::sin(std::numbers::pi * (n + 0.5) / size) * std::numbers::sqrt2);
        fft.forward(time, spectrum);
        for (int k = 1; k < size / 2; ++k)
            if (k * rate / size >= fromHz && k * rate / size < toHz) {
                sum += std::norm(spectrum[k]) / size;
                ++count;
            }
    }
    return sum / count;
}

}  // namespace

TEST(Dither, ObeysTheProcessorLaws) {
    obeysProcessorLaws<Dither>({.bits = 24});
    for (int kind = 0; kind < 7; ++kind) obeysProcessorLaws<Dither>({.bits = 16, .noise = static_cast<Dither::Noise>(kind)});
}

TEST(Dither, EveryOutputLiesOnTheGridOfWholeNumbers) {
    for (int bits : {8, 16, 24})
        for (int kind = 0; kind < 7; ++kind) {
            const AudioBuffer output = quantised(noise({44100.0, 2}, 20000, 1.0, 1), {.bits = bits, .noise = static_cast<Dither::Noise>(kind)});
            const double scale = std::ldexp(1.0, bits - 1);
            for (float sample : output.channel(1)) {
                const double whole = sample * scale;
                ASSERT_EQ(whole, std::floor(whole));
                ASSERT_GE(whole, -scale);
                ASSERT_LE(whole, scale - 1.0);
            }
        }
}

TEST(Dither, TriangularNoiseHasThePowerOfTheory) {
    const AudioBuffer input = sine({48000.0, 1}, 400000, 997.0, -20.0);
    const auto plain = errorOf(quantised(input, {.bits = 16, .noise = Dither::Noise::none}), input);
    const auto dithered = errorOf(quantised(input, {.bits = 16}), input);
    EXPECT_NEAR(powerToDb(meanProduct(plain, plain) * 12.0), 0.0, 0.05);  // step^2 / 12
    EXPECT_NEAR(powerToDb(meanProduct(dithered, dithered) * 12.0), 4.771, 0.05);
}

TEST(Dither, ASignalBelowOneStepSurvivesInTheMean) {
    for (double steps : {-0.4, -0.25, 0.1, 0.3, 0.499}) {
        AudioBuffer input({48000.0, 1}, 400000);
        std::fill(input.channel(0).begin(), input.channel(0).end(), static_cast<float>(steps * kStep16));
        const AudioBuffer output = quantised(input, {.bits = 16});
        double mean = 0.0, power = 0.0;
        for (float sample : output.channel(0)) mean += sample / kStep16 / 400000.0;
        for (double e : errorOf(output, input)) power += e * e / 400000.0;
        EXPECT_NEAR(mean, steps, 0.004);      // four standard deviations
        EXPECT_NEAR(power, 0.25, 0.004) << "the power of the error must not depend on the signal";
    }
}

TEST(Dither, TheErrorIsWhiteAndKnowsNothingOfTheSignalOrTheOtherChannel) {
    AudioBuffer input = sine({48000.0, 2}, 400000, 441.0, -80.0);
    const AudioBuffer output = quantised(input, {.bits = 16});
    const auto left = errorOf(output, input, 0), right = errorOf(output, input, 1);
    std::vector<double> signal(input.channel(0).begin(), input.channel(0).end());
    const double power = meanProduct(left, left);
    EXPECT_NEAR(meanProduct(left, signal) / std::sqrt(power * meanProduct(signal, signal)), 0.0, 0.007);
    EXPECT_NEAR(meanProduct(left, right) / power, 0.0, 0.007);
    for (int lag : {1, 2, 3, 10, 100}) EXPECT_NEAR(meanProduct(left, left, lag) / power, 0.0, 0.007) << lag;
}

TEST(Dither, ShapedNoiseHasTheShapeOfItsFilter) {
    struct Expected {
        Dither::Noise noise;
        double totalDb, at4kHzDb;  // against triangular dither: the published totals, and |1 - sum c z^-k|^2 at 4 kHz
    };
    for (const Expected& expected : {Expected{Dither::Noise::gentle, 3.52, -8.5}, Expected{Dither::Noise::modifiedE, 7.6, -19.4},
                                     Expected{Dither::Noise::lipshitz, 12.2, -27.2}, Expected{Dither::Noise::fWeighted, 18.4, -23.3},
                                     Expected{Dither::Noise::improvedE, 23.1, -25.2}}) {
        const AudioBuffer input = sine({44100.0, 1}, 400000, 997.0, -20.0);
        const auto error = errorOf(quantised(input, {.bits = 16, .noise = expected.noise}), input);
        EXPECT_NEAR(powerToDb(meanProduct(error, error) / 0.25), expected.totalDb, 0.2);
        EXPECT_NEAR(powerToDb(densityOf(error, 44100.0, 3900.0, 4100.0) / 0.25), expected.at4kHzDb, 0.6);
    }
}

TEST(Dither, ShapingFallsBackToTriangularWhereItsTablesDoNotFit) {
    EXPECT_EQ(Dither({.bits = 16, .noise = Dither::Noise::lipshitz}, {44100.0, 2}).noise(), Dither::Noise::lipshitz);
    EXPECT_EQ(Dither({.bits = 16, .noise = Dither::Noise::lipshitz}, {96000.0, 2}).noise(), Dither::Noise::triangular);
    EXPECT_EQ(Dither({.bits = 24, .noise = Dither::Noise::lipshitz}, {44100.0, 2}).noise(), Dither::Noise::triangular);
    EXPECT_EQ(Dither({.bits = 16, .noise = Dither::Noise::none}, {96000.0, 2}).noise(), Dither::Noise::none);
}

TEST(Dither, SilenceStaysSilentBeforeTheMusicAndHalfASecondAfterIt) {
    AudioBuffer input({48000.0, 1}, 96000);
    for (int n = 20000; n < 30000; ++n) input.channel(0)[n] = 0.1f;
    const AudioBuffer output = quantised(input, {.bits = 16, .noise = Dither::Noise::lipshitz});
    for (int n = 0; n < 20000; ++n) ASSERT_EQ(output.channel(0)[n], 0.0f);
    double sum = 0.0;
    for (int n = 30000; n < 54000; ++n) sum += std::abs(output.channel(0)[n]);
    EXPECT_GT(sum, 0.0) << "the noise does not stop with the note";
    for (int n = 54001; n < 96000; ++n) ASSERT_EQ(output.channel(0)[n], 0.0f) << n;
}

TEST(Dither, TheSeedDecidesTheNoise) {
    const AudioBuffer input = noise({48000.0, 2}, 5000, -6.0, 1);
    EXPECT_TRUE(bitEqual(quantised(input, {.bits = 16, .seed = 5}), quantised(input, {.bits = 16, .seed = 5})));
    EXPECT_FALSE(bitEqual(quantised(input, {.bits = 16, .seed = 5}), quantised(input, {.bits = 16, .seed = 6})));
}
