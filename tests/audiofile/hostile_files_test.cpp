#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <limits>

#include "core/error.h"
#include "tests/audiofile/support.h"

// Files that lie, are broken, or are no files at all: a clear error that names the file, never a crash or a hang.
namespace tonewright::test {
namespace {

// The error's text, after checks that every such text must pass.
std::string refusalOf(const std::filesystem::path& path) {
    try {
        readAll(*openAudio(path));
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::input) << error.what();
        EXPECT_EQ(std::string(error.what()).find(path.string()), 0u) << "the text must name the file: " << error.what();
        EXPECT_GT(std::string(error.what()).size(), path.string().size() + 30) << "a reason and what to do belong in it: " << error.what();
        return error.what();
    }
    ADD_FAILURE() << path << " was accepted";
    return "";
}

#define EXPECT_SAYS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

struct WavHeader {
    int tag = 1, channels = 1;
    std::uint32_t sampleRateHz = 48000;
    int bits = 16;
    std::uint32_t dataBytes = 0;
    std::uint32_t riffBytes = 0;
};

// A WAV as the header says, with `held` bytes of samples whatever it says.
Crafted wav(const WavHeader& h, const std::string& held) {
    Crafted file;
    const int frameBytes = h.channels * h.bits / 8;
    file.text("RIFF").little(h.riffBytes, 4).text("WAVEfmt ").little(16, 4).little(h.tag, 2).little(h.channels, 2).little(h.sampleRateHz, 4);
    file.little(std::uint64_t{h.sampleRateHz} * frameBytes, 4).little(frameBytes, 2).little(h.bits, 2).text("data").little(h.dataBytes, 4).text(held);
    return file;
}

std::string floats(std::initializer_list<float> values) {
    std::string bytes(values.size() * 4, '\0');
    std::memcpy(bytes.data(), values.begin(), bytes.size());
    return bytes;
}

TEST(HostileFiles, WhatIsNoSoundFileIsSaidSo) {
    const TemporaryFolder folder;
    EXPECT_SAYS(refusalOf(folder / "missing.wav"), "does not exist");
    EXPECT_SAYS(refusalOf(Crafted().saveAs(folder / "empty.wav")), "empty");
    EXPECT_SAYS(refusalOf(Crafted().text("Dear mixing engineer, please find attached\n").saveAs(folder / "text.wav")), "text");
    EXPECT_SAYS(refusalOf(Crafted().text("x").saveAs(folder / "one.wav")), "text");
    EXPECT_SAYS(refusalOf(Crafted().text(std::string("\x89PNG\r\n\x1A\n", 8) + std::string(100, '\7')).saveAs(folder / "picture.wav")), "not a sound file");
    EXPECT_SAYS(refusalOf(Crafted().text(std::string(5000, '\0')).saveAs(folder / "zeros.wav")), "not a sound file");
    std::filesystem::create_directory(folder / "folder.wav");
    EXPECT_SAYS(refusalOf(folder / "folder.wav"), "folder");
}

TEST(HostileFiles, PipesAndDevicesAreRefusedWithoutWaiting) {
    const TemporaryFolder folder;
    ASSERT_EQ(::mkfifo((folder / "pipe.wav").c_str(), 0600), 0);
    EXPECT_SAYS(refusalOf(folder / "pipe.wav"), "pipe or a device");
    EXPECT_SAYS(refusalOf("/dev/zero"), "pipe or a device");
    std::filesystem::create_symlink(folder / "pipe.wav", folder / "link.wav");
    EXPECT_SAYS(refusalOf(folder / "link.wav"), "pipe or a device");
}

TEST(HostileFiles, AFileWithoutPermissionIsSaidSo) {
    const TemporaryFolder folder;
    wav({.dataBytes = 8}, std::string(8, 'x')).saveAs(folder / "secret.wav");
    ASSERT_EQ(::chmod((folder / "secret.wav").c_str(), 0), 0);
    const bool root = ::geteuid() == 0;
    if (root) {  // root may read everything: become nobody for a moment, who may enter the folder
        ASSERT_EQ(::chmod((folder / "").c_str(), 0755), 0);
        ASSERT_EQ(::seteuid(65534), 0);
    }
    const std::string text = refusalOf(folder / "secret.wav");
    if (root) { ASSERT_EQ(::seteuid(0), 0); }
    EXPECT_SAYS(text, "may not be read");
}

TEST(HostileFiles, HeadersThatClaimImpossibleFormatsAreRefused) {
    const TemporaryFolder folder;
    const std::string sound(9600, 'x');
    EXPECT_SAYS(refusalOf(wav({.channels = 300, .dataBytes = 9600}, sound).saveAs(folder / "300.wav")), "300 channels");
    EXPECT_SAYS(refusalOf(wav({.channels = 0, .dataBytes = 9600}, sound).saveAs(folder / "0.wav")), "0 channels");
    EXPECT_SAYS(refusalOf(wav({.sampleRateHz = 0, .dataBytes = 9600}, sound).saveAs(folder / "0Hz.wav")), "sample rate of 0 Hz");
    EXPECT_SAYS(refusalOf(wav({.sampleRateHz = 4000000000u, .dataBytes = 9600}, sound).saveAs(folder / "4GHz.wav")), "4000000000 Hz");
    EXPECT_SAYS(refusalOf(wav({.sampleRateHz = 7999, .dataBytes = 9600}, sound).saveAs(folder / "7999.wav")), "7999 Hz");
    refusalOf(wav({.tag = 0x4242, .dataBytes = 9600}, sound).saveAs(folder / "tag.wav"));
    refusalOf(wav({.bits = 0, .dataBytes = 9600}, sound).saveAs(folder / "bits.wav"));
    refusalOf(wav({.bits = 4096, .dataBytes = 9600}, sound).saveAs(folder / "4096bits.wav"));
}

TEST(HostileFiles, WhatIsCutOffSaysHowMuchIsMissing) {
    const TemporaryFolder folder;
    EXPECT_SAYS(refusalOf(wav({.dataBytes = 96000}, std::string(48002, 'x')).saveAs(folder / "cut.wav")), "23999 of 48000 frames are missing; 0:00.5");
    EXPECT_SAYS(refusalOf(wav({.dataBytes = 96000}, std::string(95998, 'x')).saveAs(folder / "1.wav")), "1 of 48000 frames");
    EXPECT_SAYS(refusalOf(wav({.dataBytes = 96000}, "").saveAs(folder / "all.wav")), "48000 of 48000 frames");
    // Less than a frame is no loss.
    EXPECT_EQ(openAudio(wav({.dataBytes = 96001}, std::string(96000, 'x')).saveAs(folder / "odd.wav"))->info().frames, 48000);

    AudioBuffer audio = noise({48000.0, 2}, 4800, -3.0, 1);
    writeWav(folder / "whole.wav", audio, SampleFormat::pcm16);
    const std::string whole = bytesOf(folder / "whole.wav");
    for (const std::size_t length : {4, 11, 12, 20, 50, 60, 80, 90, 100, 10000}) refusalOf(Crafted().text(whole.substr(0, length)).saveAs(folder / "part.wav"));
}

TEST(HostileFiles, AFileThatShrinksWhileItIsReadIsAnError) {
    const TemporaryFolder folder;
    AudioBuffer audio = noise({48000.0, 2}, 48000, -3.0, 1);
    writeWav(folder / "x.wav", audio, SampleFormat::pcm16);
    const auto reader = openAudio(folder / "x.wav");
    std::filesystem::resize_file(folder / "x.wav", 96000);
    EXPECT_THROW(readAll(*reader), InputError);
}

TEST(HostileFiles, A64BitHeaderThatPromisesTwoToThe63FramesIsRefused) {
    const TemporaryFolder folder;
    for (const std::uint64_t promised : {std::uint64_t{1} << 63, (std::uint64_t{1} << 63) - 1, ~std::uint64_t{0}, std::uint64_t{1} << 40}) {
        Crafted file;
        file.text("RF64").little(0xFFFFFFFF, 4).text("WAVEds64").little(28, 4).little(promised, 8).little(promised, 8).little(promised, 8).little(0, 4);
        file.text("fmt ").little(16, 4).little(1, 2).little(1, 2).little(48000, 4).little(96000, 4).little(2, 2).little(16, 2);
        file.text("data").little(0xFFFFFFFF, 4).text(std::string(960, 'x'));
        EXPECT_SAYS(refusalOf(file.saveAs(folder / "x.wav")), "cut off");
    }
    Crafted caf;
    caf.text("caff").big(1, 2).big(0, 2).text("desc").big(32, 8).big(0x40E7700000000000, 8).text("lpcm").big(0, 4).big(2, 4).big(1, 4).big(1, 4).big(16, 4);
    caf.text("data").big((std::uint64_t{1} << 63) - 1, 8).big(0, 4).text(std::string(960, 'x'));
    EXPECT_SAYS(refusalOf(caf.saveAs(folder / "x.caf")), "cut off");
}

Crafted aiff(std::uint64_t frames, int channels, std::uint64_t exponent, std::uint64_t mantissa, std::uint64_t soundBytes, std::size_t held) {
    Crafted file;
    file.text("FORM").big(46 + held, 4).text("AIFFCOMM").big(18, 4).big(channels, 2).big(frames, 4).big(16, 2).big(exponent, 2).big(mantissa, 8);
    file.text("SSND").big(soundBytes + 8, 4).big(0, 8).text(std::string(held, 'x'));
    return file;
}

TEST(HostileFiles, AiffHeadersAreCheckedToo) {
    const TemporaryFolder folder;
    const std::uint64_t e48k = 0x400E, m48k = 0xBB80000000000000;  // 48000 = 1.4648 * 2^15
    EXPECT_EQ(openAudio(aiff(480, 1, e48k, m48k, 960, 960).saveAs(folder / "good.aiff"))->info().frames, 480);
    EXPECT_SAYS(refusalOf(aiff(4000000000, 1, e48k, m48k, 960, 960).saveAs(folder / "frames.aiff")), "frames are missing");
    EXPECT_SAYS(refusalOf(aiff(480, 1, e48k, m48k, 960, 480).saveAs(folder / "cut.aiff")), "240 of 480 frames");
    EXPECT_SAYS(refusalOf(aiff(480, 300, e48k, m48k, 960, 960).saveAs(folder / "300.aiff")), "300 channels");
    EXPECT_SAYS(refusalOf(aiff(480, 1, 0, 0, 960, 960).saveAs(folder / "0Hz.aiff")), "sample rate of 0 Hz");
    refusalOf(aiff(480, 1, 0x7FFF, ~0ull, 960, 960).saveAs(folder / "infHz.aiff"));
    EXPECT_SAYS(refusalOf(aiff(0, 1, e48k, m48k, 0, 0).saveAs(folder / "0.aiff")), "0 frames");
}

TEST(HostileFiles, NoFramesAtAllIsAnError) {
    const TemporaryFolder folder;
    EXPECT_SAYS(refusalOf(wav({.dataBytes = 0, .riffBytes = 1000}, "").saveAs(folder / "0.wav")), "0 frames");
    EXPECT_SAYS(refusalOf(wav({.dataBytes = 0}, "").saveAs(folder / "unclosed.wav")), "0 frames");
    AudioBuffer nothing({48000.0, 2}, 0);
    writeWav(folder / "own.wav", nothing, SampleFormat::float32);
    EXPECT_SAYS(refusalOf(folder / "own.wav"), "0 frames");
}

TEST(HostileFiles, HeadersLeftOpenAreBelievedToTheEndOfTheFileWithAWarning) {
    const TemporaryFolder folder;
    for (const std::uint32_t size : {0xFFFFFFFFu, 0x7FFFF000u, 0u}) {  // FFmpeg into a pipe, SoX into a pipe, a recorder that was switched off
        const auto reader = openAudio(wav({.dataBytes = size}, std::string(960, 'x')).saveAs(folder / "open.wav"));
        EXPECT_EQ(reader->info().frames, 480) << size;
        ASSERT_EQ(reader->info().warnings.size(), 1u);
        EXPECT_EQ(reader->info().warnings[0].code, "input.open-ended");
        EXPECT_EQ(readAll(*reader).numFrames(), 480);
    }
}

TEST(HostileFiles, NanAndInfinityBecomeSilenceAndAreCounted) {
    const TemporaryFolder folder;
    constexpr float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
    const std::string samples = floats({0.5f, nan, -inf, inf, -0.25f, 1e30f});
    const auto reader = openAudio(wav({.tag = 3, .channels = 2, .bits = 32, .dataBytes = 24}, samples).saveAs(folder / "nan.wav"));
    const AudioBuffer audio = readAll(*reader);
    EXPECT_EQ(reader->nonFiniteSamples(), 3);
    const float left[] = {0.5f, 0.0f, -0.25f}, right[] = {0.0f, 0.0f, 1e30f};
    EXPECT_TRUE(std::equal(left, left + 3, audio.channel(0).begin()));
    EXPECT_TRUE(std::equal(right, right + 3, audio.channel(1).begin()));
}

TEST(HostileFiles, AnImpossibleStartTimeIsIgnoredWithAWarning) {
    const TemporaryFolder folder;
    AudioBuffer audio = noise({48000.0, 1}, 480, -6.0, 5);
    for (const std::int64_t lie : {std::int64_t{-1}, std::int64_t{1} << 60, std::int64_t{48000} * 86400 * 3}) {
        WavExtras extras;
        extras.broadcast.emplace();
        extras.broadcast->timeReferenceFrames = lie;
        writeWav(folder / "x.wav", audio, SampleFormat::pcm16, extras);
        const auto reader = openAudio(folder / "x.wav");
        EXPECT_FALSE(reader->info().hasStartFrame);
        EXPECT_EQ(reader->info().startFrame, 0);
        EXPECT_EQ(reader->info().warnings.at(0).code, "input.time-reference");
    }
}

TEST(HostileFiles, RandomDamageNeverCrashes) {
    const TemporaryFolder folder;
    AudioBuffer audio = noise({48000.0, 2}, 600, -3.0, 1);
    WavExtras extras;
    extras.broadcast.emplace();
    extras.cues = {{1, "a"}};
    extras.info = {{"INAM", "b"}};
    writeWav(folder / "good.wav", audio, SampleFormat::pcm16, extras);
    const std::string good = bytesOf(folder / "good.wav");
    std::mt19937 random(3);
    int accepted = 0;
    for (int round = 0; round < 400; ++round) {
        Crafted file;
        file.bytes = good;
        for (int i = 0; i < 4; ++i) file.bytes[random() % 800] = static_cast<char>(random());
        try {
            readAll(*openAudio(file.saveAs(folder / "bad.wav")));
            ++accepted;
        } catch (const Error&) {
        }
    }
    EXPECT_GT(accepted, 0);  // damage in a comment is no damage to the sound
}

}  // namespace
}  // namespace tonewright::test
