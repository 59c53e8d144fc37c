#include "analysis/loudness_meter.h"

#include <ebur128.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "tests/analysis/listen.h"
#include "tests/support/signals.h"

// EBU Tech 3341 (11/2023) table 1 and Tech 3342: every case that is synthesis, at three rates.
namespace tonewright::test {
namespace {

constexpr double kSilence = -1000.0;

struct Part {
    double seconds, peakDbfs;
};

// One phase-continuous 1 kHz tone through parts, in all channels.
AudioBuffer tone(double rate, const std::vector<Part>& parts, int channels = 2, double hz = 1000.0) {
    double seconds = 0.0;
    for (const Part& part : parts) seconds += part.seconds;
    AudioBuffer audio({rate, channels}, static_cast<int>(std::lround(seconds * rate)));
    double until = 0.0;
    int n = 0;
    for (const Part& part : parts) {
        until += part.seconds;
        const double peak = part.peakDbfs > kSilence ? dbToGain(part.peakDbfs) : 0.0;
        for (const int end = std::min(audio.numFrames(), static_cast<int>(std::lround(until * rate))); n < end; ++n)
            audio.channel(0)[n] = peak > 0.0 ? static_cast<float>(peak * std::sin(2.0 * std::numbers::pi * hz * n / rate)) : 0.0f;
    }
    for (int c = 1; c < channels; ++c) std::copy(audio.channel(0).begin(), audio.channel(0).end(), audio.channel(c).begin());
    return audio;
}

std::vector<Part> repeated(const std::vector<Part>& parts, int times) {
    std::vector<Part> all;
    for (int i = 0; i < times; ++i) all.insert(all.end(), parts.begin(), parts.end());
    return all;
}

LoudnessMeter::Result measure(const AudioBuffer& audio) { return listen(LoudnessMeter(audio.spec()), audio).result(); }

class LoudnessAtRate : public testing::TestWithParam<double> {};
INSTANTIATE_TEST_SUITE_P(Rates, LoudnessAtRate, testing::Values(44100.0, 48000.0, 96000.0));

TEST_P(LoudnessAtRate, SteadyTonesReadTheirLevelInAllThreeWindows) {  // 3341 #1, #2
    for (const double level : {-23.0, -33.0}) {
        const auto result = measure(tone(GetParam(), {{20, level}}));
        EXPECT_NEAR(result.integratedLufs, level, 0.1);
        EXPECT_NEAR(result.maxMomentaryLufs, level, 0.1);
        EXPECT_NEAR(result.maxShortTermLufs, level, 0.1);
    }
}

TEST_P(LoudnessAtRate, TheGatesLeaveOutWhatIsQuiet) {  // 3341 #3, #4, #5
    EXPECT_NEAR(measure(tone(GetParam(), {{10, -36}, {60, -23}, {10, -36}})).integratedLufs, -23.0, 0.1);
    EXPECT_NEAR(measure(tone(GetParam(), {{10, -72}, {10, -36}, {60, -23}, {10, -36}, {10, -72}})).integratedLufs, -23.0, 0.1);
    EXPECT_NEAR(measure(tone(GetParam(), {{20, -26}, {20.1, -20}, {20, -26}})).integratedLufs, -23.0, 0.1);
}

TEST_P(LoudnessAtRate, SurroundChannelsWeigh141AndTheLfeNothing) {  // 3341 #6, and with a loud LFE
    for (const int channels : {5, 6}) {
        AudioBuffer audio = tone(GetParam(), {{20, 0.0}}, channels);
        const std::vector<double> levels = channels == 5 ? std::vector<double>{-28, -28, -24, -30, -30} : std::vector<double>{-28, -28, -24, -12, -30, -30};
        for (int c = 0; c < channels; ++c)
            for (float& sample : audio.channel(c)) sample *= static_cast<float>(dbToGain(levels[c]));
        EXPECT_NEAR(measure(audio).integratedLufs, -23.0, 0.1) << channels << " channels";
    }
}

TEST_P(LoudnessAtRate, ShortTermIsAWindowOfThreeSeconds) {  // 3341 #9
    EXPECT_NEAR(measure(tone(GetParam(), repeated({{1.34, -20}, {1.66, -30}}, 5))).maxShortTermLufs, -23.0, 0.1);
}

TEST_P(LoudnessAtRate, ThreeSecondsReadTheSameWhereverTheyBegin) {  // 3341 #10, #11
    std::vector<Part> live;
    for (int i = 0; i < 20; ++i) {
        EXPECT_NEAR(measure(tone(GetParam(), {{i * 0.15, kSilence}, {3, -23}, {1, kSilence}})).maxShortTermLufs, -23.0, 0.1) << i;
        const std::vector<Part> segment = {{i * 0.15, kSilence}, {3, -38.0 + i}, {3 - i * 0.15, kSilence}};
        live.insert(live.end(), segment.begin(), segment.end());
        EXPECT_NEAR(measure(tone(GetParam(), segment)).maxShortTermLufs, -38.0 + i, 0.1) << i;
    }
    EXPECT_NEAR(measure(tone(GetParam(), live)).maxShortTermLufs, -19.0, 0.1);
}

TEST_P(LoudnessAtRate, MomentaryIsAWindowOf400Milliseconds) {  // 3341 #12
    EXPECT_NEAR(measure(tone(GetParam(), repeated({{0.18, -20}, {0.22, -30}}, 25))).maxMomentaryLufs, -23.0, 0.1);
}

TEST_P(LoudnessAtRate, FourHundredMillisecondsReadTheSameWhereverTheyBegin) {  // 3341 #13, #14: needs updates at 100 Hz
    std::vector<Part> live;
    for (int i = 0; i < 20; ++i) {
        EXPECT_NEAR(measure(tone(GetParam(), {{i * 0.02, kSilence}, {0.4, -23}, {1, kSilence}})).maxMomentaryLufs, -23.0, 0.1) << i;
        const std::vector<Part> segment = {{i * 0.02, kSilence}, {0.4, -38.0 + i}, {0.4 - i * 0.02, kSilence}};
        live.insert(live.end(), segment.begin(), segment.end());
        EXPECT_NEAR(measure(tone(GetParam(), segment)).maxMomentaryLufs, -38.0 + i, 0.1) << i;
    }
    EXPECT_NEAR(measure(tone(GetParam(), live)).maxMomentaryLufs, -19.0, 0.1);
}

TEST_P(LoudnessAtRate, LoudnessRangeIsTheSpreadOfTheProgramme) {  // 3342 #1 ... #4, and #4 played twice
    const auto range = [](const std::vector<double>& levels) {
        std::vector<Part> parts;
        for (const double level : levels) parts.push_back({20, level});
        return measure(tone(GetParam(), parts)).loudnessRangeLu.value();
    };
    EXPECT_NEAR(range({-20, -30}), 10.0, 1.0);
    EXPECT_NEAR(range({-20, -15}), 5.0, 1.0);
    EXPECT_NEAR(range({-40, -20}), 20.0, 1.0);
    EXPECT_NEAR(range({-50, -35, -20, -35, -50}), 15.0, 1.0);
    EXPECT_NEAR(range({-50, -35, -20, -35, -50, -50, -35, -20, -35, -50}), 15.0, 1.0);
}

TEST(Loudness, AFullScaleToneInOneFrontChannelReadsMinus301) {
    AudioBuffer audio = tone(48000, {{10, 0.0}}, 2, 997.0);
    std::fill(audio.channel(1).begin(), audio.channel(1).end(), 0.0f);
    EXPECT_NEAR(measure(audio).integratedLufs, -3.01, 0.01);
    EXPECT_NEAR(measure(tone(48000, {{10, 0.0}}, 1, 997.0)).integratedLufs, -3.01, 0.01) << "mono is one channel";
}

TEST(Loudness, TheKWeightingIsThePrintedTableAt48kHzAndTheSameCurveElsewhere) {
    const KWeighting k = KWeighting::design(48000.0);
    EXPECT_NEAR(k.shelf.b0, 1.53512485958697, 1e-12);
    EXPECT_NEAR(k.shelf.b1, -2.69169618940638, 1e-12);
    EXPECT_NEAR(k.shelf.b2, 1.19839281085285, 1e-12);
    EXPECT_NEAR(k.shelf.a1, -1.69065929318241, 1e-12);
    EXPECT_NEAR(k.shelf.a2, 0.73248077421585, 1e-12);
    EXPECT_NEAR(k.lowCut.b0, 1.0, 1e-12);
    EXPECT_NEAR(k.lowCut.a1, -1.99004745483398, 1e-12);
    EXPECT_NEAR(k.lowCut.a2, 0.99007225036621, 1e-12);
    for (const double rate : {8000.0, 22050.0, 44100.0, 88200.0, 96000.0, 192000.0, 768000.0})
        for (double hz = 20.0; hz < std::min(0.2 * rate, 10000.0); hz *= 1.3)
            EXPECT_NEAR(KWeighting::design(rate).responseDb(hz, rate), k.responseDb(hz, 48000.0), rate < 20000 ? 0.3 : rate < 40000 ? 0.05 : 0.01) << rate << " " << hz;
}

// Two levels L and L - d of equal length: with d just under the gate's distance both count, just over it only the loud.
TEST(Loudness, TheRelativeGateSitsTenUnitsBelowTheUngatedMean) {
    for (const double d : {12.2, 13.4}) {
        const double mean = powerToDb(0.5 * (1.0 + dbToPower(-d)));
        const auto result = measure(tone(48000, {{60, -20}, {60, -20.0 - d}}));
        const double expected = -d > mean - 10.0 ? mean : 0.0;
        EXPECT_NEAR(result.integratedLufs, -20.0 + expected, 0.15) << d;
    }
}

TEST(Loudness, TheAbsoluteGateSitsAtMinus70) {
    EXPECT_NEAR(measure(tone(48000, {{10, -69.8}})).integratedLufs, -69.8, 0.1);
    EXPECT_EQ(measure(tone(48000, {{10, -70.3}})).integratedLufs, kSilentDb);
    EXPECT_NEAR(measure(tone(48000, {{10, -70.3}})).maxMomentaryLufs, -70.3, 0.1);
}

TEST(Loudness, AgreesWithLibebur128OnRandomProgramme) {
    for (const std::uint64_t seed : {1, 2, 3}) {
        const double rate = seed == 3 ? 44100.0 : 48000.0;
        AudioBuffer audio = noise({rate, 2}, static_cast<int>(45 * rate), 0.0, seed);
        std::mt19937_64 random(seed);
        double level = -30.0;
        for (int n = 0; n < audio.numFrames(); ++n) {  // a level that wanders between -55 and -5 dB
            if (n % 9600 == 0) level = std::clamp(level + static_cast<double>(random() % 1600) / 100.0 - 8.0, -55.0, -5.0);
            for (int c = 0; c < 2; ++c) audio.channel(c)[n] *= static_cast<float>(dbToGain(level));
        }
        ebur128_state* other = ebur128_init(2, static_cast<unsigned long>(rate), EBUR128_MODE_I | EBUR128_MODE_LRA);
        std::vector<float> interleaved;
        for (int n = 0; n < audio.numFrames(); ++n)
            for (int c = 0; c < 2; ++c) interleaved.push_back(audio.channel(c)[n]);
        ebur128_add_frames_float(other, interleaved.data(), audio.numFrames());
        double integrated = 0.0, range = 0.0;
        ebur128_loudness_global(other, &integrated);
        ebur128_loudness_range(other, &range);
        ebur128_destroy(&other);

        const auto result = measure(audio);
        EXPECT_NEAR(result.integratedLufs, integrated, 0.02) << seed;
        EXPECT_NEAR(result.loudnessRangeLu.value(), range, 0.6) << seed;  // it looks once a second, we ten times
    }
}

TEST(Loudness, WhatCannotBeMeasuredIsSaidNotGuessed) {
    for (const int frames : {0, 1, 19199}) {  // below one gating block of 400 ms
        const auto result = measure(sine({48000.0, 2}, frames, 997.0, -20.0));
        EXPECT_EQ(result.integratedLufs, kSilentDb) << frames;
        EXPECT_EQ(result.maxMomentaryLufs, kSilentDb) << frames;
        EXPECT_FALSE(result.loudnessRangeLu) << frames;
    }
    const auto silent = measure(AudioBuffer({48000.0, 2}, 480000));
    EXPECT_EQ(silent.integratedLufs, kSilentDb);
    EXPECT_EQ(silent.maxShortTermLufs, kSilentDb);
    EXPECT_FALSE(silent.loudnessRangeLu || silent.monoLossLu || silent.minPeakToShortTermDb);
    EXPECT_TRUE(std::isfinite(measure(sine({48000.0, 1}, 19200, 997.0, -20.0)).integratedLufs));
    EXPECT_THROW(LoudnessMeter({4000.0, 2}), std::invalid_argument);
    EXPECT_THROW(LoudnessMeter({48000.0, 0}), std::invalid_argument);
}

TEST(Loudness, BrokenSamplesDoNotSpoilTheRest) {
    AudioBuffer audio = sine({48000.0, 2}, 480000, 997.0, -20.0);
    audio.channel(0)[100000] = std::numeric_limits<float>::quiet_NaN();
    audio.channel(1)[200000] = std::numeric_limits<float>::infinity();
    EXPECT_NEAR(measure(audio).integratedLufs, -20.0, 0.1);
}

TEST(Loudness, HowTheStreamIsCutChangesNoBit) {
    for (const int channels : {1, 2, 3, 6}) {
        const AudioBuffer audio = noise({44100.0, channels}, 44100 * 8, -10.0, 5);
        const auto whole = listen(LoudnessMeter(audio.spec()), audio, audio.numFrames()).result();
        const auto pieces = listen(LoudnessMeter(audio.spec()), audio, 0).result();
        EXPECT_EQ(whole.integratedLufs, pieces.integratedLufs);
        EXPECT_EQ(whole.maxMomentaryLufs, pieces.maxMomentaryLufs);
        EXPECT_EQ(whole.maxShortTermLufs, pieces.maxShortTermLufs);
        EXPECT_EQ(whole.loudnessRangeLu, pieces.loudnessRangeLu);
        EXPECT_EQ(whole.monoLossLu, pieces.monoLossLu);
        EXPECT_EQ(whole.minPeakToShortTermDb, pieces.minPeakToShortTermDb);
        EXPECT_EQ(whole.shortTermLufs, pieces.shortTermLufs);
    }
}

TEST(Loudness, MonoLossIsWhatTheFoldDownLoses) {
    AudioBuffer audio = sine({48000.0, 2}, 48000 * 5, 500.0, -20.0);
    EXPECT_NEAR(measure(audio).monoLossLu.value(), 0.0, 0.01);
    for (float& sample : audio.channel(1)) sample = 0.0f;  // hard left: (L+R)/2 in both is 3.01 below
    EXPECT_NEAR(measure(audio).monoLossLu.value(), -3.01, 0.01);
    for (int n = 0; n < audio.numFrames(); ++n) audio.channel(1)[n] = -audio.channel(0)[n];
    EXPECT_LT(measure(audio).monoLossLu.value(), -60.0);
}

TEST(Loudness, PeakToShortTermIsLowestWhereTheMusicIsDensest) {
    // 6 s of a tone (peak 3 dB above its RMS), then the same with a peak 10 dB above once a second.
    AudioBuffer audio = sine({48000.0, 1}, 48000 * 12, 997.0, -20.0);
    for (int n = 48000 * 6 + 12; n < audio.numFrames(); n += 48000) audio.channel(0)[n] = static_cast<float>(dbToGain(-10.0));
    // -20 dBFS peak against -23.01 LUFS
    EXPECT_NEAR(measure(audio).minPeakToShortTermDb.value(), 3.01, 0.05);
}

TEST(Loudness, TheShortTermCurveIsBounded) {
    const auto result = measure(tone(16000, {{100, -30}, {100, -20}}, 1));
    ASSERT_LE(result.shortTermLufs.size(), 1024u);
    ASSERT_GT(result.shortTermLufs.size(), 400u);
    EXPECT_NEAR(result.shortTermLufs.front(), -33.0, 0.1);
    EXPECT_NEAR(result.shortTermLufs.back(), -23.0, 0.1);
}

}  // namespace
}  // namespace tonewright::test
