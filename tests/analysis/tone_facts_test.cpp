#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "analysis/analyzer.h"
#include "dsp/equalizer.h"

using namespace tonewright;

namespace {

constexpr double kRate = 48000.0;
constexpr AnalysisOptions kTone{.truePeak = false, .sketch = false, .rhythm = false, .key = false};

using Samples = std::vector<float>;

Samples noise(double seconds, unsigned seed = 1) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0f, 0.1f);
    Samples samples(static_cast<std::size_t>(seconds * kRate));
    for (float& sample : samples) sample = normal(random);
    return samples;
}

Samples filtered(Samples samples, const EqualizerBand& band) {
    Equalizer equalizer({.bands = {band}}, {kRate, 1});
    float* channel = samples.data();
    equalizer.process({&channel, 1, static_cast<int>(samples.size())});
    return samples;
}

SpectrumFacts heard(const Samples& samples, int blockFrames = 4096) {
    Analyzer analyzer({kRate, 1}, kTone);
    for (std::size_t from = 0; from < samples.size(); from += static_cast<std::size_t>(blockFrames)) {
        const float* channel = samples.data() + from;
        analyzer.add({&channel, 1, static_cast<int>(std::min(samples.size() - from, static_cast<std::size_t>(blockFrames)))});
    }
    return analyzer.result().spectrum;
}

const NarrowPeak* strongest(const SpectrumFacts& facts, double nearHz) {
    for (const NarrowPeak& peak : facts.narrowPeaks)
        if (std::abs(std::log2(peak.frequencyHz / nearHz)) < 0.06) return &peak;
    return nullptr;
}

}  // namespace

TEST(NarrowPeaks, AResonanceIsFoundWithItsPlaceHeightAndWidth) {
    for (const double hz : {700.0, 1300.0, 3200.0, 7000.0})
        for (const double q : {5.0, 9.0}) {
            const SpectrumFacts facts = heard(filtered(noise(20.0), {.frequencyHz = hz, .gainDb = 12.0, .q = q}));
            const NarrowPeak* peak = strongest(facts, hz);
            ASSERT_NE(peak, nullptr) << hz << " " << q;
            EXPECT_NEAR(std::log2(peak->frequencyHz / hz), 0.0, 0.03) << hz << " " << q;
            EXPECT_GT(peak->excessDb, 7.0) << hz << " " << q;  // its skirts raise the neighbourhood
            EXPECT_LT(peak->excessDb, 12.5) << hz << " " << q;
            EXPECT_GT(peak->q, 0.6 * q) << hz;
            EXPECT_LT(peak->q, 2.0 * q) << hz;
            EXPECT_GT(peak->steadyDb, 4.0) << hz << " " << q;
        }
}

TEST(NarrowPeaks, NoiseHasNone) { EXPECT_TRUE(heard(noise(20.0)).narrowPeaks.empty()); }

TEST(NarrowPeaks, ANoteThatComesAndGoesIsNotSteady) {
    Samples samples = noise(20.0);
    for (std::size_t n = 0; n < samples.size(); ++n)
        if (std::fmod(static_cast<double>(n) / kRate, 2.0) < 1.2) samples[n] += 0.2f * std::sin(2.0f * std::numbers::pi_v<float> * 1760.0f * static_cast<float>(n) / 48000.0f);
    const SpectrumFacts facts = heard(samples);
    const NarrowPeak* peak = strongest(facts, 1760.0);
    ASSERT_NE(peak, nullptr);
    EXPECT_GT(peak->excessDb, 6.0);
    EXPECT_LT(peak->steadyDb, 2.0);
}

TEST(NarrowPeaks, DoNotHearTheLevelNorTheBlocks) {
    Samples samples = filtered(noise(10.0), {.frequencyHz = 3200.0, .gainDb = 10.0, .q = 8.0});
    const SpectrumFacts whole = heard(samples), pieces = heard(samples, 777);
    EXPECT_EQ(whole.fineExcessDb, pieces.fineExcessDb);
    for (float& sample : samples) sample *= 0.25f;
    EXPECT_EQ(whole.fineExcessDb, heard(samples).fineExcessDb);
}

TEST(Regions, LevelsAreThoseOfWhiteNoise) {
    const SpectrumFacts facts = heard(noise(20.0));
    const double body = 11220.0 - 89.1;  // whole third octaves
    const std::pair<ToneRegion, double> widths[] = {{ToneRegion::lowMids, 562.3 - 177.8}, {ToneRegion::presence, 5623.4 - 2238.7}, {ToneRegion::treble, 14125.4 - 5623.4}};
    for (const auto& [region, widthHz] : widths) {
        EXPECT_NEAR(facts.region(region).levelDb, 10.0 * std::log10(widthHz / body), 0.3);
        EXPECT_NEAR(facts.region(region).medianDb, facts.region(region).levelDb, 0.4);
        EXPECT_LT(facts.region(region).loudDb - facts.region(region).medianDb, 2.5);
    }
}

TEST(Regions, BurstsStandOverTheMedian) {
    Samples samples = noise(20.0);
    const Samples sharp = filtered(noise(20.0, 2), {.type = BandType::lowCut, .frequencyHz = 5000.0, .slopeDbPerOctave = 48});
    for (std::size_t n = 0; n < samples.size(); ++n)
        if (std::fmod(static_cast<double>(n) / kRate, 1.0) < 0.1) samples[n] += 4.0f * sharp[n];
    const RegionFacts facts = heard(samples).region(ToneRegion::sibilance);
    EXPECT_GT(facts.loudDb - facts.medianDb, 9.0);
}

TEST(Regions, RumbleIsMeasuredBelowTheThirdOctaves) {
    Samples samples = noise(20.0);
    for (std::size_t n = 0; n < samples.size(); ++n) samples[n] += 0.05f * std::sin(2.0f * std::numbers::pi_v<float> * 11.0f * static_cast<float>(n) / 48000.0f);
    const double body = 0.01 * (11220.0 - 89.1) / 24000.0, planted = 0.5 * 0.05 * 0.05 + 0.01 * 22.0 / 24000.0;
    EXPECT_NEAR(heard(samples).region(ToneRegion::subsonic).levelDb, 10.0 * std::log10(planted / body), 0.3);
}
