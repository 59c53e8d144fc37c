#include "analysis/timbre_meter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>

#include "analysis/analyzer.h"
#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

constexpr StreamSpec kSpec{48000.0, 1};
constexpr int kSeconds = 8;

TimbreFacts heard(const AudioBuffer& audio) {
    Analyzer analyzer(kSpec, {.truePeak = false, .rhythm = false, .key = false, .separation = false, .resonances = false, .timbre = true});
    const float* channel = const_cast<AudioBuffer&>(audio).channel(0).data();
    analyzer.add(ConstBlock(&channel, 1, audio.numFrames()));
    return analyzer.result().timbre;
}

// A sum of harmonics whose fundamental follows `hz`.
AudioBuffer tone(const std::function<double(double)>& hz, int harmonics = 5) {
    AudioBuffer audio(kSpec, 48000 * kSeconds);
    double phase = 0.0;
    for (int n = 0; n < audio.numFrames(); ++n) {
        phase += hz(n / 48000.0) / 48000.0;
        for (int k = 1; k <= harmonics; ++k) audio.channel(0)[n] += static_cast<float>(0.2 / k * std::sin(2.0 * std::numbers::pi * k * phase));
    }
    return audio;
}

AudioBuffer struck(double decaySeconds) {
    AudioBuffer audio = noise(kSpec, 48000 * kSeconds, -6.0, 3);
    for (int n = 0; n < audio.numFrames(); ++n) audio.channel(0)[n] *= static_cast<float>(std::exp(-(n % 48000) / 48000.0 / decaySeconds));
    return audio;
}

}  // namespace

TEST(TimbreMeter, MeasuresHowStrikesDieAway) {
    for (const double decaySeconds : {0.06, 0.15, 0.4}) {
        const TimbreFacts facts = heard(struck(decaySeconds));
        for (int i = 1; i + 1 < TimbreFacts::kDecays; ++i) {
            const double seconds[] = {0.03, 0.06, 0.12, 0.24, 0.48}, between = 20.0 * std::log10(std::numbers::e) * (seconds[i + 1] - seconds[i]) / decaySeconds;
            if (facts.decayDb[0][i + 1] < 40.0) {
                EXPECT_NEAR(facts.decayDb[0][i + 1] - facts.decayDb[0][i], between, 0.12 * between + 0.5) << decaySeconds << " s, decay " << i;
            }
        }
        EXPECT_GT(facts.riseDb, 4.0);
    }
    EXPECT_EQ(heard(tone([](double) { return 220.0; })).decayDb[0][2], 0.0);
}

TEST(TimbreMeter, MeasuresGlides) {
    EXPECT_LT(heard(tone([](double) { return 220.0; })).glideCents, 0.5);
    for (const double semitonesPerSecond : {2.0, 4.0}) {
        const TimbreFacts facts = heard(tone([&](double t) { return 220.0 * std::exp2(semitonesPerSecond * (t - 4.0) / 12.0 / 4.0); }));
        const double centsPerFrame = 100.0 * semitonesPerSecond / 4.0 * 2048.0 / 48000.0;  // mid frames are 2048 samples apart
        EXPECT_NEAR(facts.glideCents, centsPerFrame, 0.3 * centsPerFrame);
    }
    const auto vibrato = [](double t) { return 330.0 * std::exp2(0.5 * std::sin(2.0 * std::numbers::pi * 5.5 * t) / 12.0); };
    EXPECT_GT(heard(tone(vibrato)).glidingShare, 0.4);
}

TEST(TimbreMeter, TellsFixedPitchesFromFreeOnes) {
    const auto steps = [](double cents) { return [cents](double t) { return 220.0 * std::exp2(std::floor(2.0 * t) * cents / 1200.0); }; };
    EXPECT_GT(heard(tone(steps(100.0), 1)).grid, 0.8);
    EXPECT_LT(heard(tone(steps(37.0), 1)).grid, 0.4);
}

TEST(TimbreMeter, FindsTheFundamental) {
    const TimbreFacts facts = heard(tone([](double) { return 220.0; }));
    EXPECT_NEAR(facts.pitchSemitones, 24.0, 0.1);
    EXPECT_GT(facts.voicedShare, 0.95);
    EXPECT_NEAR(facts.harmonicity, 1.0, 0.02);
    EXPECT_LT(heard(noise(kSpec, 48000 * kSeconds, -6.0, 5)).peakShare, 0.5 * facts.peakShare);
}

