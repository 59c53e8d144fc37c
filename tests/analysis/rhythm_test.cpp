// Onsets, tempo, beats and percussiveness of synthesised rhythms with known times.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "analysis/onset_detector.h"
#include "analysis/rhythm.h"
#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

enum class Sound { click, noiseBurst, tone };

// Adds a sound that begins at `seconds` (rounded to a frame).
void strike(AudioBuffer& audio, double seconds, double gain, Sound sound, std::uint64_t seed = 1) {
    const double rate = audio.spec().sampleRateHz;
    const int start = static_cast<int>(std::lround(seconds * rate));
    const int length = sound == Sound::click ? 8 : static_cast<int>((sound == Sound::tone ? 0.4 : 0.15) * rate);
    const AudioBuffer hiss = noise({rate, 1}, length, 0.0, seed);
    for (int n = 0; n < length && start + n < audio.numFrames(); ++n) {
        const double decay = sound == Sound::click ? 1.0 : std::exp(-n / rate / (sound == Sound::tone ? 0.12 : 0.03));
        const double wave = sound == Sound::tone ? std::sin(2.0 * std::numbers::pi * 440.0 * n / rate) : hiss.channel(0)[n];
        audio.channel(0)[start + n] += static_cast<float>(gain * decay * wave);
    }
}

AudioBuffer pattern(const std::vector<double>& times, double seconds, double rate, Sound sound) {
    AudioBuffer audio({rate, 1}, static_cast<int>(seconds * rate));
    for (std::size_t i = 0; i < times.size(); ++i) strike(audio, times[i], 0.5, sound, i + 1);
    return audio;
}

std::vector<double> every(double interval, double from, double to) {
    std::vector<double> times;
    for (int i = 0; from + i * interval < to; ++i) times.push_back(from + i * interval);
    return times;
}

RhythmFacts listen(AudioBuffer audio) {
    SpectralStream stream(audio.spec());
    OnsetDetector detector(stream);
    SpectralSink* sinks[] = {&detector};
    std::vector<float*> pointers(1);
    stream.add(audio.block(pointers, 0, audio.numFrames()), sinks);
    stream.finish(sinks);
    const double seconds = audio.numFrames() / audio.spec().sampleRateHz;
    return rhythmFacts(detector.result(seconds), seconds);
}

double distanceToNearest(const std::vector<double>& truth, double seconds) {
    double nearest = 1e9;
    for (double t : truth) nearest = std::min(nearest, std::abs(t - seconds));
    return nearest;
}

}  // namespace

TEST(Onsets, EveryStrikeIsFoundOnceWithinTenMilliseconds) {
    for (Sound sound : {Sound::click, Sound::noiseBurst, Sound::tone})
        for (double rate : {44100.0, 48000.0, 96000.0}) {
            std::vector<double> times;
            for (int i = 0; i < 30; ++i) times.push_back(0.31 + i * 0.4371);  // falls on all parts of a frame
            const RhythmFacts facts = listen(pattern(times, 14.0, rate, sound));
            EXPECT_EQ(facts.onsetSeconds.size(), times.size()) << static_cast<int>(sound) << " at " << rate;
            for (float onset : facts.onsetSeconds) EXPECT_LT(distanceToNearest(times, onset), 0.010) << static_cast<int>(sound) << " " << onset;
        }
}

TEST(Onsets, QuietStrikesCountAndLevelDoesNotMatter) {
    const std::vector<double> times = every(0.5, 0.2, 10.0);
    AudioBuffer audio({48000.0, 1}, 480000);
    for (std::size_t i = 0; i < times.size(); ++i) strike(audio, times[i], i % 2 ? 0.05 : 0.5, Sound::noiseBurst, i + 1);  // every other 20 dB down
    const RhythmFacts facts = listen(audio);
    EXPECT_EQ(facts.onsetSeconds.size(), times.size());
    for (float& sample : audio.channel(0)) sample *= 0.1f;
    const RhythmFacts quiet = listen(audio);
    ASSERT_EQ(quiet.onsetSeconds.size(), facts.onsetSeconds.size());
    for (std::size_t i = 0; i < facts.onsetSeconds.size(); ++i) EXPECT_NEAR(quiet.onsetSeconds[i], facts.onsetSeconds[i], 1e-4);
    EXPECT_EQ(quiet.tempoBpm.has_value(), facts.tempoBpm.has_value());
}

TEST(Onsets, ASteadyToneAndSteadyNoiseHaveNoneAfterTheirStart) {
    EXPECT_LE(listen(sine({48000.0, 1}, 480000, 300.0, -6.0)).onsetSeconds.size(), 2u);
    EXPECT_LE(listen(noise({48000.0, 1}, 480000, -6.0, 4)).onsetSeconds.size(), 2u);
}

