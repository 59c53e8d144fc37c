#include "audiofile/resampler.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "tests/audiofile/support.h"

namespace tonewright::test {
namespace {

// Everything through a Resampler, pushed and pulled in pieces of random lengths (seed 0: in one).
AudioBuffer converted(AudioBuffer& input, int outRateHz, unsigned seed, ResamplingQuality quality = ResamplingQuality::veryHigh) {
    const int inRateHz = static_cast<int>(input.spec().sampleRateHz), channels = input.numChannels();
    Resampler resampler(inRateHz, outRateHz, channels, quality);
    AudioBuffer output({static_cast<double>(outRateHz), channels}, static_cast<int>(resampledFrames(input.numFrames(), inRateHz, outRateHz)));
    std::vector<float*> pointers(channels);
    std::mt19937 random(seed);
    const auto upTo = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
    int pushed = 0, pulled = 0;
    const auto pull = [&](int most) {
        const int count = std::min(most, output.numFrames() - pulled);
        pulled += resampler.pull(output.block(pointers, pulled, count));
    };
    while (pushed < input.numFrames()) {
        const int count = seed ? std::min(upTo(9000), input.numFrames() - pushed) : input.numFrames();
        resampler.push(input.block(pointers, pushed, count));
        pushed += count;
        if (seed) pull(upTo(3000));
    }
    resampler.finish();
    while (resampler.availableFrames() > 0 && pulled < output.numFrames()) pull(seed ? upTo(3000) : output.numFrames());
    EXPECT_EQ(pulled, output.numFrames());
    EXPECT_EQ(resampler.availableFrames(), 0) << "no frame more than the length says";
    return output;
}

const int kRates[][2] = {{44100, 48000}, {48000, 44100}, {96000, 44100}, {44100, 192000}, {48000, 96000}, {44100, 44101}, {8000, 48000}};

TEST(Resampler, ASineStaysThatSineAtTheSameTime) {
    for (const auto& [in, out] : kRates)
        for (const double hz : {440.0, 0.45 * std::min(in, out)}) {
            AudioBuffer input = sine({static_cast<double>(in), 1}, in, hz, -1.0);
            const AudioBuffer truth = sine({static_cast<double>(out), 1}, out, hz, -1.0);
            AudioBuffer output = converted(input, out, 0);
            ASSERT_EQ(output.numFrames(), out);
            for (int n = 0; n < out; ++n) output.channel(0)[n] -= truth.channel(0)[n];
            // The ends of the sine are edges of their own: the middle is compared.
            EXPECT_LT(rmsDb(output, out / 4, 3 * out / 4), -135.0) << in << " -> " << out << " at " << hz << " Hz";
        }
}

TEST(Resampler, WhatTheOutputCannotHoldIsGone) {
    AudioBuffer input = sine({96000.0, 1}, 96000, 30000.0, -1.0);
    const AudioBuffer output = converted(input, 44100, 0);
    EXPECT_LT(rmsDb(output, 11025, 33075), -135.0);
}

TEST(Resampler, TheAnalysisQualityIsBelow120Decibels) {
    AudioBuffer input = sine({44100.0, 1}, 44100, 19000.0, -1.0);
    const AudioBuffer truth = sine({48000.0, 1}, 48000, 19000.0, -1.0);
    AudioBuffer output = converted(input, 48000, 0, ResamplingQuality::high);
    for (int n = 0; n < 48000; ++n) output.channel(0)[n] -= truth.channel(0)[n];
    EXPECT_LT(rmsDb(output, 12000, 36000), -120.0);
}

TEST(Resampler, HowTheStreamIsCutDoesNotChangeABit) {
    for (const auto& [in, out] : kRates) {
        AudioBuffer input = noise({static_cast<double>(in), 2}, 30011, 0.0, 21);
        const AudioBuffer whole = converted(input, out, 0);
        for (const unsigned seed : {1u, 2u}) EXPECT_TRUE(sameBits(whole, converted(input, out, seed))) << in << " -> " << out;
    }
}

TEST(Resampler, TheLengthCoversTheSignalAndNoMore) {
    EXPECT_EQ(resampledFrames(0, 44100, 48000), 0);
    EXPECT_EQ(resampledFrames(1, 44100, 48000), 2);   // frames at 0 and 20.8 us, inside the 22.7 us of one frame
    EXPECT_EQ(resampledFrames(1, 48000, 44100), 1);
    EXPECT_EQ(resampledFrames(44100, 44100, 48000), 48000);
    EXPECT_EQ(resampledFrames(147, 44100, 48000), 160);
    EXPECT_EQ(resampledFrames(148, 44100, 48000), 162);
    EXPECT_EQ(resampledFrames(std::int64_t{768000} * 3600 * 1000, 768000, 8000), std::int64_t{8000} * 3600 * 1000);
    for (const int frames : {1, 2, 100, 4095, 4096, 4097, 8192}) {
        AudioBuffer input = noise({44100.0, 1}, frames, 0.0, 2);
        converted(input, 48000, 0);
    }
}

// The time of a band-limited impulse: the centre of its energy.
double energyCentreS(const AudioBuffer& audio) {
    double sum = 0.0, weighted = 0.0;
    for (int n = 0; n < audio.numFrames(); ++n) {
        const double power = static_cast<double>(audio.channel(0)[n]) * audio.channel(0)[n];
        sum += power;
        weighted += power * n;
    }
    return weighted / sum / audio.spec().sampleRateHz;
}

TEST(Resampler, AnImpulseStaysAtItsTime) {
    for (const auto& [in, out] : kRates)
        for (const int at : {0, 1000, 12345, 19999}) {
            AudioBuffer input({static_cast<double>(in), 1}, 20000);
            input.channel(0)[at] = 1.0f;
            const AudioBuffer output = converted(input, out, 0);
            const auto peak = std::max_element(output.channel(0).begin(), output.channel(0).end()) - output.channel(0).begin();
            EXPECT_NEAR(static_cast<double>(peak) / out, static_cast<double>(at) / in, 0.5001 / out + 0.2 / in) << in << " -> " << out;
            if (at > 5000 && at < 15000) { EXPECT_NEAR(energyCentreS(output) * out, static_cast<double>(at) / in * out, 0.001) << in << " -> " << out; }
        }
}

TEST(Resampler, ResetIsFresh) {
    AudioBuffer first = noise({44100.0, 1}, 10000, 0.0, 1), second = noise({44100.0, 1}, 10000, 0.0, 2);
    const AudioBuffer expected = converted(second, 48000, 0);
    Resampler resampler(44100, 48000, 1);
    std::vector<float*> pointers(1);
    resampler.push(first.block(pointers, 0, 10000));
    resampler.reset();
    resampler.push(second.block(pointers, 0, 10000));
    resampler.finish();
    AudioBuffer output({48000.0, 1}, expected.numFrames());
    EXPECT_EQ(resampler.pull(output.block(pointers, 0, expected.numFrames())), expected.numFrames());
    EXPECT_TRUE(sameBits(output, expected));
}

TEST(Resampler, RefusesRatesAndChannelsOutsideTheLimits) {
    EXPECT_THROW(Resampler(0, 48000, 2), std::invalid_argument);
    EXPECT_THROW(Resampler(48000, 1000000, 2), std::invalid_argument);
    EXPECT_THROW(Resampler(48000, 44100, 0), std::invalid_argument);
}

TEST(ResamplingReader, DeliversWhatTheResamplerDeliversAndSeeksToTheBit) {
    const TemporaryFolder folder;
    AudioBuffer audio = noise({44100.0, 2}, 50000, -3.0, 9);
    WavExtras extras;
    extras.broadcast.emplace();
    extras.broadcast->timeReferenceFrames = 44100 * 10 + 1;
    writeWav(folder / "x.wav", audio, SampleFormat::float32, extras);
    const AudioBuffer expected = converted(audio, 48000, 0);

    const auto reader = atRate(openAudio(folder / "x.wav"), 48000);
    EXPECT_EQ(reader->info().sampleRateHz, 48000);
    EXPECT_EQ(reader->info().frames, expected.numFrames());
    EXPECT_EQ(reader->info().startFrame, 480001);  // 480001.09
    EXPECT_TRUE(sameBits(readAll(*reader), expected));
    for (const int frame : {30000, 0, 777, 54000, expected.numFrames()}) {
        reader->seek(frame);
        const AudioBuffer rest = readAll(*reader);
        ASSERT_EQ(rest.numFrames(), expected.numFrames() - frame);
        EXPECT_TRUE(std::equal(rest.channel(1).begin(), rest.channel(1).end(), expected.channel(1).begin() + frame)) << frame;
    }
}

TEST(ResamplingReader, IsTheSourceItselfAtItsOwnRate) {
    const TemporaryFolder folder;
    AudioBuffer audio = noise({44100.0, 1}, 100, -3.0, 9);
    writeWav(folder / "x.wav", audio, SampleFormat::float32);
    EXPECT_TRUE(sameBits(readAll(*atRate(openAudio(folder / "x.wav"), 44100)), audio));
}

}  // namespace
}  // namespace tonewright::test
