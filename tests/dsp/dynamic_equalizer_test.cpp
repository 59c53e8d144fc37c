#include "dsp/dynamic_equalizer.h"

#include <array>

#include "core/decibels.h"
#include "tests/support/laws.h"
#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

using Shape = DynamicEqualizer::Shape;
using Direction = DynamicEqualizer::Direction;

const DynamicEqualizer::Band kBell{.frequencyHz = 1000.0, .q = 1.0, .thresholdDb = -30.0, .ratio = 4.0, .rangeDb = 12.0};

double gainOfDb(const DynamicEqualizer::Band& band, double hz, double levelDb, double sampleRateHz = 48000.0) {
    const int frames = static_cast<int>(sampleRateHz);
    AudioBuffer audio = sine({sampleRateHz, 1}, frames, hz, levelDb + 3.0103);
    DynamicEqualizer equalizer({{band}}, {sampleRateHz, 1});
    run(equalizer, audio, 512);
    return rmsDb(audio, frames / 2) - levelDb;
}

}  // namespace

TEST(DynamicEqualizer, obeysTheProcessorLaws) {
    const DynamicEqualizer::Params params{{kBell,
                                           {.type = Shape::lowShelf, .frequencyHz = 150.0, .thresholdDb = -40.0, .rangeDb = 6.0, .direction = Direction::boost},
                                           {.type = Shape::highShelf, .frequencyHz = 6000.0, .thresholdDb = -20.0, .rangeDb = 9.0}}};
    obeysProcessorLaws<DynamicEqualizer>(params);
    obeysProcessorLaws<DynamicEqualizer>(params, {44100.0, 1});
    obeysProcessorLaws<DynamicEqualizer>({});
}

TEST(DynamicEqualizer, neutralOrBelowThresholdItLeavesTheBitsAlone) {
    const AudioBuffer input = noise({48000.0, 2}, 5000, -40.0, 4);
    for (const DynamicEqualizer::Band& band : {DynamicEqualizer::Band{}, kBell}) {
        AudioBuffer output = input;
        DynamicEqualizer equalizer({{band}}, {48000.0, 2});
        run(equalizer, output, 0);
        EXPECT_TRUE(bitEqual(input, output));
    }
}

TEST(DynamicEqualizer, cutsASteadyToneOnTheStaticCurve) {
    for (double sampleRateHz : {44100.0, 48000.0, 96000.0}) {
        EXPECT_NEAR(gainOfDb(kBell, 1000.0, -40.0, sampleRateHz), 0.0, 1e-6);
        EXPECT_NEAR(gainOfDb(kBell, 1000.0, -22.0, sampleRateHz), -6.0, 0.1);
        EXPECT_NEAR(gainOfDb(kBell, 1000.0, -6.0, sampleRateHz), -12.0, 0.1) << "no farther than its range";
    }
}

TEST(DynamicEqualizer, boostsUpward) {
    DynamicEqualizer::Band band = kBell;
    band.direction = Direction::boost;
    EXPECT_NEAR(gainOfDb(band, 1000.0, -22.0), 6.0, 0.1);
}

TEST(DynamicEqualizer, aToneOutsideItsBandNeitherMovesItNorIsMoved) {
    // 100 Hz is 20 dB down in a Q 1 band-pass at 1 kHz: under the threshold.
    EXPECT_NEAR(gainOfDb(kBell, 100.0, -18.0), 0.0, 1e-3);
    DynamicEqualizer::Band shelf = kBell;
    shelf.type = Shape::highShelf;
    shelf.q = 0.7071;
    EXPECT_NEAR(gainOfDb(shelf, 10000.0, -22.0), -6.0, 0.15);
    EXPECT_NEAR(gainOfDb(shelf, 50.0, -3.0), 0.0, 1e-3);
}

TEST(DynamicEqualizer, reportsWhatItDid) {
    AudioBuffer audio = sine({48000.0, 1}, 96000, 1000.0, -22.0 + 3.0103);
    DynamicEqualizer equalizer({{kBell, {}}}, {48000.0, 1});
    run(equalizer, audio, 512);
    EXPECT_NEAR(equalizer.extremeGainDb(0), -6.0, 0.2);
    EXPECT_NEAR(equalizer.meanGainDb(0), -6.0, 0.2);
    EXPECT_EQ(equalizer.extremeGainDb(1), 0.0);
}

TEST(DynamicEqualizer, refusesParametersOutOfRange) {
    EXPECT_THROW(DynamicEqualizer({{{.ratio = 0.1}}}, {}), std::invalid_argument);
    EXPECT_THROW(DynamicEqualizer({{{.frequencyHz = std::nan("")}}}, {}), std::invalid_argument);
}

TEST(DynamicEqualizer, withAKeyItHearsTheKeyAndMovesTheSound) {
    const int frames = 48000;
    for (int keyChannels : {1, 2})
        for (double keyDb : {-60.0, -22.0}) {
            AudioBuffer audio = sine({48000.0, 1}, frames, 1000.0, -20.0);
            const AudioBuffer before = audio;
            AudioBuffer key = sine({48000.0, keyChannels}, frames, 1000.0, keyDb + 3.0103);
            DynamicEqualizer equalizer({{kBell}}, {48000.0, 1});
            for (int start = 0; start < frames; start += 512) {
                const int length = std::min(512, frames - start);
                std::array<float*, 1> own;
                std::array<float*, 2> heard;
                equalizer.processWithKey(audio.block(own, start, length), key.block(heard, start, length));
            }
            if (keyDb < -30.0) EXPECT_TRUE(bitEqual(before, audio)) << "its own sound does not move it";
            else EXPECT_NEAR(rmsDb(audio, frames / 2) - rmsDb(before, frames / 2), -6.0, 0.1) << keyChannels;
        }
}
