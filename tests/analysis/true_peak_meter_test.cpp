#include "analysis/true_peak_meter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "analysis/loudness_meter.h"
#include "dsp/fft.h"
#include "tests/analysis/listen.h"
#include "tests/support/signals.h"

namespace tonewright::test {
namespace {

double truePeak(const AudioBuffer& audio) { return listen(TruePeakMeter(audio.spec()), audio).truePeakDbtp(); }

void fade(AudioBuffer& audio, int frames) {
    for (int c = 0; c < audio.numChannels(); ++c)
        for (int n = 0; n < std::min(frames, audio.numFrames() / 2); ++n) {
            const float gain = static_cast<float>(0.5 - 0.5 * std::cos(std::numbers::pi * (n + 0.5) / frames));
            audio.channel(c)[n] *= gain;
            audio.channel(c)[audio.numFrames() - 1 - n] *= gain;
        }
}

AudioBuffer tone(double rate, double divisor, double amplitude, double degrees) {
    AudioBuffer audio = sine({rate, 2}, static_cast<int>(rate), rate / divisor, gainToDb(amplitude), degrees * std::numbers::pi / 180.0);
    fade(audio, static_cast<int>(0.01 * rate));
    return audio;
}

// Zero-stuffed to `factor` times the rate in the spectrum: what a band limit at exactly half the rate gives.
std::vector<float> oversampled(std::span<const float> samples, int factor) {
    const int size = static_cast<int>(samples.size());
    RealFft small(size), large(size * factor);
    std::vector<std::complex<float>> spectrum(small.bins()), wide(large.bins());
    small.forward(samples, spectrum);
    for (int k = 0; k < size / 2; ++k) wide[k] = spectrum[k] * static_cast<float>(factor);
    std::vector<float> out(size * factor);
    large.inverse(wide, out);
    return out;
}

float highest(std::span<const float> samples) {
    float peak = 0.0f;
    for (const float sample : samples) peak = std::max(peak, std::abs(sample));
    return peak;
}

class TruePeakAtRate : public testing::TestWithParam<double> {};
INSTANTIATE_TEST_SUITE_P(Rates, TruePeakAtRate, testing::Values(44100.0, 48000.0, 96000.0));

TEST_P(TruePeakAtRate, TonesWithPeaksBetweenSamplesReadTheirAmplitude) {  // 3341 #15 ... #19: +0.2/-0.4; here 0.02
    const double rate = GetParam();
    EXPECT_NEAR(truePeak(tone(rate, 4, 0.50, 0.0)), gainToDb(0.50), 0.02);
    EXPECT_NEAR(truePeak(tone(rate, 4, 0.50, 45.0)), gainToDb(0.50), 0.02);
    EXPECT_NEAR(truePeak(tone(rate, 6, 0.50, 60.0)), gainToDb(0.50), 0.02);
    EXPECT_NEAR(truePeak(tone(rate, 8, 0.50, 67.5)), gainToDb(0.50), 0.02);
    EXPECT_NEAR(truePeak(tone(rate, 4, 1.41, 45.0)), gainToDb(1.41), 0.02);
}

// 3341 #20 ... #23: one period of fs/4 at 1.0 within fs/6 at 0.5, made at 4 fs, band-limited, decimated at offsets 0 ... 3.
TEST_P(TruePeakAtRate, AShortPeakReadsTheSameAtEveryOffset) {
    const double rate = GetParam();
    std::vector<float> high;
    for (int n = 0; n < 24 * 170; ++n) high.push_back(static_cast<float>(0.5 * std::sin(2.0 * std::numbers::pi * n / 24.0)));
    for (int n = 0; n < 16; ++n) high.push_back(static_cast<float>(std::sin(2.0 * std::numbers::pi * n / 16.0)));
    while (high.size() < 8192) high.push_back(static_cast<float>(0.5 * std::sin(2.0 * std::numbers::pi * (static_cast<double>(high.size()) - 16.0) / 24.0)));
    for (int n = 0; n < 400; ++n) {
        high[n] *= static_cast<float>(n) / 400.0f;
        high[high.size() - 1 - n] *= static_cast<float>(n) / 400.0f;
    }
    RealFft fft(8192);
    std::vector<std::complex<float>> spectrum(fft.bins());
    fft.forward(high, spectrum);
    for (int k = 1024 - 20; k < fft.bins(); ++k) spectrum[k] *= k < 1024 + 20 ? static_cast<float>(1024 + 20 - k) / 40.0f : 0.0f;
    fft.inverse(spectrum, high);
    for (int offset = 0; offset < 4; ++offset) {
        AudioBuffer audio({rate, 1}, 2048);
        for (int n = 0; n < 2048; ++n) audio.channel(0)[n] = high[4 * n + offset];
        EXPECT_GT(truePeak(audio), -0.4) << offset;
        EXPECT_LT(truePeak(audio), +0.2) << offset;
    }
}

TEST(TruePeak, SinesReadTheirAmplitudeUpToNearHalfTheRate) {
    for (const double share : {0.001, 0.05, 0.1234, 0.25, 0.3333, 0.41, 0.45, 0.47}) {
        AudioBuffer audio = sine({48000.0, 1}, 20000, 48000.0 * share, -1.0, 0.7);
        fade(audio, 2000);
        EXPECT_NEAR(truePeak(audio), -1.0, 0.01) << share;
    }
}

// Clipped noise, band-limited to 0.45 fs afterwards so that its true peak has one value: against 64 times oversampling by FFT.
TEST(TruePeak, AgreesWithBruteForceOnClippedNoise) {
    for (const std::uint64_t seed : {1, 2, 3, 4}) {
        const int size = 1 << 14;
        AudioBuffer audio = noise({48000.0, 1}, size, +9.0, seed);
        for (float& sample : audio.channel(0)) sample = std::clamp(sample, -0.9f, 0.9f);
        RealFft fft(size);
        std::vector<std::complex<float>> spectrum(fft.bins());
        fft.forward(audio.channel(0), spectrum);
        for (int k = size * 45 / 100; k < fft.bins(); ++k) spectrum[k] = 0.0f;
        fft.inverse(spectrum, audio.channel(0));
        fade(audio, 500);
        // The spectrum's zero-stuffing sees the signal as periodic: the faded ends meet in silence.
        EXPECT_NEAR(truePeak(audio), gainToDb(highest(oversampled(audio.channel(0), 64))), 0.03) << seed;
    }
}

TEST(TruePeak, TheStreamsEdgesCount) {
    // Two full-scale samples at the very end (or start): the waveform rises between and beside them.
    for (const bool atEnd : {false, true}) {
        AudioBuffer audio({48000.0, 1}, 200);
        audio.channel(0)[atEnd ? 198 : 0] = 1.0f;
        audio.channel(0)[atEnd ? 199 : 1] = 1.0f;
        EXPECT_NEAR(truePeak(audio), gainToDb(4.0 / std::numbers::pi), 0.02) << atEnd;  // 2 sinc(1/2)
    }
    AudioBuffer one({48000.0, 1}, 1);
    one.channel(0)[0] = 0.5f;
    EXPECT_NEAR(truePeak(one), gainToDb(0.5), 1e-3);
}

TEST(TruePeak, SkippingChangesNothing) {
    // A loud start makes almost everything after it skippable; the same parts measured alone must agree with the whole.
    AudioBuffer audio = noise({48000.0, 1}, 60000, -3.0, 9);
    for (int n = 20000; n < 40000; ++n) audio.channel(0)[n] *= 1.3f;
    double highestAlone = kSilentDb;
    for (int start = 0; start < 60000; start += 500) {  // short pieces with their neighbourhood
        AudioBuffer piece({48000.0, 1}, 900);
        for (int n = 0; n < 900; ++n)
            piece.channel(0)[n] = start + n >= 200 && start + n - 200 < 60000 ? audio.channel(0)[start + n - 200] : 0.0f;
        TruePeakInterpolator interpolator;
        std::vector<float> peaks(900);
        interpolator.process(piece.channel(0).data(), 900, 0.0f, peaks.data());
        for (int n = 200 + 64; n < 700 + 64; ++n) highestAlone = std::max(highestAlone, gainToDb(peaks[n]));
    }
    EXPECT_NEAR(truePeak(audio), highestAlone, 1e-4);
}

TEST(TruePeak, HowTheStreamIsCutChangesNoBit) {
    const AudioBuffer audio = noise({48000.0, 2}, 48000, -1.0, 3);
    const double whole = listen(TruePeakMeter(audio.spec()), audio, audio.numFrames()).truePeakDbtp();
    EXPECT_EQ(whole, listen(TruePeakMeter(audio.spec()), audio, 0).truePeakDbtp());
    EXPECT_EQ(whole, listen(TruePeakMeter(audio.spec()), audio, 1).truePeakDbtp());
}

TEST(TruePeak, SilenceHasNone) {
    EXPECT_EQ(truePeak(AudioBuffer({48000.0, 2}, 1000)), kSilentDb);
    EXPECT_EQ(truePeak(AudioBuffer({48000.0, 2}, 0)), kSilentDb);
}

}  // namespace
}  // namespace tonewright::test
