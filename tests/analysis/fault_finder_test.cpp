#include "analysis/fault_finder.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include "audiofile/audio_reader.h"
#include "tests/analysis/listen.h"
#include "tests/support/signals.h"

// Every fault is planted into a recording that has none, found with its value, and not found before.
namespace tonewright::test {
namespace {

using Result = FaultFinder::Result;

Result findIn(const AudioBuffer& audio, int blockLength = 4096) {
    const StereoMeter stereo = listen(StereoMeter(audio.spec()), audio, blockLength);
    return listen(FaultFinder(audio.spec()), audio, blockLength).result(stereo);
}

const Fault* faultOf(const Result& result, const std::string& kind) {
    for (const Fault& fault : result.faults)
        if (fault.kind == kind) return &fault;
    return nullptr;
}

// A sung line: notes of 0.9 s every 1.5 s (harmonics, soft attack and decay, slight vibrato), silence between, quiet ends.
AudioBuffer melody(StreamSpec spec = {48000.0, 1}, double seconds = 20.0, double peakDb = -8.0) {
    AudioBuffer audio(spec, static_cast<int>(seconds * spec.sampleRateHz));
    const double pitches[] = {196.0, 220.0, 246.94, 293.66, 261.63, 174.61};
    for (int n = 0; n < audio.numFrames(); ++n) {
        const double t = n / spec.sampleRateHz, inNote = std::fmod(t, 1.5) - 0.3;
        if (inNote < 0.0 || inNote > 0.9 || t > seconds - 0.3) continue;
        const double pitch = pitches[static_cast<int>(t / 1.5) % 6], envelope = std::sin(std::numbers::pi * inNote / 0.9);
        const double phase = 2.0 * std::numbers::pi * pitch * inNote + 0.3 * std::sin(2.0 * std::numbers::pi * 5.0 * inNote);
        double sum = 0.0;
        for (int k = 1; k <= 8; ++k) sum += std::sin(k * phase + 0.5 * k * k) / k;
        for (int c = 0; c < spec.channels; ++c) audio.channel(c)[n] = static_cast<float>(0.5 * dbToGain(peakDb) * envelope * sum);
    }
    return audio;
}

// Drum hits twice a second: noise bursts with a fast attack, and a falling low tone.
AudioBuffer drums(double seconds = 20.0) {
    AudioBuffer audio = noise({48000.0, 1}, static_cast<int>(48000 * seconds), 0.0, 21);
    for (int n = 0; n < audio.numFrames(); ++n) {
        const double t = std::fmod(n / 48000.0 + 0.4, 0.5);
        const double hit = 0.3 * std::exp(-t / 0.04) * audio.channel(0)[n] + 0.5 * std::exp(-t / 0.06) * std::sin(2.0 * std::numbers::pi * (60.0 * t - 2.0 * std::exp(-t / 0.03)));
        audio.channel(0)[n] = n < 4800 ? 0.0f : static_cast<float>(hit);
    }
    return audio;
}

void add(AudioBuffer& audio, const std::function<double(double seconds)>& what) {
    for (int n = 0; n < audio.numFrames(); ++n)
        for (int c = 0; c < audio.numChannels(); ++c) audio.channel(c)[n] += static_cast<float>(what(n / audio.spec().sampleRateHz));
}

AudioBuffer scaled(AudioBuffer audio, double db) {
    for (int c = 0; c < audio.numChannels(); ++c)
        for (float& sample : audio.channel(c)) sample *= static_cast<float>(dbToGain(db));
    return audio;
}

AudioBuffer inBits(AudioBuffer audio, int bits) {
    const float steps = static_cast<float>(1 << (bits - 1));
    for (int c = 0; c < audio.numChannels(); ++c)
        for (float& sample : audio.channel(c)) sample = std::round(sample * steps) / steps;
    return audio;
}

void plantHiss(AudioBuffer& audio, double rmsDb) {
    const AudioBuffer hiss = noise(audio.spec(), audio.numFrames(), rmsDb + 4.77, 33);
    for (int c = 0; c < audio.numChannels(); ++c)
        for (int n = 0; n < audio.numFrames(); ++n) audio.channel(c)[n] += hiss.channel(c)[n];
}

// Noise below 40 Hz whose level wanders by a few dB, as of traffic and air conditioning.
void plantRumble(AudioBuffer& audio, double rmsDb) {
    const AudioBuffer white = noise({audio.spec().sampleRateHz, 1}, audio.numFrames(), 0.0, 34);
    const double a = 1.0 - std::exp(-2.0 * std::numbers::pi * 40.0 / audio.spec().sampleRateHz);
    std::vector<double> rumble;
    double first = 0.0, second = 0.0, power = 0.0;
    for (const float sample : white.channel(0)) {
        first += a * (sample - first);
        second += a * (first - second);
        const double t = static_cast<double>(rumble.size()) / audio.spec().sampleRateHz;
        rumble.push_back(second * dbToGain(3.0 * std::sin(1.3 * t) + 1.5 * std::sin(4.1 * t)));
        power += rumble.back() * rumble.back();
    }
    const double gain = dbToGain(rmsDb) / std::sqrt(power / audio.numFrames());
    for (int n = 0; n < audio.numFrames(); ++n)
        for (int c = 0; c < audio.numChannels(); ++c) audio.channel(c)[n] += static_cast<float>(gain * rumble[n]);
}

double mains(double hz, double t) {  // fundamental and two harmonics: 1, 0.5, 0.35
    const double w = 2.0 * std::numbers::pi * hz * t;
    return std::sin(w) + 0.5 * std::sin(2.0 * w + 1.0) + 0.35 * std::sin(3.0 * w + 2.0);
}

TEST(Faults, CleanRecordingsHaveNone) {
    for (const AudioBuffer& audio : {melody(), melody({44100.0, 1}, 20.0, -30.0), drums(), inBits(melody(), 16), inBits(melody({48000.0, 1}, 20.0, -40.0), 16)}) {
        const Result result = findIn(audio);
        for (const Fault& fault : result.faults) ADD_FAILURE() << fault.kind << ": " << fault.text;
        EXPECT_FALSE(result.hum.found);
        EXPECT_EQ(result.lossyCutoffHz, 0.0);
        EXPECT_FALSE(result.activity.silent);
    }
}

TEST(Faults, ClippingIsFoundAtItsLevelAlsoWhenTurnedDownAndInSixteenBits) {
    AudioBuffer clipped = melody({48000.0, 1}, 20.0, +3.0);
    for (float& sample : clipped.channel(0)) sample = std::clamp(sample, -1.0f, 1.0f);
    std::int64_t flat = 0;
    for (const float sample : clipped.channel(0)) flat += std::abs(sample) == 1.0f;
    for (const double gainDb : {0.0, -7.3, -20.0}) {
        const Result result = findIn(inBits(scaled(clipped, gainDb), gainDb == 0.0 ? 24 : 16));
        const Fault* fault = faultOf(result, "clipping");
        ASSERT_TRUE(fault) << gainDb;
        const double share = 100.0 * static_cast<double>(flat) / clipped.numFrames();
        EXPECT_NEAR(fault->value / share, 1.0, 0.35) << gainDb;
        EXPECT_EQ(fault->where.size(), 32u);
        EXPECT_GT(fault->where[0].startSeconds, 0.3);
        EXPECT_LT(fault->where[0].startSeconds, 0.7);
    }
}

TEST(Faults, OneFullScaleTopIsTold) {
    AudioBuffer audio = melody({48000.0, 1}, 10.0, -3.0);
    float* x = audio.channel(0).data() + 48000;
    for (int i = 0; i < 9; ++i) x[i] = i < 3 ? 0.3f * static_cast<float>(i) : i < 6 ? 1.0f : 0.3f * static_cast<float>(8 - i);
    const Result result = findIn(audio);
    ASSERT_TRUE(faultOf(result, "clipping"));
    EXPECT_NEAR(faultOf(result, "clipping")->where.at(0).startSeconds, 48003 / 48000.0, 1e-6);
}

TEST(Faults, SynthesisedWavesAndLowTonesAreNotClipped) {
    AudioBuffer square = sine({48000.0, 1}, 48000 * 6, 110.0, -20.0), pulse = square;
    for (float& sample : square.channel(0)) sample = sample < 0.0f ? -0.1f : 0.1f;
    for (int n = 0; n < pulse.numFrames(); ++n) pulse.channel(0)[n] = n % 441 < 100 ? 0.2f : 0.0f;
    EXPECT_FALSE(faultOf(findIn(square), "clipping"));
    EXPECT_FALSE(faultOf(findIn(pulse), "clipping"));
    for (const double hz : {20.0, 41.2, 82.4})
        for (const double peakDb : {-1.0, -20.0, -40.0, -60.0})
            EXPECT_FALSE(faultOf(findIn(inBits(sine({48000.0, 1}, 48000 * 4, hz, peakDb), 16)), "clipping")) << hz << " Hz at " << peakDb;
}

TEST(Faults, ClicksAreFoundAtTheirPlaces) {
    for (AudioBuffer audio : {melody(), drums()}) {
        std::vector<int> places;
        for (int i = 0; i < 12; ++i) places.push_back(40000 + i * 71993);
        for (std::size_t i = 0; i < places.size(); ++i)
            for (int k = 0; k < 6; ++k) audio.channel(0)[places[i] + k] += (i % 2 ? -0.6f : 0.6f) * static_cast<float>(std::cos(2.0 * k) * std::exp(-0.5 * k));
        const Result result = findIn(audio);
        const Fault* fault = faultOf(result, "clicks");
        ASSERT_TRUE(fault);
        int found = 0;
        for (const int place : places)
            for (const TimeSpan& where : fault->where) found += std::abs(where.startSeconds - place / 48000.0) < 0.001;
        EXPECT_GE(found, 10);
        EXPECT_LE(fault->where.size(), 12u);
    }
}

TEST(Faults, DcIsMeasuredAndTold) {
    AudioBuffer audio = melody();
    add(audio, [](double) { return 0.03; });
    const Result result = findIn(audio);
    EXPECT_NEAR(result.dcOffset[0], 0.03, 0.001);
    ASSERT_TRUE(faultOf(result, "dc"));
    EXPECT_NEAR(faultOf(result, "dc")->value, 3.0, 0.1);
    EXPECT_FALSE(faultOf(result, "starts-cut")) << "an offset is no sound";
    EXPECT_NEAR(result.activity.activeShare, findIn(melody()).activity.activeShare, 0.02);
}

TEST(Faults, HumIsFoundWithItsFrequencyAndLevel) {
    for (const double hz : {50.0, 50.06, 60.0, 59.96}) {
        AudioBuffer audio = melody({44100.0, 1}, 24.0);
        add(audio, [&](double t) { return dbToGain(-50.0) * mains(hz + 0.03 * std::sin(0.2 * t), t); });
        const HumFacts hum = findIn(audio).hum;
        ASSERT_TRUE(hum.found) << hz;
        EXPECT_NEAR(hum.fundamentalHz, hz, 0.1);
        EXPECT_NEAR(hum.levelDbfs, -50.0 - 3.01 + powerToDb(1.0 + 0.25 + 0.1225), 1.0);
        EXPECT_EQ(hum.harmonics, 3);
        EXPECT_TRUE(faultOf(findIn(audio), "hum"));
    }
}

TEST(Faults, ABassGuitarOnG1OrB1IsNotHum) {
    for (const double hz : {49.0, 50.0, 60.0, 61.74})  // even where it is tuned exactly to the mains
        for (const double noteSeconds : {0.5, 2.0}) {
            AudioBuffer audio({48000.0, 1}, 48000 * 30);
            add(audio, [&](double t) { return 0.4 * std::exp(-std::fmod(t, noteSeconds) / 0.6) * mains(hz, std::fmod(t, noteSeconds)); });
            // The same note in the same phase for ever, too fast for its decay to be seen, is a steady tone.
            if (noteSeconds < 1.0 && (hz == 50.0 || hz == 60.0)) continue;
            EXPECT_FALSE(findIn(audio).hum.found) << hz << " Hz, notes of " << noteSeconds << " s";
        }
}

TEST(Faults, TheNoiseFloorIsMeasuredInThePauses) {
    AudioBuffer audio = melody();
    plantHiss(audio, -50.0);
    const Result result = findIn(audio);
    ASSERT_TRUE(result.noise.floorDbfs);
    EXPECT_NEAR(*result.noise.floorDbfs, -50.0, 0.5);
    EXPECT_TRUE(faultOf(result, "noise"));

    EXPECT_EQ(findIn(melody()).noise.floorDbfs.value(), kSilentDb) << "digital silence between the notes";
    EXPECT_FALSE(findIn(noise({48000.0, 1}, 480000, -10.0, 2)).noise.floorDbfs) << "what never rests has no measurable floor";
    EXPECT_FALSE(faultOf(findIn(drums()), "noise"));
}

TEST(Faults, ActivityIsWhereTheSoundIs) {
    AudioBuffer audio({48000.0, 2}, 48000 * 10);
    const AudioBuffer tone = sine({48000.0, 1}, 48000 * 10, 440.0, -20.0);
    for (int n = 48000 * 3; n < 48000 * 7; ++n) audio.channel(0)[n] = audio.channel(1)[n] = tone.channel(0)[n];
    AudioBuffer noisy = audio, offset = audio;
    plantHiss(noisy, -75.0);
    add(offset, [](double) { return 0.02; });
    for (const AudioBuffer& recording : {audio, noisy, offset, scaled(noisy, -20.0)}) {  // neither hiss nor DC is sound
        const ActivityFacts activity = findIn(recording).activity;
        EXPECT_NEAR(activity.firstSoundSeconds, 3.0, 0.051);
        EXPECT_NEAR(activity.lastSoundSeconds, 7.0, 0.051);
        EXPECT_NEAR(activity.activeShare, 0.4, 0.01);
        EXPECT_FALSE(activity.silent);
    }
}

TEST(Faults, WanderingRumbleHidesNeitherTheNoiseNorThePauses) {
    const AudioBuffer recording = melody();
    const double clean = findIn(recording).activity.activeShare;
    double power = 0.0;
    for (const float sample : recording.channel(0)) power += sample * sample / (clean * recording.numFrames());
    for (const double rumbleDb : {-60.0, -55.0, -48.0}) {
        AudioBuffer audio = recording;
        plantHiss(audio, -62.0);
        plantRumble(audio, rumbleDb);
        for (const double gainDb : {0.0, -20.0, 12.0}) {
            const Result result = findIn(scaled(audio, gainDb));
            ASSERT_TRUE(result.noise.floorDbfs) << rumbleDb;
            const double planted = powerToDb(dbToPower(-62.0) + dbToPower(rumbleDb));
            EXPECT_NEAR(*result.noise.floorDbfs, planted + gainDb, 3.0) << "less what lies below 20 Hz";
            EXPECT_NEAR(*result.noise.floorDbfs + *result.noise.signalToNoiseDb, powerToDb(power) + gainDb, 0.5);
            EXPECT_NEAR(result.activity.activeShare, clean, 0.05);
            EXPECT_NEAR(result.activity.firstSoundSeconds, 0.3, 0.06);
            EXPECT_EQ(faultOf(result, "noise") != nullptr, *result.noise.signalToNoiseDb < 40.0);
            EXPECT_FALSE(faultOf(result, "starts-cut")) << "noise goes on at the edges, sound does not";
            EXPECT_FALSE(faultOf(result, "ends-cut"));
        }
    }
}

TEST(Faults, LowSoundsAreSound) {
    for (const double hz : {30.0, 41.2, 60.0}) {
        AudioBuffer audio({48000.0, 1}, 48000 * 20);
        add(audio, [&](double t) { return std::fmod(t, 2.0) < 1.0 ? 0.25 * std::sin(2.0 * std::numbers::pi * hz * t) * std::sin(std::numbers::pi * std::fmod(t, 2.0)) : 0.0; });
        plantHiss(audio, -75.0);
        const Result result = findIn(audio);
        EXPECT_NEAR(result.activity.activeShare, 0.5, 0.06) << hz;
        EXPECT_NEAR(result.noise.floorDbfs.value_or(0.0), -75.0, 1.0) << hz;
    }
}

TEST(Faults, WhatSwellsOrDiesAwayIsNoNoise) {
    const auto swell = [](double t) { return 0.65 + 0.35 * std::sin(2.0 * std::numbers::pi * t / 6.0); };
    AudioBuffer pad = noise({48000.0, 1}, 48000 * 30, -20.0, 40), tail = pad;
    for (int n = 0; n < pad.numFrames(); ++n) {
        const double t = n / 48000.0;
        pad.channel(0)[n] *= static_cast<float>(swell(t));
        tail.channel(0)[n] *= static_cast<float>(std::exp(-6.9 * std::fmod(t, 5.0) / 4.0));  // reverberation of 4 s after a hit every 5 s
    }
    AudioBuffer drone({48000.0, 1}, 48000 * 30);
    add(drone, [&](double t) { return 0.2 * swell(t) * std::sin(2.0 * std::numbers::pi * 220.0 * t); });
    const std::array sounds = {pad, tail, drone};
    for (const AudioBuffer& audio : sounds) {
        const Result result = findIn(audio);
        EXPECT_FALSE(result.noise.floorDbfs);
        EXPECT_FALSE(faultOf(result, "noise"));
        EXPECT_NEAR(result.activity.activeShare, &audio == &sounds[1] ? 0.56 : 1.0, 0.05);
    }
}

TEST(Faults, HumInThePausesIsToldOnce) {
    AudioBuffer audio = melody();
    add(audio, [](double t) { return dbToGain(-45.0) * mains(50.0, t); });
    const Result result = findIn(audio);
    EXPECT_TRUE(faultOf(result, "hum"));
    EXPECT_FALSE(faultOf(result, "noise"));
    EXPECT_NEAR(result.noise.floorDbfs.value_or(0.0), result.hum.levelDbfs, 0.5) << "the floor is the hum";
}

TEST(Faults, CutEdgesAreTold) {
    const AudioBuffer whole = melody();
    AudioBuffer audio({48000.0, 1}, 48000 * 6 - 4000);  // from the middle of one note to the middle of another
    std::copy_n(whole.channel(0).begin() + 34000, audio.numFrames(), audio.channel(0).begin());
    EXPECT_TRUE(faultOf(findIn(audio), "starts-cut"));
    EXPECT_TRUE(faultOf(findIn(audio), "ends-cut"));
}

// White noise through a steep low pass (windowed sinc).
TEST(Faults, ALossyCutoffIsFoundWithItsFrequency) {
    for (const double cutoffHz : {16000.0, 19000.0}) {
        const AudioBuffer white = noise({48000.0, 1}, 48000 * 4, -12.0, 4);
        AudioBuffer audio(white.spec(), white.numFrames());
        const int half = 256;
        std::vector<double> kernel;
        for (int k = -half; k <= half; ++k) {
            const double x = 2.0 * cutoffHz / 48000.0 * k;
            const double window = 0.42 + 0.5 * std::cos(std::numbers::pi * k / half) + 0.08 * std::cos(2.0 * std::numbers::pi * k / half);
            kernel.push_back(2.0 * cutoffHz / 48000.0 * window * (k == 0 ? 1.0 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x)));
        }
        for (int n = half; n < audio.numFrames() - half; ++n) {
            double sum = 0.0;
            for (int k = -half; k <= half; ++k) sum += kernel[k + half] * white.channel(0)[n - k];
            audio.channel(0)[n] = static_cast<float>(sum);
        }
        EXPECT_EQ(findIn(white).lossyCutoffHz, 0.0);
        EXPECT_NEAR(findIn(audio).lossyCutoffHz, cutoffHz, 250.0);
        EXPECT_TRUE(faultOf(findIn(inBits(audio, 16)), "lossy-cutoff"));
    }
}

TEST(Faults, SilentDoubledAndInvertedChannelsAreTold) {
    AudioBuffer audio = noise({48000.0, 2}, 48000 * 4, -20.0, 2);
    EXPECT_FALSE(faultOf(findIn(audio), "dual-mono") || faultOf(findIn(audio), "silent-channel") || faultOf(findIn(audio), "inverted-channel"));
    AudioBuffer doubled = audio, inverted = audio, silent = audio;
    for (int n = 0; n < audio.numFrames(); ++n) {
        doubled.channel(1)[n] = doubled.channel(0)[n];
        inverted.channel(1)[n] = -inverted.channel(0)[n];
        silent.channel(0)[n] = 0.0f;
    }
    EXPECT_TRUE(faultOf(findIn(doubled), "dual-mono"));
    EXPECT_TRUE(faultOf(findIn(inverted), "inverted-channel"));
    ASSERT_TRUE(faultOf(findIn(silent), "silent-channel"));
    EXPECT_NE(faultOf(findIn(silent), "silent-channel")->text.find("left"), std::string::npos);
    EXPECT_FALSE(faultOf(findIn(silent), "dual-mono"));
}

TEST(Faults, SilenceAndTinyFilesAreSafe) {
    const Result silent = findIn(AudioBuffer({48000.0, 2}, 48000 * 6));
    ASSERT_EQ(silent.faults.size(), 1u);
    EXPECT_EQ(silent.faults[0].kind, "silent");
    EXPECT_TRUE(silent.activity.silent);
    for (const int frames : {0, 1, 2, 100, 1025, 5000})
        for (const int channels : {1, 2, 6}) findIn(noise({48000.0, channels}, frames, -10.0, 1));
    AudioBuffer broken = melody();
    broken.channel(0)[100000] = std::numeric_limits<float>::quiet_NaN();
    broken.channel(0)[200000] = std::numeric_limits<float>::infinity();
    findIn(broken);
}

TEST(Faults, TurningTheRecordingUpOrDownChangesNoVerdict) {
    AudioBuffer audio = melody({48000.0, 1}, 24.0, -14.0);
    plantHiss(audio, -60.0);
    add(audio, [](double t) { return 0.01 + dbToGain(-50.0) * mains(50.0, t); });
    for (int place = 50000; place < audio.numFrames() - 100; place += 80000) audio.channel(0)[place] += 0.3f;
    const Result reference = findIn(audio);
    ASSERT_GE(reference.faults.size(), 3u);
    for (const double gainDb : {-20.0, 12.0}) {
        const Result other = findIn(scaled(audio, gainDb));
        ASSERT_EQ(other.faults.size(), reference.faults.size()) << gainDb;
        for (std::size_t i = 0; i < reference.faults.size(); ++i) {
            EXPECT_EQ(other.faults[i].kind, reference.faults[i].kind);
            EXPECT_EQ(other.faults[i].severity, reference.faults[i].severity);
        }
        EXPECT_NEAR(other.hum.levelDbfs, reference.hum.levelDbfs + gainDb, 0.2);
        EXPECT_NEAR(other.noise.floorDbfs.value(), reference.noise.floorDbfs.value() + gainDb, 0.1);
        EXPECT_NEAR(other.activity.activeShare, reference.activity.activeShare, 0.01);
    }
}

TEST(Faults, HowTheStreamIsCutChangesNoBit) {
    AudioBuffer audio = melody({44100.0, 2}, 12.0, -6.0);
    plantHiss(audio, -60.0);
    const Result whole = findIn(audio, audio.numFrames()), pieces = findIn(audio, 0);
    ASSERT_EQ(whole.faults.size(), pieces.faults.size());
    for (std::size_t i = 0; i < whole.faults.size(); ++i) EXPECT_EQ(whole.faults[i].value, pieces.faults[i].value) << whole.faults[i].kind;
    EXPECT_EQ(whole.noise.floorDbfs, pieces.noise.floorDbfs);
    EXPECT_EQ(whole.hum.levelDbfs, pieces.hum.levelDbfs);
    EXPECT_EQ(whole.dcOffset, pieces.dcOffset);
    EXPECT_EQ(whole.activity.activeShare, pieces.activity.activeShare);
}

// Real recordings beside the checkout, where there are any.
class RealAudio : public testing::Test {
protected:
    std::filesystem::path folder = std::filesystem::path(TONEWRIGHT_SOURCE_DIR) / ".." / "shared" / "audio";

