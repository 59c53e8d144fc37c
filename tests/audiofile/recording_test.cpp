#include "audiofile/recording.h"

#include <gtest/gtest.h>

#include "tests/audiofile/support.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

constexpr int kFrames = 480000;  // ten seconds

class Recording : public testing::Test {
protected:
    // left and right: a sample for each frame, from the take and one hiss for each side.
    template <class Left, class Right>
    ChannelUse found(double gain, Left left, Right right) {
        const AudioBuffer take = noise({48000.0, 1}, kFrames, -20.0, 1), a = noise({48000.0, 1}, kFrames, -80.0, 2), b = noise({48000.0, 1}, kFrames, -80.0, 3);
        AudioBuffer file({48000.0, 2}, kFrames);
        for (int n = 0; n < kFrames; ++n) {
            const double t = take.channel(0)[n], l = a.channel(0)[n], r = b.channel(0)[n];
            file.channel(0)[n] = static_cast<float>(gain * left(n, t, l, r));
            file.channel(1)[n] = static_cast<float>(gain * right(n, t, l, r));
        }
        writeWav(folder / "take.wav", file, SampleFormat::float32);
        return findChannelUse(*openAudio(folder / "take.wav"));
    }

    TemporaryFolder folder;
};

}  // namespace

TEST_F(Recording, OneMicrophoneInAStereoFileIsFoundAtAnyLevel) {
    for (const double gain : {1.0, 1e-4, 30.0}) {
        SCOPED_TRACE(gain);
        const auto take = [](int, double t, double l, double) { return t + l; };
        EXPECT_EQ(found(gain, take, [](int, double t, double, double r) { return t + r; }), ChannelUse::left) << "on both, dithered apart";
        EXPECT_EQ(found(gain, take, [](int, double t, double, double r) { return r - t; }), ChannelUse::left) << "one upside down";
        EXPECT_EQ(found(gain, take, [](int, double, double, double r) { return r; }), ChannelUse::left) << "the right input unused";
        EXPECT_EQ(found(gain, [](int, double, double l, double) { return l; }, take), ChannelUse::right) << "the left input unused";
    }
}

TEST_F(Recording, WhatIsStereoStaysStereo) {
    const auto same = [](int, double t, double, double) { return t; };
    EXPECT_EQ(found(1.0, same, [](int, double t, double, double r) { return t + 100.0 * r; }), ChannelUse::both) << "a room 20 dB below";
    EXPECT_EQ(found(1.0, same, [](int, double t, double, double) { return 0.5 * t; }), ChannelUse::both) << "panned: somebody's decision";
    EXPECT_EQ(found(1.0, [](int, double, double, double) { return 0.0; }, [](int, double, double, double) { return 0.0; }), ChannelUse::both) << "silence";
    // One passage in the middle is wide, where a look at some places would not find it.
    EXPECT_EQ(found(1.0, same, [](int n, double t, double, double r) { return n > 244200 && n < 257000 ? 1000.0 * r : t; }), ChannelUse::both);
}

TEST_F(Recording, NoiseBeforeTheMusicDecidesNothing) {
    EXPECT_EQ(found(1.0, [](int n, double t, double l, double) { return n < 400000 ? l : t; }, [](int, double, double, double r) { return r; }), ChannelUse::left);
}

TEST_F(Recording, ReadsAsThatChannel) {
    found(1.0, [](int, double t, double, double) { return t; }, [](int, double, double, double r) { return r; });
    const AudioBuffer file = readFile(folder / "take.wav");
    for (const ChannelUse use : {ChannelUse::left, ChannelUse::right}) {
        const auto reader = openRecording(folder / "take.wav", use);
        ASSERT_EQ(reader->info().channels, 1);
        reader->seek(300000);
        const AudioBuffer rest = readAll(*reader);
        ASSERT_EQ(rest.numFrames(), kFrames - 300000);
        for (int n = 0; n < rest.numFrames(); ++n) ASSERT_EQ(rest.channel(0)[n], file.channel(use == ChannelUse::left ? 0 : 1)[300000 + n]);
    }
    EXPECT_EQ(openRecording(folder / "take.wav", ChannelUse::both)->info().channels, 2);
}

TEST_F(Recording, AMonoFileIsItself) {
    AudioBuffer mono = noise({48000.0, 1}, 1000, -20.0, 1);
    writeWav(folder / "mono.wav", mono, SampleFormat::pcm16);
    EXPECT_EQ(findChannelUse(*openAudio(folder / "mono.wav")), ChannelUse::both);
}