TEST(TimbreMeter, TellsWhatDiesAwayFromWhatHolds) {
    AudioBuffer plucked = tone([](double) { return 220.0; });
    for (int n = 0; n < plucked.numFrames(); ++n) plucked.channel(0)[n] *= static_cast<float>(std::exp(-n / 48000.0 / 2.0));
    const double perFrame = 20.0 * std::log10(std::numbers::e) / 2.0 * 2048.0 / 48000.0;
    EXPECT_NEAR(heard(plucked).peakChangeDb, -perFrame, 0.2 * perFrame);  // the first windows swell
    EXPECT_NEAR(heard(tone([](double) { return 220.0; })).peakChangeDb, 0.0, 0.01);
    EXPECT_LT(heard(plucked).peakWobbleDb, 0.05);
}

TEST(TimbreMeter, HearsSimultaneousPeaksChangeUnlikeEachOther) {
    AudioBuffer audio(kSpec, 48000 * kSeconds);  // two tones, one of which swells while the other fades
    for (int n = 0; n < audio.numFrames(); ++n) {
        const double t = n / 48000.0, swell = 0.5 + 0.4 * std::sin(2.0 * std::numbers::pi * t);
        audio.channel(0)[n] = static_cast<float>(0.3 * swell * std::sin(2.0 * std::numbers::pi * 400.0 * t) + 0.3 * (1.0 - swell) * std::sin(2.0 * std::numbers::pi * 1000.0 * t));
    }
    EXPECT_GT(heard(audio).peakWobbleDb, 0.5);
}

TEST(TimbreMeter, MeasuresTheWidthOfPeaks) {
    const TimbreFacts steady = heard(tone([](double) { return 220.0; }));
    const TimbreFacts wavering = heard(tone([](double t) { return 330.0 * std::exp2(0.5 * std::sin(2.0 * std::numbers::pi * 5.5 * t) / 12.0); }));
    EXPECT_NEAR(steady.lowPeakWidth, steady.highPeakWidth, 0.1);
    EXPECT_GT(wavering.highPeakWidth, 1.3 * steady.highPeakWidth);
    EXPECT_GT(steady.holdingShare, 0.99);
    EXPECT_GT(wavering.waveringShare, 0.5);
}

TEST(TimbreMeter, ComparesHarmonics) {
    const auto harmonics = [](std::initializer_list<int> numbers) {
        AudioBuffer audio(kSpec, 48000 * kSeconds);
        for (int n = 0; n < audio.numFrames(); ++n)
            for (const int k : numbers) audio.channel(0)[n] += static_cast<float>(0.2 / k * std::sin(2.0 * std::numbers::pi * 220.0 * k * n / 48000.0));
        return audio;
    };
    EXPECT_NEAR(heard(harmonics({1, 3, 5})).oddShare, 1.0, 0.01);
    EXPECT_NEAR(heard(harmonics({1, 2, 4})).oddShare, 0.0, 0.01);
    EXPECT_NEAR(heard(harmonics({1, 2, 3})).secondDb, 20.0 * std::log10(0.5), 1.5);  // a tone between two bins is that much lower
}

TEST(TimbreMeter, TellsOneDrumFromSeveral) {
    AudioBuffer one = struck(0.06), two = struck(0.06);
    double low = 0.0;
    for (int n = 0; n < two.numFrames(); ++n) {  // every other strike is dull
        low += 0.01 * (two.channel(0)[n] - low);
        if (n / 48000 % 2 == 1) two.channel(0)[n] = static_cast<float>(10.0 * low);
    }
    EXPECT_LT(heard(one).strikeHighSpreadDb, 2.0);
    EXPECT_GT(heard(two).strikeHighSpreadDb, 5.0);
    EXPECT_NEAR(heard(one).strikeGapOctaves, std::log2(10.0), 0.1);  // one second
    EXPECT_LT(heard(one).strikeGapSpreadOctaves, 0.1);
}

TEST(TimbreMeter, DoesNotDependOnTheLevelAndHearsNothingInSilence) {
    AudioBuffer loud = struck(0.15), quiet = struck(0.15);
    for (float& sample : quiet.channel(0)) sample *= 0.125f;
    const TimbreFacts a = heard(loud), b = heard(quiet), silence = heard(AudioBuffer(kSpec, 48000));
    EXPECT_DOUBLE_EQ(a.decayDb[0][2], b.decayDb[0][2]);
    EXPECT_DOUBLE_EQ(a.strikeShare, b.strikeShare);
    EXPECT_DOUBLE_EQ(a.peakShare, b.peakShare);
    EXPECT_EQ(silence.strikeShare, 0.0);
    EXPECT_EQ(silence.voicedShare, 0.0);
}
