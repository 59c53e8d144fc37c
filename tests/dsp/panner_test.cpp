#include "dsp/panner.h"

#include <gtest/gtest.h>

#include "dsp/mid_side.h"
#include "tests/support/laws.h"
#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

AudioBuffer panned(const Panner::Params& params, AudioBuffer audio) {
    Panner panner(params, audio.spec());
    run(panner, audio, 512);
    return audio;
}

// The same on both channels, as a mono track arrives.
AudioBuffer copiedMono(int frames) {
    AudioBuffer audio = noise({48000.0, 2}, frames, -6.0, 3);
    std::copy(audio.channel(0).begin(), audio.channel(0).end(), audio.channel(1).begin());
    return audio;
}

}  // namespace

TEST(Panner, ObeysTheProcessorLaws) {
    obeysProcessorLaws<Panner>({.position = 0.3, .source = Panner::Source::mono});
    obeysProcessorLaws<Panner>({.position = -0.7, .source = Panner::Source::stereo, .width = 1.4});
}

TEST(Panner, AStereoSourceInTheCentreIsBitIdentical) {
    const AudioBuffer input = noise({48000.0, 2}, 4000, 0.0, 5);
    EXPECT_TRUE(bitEqual(panned({}, input), input));
}

TEST(Panner, AMonoSourceIsThreeDecibelsDownASideInTheCentreAndFullAtTheEnds) {
    const AudioBuffer input = copiedMono(4000);
    const AudioBuffer centre = panned({.position = 0.0, .source = Panner::Source::mono}, input);
    for (int c : {0, 1}) EXPECT_NEAR(rmsDb(centre, 0, -1, c) - rmsDb(input), -3.0103, 1e-4);
    const AudioBuffer right = panned({.position = 1.0, .source = Panner::Source::mono}, input);
    EXPECT_NEAR(rmsDb(right, 0, -1, 1) - rmsDb(input), 0.0, 1e-4);
    EXPECT_LT(rmsDb(right, 0, -1, 0), -300.0);
}

TEST(Panner, AMonoSourceKeepsItsPowerWhereverItStands) {
    for (double position = -1.0; position <= 1.0; position += 0.125) {
        const auto g = Panner::gains({.position = position, .source = Panner::Source::mono});
        const double left = g.leftFromLeft + g.leftFromRight, right = g.rightFromLeft + g.rightFromRight;
        EXPECT_NEAR(left * left + right * right, 1.0, 1e-12) << position;
    }
}

TEST(Panner, LeftIsTheMirrorOfRight) {
    for (auto source : {Panner::Source::mono, Panner::Source::stereo})
        for (double position : {0.1, 0.5, 0.9, 1.0}) {
            const auto right = Panner::gains({.position = position, .source = source, .width = 0.6});
            const auto left = Panner::gains({.position = -position, .source = source, .width = 0.6});
            EXPECT_NEAR(right.leftFromLeft, left.rightFromRight, 1e-12);
            EXPECT_NEAR(right.leftFromRight, left.rightFromLeft, 1e-12);
            EXPECT_NEAR(right.rightFromRight, left.leftFromLeft, 1e-12);
        }
}

TEST(Panner, AStereoSourceIsBalancedWithoutEverGettingLouder) {
    double last = 1.0;
    for (double position = 0.0; position <= 1.0; position += 0.05) {
        const auto g = Panner::gains({.position = position});
        EXPECT_EQ(g.rightFromRight, 1.0);
        EXPECT_EQ(g.rightFromLeft, 0.0);
        EXPECT_LE(g.leftFromLeft, last) << "the far side falls steadily";
        EXPECT_NEAR(g.leftFromLeft, std::numbers::sqrt2 * std::cos((position + 1.0) * std::numbers::pi / 4.0), 1e-12);
        last = g.leftFromLeft;
    }
    EXPECT_EQ(Panner::gains({.position = 1.0}).leftFromLeft, std::max(0.0, std::numbers::sqrt2 * std::cos(std::numbers::pi / 2.0)));
}

TEST(Panner, WidthZeroIsMonoAndTheMidStays) {
    const AudioBuffer input = noise({48000.0, 2}, 4000, -6.0, 5);
    const AudioBuffer narrow = panned({.width = 0.0}, input), wide = panned({.width = 2.0}, input);
    for (int n = 0; n < 4000; ++n) {
        EXPECT_EQ(narrow.channel(0)[n], narrow.channel(1)[n]);
        const MidSide in = toMidSide(input.channel(0)[n], input.channel(1)[n]);
        const MidSide out = toMidSide(wide.channel(0)[n], wide.channel(1)[n]);
        EXPECT_NEAR(out.mid, in.mid, 1e-7);
        EXPECT_NEAR(out.side, 2.0 * in.side, 2e-7);
    }
}

TEST(Panner, RefusesWhatItCannotDo) {
    EXPECT_THROW(Panner({.position = 1.1}, {}), std::invalid_argument);
    EXPECT_THROW(Panner({}, {48000.0, 1}), std::invalid_argument);
}
