#include "dsp/delay.h"

#include <gtest/gtest.h>

#include "tests/support/laws.h"
#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

AudioBuffer impulseResponse(const Delay::Params& params, StreamSpec spec, int frames, float left = 1.0f, float right = 1.0f) {
    AudioBuffer audio(spec, frames);
    audio.channel(0)[0] = left;
    audio.channel(spec.channels - 1)[0] = spec.channels == 1 ? left : right;
    Delay delay(params, spec);
    run(delay, audio, 512);
    return audio;
}

constexpr Delay::Params kOpen{.timeLeftMs = 100.0, .timeRightMs = 150.0, .feedback = 0.5, .lowCutHz = 0.0, .highCutHz = 20000.0};

}  // namespace

TEST(Delay, ObeysTheProcessorLaws) {
    obeysProcessorLaws<Delay>({.timeLeftMs = 20.0, .timeRightMs = 31.0, .feedback = 0.7, .mix = 0.5});
    obeysProcessorLaws<Delay>({.timeLeftMs = 20.0, .timeRightMs = 31.0, .pingPong = true});
    obeysProcessorLaws<Delay>({.timeLeftMs = 20.0}, {44100.0, 1});
}

TEST(Delay, IsBitIdenticalAtMixZero) {
    const AudioBuffer input = noise({48000.0, 2}, 48000, 0.0, 5);
    AudioBuffer output = input;
    Delay delay({.timeLeftMs = 50.0, .mix = 0.0}, input.spec());
    run(delay, output, 512);
    EXPECT_TRUE(bitEqual(output, input));
}

TEST(Delay, RepeatsAtItsTimesWithFallingLevel) {
    for (double rate : {44100.0, 48000.0, 96000.0}) {
        const AudioBuffer echoes = impulseResponse(kOpen, {rate, 2}, static_cast<int>(rate));
        for (int c : {0, 1}) {
            const int period = static_cast<int>(std::lround((c == 0 ? 0.1 : 0.15) * rate));
            float expected = 1.0f;
            for (int n = 0; n < echoes.numFrames(); ++n) {
                if (n > 0 && n % period == 0) {
                    EXPECT_EQ(echoes.channel(c)[n], expected) << n;
                    expected *= 0.5f;
                } else {
                    EXPECT_EQ(echoes.channel(c)[n], 0.0f) << n;
                }
            }
        }
    }
}

TEST(Delay, PingPongCrossesFromSideToSide) {
    Delay::Params params = kOpen;
    params.pingPong = true;
    const AudioBuffer echoes = impulseResponse(params, {48000.0, 2}, 40000, 0.5f, 0.5f);
    // Left after 100 ms, right 150 ms later, left again 100 ms after that; each crossing costs the feedback.
    EXPECT_EQ(echoes.channel(0)[4800], 0.5f);
    EXPECT_EQ(echoes.channel(1)[4800], 0.0f);
    EXPECT_EQ(echoes.channel(1)[12000], 0.25f);
    EXPECT_EQ(echoes.channel(0)[16800], 0.125f);
    EXPECT_EQ(echoes.channel(0)[12000], 0.0f);
}

TEST(Delay, EveryRepeatIsCutOnceMore) {
    // Level of the k-th repeat of a burst against the Butterworth responses to the k-th power.
    const StreamSpec spec{48000.0, 1};
    const Delay::Params params{.timeLeftMs = 500.0, .feedback = 0.5, .lowCutHz = 200.0, .highCutHz = 3000.0};
    for (double hz : {100.0, 200.0, 800.0, 3000.0, 5000.0}) {
        AudioBuffer audio(spec, 24000 * 4);
        const AudioBuffer tone = sine(spec, 12000, hz, -6.0);
        std::copy(tone.channel(0).begin(), tone.channel(0).end(), audio.channel(0).begin());
        const double inputDb = rmsDb(audio, 6000, 12000);
        Delay delay(params, spec);
        run(delay, audio, 512);
        const auto warped = [](double f) { return std::tan(std::numbers::pi * f / 48000.0); };
        const double low = std::pow(warped(hz) / warped(200.0), 4.0), high = std::pow(warped(hz) / warped(3000.0), 4.0);
        const double cutDb = powerToDb(low / (1.0 + low) / (1.0 + high));
        for (int repeat : {1, 2, 3}) {
            const double level = rmsDb(audio, 24000 * repeat + 6000, 24000 * repeat + 12000);
            EXPECT_NEAR(level - inputDb, repeat * cutDb + (repeat - 1) * gainToDb(0.5), 0.05) << hz << " Hz, repeat " << repeat;
        }
    }
}

TEST(Delay, StaysStableAtFullFeedbackAndEndsInExactSilence) {
    const StreamSpec spec{48000.0, 2};
    Delay loud({.timeLeftMs = 1.0, .timeRightMs = 1.3, .feedback = 0.98, .lowCutHz = 0.0, .highCutHz = 20000.0}, spec);
    AudioBuffer tail = noise(spec, 4800, 0.0, 3);
    run(loud, tail, 512);
    float last = 1.0f;
    for (int second = 0; second < 3; ++second) {
        AudioBuffer silence(spec, 48000);
        run(loud, silence, 512);
        last = *std::max_element(silence.channel(0).end() - 48, silence.channel(0).end());
    }
    EXPECT_EQ(last, 0.0f);
}

TEST(Delay, RefusesWhatItCannotDo) {
    EXPECT_THROW(Delay({.feedback = 1.0}, {}), std::invalid_argument);
    EXPECT_THROW(Delay({}, {48000.0, 3}), std::invalid_argument);
}
