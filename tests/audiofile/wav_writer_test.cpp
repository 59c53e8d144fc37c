#include <gtest/gtest.h>
#include <sndfile.h>

#include <cmath>
#include <limits>
#include <memory>

#include "core/error.h"
#include "tests/audiofile/support.h"

namespace tonewright::test {
namespace {

std::uint64_t little(const std::string& bytes, std::size_t at, int size) {
    std::uint64_t value = 0;
    for (int i = size - 1; i >= 0; --i) value = value << 8 | static_cast<unsigned char>(bytes.at(at + i));
    return value;
}

// Noise whose samples are whole numbers of steps, so that the format holds them exactly.
AudioBuffer steppedNoise(int channels, int frames, SampleFormat format) {
    AudioBuffer audio = noise({48000.0, channels}, frames, 0.0, 11);
    if (format == SampleFormat::float32) return audio;
    const float scale = std::ldexp(1.0f, bitsOf(format) - 1);
    for (int c = 0; c < channels; ++c)
        for (float& sample : audio.channel(c)) sample = std::min(std::nearbyint(sample * scale), scale - 1.0f) / scale;
    return audio;
}

TEST(WavWriter, ReadsBackBitForBitInEveryFormatAndChannelCount) {
    const TemporaryFolder folder;
    for (const SampleFormat format : {SampleFormat::pcm16, SampleFormat::pcm24, SampleFormat::float32})
        for (const int channels : {1, 2, 6}) {
            AudioBuffer audio = steppedNoise(channels, 4801, format);
            audio.channel(0)[0] = -1.0f;  // the lowest integer is legal
            writeWav(folder / "x.wav", audio, format);
            const auto reader = openAudio(folder / "x.wav");
            EXPECT_EQ(reader->info().container, "WAV");
            EXPECT_EQ(reader->info().bitsPerSample, bitsOf(format));
            EXPECT_EQ(reader->info().frames, 4801);
            EXPECT_TRUE(reader->info().warnings.empty());
            EXPECT_TRUE(sameBits(readAll(*reader), audio)) << channels << " channels, " << bitsOf(format) << " bits";
        }
}

TEST(WavWriter, FloatsBeyondFullScaleAreKeptAndIntegersAreClampedAndCounted) {
    const TemporaryFolder folder;
    AudioBuffer audio({48000.0, 1}, 6);
    const float values[] = {1.5f, -1.5f, 1.0f, -1.0f, 32766.4f / 32768.0f, std::numeric_limits<float>::quiet_NaN()};
    std::copy(std::begin(values), std::end(values), audio.channel(0).begin());
    std::vector<float*> pointers(1);
    {
        WavWriter writer(folder / "float.wav", {48000, 1, SampleFormat::float32});
        writer.write(audio.block(pointers, 0, 6));
        writer.finish();
        EXPECT_EQ(writer.clippedSamples(), 1);  // the NaN
    }
    EXPECT_EQ(readFile(folder / "float.wav").channel(0)[0], 1.5f);
    EXPECT_EQ(readFile(folder / "float.wav").channel(0)[5], 0.0f);
    WavWriter writer(folder / "16.wav", {48000, 1, SampleFormat::pcm16});
    writer.write(audio.block(pointers, 0, 6));
    writer.finish();
    EXPECT_EQ(writer.clippedSamples(), 4);  // 1.5, -1.5, 1.0 (32768 does not exist) and the NaN
    const AudioBuffer read = readFile(folder / "16.wav");
    const int expected[] = {32767, -32768, 32767, -32768, 32766, 0};
    for (int n = 0; n < 6; ++n) EXPECT_EQ(read.channel(0)[n] * 32768.0f, static_cast<float>(expected[n])) << n;
}

TEST(WavWriter, BlockSplitsDoNotChangeTheBytes) {
    const TemporaryFolder folder;
    AudioBuffer audio = noise({44100.0, 2}, 5000, 0.0, 3);
    writeWav(folder / "whole.wav", audio, SampleFormat::pcm24);
    WavWriter writer(folder / "pieces.wav", {44100, 2, SampleFormat::pcm24});
    std::vector<float*> pointers(2);
    for (int start = 0; start < 5000; start += 125) writer.write(audio.block(pointers, start, 125));
    writer.finish();
    EXPECT_EQ(bytesOf(folder / "whole.wav"), bytesOf(folder / "pieces.wav"));
}

TEST(WavWriter, EveryChunkIsInItsPlaceAndTheSizesAddUp) {
    const TemporaryFolder folder;
    AudioBuffer audio = noise({48000.0, 1}, 101, 0.0, 5);  // 303 bytes of 24 bits: odd, so padded
    WavExtras extras;
    extras.broadcast.emplace();
    extras.cues = {{0, "Intro"}, {50, "Verse \xC3\xA9"}};
    extras.info = {{"INAM", "Song"}, {"IART", "Band"}};
    writeWav(folder / "x.wav", audio, SampleFormat::pcm24, extras);
    const std::string bytes = bytesOf(folder / "x.wav");
    ASSERT_EQ(bytes.substr(0, 4), "RIFF");
    EXPECT_EQ(little(bytes, 4, 4), bytes.size() - 8);
    std::vector<std::string> ids;
    std::size_t at = 12;
    while (at < bytes.size()) {
        ids.push_back(bytes.substr(at, 4));
        if (ids.back() == "data") { EXPECT_EQ(little(bytes, at + 4, 4), 303u); }
        at += 8 + (little(bytes, at + 4, 4) + 1) / 2 * 2;
    }
    EXPECT_EQ(at, bytes.size());
    EXPECT_EQ(ids, (std::vector<std::string>{"JUNK", "bext", "fmt ", "data", "LIST", "cue ", "LIST"}));
}

TEST(WavWriter, LibsndfileReadsWhatItCarries) {
    const TemporaryFolder folder;
    AudioBuffer audio = noise({48000.0, 2}, 480, -6.0, 5);
    WavExtras extras;
    extras.broadcast.emplace();
    extras.broadcast->description = "Mix";
    extras.broadcast->originator = "Tonewright";
    extras.broadcast->timeReferenceFrames = (std::int64_t{1} << 32) + 172800000;
    extras.broadcast->loudness = {-14.26, 7.5, -1.02, std::nullopt, -9.996};
    extras.cues = {{0, "Intro"}, {240, "Verse"}};
    extras.info = {{"INAM", "Song"}, {"IART", "Band"}};
    writeWav(folder / "x.wav", audio, SampleFormat::pcm24, extras);

    SF_INFO format{};
    const std::unique_ptr<SNDFILE, int (*)(SNDFILE*)> file(sf_open((folder / "x.wav").c_str(), SFM_READ, &format), sf_close);
    ASSERT_TRUE(file);
    EXPECT_EQ(format.frames, 480);
    EXPECT_EQ(format.samplerate, 48000);
    EXPECT_STREQ(sf_get_string(file.get(), SF_STR_TITLE), "Song");
    EXPECT_STREQ(sf_get_string(file.get(), SF_STR_ARTIST), "Band");
    SF_CUES cues{};
    ASSERT_EQ(sf_command(file.get(), SFC_GET_CUE, &cues, sizeof cues), SF_TRUE);
    ASSERT_EQ(cues.cue_count, 2u);
    EXPECT_EQ(cues.cue_points[1].sample_offset, 240u);
    EXPECT_STREQ(cues.cue_points[1].name, "Verse");
    SF_BROADCAST_INFO bext{};
    ASSERT_EQ(sf_command(file.get(), SFC_GET_BROADCAST_INFO, &bext, sizeof bext), SF_TRUE);
    EXPECT_STREQ(bext.description, "Mix");
    EXPECT_EQ(bext.version, 2);
    EXPECT_EQ(bext.time_reference_high, 1u);
    EXPECT_EQ(bext.time_reference_low, 172800000u);
    EXPECT_EQ(bext.loudness_value, -1426);
    EXPECT_EQ(bext.loudness_range, 750);
    EXPECT_EQ(bext.max_true_peak_level, -102);
    EXPECT_EQ(bext.max_momentary_loudness, 0x7FFF);
    EXPECT_EQ(bext.max_shortterm_loudness, -1000);
}

TEST(WavWriter, TheTimeReferenceComesBackAsTheStartFrame) {
    const TemporaryFolder folder;
    AudioBuffer audio = noise({48000.0, 1}, 480, -6.0, 5);
    writeWav(folder / "none.wav", audio, SampleFormat::pcm16);
    EXPECT_FALSE(openAudio(folder / "none.wav")->info().hasStartFrame);
    for (const bool rf64 : {false, true}) {
        WavExtras extras;
        extras.broadcast.emplace();
        extras.broadcast->timeReferenceFrames = std::int64_t{48000} * 86399;  // a second before midnight
        extras.forceRf64 = rf64;
        writeWav(folder / "x.wav", audio, SampleFormat::pcm16, extras);
        const auto reader = openAudio(folder / "x.wav");
        EXPECT_TRUE(reader->info().hasStartFrame);
        EXPECT_EQ(reader->info().startFrame, std::int64_t{48000} * 86399);
    }
}

TEST(WavWriter, LoudnessCanBeAddedAtTheEnd) {
    const TemporaryFolder folder;
    AudioBuffer audio = noise({48000.0, 1}, 480, -6.0, 5);
    WavExtras extras;
    extras.broadcast.emplace();
    std::vector<float*> pointers(1);
    WavWriter writer(folder / "x.wav", {48000, 1, SampleFormat::pcm16}, extras);
    writer.write(audio.block(pointers, 0, 480));
    writer.setLoudness({.integratedLufs = -23.0});
    writer.finish();
    const std::string bytes = bytesOf(folder / "x.wav");
    EXPECT_EQ(static_cast<std::int16_t>(little(bytes, bytes.find("bext") + 8 + 412, 2)), -2300);
    EXPECT_EQ(openAudio(folder / "x.wav")->info().frames, 480);
}

TEST(WavWriter, LongTextsAreCutBetweenCharacters) {
    const TemporaryFolder folder;
    AudioBuffer audio = noise({48000.0, 1}, 48, -6.0, 5);
    WavExtras extras;
    extras.broadcast.emplace();
    extras.broadcast->originator = std::string(31, 'x') + "\xC3\xA9";  // 33 bytes; the last character has two
    writeWav(folder / "x.wav", audio, SampleFormat::pcm16, extras);
    const std::string bytes = bytesOf(folder / "x.wav");
    EXPECT_EQ(bytes.substr(bytes.find("bext") + 8 + 256, 32), std::string(31, 'x') + '\0');
}

TEST(WavWriter, Rf64HasItsTrueSizesInDs64) {
    const TemporaryFolder folder;
    AudioBuffer audio = steppedNoise(2, 999, SampleFormat::pcm24);
    WavExtras extras;
    extras.forceRf64 = true;
    writeWav(folder / "x.wav", audio, SampleFormat::pcm24, extras);
    const std::string bytes = bytesOf(folder / "x.wav");
    EXPECT_EQ(bytes.substr(0, 4), "RF64");
    EXPECT_EQ(little(bytes, 4, 4), 0xFFFFFFFFu);
    ASSERT_EQ(bytes.substr(12, 4), "ds64");
    EXPECT_EQ(little(bytes, 20, 8), bytes.size() - 8);
    EXPECT_EQ(little(bytes, 28, 8), 999u * 6);
    EXPECT_EQ(little(bytes, 36, 8), 999u);
    EXPECT_EQ(little(bytes, bytes.find("data") + 4, 4), 0xFFFFFFFFu);
    const auto reader = openAudio(folder / "x.wav");
    EXPECT_EQ(reader->info().container, "RF64");
    EXPECT_TRUE(sameBits(readAll(*reader), audio));
}

// A sparse file of 4 GB and a little: its size on disk is some kilobytes. What a header must say there is what RF64 is for.
TEST(WavWriter, FilesBeyondFourGigabytesAreReadToTheirEnd) {
    const TemporaryFolder folder;
    constexpr std::int64_t frames = (std::int64_t{1} << 32) / 6 + 1000;  // 24-bit stereo
    Crafted file;
    file.text("RF64").little(0xFFFFFFFF, 4).text("WAVEds64").little(28, 4).little(frames * 6 + 72, 8).little(frames * 6, 8).little(frames, 8).little(0, 4);
    file.text("fmt ").little(16, 4).little(1, 2).little(2, 2).little(48000, 4).little(288000, 4).little(6, 2).little(24, 2).text("data").little(0xFFFFFFFF, 4);
    file.saveAs(folder / "x.wav");
    std::error_code error;
    std::filesystem::resize_file(folder / "x.wav", file.bytes.size() + frames * 6 - 1, error);
    if (error) GTEST_SKIP() << "no sparse files here";
    std::ofstream(folder / "x.wav", std::ios::binary | std::ios::app) << '\x40';  // the last byte of the last sample: 0.5
    const auto reader = openAudio(folder / "x.wav");
    EXPECT_EQ(reader->info().frames, frames);
    reader->seek(frames - 2);
    const AudioBuffer end = readAll(*reader);
    EXPECT_EQ(end.channel(1)[0], 0.0f);
    EXPECT_EQ(end.channel(1)[1], 0.5f);
}

TEST(WavWriter, AFullDiskIsAnErrorThatNamesFileAndReason) {
    if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "needs /dev/full";
    AudioBuffer audio = noise({48000.0, 2}, 48000, -6.0, 5);
    std::vector<float*> pointers(2);
    try {
        WavWriter writer("/dev/full", {48000, 2, SampleFormat::float32});
        for (int i = 0; i < 20; ++i) writer.write(audio.block(pointers, 0, 48000));
        writer.finish();
        FAIL() << "no error";
    } catch (const OutputError& error) {
        EXPECT_NE(std::string(error.what()).find("/dev/full"), std::string::npos);
        EXPECT_NE(std::string(error.what()).find("No space left"), std::string::npos);
    }
    WavWriter small("/dev/full", {48000, 2, SampleFormat::float32});  // all of it still in the buffer at the end
    EXPECT_THROW(small.finish(), OutputError);
    EXPECT_THROW(WavWriter("/no/such/folder/x.wav", {48000, 2, SampleFormat::pcm16}), OutputError);
}

TEST(WavWriter, RefusesFormatsThatNobodyCanRead) {
    const TemporaryFolder folder;
    EXPECT_THROW(WavWriter(folder / "x.wav", {0, 2, SampleFormat::pcm16}), std::invalid_argument);
    EXPECT_THROW(WavWriter(folder / "x.wav", {48000, 65, SampleFormat::pcm16}), std::invalid_argument);
    EXPECT_FALSE(std::filesystem::exists(folder / "x.wav"));
}

}  // namespace
}  // namespace tonewright::test
