#include "analysis/edge_finder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "analysis/band_spread.h"
#include "core/decibels.h"

using namespace tonewright;

namespace {

constexpr double kRate = 48000.0;

// Samples with a known beginning and end, cut into blocks of any length.
struct Recording {
    std::vector<float> samples;

    void silence(double seconds) { samples.resize(samples.size() + static_cast<std::size_t>(seconds * kRate)); }
    void click(double atSeconds) { samples[static_cast<std::size_t>(atSeconds * kRate)] = 0.9f; }
    void music(double seconds, double fallDbPerSecond = 0.0) {
        const std::size_t from = samples.size();
        silence(seconds);
        for (std::size_t n = from; n < samples.size(); ++n) {
            const double t = static_cast<double>(n - from) / kRate;
            samples[n] = static_cast<float>(0.2 * dbToGain(-fallDbPerSecond * t) * std::sin(2.0 * std::numbers::pi * 330.0 * t) * (1.0 + 0.5 * std::sin(20.0 * t)));
        }
    }
    void hiss(double rmsDb) {
        std::uint32_t state = 7;
        for (float& sample : samples) {
            state = state * 1664525u + 1013904223u;
            sample += static_cast<float>(dbToGain(rmsDb) * std::sqrt(3.0) * (static_cast<double>(state >> 8) / 8388608.0 - 1.0));
        }
    }
    double seconds() const { return static_cast<double>(samples.size()) / kRate; }

    EdgeFacts facts(double activePower = 0.02, int blockFrames = 1000) const {
        EdgeFinder finder({kRate, 1});
        for (std::size_t at = 0; at < samples.size(); at += static_cast<std::size_t>(blockFrames)) {
            const float* channel = samples.data() + at;
            finder.add(ConstBlock(&channel, 1, static_cast<int>(std::min(samples.size() - at, static_cast<std::size_t>(blockFrames)))));
        }
        return finder.result(activePower);
    }
};

}  // namespace

TEST(EdgeFinder, FindsTheFirstAndTheLastSoundHoweverItArrives) {
    Recording recording;
    recording.silence(1.7);
    recording.music(3.0);
    recording.silence(2.5);
    for (const int block : {37, 1000, 48000}) {
        const EdgeFacts facts = recording.facts(0.02, block);
        EXPECT_NEAR(facts.startSeconds, 1.7, 0.011) << block;
        EXPECT_NEAR(facts.endSeconds, 4.7, 0.011) << block;
        EXPECT_FALSE(facts.leadingNoiseDbfs || facts.trailingNoiseDbfs);
        EXPECT_TRUE(facts.clicksBeforeSeconds.empty() && facts.clicksAfterSeconds.empty());
    }
}

TEST(EdgeFinder, FollowsATailDownToSeventyDecibelsBelowTheLoudParts) {
    Recording recording;
    recording.music(3.0);
    recording.music(4.0, 30.0);  // reaches -70 dB against 0.02 (-17 dBFS) after about 2.4 s
    const double expected = 3.0 + (10.0 * std::log10(0.5 * 0.04 * 1.125 / 0.02) + 70.0) / 30.0;
    EXPECT_NEAR(recording.facts().endSeconds, expected, 0.15);
}

TEST(EdgeFinder, ClicksOutsideAreNamedAndDoNotMoveTheEdges) {
    Recording recording;
    recording.silence(2.0);
    recording.music(3.0);
    recording.silence(2.0);
    const EdgeFacts clean = recording.facts();
    recording.click(0.5);
    recording.click(6.2);
    const EdgeFacts facts = recording.facts();
    EXPECT_EQ(facts.startSeconds, clean.startSeconds);
    EXPECT_EQ(facts.endSeconds, clean.endSeconds);
    ASSERT_EQ(facts.clicksBeforeSeconds.size(), 1u);
    EXPECT_NEAR(facts.clicksBeforeSeconds[0], 0.5, 0.011);
    ASSERT_EQ(facts.clicksAfterSeconds.size(), 1u);
    EXPECT_NEAR(facts.clicksAfterSeconds[0], 6.2, 0.011);
    EXPECT_NEAR(facts.peakDbfs, gainToDb(0.3), 0.1) << "clicks outside are no peaks of the music";
}

TEST(EdgeFinder, NoiseIsToldFromMusicAndFadesFromNoise) {
    Recording noisy;
    noisy.silence(1.5);
    noisy.music(3.0);
    noisy.silence(1.5);
    noisy.hiss(-65.0);
    const EdgeFacts facts = noisy.facts();
    EXPECT_NEAR(facts.startSeconds, 1.5, 0.021);
    EXPECT_NEAR(facts.endSeconds, 4.5, 0.031);
    ASSERT_TRUE(facts.leadingNoiseDbfs && facts.trailingNoiseDbfs);
    EXPECT_NEAR(*facts.leadingNoiseDbfs, -65.0, 0.7);

    Recording rising;  // a fade-in of 5 s from -75 dB
    rising.music(8.0);
    for (std::size_t n = 0; n < static_cast<std::size_t>(5.0 * kRate); ++n) rising.samples[n] *= static_cast<float>(dbToGain(-75.0 + 15.0 * static_cast<double>(n) / kRate));
    EXPECT_FALSE(rising.facts().leadingNoiseDbfs);
    EXPECT_LT(rising.facts().startSeconds, 0.6);

    Recording loud;  // noise that is the music
    loud.silence(4.0);
    loud.hiss(-17.0);
    EXPECT_EQ(loud.facts().startSeconds, 0.0);
    EXPECT_NEAR(loud.facts().endSeconds, 4.0, 1e-6);
}

TEST(EdgeFinder, MinutesOfSilenceAreBridged) {
    Recording recording;
    recording.silence(100.0);
    recording.music(2.0);
    recording.silence(90.0);
    const EdgeFacts facts = recording.facts();
    EXPECT_NEAR(facts.startSeconds, 100.0, 0.011);
    EXPECT_NEAR(facts.endSeconds, 102.0, 0.011);
}

TEST(BandSpread, TellsTheBandThatMoves) {
    Sketch sketch;
    sketch.frames = 1200;
    for (int frame = 0; frame < sketch.frames; ++frame)
        for (int band = 0; band < kErbBands; ++band) {
            const bool bass = erbCentreHz(band) < kSpreadBandsHz[1];
            sketch.power.push_back(static_cast<float>(dbToPower(-40.0 + (bass && frame / 40 % 2 ? 15.0 : 0.0))));
        }
    const auto spread = bandSpreadDb(sketch);
    for (const auto& value : spread) ASSERT_TRUE(value);
    EXPECT_NEAR(*spread[0], 15.0, 0.1);
    EXPECT_LT(*spread[2], *spread[0] - 2.0);
    sketch.frames = 100;
    EXPECT_FALSE(bandSpreadDb(sketch)[0]) << "five seconds tell nothing";
}
