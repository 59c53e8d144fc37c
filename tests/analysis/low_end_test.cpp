#include "analysis/low_end.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "analysis/facts.h"
#include "core/decibels.h"

// Cross-spectra of the low end, against sums that can be written down.
namespace tonewright::testing {
namespace {

constexpr double kRateHz = 48000.0;
constexpr int kFrames = 5 * 48000;

std::vector<float> sine(double hz, double gain, double lateFrames = 0.0) {
    std::vector<float> samples(kFrames);
    for (int n = 0; n < kFrames; ++n) samples[n] = static_cast<float>(gain * std::sin(2.0 * std::numbers::pi * hz * (n - lateFrames) / kRateHz));
    return samples;
}

std::vector<float> noise(unsigned seed) {
    std::mt19937 engine(seed);
    std::vector<float> samples(kFrames);
    for (float& sample : samples) sample = static_cast<float>(static_cast<double>(engine()) / 2147483648.0 - 1.0);
    return samples;
}

LowEnd::Sums together(const std::vector<std::vector<float>>& tracks, std::vector<double> delays = {}) {
    LowEnd lowEnd(static_cast<int>(tracks.size()), kRateHz);
    std::vector<std::vector<float>> reduced;
    for (const auto& track : tracks) reduced.push_back(LowEnd::reduced(track, kRateHz));
    lowEnd.add(reduced);
    delays.resize(tracks.size());
    return lowEnd.sums(delays);
}

int bandOf(double hz) {
    int nearest = 0;
    for (int band = 0; band < LowEnd::kBands; ++band)
        if (std::abs(std::log(thirdOctaveCentreHz(LowEnd::kFirstBand + band) / hz)) < std::abs(std::log(thirdOctaveCentreHz(LowEnd::kFirstBand + nearest) / hz))) nearest = band;
    return nearest;
}

TEST(LowEnd, TheCrossPowerOfTwoTonesIsTheCosineOfTheirPhase) {
    for (const double hz : {40.0, 63.0, 200.0, 1600.0})
        for (const double degrees : {0.0, 60.0, 90.0, 180.0, 250.0}) {
            const LowEnd::Sums sums = together({sine(hz, 0.5), sine(hz, 0.2, degrees / 360.0 * kRateHz / hz)});
            const int band = bandOf(hz);
            const double share = sums.at(0, 1, band) / std::sqrt(sums.at(0, 0, band) * sums.at(1, 1, band));
            EXPECT_NEAR(share, std::cos(degrees * std::numbers::pi / 180.0), 0.02) << hz << " Hz, " << degrees << " degrees";
            EXPECT_NEAR(powerToDb(sums.at(0, 0, band) / sums.at(1, 1, band)), 20.0 * std::log10(2.5), 0.05);
        }
}

TEST(LowEnd, ADelayIsUndoneExactly) {
    const std::vector<float> one = noise(1);
    std::vector<float> late(one.size());
    std::copy(one.begin(), one.end() - 240, late.begin() + 240);
    const LowEnd::Sums apart = together({one, late}), undone = together({one, late}, {0.0, -240.0});
    for (int band = 1; band < LowEnd::kBands; ++band)
        EXPECT_GT(undone.at(0, 1, band) / std::sqrt(undone.at(0, 0, band) * undone.at(1, 1, band)), 0.97) << band;
    EXPECT_LT(apart.at(0, 1, bandOf(100.0)) / std::sqrt(apart.at(0, 0, bandOf(100.0)) * apart.at(1, 1, bandOf(100.0))), -0.8);   // 5 ms are half of its wave
}

TEST(LowEnd, WhatHasNothingInCommonHardlyAdds) {
    const LowEnd::Sums sums = together({noise(1), noise(2)});
    for (int band = 4; band < LowEnd::kBands; ++band) EXPECT_LT(std::abs(sums.at(0, 1, band)) / std::sqrt(sums.at(0, 0, band) * sums.at(1, 1, band)), 0.2) << band;
}

TEST(LowEnd, TurningATrackTurnsItsCrossPowers) {
    std::vector<float> other = noise(1);
    const std::vector<float> own = noise(2);
    for (std::size_t n = 0; n < other.size(); ++n) other[n] = 0.3f * other[n] + 0.1f * own[n];
    std::vector<float> turned = other;
    for (float& sample : turned) sample = -sample;
    const LowEnd::Sums before = together({noise(1), other}), after = together({noise(1), turned});
    for (int band = 0; band < LowEnd::kBands; ++band) {
        EXPECT_EQ(before.at(0, 1, band), -after.at(0, 1, band));
        EXPECT_EQ(before.at(1, 1, band), after.at(1, 1, band));
    }
}

TEST(LowEnd, WhatFiltersOfOthersCouldHaveMadeIsExplainedByThem) {
    const std::vector<float> kick = noise(1), snare = noise(2), own = noise(3);
    std::vector<float> spill(kick.size()), played(kick.size());
    for (std::size_t n = 300; n < kick.size(); ++n) {
        spill[n] = 0.3f * kick[n - 200] - 0.2f * kick[n - 150] + 0.1f * snare[n - 300];   // late, coloured, upside down in part
        played[n] = spill[n] + 0.5f * own[n];
    }
    LowEnd lowEnd(4, kRateHz);
    std::vector<std::vector<float>> reduced;
    for (const auto& track : {kick, snare, spill, played}) reduced.push_back(LowEnd::reduced(track, kRateHz));
    lowEnd.add(reduced);
    const std::vector<int> kit = {0, 1};
    EXPECT_GT(*lowEnd.explainedShare(2, kit), 0.95);
    EXPECT_NEAR(*lowEnd.explainedShare(3, kit), (0.09 + 0.04 + 0.01) / (0.09 + 0.04 + 0.01 + 0.25), 0.12);
    EXPECT_LT(*lowEnd.explainedShare(2, std::vector<int>{1}), 0.2);
    EXPECT_FALSE(lowEnd.explainedShare(2, std::vector<int>(40, 0)));   // too little was heard for so many
    EXPECT_FALSE(lowEnd.explainedShare(2, {}));
}

TEST(LowEnd, WhatIsNotANumberIsSilence) {
    std::vector<float> broken = noise(3);
    broken[1000] = NAN;
    const LowEnd::Sums sums = together({noise(1), broken});
    for (double power : sums.power) EXPECT_TRUE(std::isfinite(power));
}

}  // namespace
}  // namespace tonewright::testing