TEST(TempoAndBeats, ClickTracksFrom60To180AreReadWithinHalfAPercentAndTheirBeatsWithinTenMilliseconds) {
    for (Sound sound : {Sound::click, Sound::noiseBurst})
        for (double bpm : {60.0, 66.7, 75.0, 84.0, 93.3, 100.0, 110.5, 120.0, 128.0, 140.0, 155.0, 174.0, 180.0}) {
            const std::vector<double> times = every(60.0 / bpm, 0.4, 19.5);
            const RhythmFacts rhythm = listen(pattern(times, 20.0, sound == Sound::click ? 44100.0 : 22050.0, sound));
            ASSERT_TRUE(rhythm.tempoBpm) << bpm;
            EXPECT_NEAR(*rhythm.tempoBpm, bpm, 0.005 * bpm);
            EXPECT_GT(rhythm.tempoConfidence, 0.5) << bpm;
            EXPECT_GE(rhythm.beatSeconds.size(), times.size() - 2) << bpm;
            for (float beat : rhythm.beatSeconds) EXPECT_LT(distanceToNearest(times, beat), 0.010) << bpm << " BPM at " << beat;
        }
}

TEST(TempoAndBeats, ASwungBackbeatKeepsItsQuarterNotes) {
    for (double bpm : {92.0, 118.0}) {
        const double beat = 60.0 / bpm;
        AudioBuffer audio({48000.0, 1}, 30 * 48000);
        std::vector<double> beats;
        for (int i = 0; 0.3 + i * beat < 29.0; ++i) {
            beats.push_back(0.3 + i * beat);
            strike(audio, beats.back(), 0.5, i % 2 ? Sound::noiseBurst : Sound::tone, i + 1);
            strike(audio, beats.back(), 0.1, Sound::noiseBurst, i + 77);
            strike(audio, beats.back() + beat * 2.0 / 3.0, 0.05, Sound::noiseBurst, i + 99);  // the swung off-beat
        }
        const RhythmFacts rhythm = listen(audio);
        ASSERT_TRUE(rhythm.tempoBpm);
        EXPECT_NEAR(*rhythm.tempoBpm, bpm, 0.01 * bpm);
        for (float t : rhythm.beatSeconds) EXPECT_LT(distanceToNearest(beats, t), 0.02);
    }
}

TEST(TempoAndBeats, ADriftingDrummerIsFollowed) {
    std::vector<double> times;
    double t = 0.4;
    for (int i = 0; t < 40.0; ++i) {
        times.push_back(t);
        t += 60.0 / (100.0 + 0.1 * i);  // 100 to about 107 BPM
    }
    const RhythmFacts rhythm = listen(pattern(times, 41.0, 48000.0, Sound::noiseBurst));
    ASSERT_TRUE(rhythm.tempoBpm);
    EXPECT_NEAR(*rhythm.tempoBpm, 103.0, 4.0);
    int near = 0;
    for (float beat : rhythm.beatSeconds) near += distanceToNearest(times, beat) < 0.015;
    EXPECT_GE(near, static_cast<int>(times.size()) - 4);
}

TEST(TempoAndBeats, SilenceNoiseATonesAndAFewHitsHaveNoTempo) {
    EXPECT_FALSE(listen(AudioBuffer({48000.0, 1}, 480000)).tempoBpm);
    for (std::uint64_t seed : {1, 2, 3}) EXPECT_FALSE(listen(noise({48000.0, 1}, 960000, -6.0, seed)).tempoBpm);
    EXPECT_FALSE(listen(sine({48000.0, 1}, 960000, 200.0, -6.0)).tempoBpm);
    EXPECT_FALSE(listen(pattern({1.0, 7.3, 15.1}, 20.0, 48000.0, Sound::noiseBurst)).tempoBpm);
}

TEST(TempoAndBeats, IrregularHitsHaveALowConfidence) {
    std::mt19937 random(5);
    std::vector<double> times;
    for (double t = 0.3; t < 29.0; t += 0.15 + static_cast<double>(random() % 1000) * 0.001) times.push_back(t);
    const RhythmFacts rhythm = listen(pattern(times, 30.0, 48000.0, Sound::noiseBurst));
    EXPECT_LT(rhythm.tempoConfidence, 0.45);
}

TEST(Percussiveness, TellsHitsFromWhatIsSustained) {
    EXPECT_GT(*listen(pattern(every(0.5, 0.2, 9.0), 10.0, 48000.0, Sound::noiseBurst)).percussiveness, 0.9);
    EXPECT_LT(*listen(sine({48000.0, 1}, 480000, 300.0, -6.0)).percussiveness, 0.1);
    EXPECT_LT(*listen(noise({48000.0, 1}, 480000, -6.0, 4)).percussiveness, 0.1);
    EXPECT_FALSE(listen(AudioBuffer({48000.0, 1}, 48000)).percussiveness);
}
