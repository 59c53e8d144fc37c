#include "dsp/crossover.h"

#include <complex>

#include "core/decibels.h"
#include "dsp/multiband_compressor.h"
#include "tests/support/laws.h"
#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

// Bands of the input, each its own buffer.
std::vector<AudioBuffer> splitUp(Crossover& crossover, AudioBuffer input) {
    std::vector<AudioBuffer> bands(crossover.bands(), AudioBuffer(input.spec(), input.numFrames()));
    std::vector<std::vector<float*>> pointers(bands.size(), std::vector<float*>(input.numChannels()));
    std::vector<Block> views;
    for (std::size_t b = 0; b < bands.size(); ++b) views.push_back(bands[b].block(pointers[b], 0, input.numFrames()));
    std::vector<float*> in(input.numChannels());
    crossover.split(input.block(in, 0, input.numFrames()), views.data());
    return bands;
}

std::complex<double> responseOf(const std::vector<double>& impulse, double hz, double sampleRateHz) {
    std::complex<double> sum = 0.0;
    for (std::size_t n = 0; n < impulse.size(); ++n)
        sum += impulse[n] * std::polar(1.0, -2.0 * std::numbers::pi * hz * static_cast<double>(n) / sampleRateHz);
    return sum;
}

}  // namespace

TEST(Crossover, sumsFlatWithinAHundredthOfADecibel) {
    for (double sampleRateHz : {44100.0, 48000.0, 96000.0})
        for (const std::vector<double>& frequencies :
             {std::vector<double>{1000.0}, {120.0, 2500.0}, {90.0, 300.0, 5000.0}, {80.0, 250.0, 2000.0, 8000.0}}) {
            Crossover crossover(frequencies, {sampleRateHz, 2});
            AudioBuffer impulse({sampleRateHz, 2}, 16384);
            impulse.channel(1)[0] = 1.0f;
            const std::vector<AudioBuffer> bands = splitUp(crossover, impulse);
            std::vector<double> sum(16384);
            for (const AudioBuffer& band : bands)
                for (int n = 0; n < 16384; ++n) sum[n] += band.channel(1)[n];
            for (double hz = 20.0; hz < 20000.0; hz *= 1.3)
                EXPECT_NEAR(gainToDb(std::abs(responseOf(sum, hz, sampleRateHz))), 0.0, 0.01) << hz << " Hz of " << bands.size() << " bands";
            for (const AudioBuffer& band : bands) EXPECT_EQ(band.channel(0)[5], 0.0f) << "channels stay apart";
        }
}

TEST(Crossover, bandsAreLinkwitzRileyOfTheFourthOrder) {
    Crossover crossover({1000.0}, {48000.0, 1});
    AudioBuffer impulse({48000.0, 1}, 16384);
    impulse.channel(0)[0] = 1.0f;
    const std::vector<AudioBuffer> bands = splitUp(crossover, impulse);
    for (int b = 0; b < 2; ++b) {
        const std::vector<double> h(bands[b].channel(0).begin(), bands[b].channel(0).end());
        for (double hz : {250.0, 500.0, 1000.0, 2000.0, 4000.0}) {
            // Squared Butterworth, over warped frequency.
            const double u = std::tan(std::numbers::pi * hz / 48000.0) / std::tan(std::numbers::pi * 1000.0 / 48000.0);
            const double magnitude = b == 0 ? 1.0 / (1.0 + std::pow(u, 4)) : std::pow(u, 4) / (1.0 + std::pow(u, 4));
            EXPECT_NEAR(gainToDb(std::abs(responseOf(h, hz, 48000.0))), gainToDb(magnitude), 0.01) << hz;
        }
    }
}

TEST(Crossover, refusesFrequenciesThatDoNotAscendOrCannotBe) {
    EXPECT_THROW(Crossover({500.0, 500.0}, {}), std::invalid_argument);
    EXPECT_THROW(Crossover({30000.0}, {48000.0, 2}), std::invalid_argument);
    EXPECT_THROW(Crossover({std::nan("")}, {}), std::invalid_argument);
}

TEST(MultibandCompressor, obeysTheProcessorLaws) {
    const MultibandCompressor::Params params{{{.upperHz = 150.0, .thresholdDb = -30.0, .ratio = 3.0},
                                              {.upperHz = 3000.0, .thresholdDb = -20.0, .ratio = 2.0, .makeupGainDb = 1.0},
                                              {.thresholdDb = -20.0, .ratio = 1.5}},
                                             0.8};
    obeysProcessorLaws<MultibandCompressor>(params);
    obeysProcessorLaws<MultibandCompressor>(params, {44100.0, 1});
    obeysProcessorLaws<MultibandCompressor>(params, {96000.0, 3});
    obeysProcessorLaws<MultibandCompressor>({});
}

TEST(MultibandCompressor, neutralParametersLeaveTheBitsAlone) {
    const AudioBuffer input = noise({48000.0, 2}, 5000, 0.0, 4);
    AudioBuffer output = input;
    MultibandCompressor compressor({{{.upperHz = 150.0, .thresholdDb = -30.0}, {.upperHz = 3000.0}, {}}}, {48000.0, 2});
    run(compressor, output, 0);
    EXPECT_TRUE(bitEqual(input, output));
}

TEST(MultibandCompressor, turnsDownTheBandThatIsTooLoudAndNoOther) {
    const StreamSpec spec{48000.0, 1};
    const MultibandCompressor::Params params{
        {{.upperHz = 1000.0, .thresholdDb = -20.0, .ratio = 4.0, .kneeDb = 0.0}, {.upperHz = 6000.0, .thresholdDb = 0.0, .ratio = 2.0}, {}}};
    const auto gainDb = [&](double hz, double levelDb) {
        AudioBuffer audio = sine(spec, 96000, hz, levelDb + 3.0103);
        MultibandCompressor compressor(params, spec);
        run(compressor, audio, 512);
        return rmsDb(audio, 48000) - levelDb;
    };
    EXPECT_NEAR(gainDb(200.0, -8.0), -9.0, 0.15);
    EXPECT_NEAR(gainDb(3000.0, -8.0), 0.0, 0.01);
    EXPECT_NEAR(gainDb(15000.0, -8.0), 0.0, 0.01);
}

TEST(MultibandCompressor, refusesParametersOutOfRange) {
    EXPECT_THROW(MultibandCompressor({{{.upperHz = 500.0}, {.upperHz = 400.0}, {}}}, {}), std::invalid_argument);
    EXPECT_THROW(MultibandCompressor({{{.ratio = 0.0}}}, {}), std::invalid_argument);
}
