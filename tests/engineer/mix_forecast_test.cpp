#include <gtest/gtest.h>

#include <cmath>

#include "../support/signals.h"
#include "analysis/alignment_finder.h"
#include "analysis/analyzer.h"
#include "analysis/loudness_meter.h"
#include "analysis/low_end.h"
#include "engineer/mix/bus_model.h"
#include "engineer/mix/dynamics.h"
#include "engineer/mix/together.h"
#include "mix_support.h"

// Sketches against audio: what is decided on them is what will be measured.
namespace tonewright::testing {
namespace {

constexpr StreamSpec kMono{48000.0, 1};
constexpr double kSeconds = 10.0;

Analysis listen(AudioBuffer& audio) {
    Analyzer analyzer(audio.spec(), {.truePeak = false, .sketch = true, .rhythm = false, .key = false});
    const float* channels[] = {audio.channel(0).data()};
    analyzer.add({channels, 1, audio.numFrames()});
    return analyzer.result();
}

double lufsOf(AudioBuffer& audio) {
    LoudnessMeter meter(audio.spec());
    const float* channels[] = {audio.channel(0).data()};
    meter.add({channels, 1, audio.numFrames()});
    return meter.result().integratedLufs;
}

// A low drum that dies away within `decaySeconds`, once a second, and nothing between; every fourth hit harder.
AudioBuffer drum(double decaySeconds, double hz, double accentDb = 0.0) {
    AudioBuffer audio(kMono, static_cast<int>(kSeconds * kMono.sampleRateHz));
    for (int n = 0; n < audio.numFrames(); ++n) {
        const double t = n / kMono.sampleRateHz, since = std::fmod(t + 0.63, 1.0);
        const double gain = std::fmod(t + 0.63, 4.0) < 1.0 ? dbToGain(accentDb) : 1.0;
        audio.channel(0)[n] = static_cast<float>(0.2 * gain * std::exp(-since / decaySeconds) * std::sin(2.0 * M_PI * hz * since) * (since < 6.0 * decaySeconds ? 1.0 : 0.0));
    }
    return audio;
}

TEST(MixForecastOnAudio, HitsWithSilenceBetweenAreAsLoudOnTheSketchAsOnTheMeter) {
    for (const double hz : {60.0, 200.0, 3000.0})
        for (const double decay : {0.01, 0.03, 0.1}) {
            AudioBuffer audio = drum(decay, hz);
            const Analysis facts = listen(audio);
            const SketchGrid grid = SketchGrid::covering(kSeconds, facts.sketch.frameSeconds);
            const TrackSketch sketch(facts.sketch, 0.0, grid);
            EXPECT_NEAR(measuredLoudness(sketch.loudnessPower(), grid.frameSeconds), lufsOf(audio), 0.35) << hz << " Hz, " << decay << " s";
        }
}

// Within the sketch's lowest bands loudness changes by 5 dB: what is low in them must not count as their middle does.
TEST(MixForecastOnAudio, TheLowestNotesAreAsLoudOnTheSketchAsOnTheMeter) {
    for (const double hz : {33.0, 41.0, 55.0, 65.0, 85.0}) {
        AudioBuffer audio = drum(0.2, hz);
        const Analysis facts = listen(audio);
        const SketchGrid grid = SketchGrid::covering(kSeconds, facts.sketch.frameSeconds);
        TrackSketch sketch(facts.sketch, 0.0, grid);
        sketch.weighLowsAs(facts.spectrum);
        EXPECT_NEAR(measuredLoudness(sketch.loudnessPower(), grid.frameSeconds), lufsOf(audio), 0.5) << hz << " Hz";
        TrackSketch sum(grid);
        sum.add(sketch);
        EXPECT_DOUBLE_EQ(measuredLoudness(sum.loudnessPower(), grid.frameSeconds), measuredLoudness(sketch.loudnessPower(), grid.frameSeconds)) << "a sum of one";
    }
}

TEST(MixForecastOnAudio, ACompressorTakesFromHitsWhatTheSketchSays) {
    for (const double attackMs : {10.0, 30.0})
        for (const double decay : {0.03, 0.15}) {
            AudioBuffer audio = drum(decay, 120.0, 6.0);
            const Analysis facts = listen(audio);
            const SketchGrid grid = SketchGrid::covering(kSeconds, facts.sketch.frameSeconds);
            const TrackSketch sketch(facts.sketch, 0.0, grid);
            const Compressor::Params params{.thresholdDb = -30.0, .ratio = 4.0, .attackMs = attackMs, .releaseMs = 80.0, .detector = DetectorKind::rms};
            const Reduction predicted = reductionOf(sketch.stepPower(), params, grid.frameSeconds / TrackSketch::kSteps);
            TrackSketch after = sketch;
            after.applyOverSteps(compressionOverTime(sketch.stepPower(), params, grid.frameSeconds / TrackSketch::kSteps));
            Compressor compressor(params, kMono);
            float* channels[] = {audio.channel(0).data()};
            compressor.process({channels, 1, audio.numFrames()});
            EXPECT_NEAR(predicted.mostDb, -compressor.maxReductionDb(), 1.5) << attackMs << ' ' << decay;
            EXPECT_NEAR(predicted.meanDb, -compressor.meanReductionDb() / compressor.workingShare(), 0.7) << attackMs << ' ' << decay;
            EXPECT_NEAR(measuredLoudness(after.loudnessPower(), grid.frameSeconds), lufsOf(audio), 0.7) << attackMs << ' ' << decay;
        }
}

// Two recordings of one low tone, the second turned over or not, compared as the journey does.
struct Pair {
    Band band;
    LowEnd lowEnd{2, 48000.0};
    double apartDb = 0.0, togetherDb = 0.0;

