#include "demo/drum_kit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "demo/fractional_delay.h"
#include "demo/session_plan.h"

using namespace tonewright::demo;

namespace {

const Microphone& microphone(const std::string& name) {
    const auto& all = kitMicrophones();
    return *std::find_if(all.begin(), all.end(), [&](const Microphone& m) { return m.name == name; });
}

// What a microphone makes of one click of one drum.
std::vector<float> recordClick(const Microphone& mic, Drum drum, int at) {
    std::vector<float> silence(4096), click(4096);
    click[at] = 1.0f;
    std::array<std::span<const float>, numDrums> drums;
    drums.fill(silence);
    drums[drum] = click;
    return recordKit(mic, drums, 48000.0);
}

int loudestFrame(const std::vector<float>& sound) {
    return static_cast<int>(std::max_element(sound.begin(), sound.end(), [](float a, float b) { return std::abs(a) < std::abs(b); }) - sound.begin());
}

}  // namespace

TEST(DemoFractionalDelay, DelaysSinesByExactlySoMuch) {
    constexpr int kFrames = 6000;
    for (double delayFrames : {0.0, 5.0, 0.5, 161.76, 3.999}) {
        const FractionalDelay delay(delayFrames);
        for (double hz : {100.0, 1000.0, 10000.0, 20000.0}) {
            const double step = 2.0 * std::numbers::pi * hz / 48000.0;
            std::vector<float> in(kFrames), out(kFrames);
            for (int n = 0; n < kFrames; ++n) in[n] = static_cast<float>(std::sin(step * n));
            delay.add(in, 1.0f, out);
            for (int n = 400; n < kFrames - 100; ++n)
                ASSERT_NEAR(out[n], std::sin(step * (n - delayFrames)), 3e-5) << delayFrames << " frames at " << hz << " Hz, frame " << n;
        }
    }
}

TEST(DemoDrumKit, TheOverheadsHearKickAndSnareAtTheSameMoment) {
    for (Drum drum : {kickDrum, snareDrum}) {
        const Hearing left = hear(microphone("overhead left"), drum, 48000.0), right = hear(microphone("overhead right"), drum, 48000.0);
        EXPECT_EQ(left.delayFrames, right.delayFrames);
        EXPECT_EQ(left.gain, right.gain);
    }
    EXPECT_LT(hear(microphone("overhead left"), hiHatCymbals, 48000.0).delayFrames,
              hear(microphone("overhead right"), hiHatCymbals, 48000.0).delayFrames);
}

TEST(DemoDrumKit, SoundArrivesByTheSpeedOfSound) {
    for (const Microphone& mic : kitMicrophones())
        for (int index = 0; index < numDrums; ++index) {
            const Drum drum = static_cast<Drum>(index);
            const Hearing hearing = hear(mic, drum, 48000.0);
            if (hearing.gain == 0.0 || mic.underneath) continue;
            EXPECT_NEAR(hearing.delayFrames, distanceMetres(mic.position, drumSources()[drum].position) / 343.0 * 48000.0, 1e-9);
            EXPECT_NEAR(loudestFrame(recordClick(mic, drum, 1000)) - 1000, hearing.delayFrames, 1.0) << mic.name << " hears " << drumSources()[drum].name;
        }
}

TEST(DemoDrumKit, ACloseMicrophoneHearsItsDrumFirstAndLoudest) {
    for (const Microphone& mic : kitMicrophones())
        for (Drum own : mic.owns)
            for (int other = 0; other < numDrums; ++other) {
                if (std::find(mic.owns.begin(), mic.owns.end(), static_cast<Drum>(other)) != mic.owns.end()) continue;
                const Hearing mine = hear(mic, own, 48000.0), theirs = hear(mic, static_cast<Drum>(other), 48000.0);
                EXPECT_LT(mine.delayFrames, theirs.delayFrames) << mic.name;
                EXPECT_GT(mine.gain, 2.0 * theirs.gain) << mic.name << " and " << drumSources()[other].name;
            }
}

TEST(DemoDrumKit, TheMicrophoneUnderTheSnareSeesItUpsideDown) {
    const std::vector<float> top = recordClick(microphone("snare top"), snareDrum, 1000);
    const std::vector<float> bottom = recordClick(microphone("snare bottom"), snareDrum, 1000);
    EXPECT_GT(top[loudestFrame(top)], 0.0f);
    EXPECT_LT(bottom[loudestFrame(bottom)], 0.0f);
}
