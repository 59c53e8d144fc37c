#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "../support/signals.h"
#include "analysis/analyzer.h"
#include "dsp/gate.h"
#include "engineer/mix/gate.h"
#include "mix_support.h"

// What lies between hits and between phrases, on sketches and on audio.
namespace tonewright::testing {
namespace {

constexpr double kSeconds = 20.0;
constexpr StreamSpec kMono{48000.0, 1};

// Microphones of one group that hear one performance.
struct Heard {
    Band band;
    std::optional<Deciding> deciding;

    Heard(std::vector<std::pair<std::string, Analysis>> parts, const std::string& group) {
        for (auto& [role, heard] : parts) band.add(role, role, std::move(heard)).group = group;
        deciding.emplace(band);
    }
    std::optional<Step> gate() const { return decideGate(deciding->state.tracks[0], deciding->state); }
    std::optional<Step> breaths() const { return decideBreaths(deciding->state.tracks[0], deciding->state.grid); }
};

// A drum on the beat at one level, and what the drum between the beats leaves in its microphone.
double hitEvery(double t, double seconds, double atDb, double decayDbPerSecond) { return atDb - decayDbPerSecond * std::fmod(t, seconds); }
std::function<double(double)> microphone(double ownDb, double otherDb) {
    return [=](double t) { return std::max({hitEvery(t, 1.0, ownDb, 200.0), hitEvery(t + 0.5, 1.0, otherDb, 200.0), -75.0}); };
}
Analysis heard(double ownDb, double otherDb) { return played(kSeconds, 40, 4000, microphone(ownDb, otherDb)); }

TEST(MixGate, OpensAboveTheBleedAndOnlyWhereTheHitsStandClearOfIt) {
    const Analysis snare = played(kSeconds, 150, 8000, [](double t) { return microphone(-10.0, -40.0)(t + 0.5); });
    const auto fills = [](double t) { return t > 9.0 && t < 10.0 ? -12.0 : -40.0; };
    struct Case {
        const char* situation;
        std::vector<std::pair<std::string, Analysis>> parts;
        const char* group;
        bool gated;
    };
    for (Case c : {Case{"a kick that hears the snare 24 dB under its hits", {{"drums/kick", heard(-10.0, -34.0)}, {"drums/snare", snare}}, "kit", true},
                   Case{"a kick that hears it 3 dB under", {{"drums/kick", heard(-10.0, -13.0)}, {"drums/snare", snare}}, "kit", false},
                   Case{"a kick that hears nothing else", {{"drums/kick", heard(-10.0, -74.0)}, {"drums/overhead", snare}}, "kit", false},
                   Case{"sounds from a machine: nothing bleeds", {{"drums/kick", heard(-10.0, -34.0)}, {"drums/snare", snare}}, "", false},
                   Case{"an overhead", {{"drums/overhead", heard(-10.0, -34.0)}, {"drums/snare", snare}}, "kit", false},
                   Case{"a tom alone that hears the rest between its fills", {{"drums/tom", played(kSeconds, 60, 400, fills)}}, "", true},
                   Case{"a tom that rings all the time", {{"drums/tom", played(kSeconds, 60, 400, steady)}}, "", false},
                   Case{"a snare alone", {{"drums/snare", played(kSeconds, 60, 400, fills)}}, "", false}}) {
        const auto step = Heard(c.parts, c.group).gate();
        ASSERT_EQ(step.has_value(), c.gated) << c.situation;
        if (!step || std::string(c.group).empty()) continue;
        const auto& params = std::get<Gate::Params>(step->params);
        EXPECT_GT(params.thresholdDb, -34.0 + 8.0) << c.situation << ": above the bleed's peaks";
        EXPECT_LT(params.thresholdDb, -10.0 + 8.0) << c.situation << ": below the hits'";
        EXPECT_LE(params.rangeDb, 12.0);
    }
}

Analysis listen(AudioBuffer& audio) {
    Analyzer analyzer(audio.spec(), {.truePeak = false, .sketch = true, .rhythm = false, .key = false});
    const float* channels[] = {audio.channel(0).data()};
    analyzer.add({channels, 1, audio.numFrames()});
    return analyzer.result();
}

// Noise with peaks as a raw recording has them, whose level follows `levelDb`.
AudioBuffer noiseAt(const std::function<double(double)>& levelDb, std::uint64_t seed) {
    AudioBuffer audio = test::noise(kMono, static_cast<int>(kSeconds * kMono.sampleRateHz), 0.0, seed);
    for (int n = 0; n < audio.numFrames(); ++n) {
        const double x = audio.channel(0)[n];
        audio.channel(0)[n] = static_cast<float>(dbToGain(levelDb(n / kMono.sampleRateHz) + 8.5) * x * x * x);
    }
    return audio;
}

// By how much a step changes the level of each 10 ms; its look-ahead is taken out.
std::vector<double> changesDb(const Step& step, AudioBuffer audio) {
    const AudioBuffer before = audio;
    Gate gate(std::get<Gate::Params>(step.params), kMono);
    float* channels[] = {audio.channel(0).data()};
    gate.process({channels, 1, audio.numFrames()});
    const int late = gate.latencyFrames(), length = 480;
    std::vector<double> changes;
    for (int at = 0; at + late + length <= audio.numFrames(); at += length) changes.push_back(test::rmsDb(audio, at + late, at + late + length) - test::rmsDb(before, at, at + length));
    return changes;
}
double at(const std::vector<double>& changes, double seconds) { return changes[static_cast<std::size_t>(std::lround(seconds * 100.0))]; }

TEST(MixGate, OnAudioTheBleedFallsAndHitsAndTailsStay) {
    // A tom's tail falls by 60 dB a second: it is heard for half a second over a bleed 30 dB under it.
    const auto tom = [](double t) { return std::max({t >= 2.0 ? hitEvery(t, 4.0, -10.0, 60.0) : -75.0, hitEvery(t + 0.5, 1.0, -44.0, 200.0), -75.0}); };
    const auto snare = [](double t) { return std::max(hitEvery(t + 0.5, 1.0, -10.0, 200.0), -75.0); };
    AudioBuffer close = noiseAt(tom, 2), other = noiseAt(snare, 3);
    const auto step = Heard({{"drums/tom", listen(close)}, {"drums/snare", listen(other)}}, "kit").gate();
    ASSERT_TRUE(step);
    const std::vector<double> changes = changesDb(*step, close);
    for (const double hit : {4.0, 8.0, 12.0, 16.0}) {
        for (double t = hit + 0.01; t < hit + 0.4; t += 0.01) EXPECT_GT(at(changes, t), -1.0) << t - hit << " s after a hit";
        EXPECT_LT(at(changes, hit + 2.52), -8.0) << "bleed";
    }
}

// Words of 0.8 s that come up in 80 ms and fade by 40 dB in 300 ms, four to a phrase, and a breath before each phrase.
double wordDb(double t) {
    const double inPhrase = std::fmod(t, 5.0);
    if (inPhrase > 3.2) return -200.0;
    const double inWord = std::fmod(inPhrase, 0.8);
    if (inWord < 0.08) return -16.0 - 30.0 * (1.0 - inWord / 0.08);
    return inWord < 0.5 ? -16.0 : -16.0 - 40.0 * (inWord - 0.5) / 0.3;
}
std::function<double(double)> singer(double breathDb) {
    return [breathDb](double t) {
        const double inPhrase = std::fmod(t, 5.0);
        return std::max({wordDb(t), inPhrase > 3.9 && inPhrase < 4.6 ? breathDb : -200.0, -90.0});
    };
}

TEST(MixBreaths, OnlyAudibleBreathsOfAVoiceThatCanBeToldFromWords) {
    struct Case {
        const char *situation, *role;
        double breathDb;
        bool lowered;
    };
    for (const Case& c : {Case{"a voice that breathes", "vocals/lead", -50.0, true}, Case{"a backing voice that breathes", "vocals/backing", -50.0, true}, Case{"silence between phrases", "vocals/lead", -85.0, false},
                          Case{"another singer in the pauses", "vocals/lead", -30.0, false}, Case{"a choir", "vocals/choir", -50.0, false}, Case{"a flute", "winds/flute", -50.0, false}})
        EXPECT_EQ(Heard({{c.role, played(kSeconds, 200, 5000, singer(c.breathDb))}}, "").breaths().has_value(), c.lowered) << c.situation;
    EXPECT_FALSE(Heard({{"vocals/lead", played(kSeconds, 200, 5000, steady)}}, "").breaths()) << "no pauses";
}

TEST(MixBreaths, OnAudioNoOnsetAndNoTailOfAWordLosesADecibelAndBreathsLoseFive) {
    AudioBuffer voice = noiseAt(singer(-48.0), 7);
    const auto step = Heard({{"vocals/lead", listen(voice)}}, "").breaths();
    ASSERT_TRUE(step);
    EXPECT_GE(std::get<Gate::Params>(step->params).holdMs, 200.0);
    const std::vector<double> changes = changesDb(*step, voice);
    int words = 0, breaths = 0;
    for (std::size_t i = 1; i + 1 < changes.size(); ++i) {
        const double t = (static_cast<double>(i) + 0.5) * 0.01, inPhrase = std::fmod(t, 5.0);
        if (wordDb(t) > -16.0 - 30.0) {
            ++words;
            ASSERT_GT(changes[i], -1.0) << t << " s, a word at " << wordDb(t) << " dB";
        }
        if (inPhrase > 4.2 && inPhrase < 4.5) {
            ++breaths;
            ASSERT_LT(changes[i], -5.0) << t;
        }
    }
    EXPECT_GT(words, 500);
    EXPECT_GT(breaths, 80);
}

TEST(MixGate, TheSketchPredictsHowLoudTheTrackIsAfterIt) {
    AudioBuffer voice = noiseAt(singer(-48.0), 7);
    const Heard heard({{"vocals/lead", listen(voice)}}, "");
    const Step step = *heard.breaths();
    const MixState& state = heard.deciding->state;
    TrackSketch predicted = state.tracks[0].sketch;
    predicted.applyOverSteps(gateOverTime(state.tracks[0], std::get<Gate::Params>(step.params), kFrameSeconds / TrackSketch::kSteps));
    const std::vector<double> changes = changesDb(step, voice);
    const std::vector<double> before = state.tracks[0].sketch.framePower(), after = predicted.framePower();
    int wrong = 0, all = 0;
    for (int f = 2; f + 2 < state.grid.frames; ++f) {
        if (!(before[f] > 0.0) || before[f] < 1e-8) continue;
        ++all;
        wrong += std::abs(powerToDb(after[f] / before[f]) - changes[static_cast<std::size_t>(f) * 5 + 2]) > 3.0;
    }
    EXPECT_LT(wrong, all / 10);
}

}  // namespace
}  // namespace tonewright::testing
