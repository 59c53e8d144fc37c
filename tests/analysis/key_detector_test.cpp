#include "analysis/key_detector.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <vector>

#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

// A plucked note with harmonics that fall by 6 dB each.
void note(AudioBuffer& audio, double startSeconds, double seconds, double midi, double tuningCents) {
    const double rate = audio.spec().sampleRateHz, hz = 440.0 * std::exp2((midi - 69.0 + tuningCents / 100.0) / 12.0);
    const int start = static_cast<int>(startSeconds * rate), length = static_cast<int>(seconds * rate);
    for (int harmonic = 1; harmonic <= 6; ++harmonic) {
        const std::complex<double> turn = std::polar(std::exp(-2.0 / rate), 2.0 * std::numbers::pi * harmonic * hz / rate);
        std::complex<double> wave = 0.1 * std::exp2(-harmonic);
        for (int n = 0; n < length && start + n < audio.numFrames(); ++n, wave *= turn)
            audio.channel(0)[start + n] += static_cast<float>(wave.imag());
    }
}

// I - IV - V - I, or i - iv - V - i, with a bass, half a second each, twice.
AudioBuffer cadence(int tonic, bool minor, double tuningCents, double rate = 22050.0) {
    AudioBuffer audio({rate, 1}, static_cast<int>(8.0 * rate));
    const int third = minor ? 3 : 4;
    const std::vector<std::vector<int>> chords = {{0, third, 7}, {5, 5 + third, 12}, {7, 11, 14}, {0, third, 7}};
    for (int i = 0; i < 16; ++i) {
        const auto& chord = chords[i / 2 % 4];
        for (int pitch : chord) note(audio, 0.5 * i, 0.5, 60 + tonic + pitch, tuningCents);
        note(audio, 0.5 * i, 0.5, 48 + tonic + chord[0], tuningCents);
    }
    return audio;
}

KeyDetector listen(AudioBuffer audio) {
    SpectralStream stream(audio.spec());
    KeyDetector detector(stream);
    SpectralSink* sinks[] = {&detector};
    std::vector<float*> pointers(1);
    stream.add(audio.block(pointers, 0, audio.numFrames()), sinks);
    stream.finish(sinks);
    return detector;
}

}  // namespace

TEST(KeyDetector, CadencesInAllKeysAreNamed) {
    for (int tonic = 0; tonic < 12; ++tonic)
        for (bool minor : {false, true}) {
            const KeyFacts key = listen(cadence(tonic, minor, 0.0)).result();
            ASSERT_TRUE(key.tonic) << tonic << minor;
            EXPECT_EQ(*key.tonic, tonic) << key.name();
            EXPECT_EQ(key.minor, minor) << key.name();
            EXPECT_GT(key.confidence, 0.15) << key.name();
        }
}

TEST(KeyDetector, AScaleIsInItsKey) {
    AudioBuffer audio({48000.0, 1}, 12 * 48000);
    const int major[] = {0, 2, 4, 5, 7, 9, 11, 12, 11, 9, 7, 5, 4, 2, 0};
    for (int i = 0; i < 15; ++i) note(audio, i * 0.7, i == 14 || i == 0 || i == 7 ? 1.0 : 0.6, 62 + major[i], 0.0);  // D major
    const KeyFacts key = listen(audio).result();
    ASSERT_TRUE(key.tonic);
    EXPECT_EQ(key.name(), "D major");
}

TEST(KeyDetector, HearsTheTuning) {
    for (double cents : {-40.0, -15.0, 0.0, 22.0, 40.0}) {
        const KeyDetector detector = listen(cadence(9, true, cents));
        EXPECT_NEAR(detector.tuningCents(), cents, 4.0);
        EXPECT_EQ(detector.result().name(), "A minor") << cents;
        EXPECT_NEAR(detector.pitchClasses()[9], listen(cadence(9, true, 0.0)).pitchClasses()[9], 0.02) << cents;
    }
}

TEST(KeyDetector, LevelDoesNotMatter) {
    AudioBuffer audio = cadence(4, false, 10.0);
    const KeyFacts before = listen(audio).result();
    for (float& sample : audio.channel(0)) sample *= 0.03f;
    EXPECT_NEAR(listen(audio).result().confidence, before.confidence, 1e-3);
}

TEST(KeyDetector, SilenceHasNoKeyAndNoiseNoClearOne) {
    EXPECT_FALSE(listen(AudioBuffer({48000.0, 1}, 96000)).result().tonic);
    for (std::uint64_t seed : {1, 2, 3, 4}) EXPECT_LT(listen(noise({48000.0, 1}, 480000, -6.0, seed)).result().confidence, 0.15);
}

TEST(KeyFacts, AreSpelledAsMusiciansDo) {
    EXPECT_EQ((KeyFacts{.tonic = 10, .minor = false}.name()), "B flat major");
    EXPECT_EQ((KeyFacts{.tonic = 6, .minor = true}.name()), "F sharp minor");
    EXPECT_EQ(KeyFacts{}.name(), "");
}
