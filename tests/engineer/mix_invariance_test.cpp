#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <random>

#include "../support/signals.h"
#include "analysis/analyzer.h"
#include "mix_support.h"

// What must not change a mix: how hot a track was recorded, what it is called, where it stands in the list, silence.
namespace tonewright::testing {
namespace {

constexpr StreamSpec kMono{44100.0, 1};

Analysis listen(const AudioBuffer& audio) {
    Analyzer analyzer(audio.spec(), {.truePeak = false, .sketch = true, .rhythm = true, .key = false});
    std::vector<const float*> channels;
    for (int c = 0; c < audio.spec().channels; ++c) channels.push_back(audio.channel(c).data());
    analyzer.add({channels.data(), audio.spec().channels, audio.numFrames()});
    return analyzer.result();
}

// Bursts of low-passed noise: `everySeconds`, decaying with `decaySeconds`.
AudioBuffer bursts(double seconds, double everySeconds, double decaySeconds, double brightness, double peakDb, std::uint64_t seed) {
    AudioBuffer audio = test::noise(kMono, static_cast<int>(seconds * kMono.sampleRateHz), 0.0, seed);
    double low = 0.0;
    for (int n = 0; n < audio.numFrames(); ++n) {
        low += brightness * (audio.channel(0)[n] - low);
        const double since = std::fmod(n / kMono.sampleRateHz, everySeconds);
        audio.channel(0)[n] = static_cast<float>(dbToGain(peakDb) * low * std::exp(-since / decaySeconds));
    }
    return audio;
}

void scale(AudioBuffer& audio, double db) {
    for (float& sample : audio.channel(0)) sample = static_cast<float>(sample * dbToGain(db));
}

struct Part {
    const char *id, *role;
    double everySeconds, decaySeconds, brightness, peakDb;
};
constexpr Part kParts[] = {{"kick", "drums/kick", 0.53, 0.06, 0.02, -3.0},    {"snare", "drums/snare", 1.06, 0.1, 0.4, -6.0},
                           {"bass", "bass/electric", 0.5, 0.6, 0.015, -8.0}, {"gtr", "guitar/electric", 0.25, 0.4, 0.2, -10.0},
                           {"vox", "vocals/lead", 2.0, 1.5, 0.25, -6.0},     {"piano", "keys/piano", 1.0, 0.7, 0.15, -12.0}};

Band bandOf(const std::map<std::string, double>& gainsDb = {}) {
    Band band;
    band.session.sampleRateHz = 44100;
    std::uint64_t seed = 1;
    for (const Part& part : kParts) {
        AudioBuffer audio = bursts(8.0, part.everySeconds, part.decaySeconds, part.brightness, part.peakDb, seed++);
        if (const auto gain = gainsDb.find(part.id); gain != gainsDb.end()) scale(audio, gain->second);
        band.add(part.id, part.role, listen(audio));
    }
    return band;
}

// All that is done to a track but the trim, in words.
std::string doneTo(const TrackPlan& track) {
    std::string words;
    for (const Step& step : track.chain)
        if (step.id != track.id + ".trim") words += std::string(step.type()) + " " + describe(step) + "; ";
    words += describe(track.fader) + "; " + describe(track.pan);
    for (const Send& send : track.sends) words += "; " + send.to + " " + describe(send.level);
    return words;
}

TEST(MixInvariance, ScalingATrackMovesItsTrimAndNothingElse) {
    const Plan plain = bandOf().plan();
    for (const double db : {-20.0, -7.3, 12.0}) {
        for (const Part& scaled : kParts) {
            const Plan plan = bandOf({{scaled.id, db}}).plan();
            for (const Part& part : kParts) {
                EXPECT_EQ(doneTo(trackOf(plan, part.id)), doneTo(trackOf(plain, part.id))) << part.id << " when " << scaled.id << " moves " << db << " dB";
                EXPECT_NEAR(trimDb(plan, part.id) - trimDb(plain, part.id), part.id == scaled.id ? -db : 0.0, 0.02) << part.id;
            }
        }
    }
}

TEST(MixInvariance, OrderAndNamesDecideNothing) {
    const Band plain = bandOf();
    const Plan expected = plain.plan();
    std::vector<std::size_t> order{0, 1, 2, 3, 4, 5};
    std::mt19937 random(7);
    for (int round = 0; round < 4; ++round) {
        std::shuffle(order.begin(), order.end(), random);
        Band band;
        band.session.sampleRateHz = 44100;
        std::map<std::string, std::string> newName;
        for (std::size_t i = 0; i < order.size(); ++i) {
            const std::string id = "audio-" + std::to_string(i);
            newName[plain.session.tracks[order[i]].id] = id;
            band.add(id, plain.session.tracks[order[i]].role, plain.analyses[order[i]]);
        }
        const Plan plan = band.plan();
        for (const Part& part : kParts) {
            const TrackPlan &was = trackOf(expected, part.id), &is = trackOf(plan, newName.at(part.id));
            EXPECT_EQ(is.chain.size(), was.chain.size());
            EXPECT_EQ(std::get<Gain::Params>(is.fader.params), std::get<Gain::Params>(was.fader.params)) << part.id;
            EXPECT_EQ(std::get<Panner::Params>(is.pan.params), std::get<Panner::Params>(was.pan.params)) << part.id;
            for (std::size_t step = 0; step < is.chain.size(); ++step) EXPECT_EQ(is.chain[step].params, was.chain[step].params) << part.id;
        }
    }
}

TEST(MixInvariance, ASilentTrackChangesNothing) {
    const Plan expected = bandOf().plan();
    Band band = bandOf();
    band.add("empty", "guitar/electric", listen(AudioBuffer(kMono, 8 * 44100)));
    const Plan plan = band.plan();
    EXPECT_TRUE(trackOf(plan, "empty").muted());
    for (const Part& part : kParts) EXPECT_EQ(doneTo(trackOf(plan, part.id)), doneTo(trackOf(expected, part.id))) << part.id;
}

TEST(MixInvariance, ASketchIsAsLoudAsTheMeterSays) {
    std::uint64_t seed = 1;
    for (const Part& part : kParts) {
        const Analysis facts = listen(bursts(8.0, part.everySeconds, part.decaySeconds, part.brightness, part.peakDb, seed++));
        const SketchGrid grid = SketchGrid::covering(8.0, facts.sketch.frameSeconds);
        const TrackSketch sketch(facts.sketch, 0.0, grid);
        EXPECT_NEAR(sketchLoudness(sketch.loudnessPower(), grid.frameSeconds), facts.loudness.integratedLufs, 0.5) << part.id;
    }
}

TEST(MixInvariance, AManyTrackSessionIsDecidedInTime) {
    Band band;
    const char* roles[] = {"drums/kick", "drums/snare", "bass/electric", "guitar/electric", "keys/piano", "synth/lead", "vocals/backing", "vocals/lead"};
    for (int i = 0; i < 64; ++i)
        band.add("t" + std::to_string(i), roles[i % 8], played(8192 * kFrameSeconds, 60.0 + 10.0 * i, 3000.0 + 50.0 * i, [i](double t) {
                     return -25.0 + 6.0 * std::sin(t * (1.0 + 0.1 * i)) + 2.0 * std::sin(7.0 * t + i);
                 }));
    const std::clock_t start = std::clock();   // of the processor: others may be using the machine
    const Plan plan = band.plan();
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    RecordProperty("seconds", std::to_string(seconds));
    std::printf("64 tracks x 8192 frames decided in %.2f s\n", seconds);
    EXPECT_EQ(plan.tracks.size(), 64u);
    EXPECT_LT(seconds, 120.0);  // a guard against squares and cubes, with room for sanitizers and busy machines; the bench holds the number
}

}  // namespace
}  // namespace tonewright::testing
