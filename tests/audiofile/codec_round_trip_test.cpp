#include "audiofile/codec_round_trip.h"

#include <gtest/gtest.h>

#include <cmath>

#include "audiofile/resampler.h"
#include "core/error.h"
#include "tests/audiofile/support.h"

namespace tonewright::test {
namespace {

// Noise with more lows than highs, as music has, in steps of a quarter second between loud and soft.
AudioBuffer programme(StreamSpec spec, int frames, double peakDb) {
    AudioBuffer audio = noise(spec, frames, peakDb, /*seed=*/11);
    const int step = static_cast<int>(spec.sampleRateHz / 4.0);
    for (int c = 0; c < spec.channels; ++c) {
        float low = 0.0f;
        for (int n = 0; n < frames; ++n) {
            low = 0.8f * low + 0.2f * audio.channel(c)[n];
            audio.channel(c)[n] = (n / step) % 2 ? low : 2.0f * low;
        }
    }
    return audio;
}

class CodecRoundTrip : public testing::TestWithParam<CodecSetting> {
protected:
    void SetUp() override {
        if (!haveCodec(GetParam())) GTEST_SKIP() << GetParam().label << " is not in this build";
    }

    std::filesystem::path saved(AudioBuffer audio, const std::string& name = "in.wav") {
        writeWav(folder_ / name, audio, SampleFormat::float32);
        return folder_ / name;
    }
    std::unique_ptr<AudioReader> coded(const std::filesystem::path& file) { return throughCodec(openAudio(file), GetParam()); }

    // Everything, in reads of `frames`.
    static AudioBuffer readAll(AudioReader& reader, int frames) {
        AudioBuffer audio({static_cast<double>(reader.info().sampleRateHz), reader.info().channels}, static_cast<int>(reader.info().frames));
        std::vector<float*> pointers(audio.numChannels());
        for (int start = 0; start < audio.numFrames(); start += frames)
            reader.read(audio.block(pointers, start, std::min(frames, audio.numFrames() - start)));
        return audio;
    }

    TemporaryFolder folder_;
};

// The lag, within 60 ms, at which b is most like a.
int bestLag(const AudioBuffer& a, const AudioBuffer& b, int from, int to) {
    int best = 99999;
    double highest = -1.0;
    for (int lag = -2600; lag <= 2600; ++lag) {
        double sum = 0.0;
        for (int n = from; n < to; ++n)
            if (n + lag >= 0 && n + lag < b.numFrames()) sum += static_cast<double>(a.channel(0)[n]) * b.channel(0)[n + lag];
        if (sum > highest) {
            highest = sum;
            best = lag;
        }
    }
    return best;
}

TEST_P(CodecRoundTrip, EverythingStandsWhereItStoodFromTheFirstFrameToTheLast) {
    for (const int rateHz : {44100, 48000}) {
        const auto file = saved(programme({static_cast<double>(rateHz), 2}, rateHz + 77, -9.0));
        const auto original = atRate(openAudio(file), codecRateHz(GetParam().kind, rateHz));
        const auto decoded = coded(file);
        ASSERT_EQ(decoded->info().frames, original->info().frames);
        const AudioBuffer a = readAll(*original, 4096), b = readAll(*decoded, 4096);
        const int frames = a.numFrames();
        EXPECT_EQ(bestLag(a, b, 0, 12000), 0) << rateHz << ", the beginning";
        EXPECT_EQ(bestLag(a, b, frames - 12000, frames), 0) << rateHz << ", the end";
        double wrong = 0.0, right = 0.0;
        for (int n = 0; n < frames; ++n) {
            wrong += std::pow(a.channel(1)[n] - b.channel(1)[n], 2);
            right += std::pow(a.channel(1)[n], 2);
        }
        EXPECT_GT(powerToDb(right / wrong), 6.0) << "it is still that programme";
        EXPECT_GT(wrong, 0.0) << "and was really coded";
    }
}

TEST_P(CodecRoundTrip, DoesNotDependOnHowItIsRead) {
    const auto file = saved(programme({44100.0, 1}, 20000, -6.0));
    const auto one = coded(file), pieces = coded(file);
    const AudioBuffer whole = readAll(*one, 1 << 20), cut = readAll(*pieces, 333);
    EXPECT_EQ(std::memcmp(whole.channel(0).data(), cut.channel(0).data(), whole.channel(0).size_bytes()), 0);
    for (const std::int64_t frame : {15000, 300}) {  // onwards and back
        one->seek(frame);
        std::vector<float> again(100);
        float* pointer = again.data();
        ASSERT_EQ(one->read({&pointer, 1, 100}), 100);
        EXPECT_EQ(std::memcmp(again.data(), whole.channel(0).data() + frame, 400), 0) << "from frame " << frame;
    }
}

TEST_P(CodecRoundTrip, WhatExceedsFullScaleIsNotCutOff) {
    AudioBuffer loud = programme({48000.0, 2}, 48000, 0.0);
    const float gain = static_cast<float>(dbToGain(3.0)) / peakOf(loud);
    for (int c = 0; c < 2; ++c)
        for (float& sample : loud.channel(c)) sample *= gain;
    const auto decoded = coded(saved(std::move(loud)));
    EXPECT_GT(peakOf(readAll(*decoded, 4096)), 1.15f);
}

TEST_P(CodecRoundTrip, SilenceAndTheShortestFiles) {
    for (const int frames : {1, 100, 5000}) {
        const auto decoded = coded(saved(AudioBuffer({44100.0, 2}, frames)));
        const AudioBuffer audio = readAll(*decoded, 4096);
        EXPECT_EQ(audio.numFrames(), decoded->info().frames);
        EXPECT_LT(peakOf(audio), 1e-4f) << frames;
    }
}

TEST_P(CodecRoundTrip, MoreThanTwoChannelsAreRefused) {
    EXPECT_THROW(coded(saved(AudioBuffer({48000.0, 3}, 1000))), InputError);
}

INSTANTIATE_TEST_SUITE_P(All, CodecRoundTrip, testing::ValuesIn(codecSettings().begin(), codecSettings().end()), [](const auto& instance) {
    std::string name(instance.param.label);
    std::erase(name, ' ');
    return name;
});

TEST(CodecSettings, TheSixOfThePlatforms) {
    std::string names;
    for (const CodecSetting& setting : codecSettings()) names += std::string(setting.name) + " ";
    EXPECT_EQ(names, "aac-128 aac-256 mp3-128 mp3-320 opus-128 vorbis-q5 ");
    EXPECT_EQ(codecSetting("mp3-320").bitrateKbps, 320);
}

TEST(CodecSettings, AnUnknownNameSuggestsTheNearest) {
    try {
        codecSetting("aac-255");
        FAIL();
    } catch (const UsageError& error) {
        EXPECT_NE(std::string(error.what()).find("did you mean \"aac-256\""), std::string::npos) << error.what();
    }
}

TEST(CodecSettings, HighRatesAreHalvedAsPlatformsDo) {
    EXPECT_EQ(codecRateHz(CodecKind::aac, 44100), 44100);
    EXPECT_EQ(codecRateHz(CodecKind::aac, 96000), 48000);
    EXPECT_EQ(codecRateHz(CodecKind::vorbis, 88200), 44100);
    EXPECT_EQ(codecRateHz(CodecKind::mp3, 22050), 44100);
    EXPECT_EQ(codecRateHz(CodecKind::opus, 44100), 48000);
}

}  // namespace
}  // namespace tonewright::test
