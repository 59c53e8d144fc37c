#include <gtest/gtest.h>

#include <algorithm>

#include "../support/signals.h"
#include "analysis/analyzer.h"
#include "dsp/compressor.h"
#include "dsp/transient_shaper.h"
#include "engineer/mix/dynamics.h"
#include "mix_support.h"

// Dynamics in situations that a musician would recognise, and on audio: what a reason states is what happens.
namespace tonewright::testing {
namespace {

constexpr double kSeconds = 20.0;
constexpr StreamSpec kMono{48000.0, 1};

struct Alone {
    Band band;
    SketchGrid grid = SketchGrid::covering(kSeconds, kFrameSeconds);
    MixTrack track;
    Alone(const std::string& role, Analysis facts, int channels = 1) {
        band.add("t", role, std::move(facts), channels);
        track.track = &band.session.tracks.back();
        track.analysis = &band.analyses.back();
        track.profile = &roleProfile(role);
        track.plan.id = "t";
        track.sketch = TrackSketch(track.analysis->sketch, 0.0, grid);
        track.recordedPower = track.sketch.framePower();
    }
    std::vector<Step> compressed(double intensity = 1.0) const { return decideCompression(track, grid, intensity); }
};

std::string wordsOf(const std::vector<Step>& steps) {
    std::string words;
    for (const Step& step : steps) words += step.id.substr(step.id.rfind('.') + 1) + " ";
    return words;
}
double evidenceOf(const Step& step, const std::string& measure) { return measured(step, measure); }

// Phrases of two seconds, every third one louder, and in each a word that stands out.
double unevenPhrases(double t) { return std::fmod(t, 2.0) > 1.7 ? -200.0 : std::fmod(t, 6.0) < 2.0 ? -12.0 : -20.0; }
double unevenWords(double t) { return std::fmod(t, 2.0) > 1.7 ? -200.0 : std::fmod(t, 1.0) < 0.1 ? -10.0 : -21.0; }
double both(double t) { return unevenPhrases(t) + (std::fmod(t, 1.0) < 0.1 ? 6.0 : 0.0); }
// A hit every half second, every fourth one harder by `byDb`.
std::function<double(double)> accents(double byDb) {
    return [byDb](double t) { return hits(t) + (hits(t) > -50.0 && std::fmod(t, 2.0) < 0.5 ? byDb : 0.0); };
}

TEST(MixCompress, EachSituationGetsTheStagesThatItsEnvelopeAsksFor) {
    struct Case {
        const char *situation, *role;
        std::function<double(double)> levelDb;
        double intensity;
        const char* steps;
    };
    for (const Case& c : {Case{"a voice whose phrases differ", "vocals/lead", unevenPhrases, 1.0, "level "},
                          Case{"a voice in which words stand out", "vocals/lead", unevenWords, 1.0, "compress "},
                          Case{"a voice with both", "vocals/lead", both, 1.0, "level compress "},
                          Case{"an even voice", "vocals/lead", steady, 1.0, ""},
                          Case{"a lively voice, and nothing wanted", "vocals/lead", both, 0.0, ""},
                          Case{"a lively bass: one stage", "bass/electric", both, 1.0, "compress "},
                          Case{"a lively pad: not of its kind", "pad/pad", both, 1.0, ""},
                          Case{"a kick with hard accents", "drums/kick", accents(6.0), 1.0, "compress "},
                          Case{"a kick whose hits are alike, silence between", "drums/kick", accents(0.0), 1.0, ""}})
        EXPECT_EQ(wordsOf(Alone(c.role, played(kSeconds, 150, 5000, c.levelDb)).compressed(c.intensity)), c.steps) << c.situation;
}

TEST(MixCompress, NeverTakesMoreThanSixFromALoudMomentNorFromWhatIsTwiceWanted) {
    for (const double intensity : {1.0, 2.0}) {
        double ofLoud = 0.0;
        const Alone voice("vocals/lead", played(kSeconds, 150, 5000, [](double t) { return both(t) + (std::fmod(t, 6.0) < 2.0 ? 6.0 : 0.0); }));
        for (const Step& step : voice.compressed(intensity)) {
            const auto& params = std::get<Compressor::Params>(step.params);
            ofLoud += reductionOf(voice.track.sketch.framePower(), params, voice.grid.frameSeconds).ofLoudDb;
        }
        EXPECT_GT(ofLoud, 3.0);
        EXPECT_LE(ofLoud, 6.5) << intensity;
    }
}

TEST(MixCompress, TwoChannelsAlikeAreHeardLikeOne) {
    const auto facts = [] { return played(kSeconds, 150, 5000, unevenWords); };
    const auto one = Alone("vocals/lead", facts()).compressed(), two = Alone("vocals/lead", facts(), 2).compressed();
    ASSERT_EQ(one.size(), two.size());
    ASSERT_FALSE(one.empty());
    // The sketch has the sum of both channels' power, a detector the louder one.
    EXPECT_NEAR(std::get<Compressor::Params>(one[0].params).thresholdDb - std::get<Compressor::Params>(two[0].params).thresholdDb, 3.0, 0.15);
}

// The model of the sketch against the compressor itself, on noise whose level steps.
TEST(MixCompress, TheSketchPredictsWhatTheCompressorDoes) {
    const Compressor::Params params{.thresholdDb = -24.0, .ratio = 4.0, .attackMs = 10.0, .releaseMs = 120.0, .makeupGainDb = 2.0, .detector = DetectorKind::rms};
    AudioBuffer audio = test::noise(kMono, 48000 * 6, 0.0, 9);
    for (int n = 0; n < audio.numFrames(); ++n) audio.channel(0)[n] *= static_cast<float>(dbToGain(n / 14400 % 2 ? -7.0 : -25.0));
    const int length = 2400;
    const auto powers = [&] {
        std::vector<double> result;
        for (int at = 0; at + length <= audio.numFrames(); at += length) result.push_back(dbToPower(test::rmsDb(audio, at, at + length)));
        return result;
    };
    const std::vector<double> before = powers(), predicted = compressionOverTime(before, params, 0.05);
    Compressor compressor(params, kMono);
    float* channels[] = {audio.channel(0).data()};
    compressor.process({channels, 1, audio.numFrames()});
    const std::vector<double> after = powers();
    double energy = 0.0, energyPredicted = 0.0;
    for (std::size_t f = 0; f < after.size(); ++f) {
        energy += after[f];
        energyPredicted += before[f] * predicted[f];
    }
    EXPECT_NEAR(powerToDb(energyPredicted / energy), 0.0, 1.2);
}

// Audio ----------------------------------------------------------------------------------------------------------------

Analysis listen(AudioBuffer& audio) {
    Analyzer analyzer(audio.spec(), {.truePeak = false, .sketch = true, .rhythm = false, .key = false});
    const float* channels[] = {audio.channel(0).data()};
    analyzer.add({channels, 1, audio.numFrames()});
    return analyzer.result();
}

AudioBuffer noiseAt(const std::function<double(double)>& levelDb, std::uint64_t seed = 3) {
    AudioBuffer audio = test::noise(kMono, static_cast<int>(kSeconds * kMono.sampleRateHz), 0.0, seed);
    double gain = 0.0;
    for (int n = 0; n < audio.numFrames(); ++n) {
        gain += 0.002 * (dbToGain(levelDb(n / kMono.sampleRateHz) + 8.5) - gain);
        const double x = audio.channel(0)[n];
        audio.channel(0)[n] = static_cast<float>(gain * x * x * x);   // peaks as far over the mean as a raw recording's
    }
    return audio;
}

template <class P>
P run(const typename P::Params& params, AudioBuffer& audio) {
    P processor(params, kMono);
    float* channels[] = {audio.channel(0).data()};
    processor.process({channels, 1, audio.numFrames()});
    return processor;
}

TEST(MixCompress, TheReductionThatIsStatedOccurs) {
    for (const auto& [role, levelDb] : {std::pair<const char*, std::function<double(double)>>{"vocals/lead", both}, {"vocals/lead", unevenPhrases}, {"bass/electric", unevenWords}, {"drums/kick", accents(8.0)}}) {
        AudioBuffer audio = noiseAt(levelDb);
        const Alone alone(role, listen(audio));
        const double before = movementOf(alone.track, alone.grid).spreadDb();
        const std::vector<Step> steps = alone.compressed();
        ASSERT_FALSE(steps.empty()) << role;
        for (const Step& step : steps) {
            const Compressor compressor = run<Compressor>(std::get<Compressor::Params>(step.params), audio);
            EXPECT_NEAR(-compressor.meanReductionDb() / compressor.workingShare(), evidenceOf(step, "reductionPredicted"), 0.8) << role << ' ' << step.id;
        }
        // Bypassed, the spread stays; in, it is smaller by about what the rule aimed at.
        const Alone after(role, listen(audio));
        EXPECT_LT(movementOf(after.track, after.grid).spreadDb(), before - 1.0) << role;
    }
}

TEST(MixCompress, WhatWasLimitedBeforeIsLeftAlone) {
    AudioBuffer raw = noiseAt(both), limited = noiseAt(both);
    for (float& sample : limited.channel(0)) sample = std::clamp(sample * 12.0f, -0.25f, 0.25f);
    EXPECT_FALSE(Alone("vocals/lead", listen(raw)).compressed().empty());
    EXPECT_TRUE(Alone("vocals/lead", listen(limited)).compressed().empty());
}

// Low noise that starts with a click of `clickDb` and dies away.
AudioBuffer drum(double clickDb, double decaySeconds) {
    AudioBuffer audio = test::noise(kMono, static_cast<int>(kSeconds * kMono.sampleRateHz), 0.0, 5);
    for (int n = 0; n < audio.numFrames(); ++n) {
        const double since = std::fmod(n / kMono.sampleRateHz, 0.5);
        const double level = 0.2 * std::exp(-since / decaySeconds) * (since < 0.004 ? dbToGain(clickDb) : 1.0) * (since < 0.001 ? since / 0.001 : 1.0);
        audio.channel(0)[n] = static_cast<float>(level * audio.channel(0)[n]);
    }
    return audio;
}

TEST(MixPunch, FlatHitsAreSharpenedRingingOnesShortenedAndGoodOnesLeft) {
    struct Case {
        const char *situation, *role;
        double clickDb, decaySeconds;
        bool raised, shortened;
    };
    for (const Case& c : {Case{"a flat snare", "drums/snare", 0.0, 0.08, true, false}, Case{"a snare with attack", "drums/snare", 9.0, 0.08, false, false},
                          Case{"a flat snare that rings", "drums/snare", 0.0, 0.4, true, true}, Case{"a tom that rings", "drums/tom", 9.0, 0.4, false, false},
                          Case{"a flat hi-hat", "drums/hihat", 0.0, 0.08, false, false}}) {
        AudioBuffer audio = drum(c.clickDb, c.decaySeconds);
        const Alone alone(c.role, listen(audio));
        const auto step = decidePunch(alone.track, alone.grid, 1.0);
        ASSERT_EQ(step.has_value(), c.raised || c.shortened) << c.situation << ": crest " << crestDb(alone.track, alone.grid).value_or(0.0);
        EXPECT_FALSE(decidePunch(alone.track, alone.grid, 0.0));
        if (!step) continue;
        const auto& params = std::get<TransientShaper::Params>(step->params);
        EXPECT_EQ(params.attackDb > 0.0, c.raised) << c.situation;
        EXPECT_EQ(params.sustainDb < 0.0, c.shortened) << c.situation;
        EXPECT_LE(params.attackDb, 3.0);
        EXPECT_GE(params.sustainDb, -2.0);
        // On audio the crest comes up, and the sketch knows how loud the track is afterwards.
        const std::vector<double> gains = shapingOverTime(alone.track.sketch.stepPeaks(), params, alone.grid.frameSeconds / TrackSketch::kSteps);
        run<TransientShaper>(params, audio);
        const Alone after(c.role, listen(audio));
        EXPECT_GT(*crestDb(after.track, after.grid), *crestDb(alone.track, alone.grid) + 0.2) << c.situation;
        TrackSketch predicted = alone.track.sketch;
        predicted.applyOverSteps(gains);
        EXPECT_NEAR(sketchLoudness(predicted.loudnessPower(), alone.grid.frameSeconds), sketchLoudness(after.track.sketch.loudnessPower(), alone.grid.frameSeconds), 0.5) << c.situation;
    }
}

// A kit whose loud moments stand `overDb` over its usual ones.
Plan kit(double overDb, double intensity = 1.0) {
    Band band;
    const auto groove = [overDb](double t) { return std::fmod(t, 0.5) < 0.1 ? -14.0 : -14.0 - overDb; };
    band.add("kick", "drums/kick", played(kSeconds, 40, 200, groove));
    band.add("snare", "drums/snare", played(kSeconds, 150, 6000, [groove](double t) { return groove(t + 0.25); }));
    band.add("oh", "drums/overhead", played(kSeconds, 100, 12000, groove));
    return band.plan({.intensity = intensity});
}

const Step* onDrumBus(const Plan& plan, const std::string& word) {
    for (const BusPlan& bus : plan.buses)
        for (const Step& step : bus.chain)
            if (bus.id == "bus-drums" && step.id == "bus-drums." + word) return &step;
    return nullptr;
}

TEST(MixParallel, TheWiderTheKitMovesTheMoreOfTheCopyAndNoneWhereItIsEven) {
    EXPECT_EQ(onDrumBus(kit(3.0), "parallel"), nullptr);
    EXPECT_EQ(onDrumBus(kit(24.0, 0.0), "parallel"), nullptr);
    const Plan moving = kit(13.0), wild = kit(24.0);
    const Step *some = onDrumBus(moving, "parallel"), *most = onDrumBus(wild, "parallel");
    ASSERT_TRUE(most);
    const auto mix = [](const Step* step) { return step ? std::get<Compressor::Params>(step->params).mix : 0.0; };
    EXPECT_LE(mix(some), mix(most));
    EXPECT_LE(mix(most), 0.25);
    EXPECT_LT(measured(*most, "loudOverUsualPredicted"), measured(*most, "loudOverUsual") - 0.5);
}

TEST(MixParallel, OnAudioWhatLiesBetweenTheHitsComesUpAndTheHitsKeepTheirPeaks) {
    const auto groove = [](double t) { return std::fmod(t, 0.5) < 0.1 ? -14.0 : -34.0; };
    AudioBuffer audio = noiseAt(groove);
    const Step* step = nullptr;
    const Plan plan = kit(20.0);
    ASSERT_TRUE(step = onDrumBus(plan, "parallel"));
    auto params = std::get<Compressor::Params>(step->params);
    // The kit of the plan stands at the mix's level, this noise at -14: what counts is the distance.
    const Alone dry("drums/kit", listen(audio));
    std::vector<double> levels = activeLevelsDb(dry.track.sketch.framePower());
    params.thresholdDb = percentile(levels, 0.9) - 8.0 / 0.75;
    const double between = test::rmsDb(audio, 48000 + 9600, 48000 + 19200), hit = test::rmsDb(audio, 48000 + 1200, 48000 + 4000);
    run<Compressor>(params, audio);
    EXPECT_GT(test::rmsDb(audio, 48000 + 9600, 48000 + 19200) - between, 1.0);
    EXPECT_NEAR(test::rmsDb(audio, 48000 + 1200, 48000 + 4000) - hit, 0.0, 1.0);
}

TEST(MixBusCompress, GlueWhereAGroupMovesAndNoneWhereItIsEven) {
    EXPECT_EQ(onDrumBus(kit(3.0), "compress"), nullptr);
    const Plan plan = kit(20.0);
    const Step* glue = onDrumBus(plan, "compress");
    ASSERT_TRUE(glue);
    EXPECT_LE(measured(*glue, "reductionPredicted"), 2.5);
    EXPECT_EQ(onDrumBus(kit(20.0, 0.0), "compress"), nullptr);
}

}  // namespace
}  // namespace tonewright::testing
