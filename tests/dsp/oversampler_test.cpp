#include "dsp/oversampler.h"

#include <gtest/gtest.h>

#include <complex>
#include <vector>

#include "core/decibels.h"
#include "dsp/fft.h"
#include "tests/support/no_alloc.h"
#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

constexpr int kFrames = 4096;

std::vector<double> magnitudesDb(const std::vector<float>& signal) {
    RealFft fft(static_cast<int>(signal.size()));
    std::vector<std::complex<float>> spectrum(fft.bins());
    fft.forward(signal, spectrum);
    std::vector<double> result;
    for (const auto& bin : spectrum) result.push_back(gainToDb(std::abs(std::complex<double>(bin)) + 1e-12));
    return result;
}

std::vector<float> upOf(int factor, const std::vector<float>& input, int blockLength) {
    Oversampler oversampler(factor, blockLength);
    std::vector<float> high, ignored(blockLength);
    for (std::size_t start = 0; start < input.size(); start += blockLength) {
        const auto part = oversampler.up({input.data() + start, static_cast<std::size_t>(blockLength)});
        high.insert(high.end(), part.begin(), part.end());
        oversampler.down(ignored);
    }
    return high;
}

// Only the way down: what up() wrote is overwritten.
std::vector<float> downOf(int factor, const std::vector<float>& high, int blockLength) {
    Oversampler oversampler(factor, blockLength);
    std::vector<float> low(high.size() / factor);
    const std::vector<float> nothing(blockLength);
    for (std::size_t start = 0; start < low.size(); start += blockLength) {
        const auto part = oversampler.up(nothing);
        std::copy_n(high.begin() + start * factor, part.size(), part.begin());
        oversampler.down({low.data() + start, static_cast<std::size_t>(blockLength)});
    }
    return low;
}

constexpr double kPassBand = 20000.0 / 44100.0;  // of the base rate

}  // namespace

class OversamplerFactors : public testing::TestWithParam<int> {};

TEST_P(OversamplerFactors, GoingUpIsFlatInTheBandAndLeavesNoImages) {
    const int factor = GetParam();
    std::vector<float> impulse(kFrames);
    impulse[0] = 1.0f;
    const std::vector<double> db = magnitudesDb(upOf(factor, impulse, 64));
    double ripple = 0.0, image = -200.0;
    for (int k = 0; k < static_cast<int>(db.size()); ++k) {
        const double frequency = static_cast<double>(k) / kFrames;  // of the base rate
        const double level = db[k] - gainToDb(factor);
        if (frequency <= kPassBand)
            ripple = std::max(ripple, std::abs(level));
        else if (std::abs(frequency - std::round(frequency)) <= kPassBand)
            image = std::max(image, level);
    }
    EXPECT_LT(ripple, 0.001);
    EXPECT_LT(image, -100.0);
}

TEST_P(OversamplerFactors, ComingDownIsFlatAndNothingFoldsIntoTheBand) {
    const int factor = GetParam();
    for (double frequency : {0.01, 0.1, 0.3, 0.45}) {
        // In the band: unity. Mirrored about every multiple of the base rate: gone.
        for (int zone = 0; zone <= factor / 2; ++zone)
            for (double sign : {-1.0, 1.0}) {
                const double f = zone + sign * frequency;
                if (f < 0.0 || f > 0.5 * factor) continue;
                std::vector<float> high(kFrames * factor);
                for (std::size_t n = 0; n < high.size(); ++n)
                    high[n] = static_cast<float>(std::sin(2.0 * std::numbers::pi * f / factor * static_cast<double>(n)));
                const std::vector<float> low = downOf(factor, high, 64);
                double power = 0.0;
                for (int n = kFrames / 2; n < kFrames; ++n) power += 2.0 * low[n] * low[n] / (kFrames / 2);
                if (zone == 0)
                    EXPECT_NEAR(powerToDb(power), 0.0, 0.02) << f;
                else
                    EXPECT_LT(powerToDb(power), -100.0) << f;
            }
    }
}

TEST_P(OversamplerFactors, UpAndDownIsTheInputLateByTheDeclaredLatency) {
    const int factor = GetParam();
    // Band-limited input: a few sines below 20 kHz.
    std::vector<float> input(kFrames);
    for (int n = 0; n < kFrames; ++n)
        for (double f : {0.003, 0.11, 0.27, 0.44}) input[n] += static_cast<float>(0.2 * std::sin(2.0 * std::numbers::pi * f * n + f));
    Oversampler oversampler(factor, 64);
    std::vector<float> output(kFrames);
    for (int start = 0; start < kFrames; start += 64) {
        oversampler.up({input.data() + start, 64});
        oversampler.down({output.data() + start, 64});
    }
    double worst = 0.0;
    for (int n = 1000; n < kFrames; ++n) worst = std::max<double>(worst, std::abs(output[n] - input[n - oversampler.latencyFrames()]));
    EXPECT_LT(gainToDb(worst), -95.0);
}

TEST_P(OversamplerFactors, BlockLengthsDoNotMatterAndNothingIsAllocated) {
    const int factor = GetParam();
    const AudioBuffer input = noise({44100.0, 1}, kFrames, 0.0, 3);
    const auto through = [&](int blockLength) {
        Oversampler oversampler(factor, 64);
        std::vector<float> output(kFrames);
        const NoAlloc guard;
        for (int start = 0; start < kFrames; start += blockLength) {
            const auto length = static_cast<std::size_t>(std::min(blockLength, kFrames - start));
            oversampler.up(input.channel(0).subspan(start, length));
            oversampler.down({output.data() + start, length});
        }
        EXPECT_EQ(guard.allocations(), 0);
        return output;
    };
    const std::vector<float> whole = through(64);
    for (int length : {1, 7, 33}) EXPECT_EQ(through(length), whole) << length;
}

INSTANTIATE_TEST_SUITE_P(All, OversamplerFactors, testing::Values(2, 4, 8, 16));

TEST(Oversampler, RefusesOtherFactors) { EXPECT_THROW(Oversampler(3, 64), std::invalid_argument); }
