#include "dsp/true_peak_interpolator.h"

#include <cmath>

#include "dsp/windowed_sinc.h"
#include "tests/support/laws.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

constexpr int kLatency = TruePeakInterpolator::kLatencyFrames;

std::vector<float> peaksOf(std::span<const float> samples, float level) {
    TruePeakInterpolator interpolator;
    std::vector<float> peaks(samples.size());
    const int count = static_cast<int>(samples.size());
    interpolator.process(samples.data(), count, level, peaks.data());
    return peaks;
}

// The definition, in double precision on a grid of 128 points a frame.
double bruteForce(std::span<const float> samples, int interval) {
    double peak = 0.0;
    for (int p = 0; p <= 128; ++p) {
        double sum = 0.0;
        for (int k = interval - 63; k <= interval + 64; ++k)
            if (k >= 0 && k < static_cast<int>(samples.size())) sum += samples[k] * kaiserSinc(interval + p / 128.0 - k, 64, 8.5);
        peak = std::max(peak, std::abs(sum));
    }
    return peak;
}

}  // namespace

TEST(TruePeakInterpolator, ReadsSinesWithinAThousandthOfADecibelUpTo0475OfTheRate) {
    for (double share : {0.001, 0.02, 0.1234, 0.25, 0.333, 0.4001, 0.45, 0.475}) {
        const AudioBuffer tone = sine({48000.0, 1}, 6000, share * 48000.0, 0.0, 0.7);
        const std::vector<float> peaks = peaksOf(tone.channel(0), 0.0f);
        float peak = 0.0f;
        for (int n = 500; n < 5500; ++n) peak = std::max(peak, peaks[n]);  // away from where the tone is cut on and off
        EXPECT_NEAR(gainToDb(peak), 0.0, 0.0011) << share;
    }
}

TEST(TruePeakInterpolator, EveryIntervalEqualsTheDefinition) {
    const AudioBuffer input = noise({48000.0, 1}, 300, 0.0, 5);
    const std::vector<float> peaks = peaksOf(input.channel(0), 0.0f);
    for (int n = kLatency; n < 300; ++n) ASSERT_NEAR(peaks[n], bruteForce(input.channel(0), n - kLatency), 3e-3) << n;
}

TEST(TruePeakInterpolator, SkippingBelowALevelChangesNothingAboveIt) {
    AudioBuffer input = noise({48000.0, 1}, 20000, 0.0, 6);
    for (int n = 0; n < 20000; ++n) input.channel(0)[n] *= static_cast<float>(0.5 + 0.5 * std::sin(n * 0.001));
    const std::vector<float> all = peaksOf(input.channel(0), 0.0f);
    for (float level : {0.1f, 0.5f, 0.9f, 1.2f}) {
        const std::vector<float> some = peaksOf(input.channel(0), level);
        for (int n = 0; n < 20000; ++n) ASSERT_EQ(some[n], std::max(all[n], level)) << n << " at " << level;
    }
}

// The signals for which the bounds are tightest: every sample pulls the same way.
TEST(TruePeakInterpolator, TheBoundsHoldForTheWorstSignals) {
    const auto weight = [](double offset) { return kaiserSinc(offset, 64, 8.5); };
    AudioBuffer highest({48000.0, 1}, 600), sharpest({48000.0, 1}, 600);
    for (int n = 236; n <= 363; ++n) {
        highest.channel(0)[n] = weight(299.5 - n) < 0.0 ? -1.0f : 1.0f;
        const double bend = weight(299.125 - 1e-3 - n) - 2.0 * weight(299.125 - n) + weight(299.125 + 1e-3 - n);
        sharpest.channel(0)[n] = bend > 0.0 ? -1.0f : 1.0f;
    }
    for (const AudioBuffer* signal : {&highest, &sharpest}) {
        const std::span<const float> samples = signal->channel(0);
        const std::vector<float> all = peaksOf(samples, 0.0f);
        const float peak = all[299 + kLatency], level = 0.995f * peak;
        EXPECT_GT(peak, 1.0f);
        EXPECT_EQ(peaksOf(samples, level)[299 + kLatency], peak);
    }
}

// Music bends little: low tones, noise that falls off with frequency, and a high tone on top.
TEST(TruePeakInterpolator, SkippingChangesNothingInSmoothSignals) {
    std::mt19937 random(11);
    std::uniform_real_distribution<double> uniform(-1.0, 1.0);
    for (double high : {0.0, 0.003, 0.05, 0.3}) {
        AudioBuffer input({48000.0, 1}, 20000);
        double walk = 0.0, smooth = 0.0;
        for (int n = 0; n < 20000; ++n) {
            walk = 0.99 * walk + 0.1 * uniform(random);
            smooth += 0.2 * (walk - smooth);
            input.channel(0)[n] = static_cast<float>(0.4 * smooth + 0.3 * std::sin(n * 0.0071) + high * std::sin(n * 2.9));
        }
        const std::vector<float> all = peaksOf(input.channel(0), 0.0f);
        std::vector<float> sorted = all;
        std::sort(sorted.begin(), sorted.end());
        for (double share : {0.5, 0.9, 0.99, 0.999, 0.9999}) {
            const float level = std::nextafter(sorted[static_cast<std::size_t>(share * 20000)], 0.0f);
            const std::vector<float> some = peaksOf(input.channel(0), level);
            for (int n = 0; n < 20000; ++n) ASSERT_EQ(some[n], std::max(all[n], level)) << n << " at " << level << ", " << high;
        }
    }
}

TEST(TruePeakInterpolator, WhatIsNotWantedIsNotSearched) {
    const AudioBuffer input = noise({48000.0, 1}, 2000, 0.0, 6);
    const std::vector<float> all = peaksOf(input.channel(0), 0.01f);
    std::vector<std::uint8_t> wanted(2000);
    for (int n = 0; n < 2000; ++n) wanted[n] = n % 91 < 7;
    std::vector<float> some(2000);
    TruePeakInterpolator().process(input.channel(0).data(), 2000, 0.01f, some.data(), wanted.data());
    for (int n = 0; n < 2000; ++n) ASSERT_EQ(some[n], wanted[n] ? all[n] : 0.01f) << n;
}

TEST(TruePeakInterpolator, BlockBoundariesDoNotExist) {
    const AudioBuffer input = noise({48000.0, 1}, 5000, 0.0, 7);
    const std::vector<float> whole = peaksOf(input.channel(0), 0.8f);
    TruePeakInterpolator interpolator;
    std::vector<float> pieces(5000);
    std::mt19937 random(3);
    for (int start = 0; start < 5000;) {
        const int length = std::min(5000 - start, static_cast<int>(random() % 150));
        interpolator.process(input.channel(0).data() + start, length, 0.8f, pieces.data() + start);
        start += length;
    }
    EXPECT_EQ(whole, pieces);
}

TEST(TruePeakInterpolator, NotANumberAndInfinityCountAsZero) {
    AudioBuffer broken = noise({48000.0, 1}, 1000, 0.0, 8), clean = broken;
    broken.channel(0)[300] = std::numeric_limits<float>::quiet_NaN();
    broken.channel(0)[400] = std::numeric_limits<float>::infinity();
    clean.channel(0)[300] = clean.channel(0)[400] = 0.0f;
    EXPECT_EQ(peaksOf(broken.channel(0), 0.0f), peaksOf(clean.channel(0), 0.0f));
}
