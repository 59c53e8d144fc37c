#include "dsp/alignment.h"

#include "tests/support/laws.h"

using namespace tonewright;
using namespace tonewright::test;

TEST(Alignment, ObeysTheProcessorLaws) {
    for (double delay : {0.0, 3.0, 12.25, 700.5, -0.5, -31.0, -48.75}) {
        SCOPED_TRACE(delay);
        obeysProcessorLaws<Alignment>({.delayFrames = delay, .invertPolarity = delay > 10.0});
    }
}

TEST(Alignment, MovesByWholeFramesBitForBitInBothDirections) {
    const AudioBuffer input = noise({48000.0, 2}, 60000, 3.0, 1);
    for (int delay : {0, 1, 255, 256, 5000, 20000, -1, -300, -20000}) {
        for (bool inverted : {false, true}) {
            AudioBuffer output = input;
            Alignment alignment({.delayFrames = static_cast<double>(delay), .invertPolarity = inverted}, input.spec());
            run(alignment, output, 0);
            const int late = alignment.latencyFrames() + delay;
            EXPECT_EQ(alignment.latencyFrames(), std::max(0, -delay));
            for (int n = 0; n < 60000; ++n) {
                const float expected = n < late ? 0.0f : input.channel(1)[n - late];
                ASSERT_EQ(output.channel(1)[n], inverted ? -expected : expected) << delay << " at " << n;
            }
        }
    }
}

TEST(Alignment, MovesByFractionsWithLessThanAHundredDecibelsOfErrorUpTo045OfTheRate) {
    for (double delay : {0.5, 0.1, 17.37, 1234.9, -0.25, -60.6}) {
        for (double share : {0.001, 0.05, 0.21, 0.4, 0.45}) {
            const double rate = 48000.0;
            const AudioBuffer input = sine({rate, 1}, 8000, share * rate, 0.0);
            AudioBuffer output = input;
            Alignment alignment({.delayFrames = delay}, input.spec());
            run(alignment, output, 512);
            double worst = 0.0;
            for (int n = 3000; n < 7000; ++n) {
                const double expected = std::sin(2.0 * std::numbers::pi * share * (n - alignment.latencyFrames() - delay));
                worst = std::max(worst, std::abs(output.channel(0)[n] - expected));
            }
            EXPECT_LT(gainToDb(worst), -100.0) << delay << " frames at " << share;
        }
    }
}

TEST(Alignment, RefusesDelaysOutOfRange) { EXPECT_THROW(Alignment({.delayFrames = 20001.0}, {}), std::invalid_argument); }
