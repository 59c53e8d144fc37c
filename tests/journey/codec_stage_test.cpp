#include "journey/codec_stage.h"

#include <gtest/gtest.h>

namespace tonewright::test {
namespace {

// A history in which one codec had these decoded true peaks, each after the ceiling had been lowered by so much.
CodecHistory history(std::initializer_list<std::pair<double, double>> loweredAndPeak, double limitDbtp = 0.0) {
    CodecHistory result{.targets = {{.setting = codecSetting("aac-128"), .limitDbtp = limitDbtp}}, .rounds = {}};
    for (const auto& [loweredDb, peakDbtp] : loweredAndPeak)
        result.rounds.push_back({loweredDb, 0.0, {{.setting = codecSetting("aac-128"), .sampleRateHz = 44100, .truePeakDbtp = peakDbtp}}});
    return result;
}

using Answer = std::optional<CodecStep>;
Answer ceiling(double loweredDb) { return CodecStep{loweredDb, 0.0}; }

TEST(NextCodecStep, NothingWherePeaksStayUnderTheLimit) {
    EXPECT_FALSE(nextCodecStep(history({{0.0, -0.03}}), true));
    EXPECT_FALSE(nextCodecStep(history({{0.0, kSilentDb}}), true));
    EXPECT_TRUE(nextCodecStep(history({{0.0, -0.01}}), true)) << "too near";
    EXPECT_TRUE(nextCodecStep(history({{0.0, -0.5}}, -1.0), true)) << "a destination's own limit";
}

TEST(NextCodecStep, ByTheExcessAndTheReserveInTenths) {
    EXPECT_EQ(nextCodecStep(history({{0.0, 0.31}}), true), ceiling(0.5));
    EXPECT_EQ(nextCodecStep(history({{0.0, 0.40}}), true), ceiling(0.5));
    EXPECT_EQ(nextCodecStep(history({{0.0, -0.69}}, -1.0), true), ceiling(0.5));
}

TEST(NextCodecStep, CarefulAtFirstAndSaferEachTime) {
    EXPECT_EQ(nextCodecStep(history({{0.0, 3.7}}), true), ceiling(1.5));
    EXPECT_EQ(nextCodecStep(history({{0.0, 1.2}, {1.3, 0.4}}), true), ceiling(2.1)) << "1.3 + 0.5 and a margin";
    EXPECT_EQ(nextCodecStep(history({{0.0, 3.7}, {1.5, 0.2}}), true), ceiling(2.1)) << "not for what did not come again";
    EXPECT_EQ(nextCodecStep(history({{0.0, 3.7}, {1.5, 0.6}, {2.1, 0.2}}), true), ceiling(3.7)) << "halfway to 3.8 from 2.4, and a margin";
}

TEST(NextCodecStep, TheWholeIsTurnedDownWhereTheCeilingIsNotToMoveOrDoesNotReachThosePeaks) {
    EXPECT_EQ(nextCodecStep(history({{0.0, 0.31}}), false), (CodecStep{0.0, 0.5}));
    EXPECT_EQ(nextCodecStep(history({{0.0, 0.4}, {0.5, 0.4}}), true), (CodecStep{0.5, 0.8})) << "the lower ceiling changed nothing";
    EXPECT_EQ(nextCodecStep(history({{0.0, 0.4}, {0.5, 0.1}}), true), ceiling(1.0)) << "it did";
    CodecHistory trimmed = history({{0.0, 0.4}, {0.5, 0.4}, {0.5, 0.1}});
    trimmed.rounds.back().trimmedDb = 0.3;
    const Answer next = nextCodecStep(trimmed, true);
    ASSERT_TRUE(next);
    EXPECT_EQ(next->loweredDb, 0.5);
    EXPECT_GT(next->trimmedDb, 0.3);
}

TEST(NextCodecStep, EndsAfterThreeRoundsOrWhereTheMusicWouldPayTooMuch) {
    EXPECT_FALSE(nextCodecStep(history({{0.0, 1.0}, {1.1, 0.5}, {2.0, 0.3}, {2.7, 0.2}}), true));
    EXPECT_EQ(nextCodecStep(history({{0.0, 9.0}, {1.5, 5.0}}), true), ceiling(6.0));
    EXPECT_FALSE(nextCodecStep(history({{0.0, 9.0}, {1.5, 5.0}, {6.0, 3.0}}), true));
}

TEST(JudgeCodecs, WhatStillBreaksIsAMissedTarget) {
    MasterResult broken{.targetText = "As wanted.", .codecs = history({{0.0, 2.0}, {1.5, 0.4}})};
    judgeCodecs(broken);
    EXPECT_FALSE(broken.targetReached);
    EXPECT_NE(broken.targetText.find("Encoded as AAC 128, its peaks come out at 0.40 dBTP"), std::string::npos) << broken.targetText;
    MasterResult held{.targetText = "As wanted.", .codecs = history({{0.0, 2.0}, {1.5, -0.4}})}, unchecked{.targetText = "As wanted."};
    for (MasterResult* result : {&held, &unchecked}) {
        judgeCodecs(*result);
        EXPECT_TRUE(result->targetReached);
        EXPECT_EQ(result->targetText, "As wanted.");
    }
}

}  // namespace
}  // namespace tonewright::test
