#include "dsp/transient_shaper.h"

#include "core/decibels.h"
#include "tests/support/laws.h"
#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

// A drum: noise that starts at once and rings out with 100 ms, every half second.
AudioBuffer drum(StreamSpec spec, double peakDb) {
    AudioBuffer audio = noise(spec, static_cast<int>(2 * spec.sampleRateHz), peakDb, 12);
    const int period = static_cast<int>(spec.sampleRateHz / 2);
    for (int c = 0; c < spec.channels; ++c)
        for (int n = 0; n < audio.numFrames(); ++n)
            audio.channel(c)[n] *= static_cast<float>(std::exp(-(n % period) / (0.1 * spec.sampleRateHz)));
    return audio;
}

// Gain over a stretch of the last hit, in ms after its start.
double gainDb(const TransientShaper::Params& params, StreamSpec spec, double peakDb, double fromMs, double toMs) {
    const AudioBuffer input = drum(spec, peakDb);
    AudioBuffer output = input;
    TransientShaper shaper(params, spec);
    run(shaper, output, 512);
    const int start = static_cast<int>(1.5 * spec.sampleRateHz);
    const int from = start + static_cast<int>(fromMs * 0.001 * spec.sampleRateHz), to = start + static_cast<int>(toMs * 0.001 * spec.sampleRateHz);
    return rmsDb(output, from, to) - rmsDb(input, from, to);
}

}  // namespace

TEST(TransientShaper, obeysTheProcessorLaws) {
    obeysProcessorLaws<TransientShaper>({.attackDb = 6.0, .sustainDb = -6.0});
    obeysProcessorLaws<TransientShaper>({.attackDb = -6.0, .sustainDb = 9.0}, {44100.0, 1});
    obeysProcessorLaws<TransientShaper>({});
}

TEST(TransientShaper, neutralParametersLeaveTheBitsAlone) {
    const AudioBuffer input = noise({48000.0, 2}, 5000, 0.0, 4);
    AudioBuffer output = input;
    TransientShaper shaper({}, {48000.0, 2});
    run(shaper, output, 0);
    EXPECT_TRUE(bitEqual(input, output));
}

TEST(TransientShaper, raisesAttacksAloneOrSustainAlone) {
    for (double sampleRateHz : {44100.0, 48000.0, 96000.0}) {
        const StreamSpec spec{sampleRateHz, 1};
        EXPECT_GT(gainDb({.attackDb = 6.0}, spec, -6.0, 2.0, 8.0), 3.5);
        EXPECT_NEAR(gainDb({.attackDb = 6.0}, spec, -6.0, 150.0, 300.0), 0.0, 0.3);
        EXPECT_NEAR(gainDb({.sustainDb = 6.0}, spec, -6.0, 2.0, 8.0), 0.0, 0.3);
        EXPECT_GT(gainDb({.sustainDb = 6.0}, spec, -6.0, 150.0, 300.0), 2.5);
        EXPECT_LT(gainDb({.attackDb = -6.0}, spec, -6.0, 2.0, 8.0), -3.5);
    }
}

TEST(TransientShaper, doesTheSameAtEveryLevel) {
    const StreamSpec spec{48000.0, 1};
    for (auto [from, to] : {std::pair{2.0, 8.0}, {150.0, 300.0}}) {
        const double loud = gainDb({.attackDb = 6.0, .sustainDb = 4.0}, spec, 0.0, from, to);
        EXPECT_NEAR(gainDb({.attackDb = 6.0, .sustainDb = 4.0}, spec, -30.0, from, to), loud, 1e-3);
        EXPECT_NEAR(gainDb({.attackDb = 6.0, .sustainDb = 4.0}, spec, -60.0, from, to), loud, 1e-3);
    }
}

TEST(TransientShaper, leavesASteadySoundAsItIs) {
    for (double hz : {50.0, 440.0, 5000.0}) {
        const AudioBuffer input = sine({48000.0, 1}, 96000, hz, -12.0);
        AudioBuffer output = input;
        TransientShaper shaper({.attackDb = 12.0, .sustainDb = 12.0}, {48000.0, 1});
        run(shaper, output, 512);
        EXPECT_NEAR(rmsDb(output, 48000) - rmsDb(input, 48000), 0.0, 0.05) << hz;
    }
}

TEST(TransientShaper, refusesParametersOutOfRange) {
    EXPECT_THROW(TransientShaper({.attackDb = 60.0}, {}), std::invalid_argument);
    EXPECT_THROW(TransientShaper({.sustainDb = std::nan("")}, {}), std::invalid_argument);
}