    void SetUp() override {
        if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no recordings at " << folder;
    }

    Result findIn(const std::string& name) const {
        const auto reader = openAudio(folder / name);
        const StreamSpec spec{static_cast<double>(reader->info().sampleRateHz), reader->info().channels};
        BlockBuffer buffer(spec.channels, 8192);
        StereoMeter stereo(spec);
        FaultFinder finder(spec);
        for (;;) {
            const int count = reader->read(buffer.block(8192));
            if (count == 0) break;
            stereo.add(buffer.block(count));
            finder.add(buffer.block(count));
        }
        return finder.result(stereo);
    }
};

TEST_F(RealAudio, DamagedRecordingsAreToldFromTheirCleanVersions) {
    const Result clipped = findIn("damaged/clip_vocal_damaged.flac");
    ASSERT_TRUE(faultOf(clipped, "clipping"));
    EXPECT_NEAR(faultOf(clipped, "clipping")->value, 6.9, 0.7);  // clipped_fraction of its JSON
    EXPECT_FALSE(faultOf(findIn("damaged/clip_vocal_clean.flac"), "clipping"));

    const Result dc = findIn("damaged/dc_vocal_damaged.flac");
    ASSERT_TRUE(faultOf(dc, "dc"));
    EXPECT_NEAR(faultOf(dc, "dc")->value, 6.0, 0.1);
    EXPECT_FALSE(faultOf(findIn("damaged/dc_vocal_clean.flac"), "dc"));

    const Result hum = findIn("damaged/hum60_buzz_bass_damaged.flac");
    ASSERT_TRUE(faultOf(hum, "hum"));
    EXPECT_NEAR(hum.hum.fundamentalHz, 60.0, 0.1);
    EXPECT_FALSE(findIn("damaged/hum60_buzz_bass_clean.flac").hum.found);
}

TEST_F(RealAudio, DrumKitsHaveHardlyAClick) {
    std::size_t clicks = 0;
    double minutes = 0.0;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "multitracks" / "openttd_rock_band")) {
        const std::string name = entry.path().filename().string();
        if (name.find("drums") == std::string::npos) continue;
        const Result result = findIn("multitracks/openttd_rock_band/" + name);
        if (const Fault* fault = faultOf(result, "clicks")) clicks += fault->where.size();
        minutes += result.activity.lastSoundSeconds / 60.0;
    }
    EXPECT_GT(minutes, 3.0);
    EXPECT_LT(static_cast<double>(clicks) / minutes, 1.0);
}

}  // namespace
}  // namespace tonewright::test