    Pair(bool inverted, double position = 0.0) {
        AudioBuffer audio = test::noise(kMono, static_cast<int>(kSeconds * kMono.sampleRateHz), 0.0, 5);
        double low = 0.0;
        for (float& sample : audio.channel(0)) sample = static_cast<float>(0.2 * (low += 0.02 * (sample - low)));
        const std::vector<float> one = LowEnd::reduced(audio.channel(0), 48000.0);
        std::vector<float> other = one;
        for (float& sample : other) sample = inverted ? -sample : sample;
        const std::vector<float> both[] = {one, other};
        lowEnd.add(both);
        band.add("a", "bass/electric", listen(audio));
        band.add("b", "bass/electric", listen(audio));
        Deciding deciding(band);
        MixState& state = deciding.state;
        deciding.facts.lowEnd = &lowEnd;
        std::vector<SumPart> parts;
        for (int i : {0, 1}) {
            state.tracks[i].plan.pan.params = Panner::Params{.position = i == 0 ? -position : position, .source = Panner::Source::mono};
            SumPart part{.track = i, .overTime = std::vector<double>(state.grid.frames, 1.0), .bands = {}};
            part.bands.fill(1.0);
            parts.push_back(std::move(part));
        }
        apartDb = sketchLoudness(state.sum().loudnessPower(), kFrameSeconds);
        togetherDb = sketchLoudness(sumOf(state, parts).loudnessPower(), kFrameSeconds);
        countTogether(state);
        if (!inverted) {
            EXPECT_NEAR(state.mixLoudnessLufs(), togetherDb, 0.5) << "what the balance counts with";
        }
    }
};

TEST(MixForecastOnAudio, TwoRecordingsOfTheSameAddUpByThreeDecibelsMoreThanStrangersOrCancelOrNeitherAtBothSides) {
    const Pair same(false), against(true), apart(false, 1.0);
    EXPECT_NEAR(same.togetherDb - same.apartDb, 3.0, 0.3);
    EXPECT_LT(against.togetherDb - against.apartDb, -6.0);
    EXPECT_NEAR(apart.togetherDb - apart.apartDb, 0.0, 0.1);
}

// Two microphones of one kit: treble in common, in step.
TEST(MixForecastOnAudio, MicrophonesOfOneThingAddUpInTheTrebleAsTheyWereFoundTo) {
    AudioBuffer audio = test::noise(kMono, static_cast<int>(kSeconds * kMono.sampleRateHz), -12.0, 9);
    Band band;
    for (const char* id : {"oh-l", "oh-r"}) band.add(id, "drums/overhead", listen(audio)).group = "kit";
    const std::vector<float> reduced = LowEnd::reduced(audio.channel(0), 48000.0);
    LowEnd lowEnd{2, 48000.0};
    const std::vector<float> both[] = {reduced, reduced};
    lowEnd.add(both);
    AlignmentFinder finder(2, 48000.0);
    const float* channels[] = {audio.channel(0).data(), audio.channel(0).data()};
    finder.add({channels, 2, audio.numFrames()});
    const GroupTreble group[] = {{{0, 1}, finder.sharedTreble()}};
    const auto moreThanApartDb = [&](bool compared) {
        Deciding deciding(band);
        deciding.facts.lowEnd = &lowEnd;
        if (compared) deciding.facts.treble = group;
        MixState& state = deciding.state;
        std::vector<SumPart> parts;
        for (int i : {0, 1}) {
            SumPart part{.track = i, .overTime = std::vector<double>(state.grid.frames, 1.0), .bands = {}};
            part.bands.fill(1.0);
            parts.push_back(std::move(part));
        }
        const int band5k = 29;
        return powerToDb(sumOf(state, parts).activeSpectrum()[band5k] / (state.tracks[0].sketch.activeSpectrum()[band5k] + state.tracks[1].sketch.activeSpectrum()[band5k]));
    };
    EXPECT_NEAR(moreThanApartDb(true), 3.0, 0.3);
    EXPECT_NEAR(moreThanApartDb(false), 0.0, 0.1);
}

}  // namespace
}  // namespace tonewright::testing
