#include "release/codec_check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/error.h"
#include "release/platforms.h"
#include "tests/support/files.h"
#include "tests/support/signals.h"

namespace tonewright::test {
namespace {

std::string chosen(const CodecRequest& request, const std::vector<std::string>& platforms) {
    std::string names;
    for (const CodecTarget& target : codecTask(request, platforms).targets) names += std::string(target.setting.name) + " ";
    return names;
}

std::string complaint(const std::function<void()>& action) {
    try {
        action();
    } catch (const UsageError& error) {
        return error.what();
    }
    return "";
}

bool haveAll() {
    for (const CodecSetting& setting : codecSettings())
        if (!haveCodec(setting)) return false;
    return true;
}

constexpr auto kAuto = CodecCheckMode::automatic, kOn = CodecCheckMode::on, kOff = CodecCheckMode::off;

TEST(CodecTask, DestinationsImplyTheirCodecs) {
    if (!haveAll()) GTEST_SKIP() << "not all encoders are in this build";
    EXPECT_EQ(chosen({kAuto, {}}, {}), "");
    EXPECT_EQ(chosen({kAuto, {}}, {"Apple Music"}), "aac-256 ");
    EXPECT_EQ(chosen({kAuto, {}}, {"deezer", "apple-music"}), "aac-256 mp3-128 mp3-320 ") << "each once, in their own order";
    EXPECT_EQ(chosen({kAuto, {}}, {"CD and download"}), "");
    EXPECT_EQ(chosen({kOff, {}}, {"Spotify"}), "");
    EXPECT_EQ(chosen({kOn, {}}, {"Apple Music"}), "aac-256 ");
    EXPECT_EQ(chosen({kOn, {}}, {}), "aac-128 aac-256 mp3-128 mp3-320 opus-128 vorbis-q5 ");
    EXPECT_EQ(chosen({kAuto, {"opus-128"}}, {}), "opus-128 ") << "naming one is asking for it";
    EXPECT_EQ(chosen({kOn, {"mp3-320", "aac-128"}}, {"Spotify"}), "aac-128 mp3-320 ");
}

TEST(CodecTask, ATargetNamesWhoUsesIt) {
    if (!haveAll()) GTEST_SKIP() << "not all encoders are in this build";
    const CodecTask task = codecTask({kAuto, {}}, {"Apple Music", "Tidal"});
    ASSERT_EQ(task.targets.size(), 1u);
    EXPECT_EQ(task.targets[0].platforms, (std::vector<std::string>{"Apple Music", "Tidal"}));
    EXPECT_EQ(task.targets[0].limitDbtp, 0.0);
}

TEST(CodecTask, WrongNamesSuggestTheNearest) {
    EXPECT_NE(complaint([] { codecTask({kOn, {"mp3-129"}}, {}); }).find("did you mean \"mp3-128\""), std::string::npos);
    EXPECT_NE(complaint([] { codecTask({kAuto, {}}, {"spotfy"}); }).find("did you mean \"spotify\""), std::string::npos);
    EXPECT_NE(complaint([] { codecTask({kAuto, {}}, {"apple"}); }).find("did you mean \"apple-music\""), std::string::npos);
    EXPECT_NE(complaint([] { codecTask({kOff, {"mp3-128"}}, {}); }).find("--codec-check off"), std::string::npos);
}

TEST(CodecTask, WhatIsNotBuiltInIsLeftOutUnlessItWasAskedFor) {
    if (haveCodec(codecSetting("aac-256"))) GTEST_SKIP() << "everything is built in";
    const CodecTask task = codecTask({kAuto, {}}, {"Apple Music"});
    EXPECT_TRUE(task.targets.empty());
    ASSERT_EQ(task.warnings.size(), 1u);
    EXPECT_EQ(task.warnings[0].code, "codec-check.missing");
    for (const CodecRequest& asked : {CodecRequest{kOn, {}}, CodecRequest{kAuto, {"aac-256"}}}) {
        try {
            codecTask(asked, {"Apple Music"});
            FAIL();
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::component);
        }
    }
}

TEST(CodecCheck, AHotProgrammeBreaksFullScaleAndAQuietOneDoesNotWhateverTheThreads) {
    if (!haveAll()) GTEST_SKIP() << "not all encoders are in this build";
    const ScratchFolder folder;
    AudioBuffer hot = noise({44100.0, 2}, 3 * 44100, 6.0, 5);
    for (int c = 0; c < 2; ++c)
        for (float& sample : hot.channel(c)) sample = std::clamp(sample, -1.0f, 1.0f);
    AudioBuffer quiet = hot;
    for (int c = 0; c < 2; ++c)
        for (float& sample : quiet.channel(c)) sample *= 0.1f;
    NoProgress progress;
    WorkPool one(1), three(3);
    const auto loud = checkCodecs(writeFloatWav(folder / "hot.wav", hot), codecSettings(), one, progress);
    const auto again = checkCodecs(folder / "hot.wav", codecSettings(), three, progress);
    const auto soft = checkCodecs(writeFloatWav(folder / "quiet.wav", quiet), codecSettings(), three, progress);
    ASSERT_EQ(loud.size(), 6u);
    for (std::size_t i = 0; i < loud.size(); ++i) {
        EXPECT_GT(loud[i].truePeakDbtp, 0.5) << loud[i].setting.label;
        EXPECT_GT(loud[i].overs, 1000) << loud[i].setting.label;
        EXPECT_EQ(loud[i].truePeakDbtp, again[i].truePeakDbtp) << loud[i].setting.label;
        EXPECT_EQ(loud[i].integratedLufs, again[i].integratedLufs) << loud[i].setting.label;
        EXPECT_LT(soft[i].truePeakDbtp, -8.0) << loud[i].setting.label;
        EXPECT_EQ(soft[i].overs, 0) << loud[i].setting.label;
        EXPECT_NEAR(loud[i].integratedLufs - soft[i].integratedLufs, 20.0, 1.0) << loud[i].setting.label;
    }
}

TEST(Platforms, CodecsAreKnownOnesWithASource) {
    int encoding = 0;
    for (const Platform& platform : platforms()) {
        for (const std::string& codec : platform.codecs) EXPECT_NO_THROW(codecSetting(codec)) << platform.name;
        EXPECT_EQ(platform.codecs.empty(), platform.codecSource.empty()) << platform.name;
        EXPECT_EQ(&findPlatform(platform.name), &platform);
        EXPECT_EQ(&findPlatform(platform.word()), &platform);
        encoding += !platform.codecs.empty();
    }
    EXPECT_GE(encoding, 6);
}

}  // namespace
}  // namespace tonewright::test
