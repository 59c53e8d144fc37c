#include "dsp/saturator.h"

#include <array>
#include <gtest/gtest.h>

#include <complex>
#include <set>

#include "core/decibels.h"
#include "dsp/fft.h"
#include "dsp/saturator_curves.h"
#include "tests/support/laws.h"
#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

constexpr SaturatorKind kKinds[] = {SaturatorKind::tape, SaturatorKind::tube, SaturatorKind::transformer, SaturatorKind::softClip};

const char* nameOf(SaturatorKind kind) { return kSaturatorKindNames[static_cast<std::size_t>(kind)].data(); }

// Amplitudes at whole hertz of the steady state: one second is analysed after two of settling.
std::vector<double> spectrumOf(const SaturatorParams& params, int rate, std::initializer_list<std::pair<double, double>> tones) {
    AudioBuffer audio({static_cast<double>(rate), 1}, 3 * rate);
    for (const auto& [hz, peakDb] : tones)
        for (int n = 0; n < 3 * rate; ++n)
            audio.channel(0)[n] += static_cast<float>(dbToGain(peakDb) * std::sin(2.0 * std::numbers::pi * hz / rate * n));
    Saturator saturator(params, audio.spec());
    run(saturator, audio, 512);
    RealFft fft(rate);
    std::vector<std::complex<float>> bins(fft.bins());
    fft.forward(audio.channel(0).subspan(2 * rate), bins);
    std::vector<double> amplitudes;
    for (const auto& bin : bins) amplitudes.push_back(2.0 * std::abs(std::complex<double>(bin)) / rate);
    return amplitudes;
}

// Worst line below 20 kHz that is no sum or difference of the two tones, in dB of the first tone.
double aliasingDb(const SaturatorParams& params, int rate) {
    const int a = 5003, b = 9707;  // primes: what folds back lands between the true products
    const std::vector<double> spectrum = spectrumOf(params, rate, {{a, -6.0}, {b, -6.0}});
    std::set<int> products;
    for (int m = -60; m <= 60; ++m)
        for (int n = 0; n <= 60; ++n) products.insert(std::abs(m * a + n * b));
    double worst = 0.0;
    for (int hz = 20; hz <= 20000; ++hz)
        if (!products.contains(hz)) worst = std::max(worst, spectrum[hz]);
    return gainToDb(worst / spectrum[a]);
}

}  // namespace

TEST(Saturator, ObeysTheProcessorLaws) {
    for (SaturatorKind kind : kKinds) {
        SCOPED_TRACE(nameOf(kind));
        obeysProcessorLaws<Saturator>({.kind = kind, .driveDb = 9.0, .mix = 0.7});
    }
    obeysProcessorLaws<Saturator>({.driveDb = 20.0}, {44100.0, 1});
}

TEST(Saturator, IsTheInputLateByItsLatencyAtMixZero) {
    const StreamSpec spec{44100.0, 2};
    const AudioBuffer input = noise(spec, 8000, 0.0, 3);
    for (double driveDb : {0.0, 10.0, 20.0}) {
        AudioBuffer output = input;
        Saturator saturator({.driveDb = driveDb, .mix = 0.0}, spec);
        run(saturator, output, 512);
        for (int c : {0, 1})
            for (int n = saturator.latencyFrames(); n < 8000; ++n)
                ASSERT_EQ(output.channel(c)[n], input.channel(c)[n - saturator.latencyFrames()]);
    }
}

TEST(Saturator, WetAndDryAreInTime) {
    // A quiet sine is not changed by the curve: half wet, half dry must neither comb nor lose level.
    for (double driveDb : {0.0, 10.0, 20.0})
        for (double hz : {100.0, 1000.0, 15000.0}) {
            const StreamSpec spec{44100.0, 1};
            AudioBuffer audio = sine(spec, 44100, hz, -60.0);
            Saturator saturator({.kind = SaturatorKind::tape, .driveDb = driveDb, .asymmetry = 0.0, .autoGain = false, .mix = 0.5}, spec);
            run(saturator, audio, 512);
            const int latency = saturator.latencyFrames();
            const AudioBuffer input = sine(spec, 44100, hz, -60.0);
            double error = 0.0;
            for (int n = 22050; n < 44100; ++n) error += std::pow(audio.channel(0)[n] - input.channel(0)[n - latency], 2.0) / 22050;
            EXPECT_LT(powerToDb(error) - rmsDb(input), -40.0) << driveDb << " dB, " << hz << " Hz";
        }
}

TEST(Saturator, QuietSoundsKeepTheirLevelAtEveryFrequency) {
    for (SaturatorKind kind : kKinds)
        for (bool autoGain : {false, true})
            for (double hz : {100.0, 1000.0, 10000.0}) {
                const SaturatorParams params{.kind = kind, .driveDb = 12.0, .autoGain = autoGain};
                const Saturator saturator(params, {48000.0, 1});
                const double level = gainToDb(spectrumOf(params, 48000, {{hz, -70.0}})[static_cast<int>(hz)]);
                EXPECT_NEAR(level, -70.0 + saturator.smallSignalGainDb(), 0.05) << nameOf(kind) << " " << hz;
                EXPECT_TRUE(autoGain || saturator.smallSignalGainDb() == 0.0);
            }
}

TEST(Saturator, AutoGainKeepsTheReferenceLevel) {
    for (SaturatorKind kind : kKinds)
        for (double driveDb : {0.0, 9.0, 18.0}) {
            AudioBuffer audio = sine({48000.0, 1}, 96000, 1000.0, -18.0 + 3.0103);
            Saturator saturator({.kind = kind, .driveDb = driveDb}, audio.spec());
            run(saturator, audio, 512);
            EXPECT_NEAR(rmsDb(audio, 48000), -18.0, 0.02) << nameOf(kind) << " " << driveDb;
        }
}

TEST(Saturator, AliasingIsInaudible) {
    for (SaturatorKind kind : kKinds)
        for (double driveDb : {6.0, 12.0, 13.0, 18.0}) {
            const double worst = aliasingDb({.kind = kind, .driveDb = driveDb}, 44100);
            RecordProperty(std::string(nameOf(kind)) + std::to_string(static_cast<int>(driveDb)), std::to_string(worst));
            EXPECT_LT(worst, -90.0) << nameOf(kind) << " " << driveDb;
        }
    EXPECT_LT(aliasingDb({.kind = SaturatorKind::softClip, .driveDb = 12.0}, 96000), -90.0);
}

TEST(Saturator, EveryKindHasTheHarmonicsOfItsCurve) {
    // Without emphasis at work (tube, softClip everywhere; the others far from their shelves) the spectrum is the curve's.
    for (SaturatorKind kind : {SaturatorKind::tube, SaturatorKind::softClip})
        for (double peakDb : {-18.0, -6.0, 0.0}) {
            const SaturatorParams params{.kind = kind, .driveDb = 9.0, .autoGain = false};
            const std::vector<double> measured = spectrumOf(params, 48000, {{500.0, peakDb}});
            const double bias = kind == SaturatorKind::tube ? 0.3 : 0.0, drive = dbToGain(9.0);
            for (int h = 1; h <= 7; ++h) {
                std::complex<double> sum;
                for (int i = 0; i < 4096; ++i) {
                    const double angle = 2.0 * std::numbers::pi * i / 4096;
                    sum += saturatorCurve(kind, drive * dbToGain(peakDb) * std::sin(angle) + bias) * std::polar(2.0 / 4096, -h * angle);
                }
                const double expected = std::abs(sum) / (drive * saturatorSlope(kind, bias));
                EXPECT_NEAR(measured[500 * h], expected, 2e-6 + 0.001 * expected) << nameOf(kind) << " harmonic " << h << " at " << peakDb;
            }
        }
}

TEST(Saturator, HarmonicsAreThoseOfItsPage) {
    // docs/dsp/saturator.md: second to fifth against the fundamental, of a sine of -12 dBFS at 6 dB of drive.
    struct Row {
        SaturatorKind kind;
        double hz;
        std::array<double, 4> harmonicDb;
    };
    constexpr double kNone = -200.0;
    const Row rows[] = {
        {SaturatorKind::tape, 60.0, {-37.3, -34.2, -65.3, -66.8}},        {SaturatorKind::tape, 1000.0, {-37.7, -34.9, -66.3, -67.9}},
        {SaturatorKind::tube, 60.0, {-23.6, -36.3, -52.6, -73.1}},        {SaturatorKind::tube, 1000.0, {-23.6, -36.4, -52.6, -73.1}},
        {SaturatorKind::transformer, 60.0, {-27.0, -17.5, -38.2, -34.5}}, {SaturatorKind::transformer, 1000.0, {-32.1, -31.2, -55.1, -59.1}},
        {SaturatorKind::softClip, 60.0, {kNone, -48.8, kNone, -63.3}},    {SaturatorKind::softClip, 1000.0, {kNone, -48.8, kNone, -63.3}},
    };
    for (const Row& row : rows) {
        const std::vector<double> spectrum = spectrumOf({.kind = row.kind, .driveDb = 6.0, .autoGain = false}, 48000, {{row.hz, -12.0}});
        for (std::size_t i = 0; i < row.harmonicDb.size(); ++i) {
            const double level = gainToDb(spectrum[static_cast<std::size_t>(row.hz) * (i + 2)] / spectrum[static_cast<std::size_t>(row.hz)]);
            if (row.harmonicDb[i] == kNone) EXPECT_LT(level, -120.0) << nameOf(row.kind) << " " << row.hz << " Hz, harmonic " << i + 2;
            else EXPECT_NEAR(level, row.harmonicDb[i], 0.15) << nameOf(row.kind) << " " << row.hz << " Hz, harmonic " << i + 2;
        }
    }
}

TEST(Saturator, KindsDifferAsDocumented) {
    const auto harmonicDb = [](SaturatorParams params, double hz, double peakDb, int h) {
        const auto s = spectrumOf(params, 48000, {{hz, peakDb}});
        return gainToDb((s[static_cast<int>(hz * h)] + 1e-12) / s[static_cast<int>(hz)]);
    };
    const double drive = 9.0;
    // Symmetric curves make odd harmonics alone.
    for (SaturatorKind kind : kKinds) EXPECT_LT(harmonicDb({.kind = kind, .driveDb = drive, .asymmetry = 0.0}, 500.0, -10.0, 2), -115.0) << nameOf(kind);
    // Tube: the second leads at low level; tape and transformer: the third at working level.
    EXPECT_GT(harmonicDb({.kind = SaturatorKind::tube, .driveDb = drive}, 500.0, -18.0, 2),
              harmonicDb({.kind = SaturatorKind::tube, .driveDb = drive}, 500.0, -18.0, 3) + 6.0);
    for (SaturatorKind kind : {SaturatorKind::tape, SaturatorKind::transformer})
        EXPECT_GT(harmonicDb({.kind = kind, .driveDb = drive}, 500.0, -6.0, 3), harmonicDb({.kind = kind, .driveDb = drive}, 500.0, -6.0, 2) + 6.0);
    // Transformer: bass first. Tape: treble first.
    EXPECT_GT(harmonicDb({.kind = SaturatorKind::transformer, .driveDb = drive}, 40.0, -12.0, 3),
              harmonicDb({.kind = SaturatorKind::transformer, .driveDb = drive}, 1000.0, -12.0, 3) + 4.0);
    EXPECT_GT(harmonicDb({.kind = SaturatorKind::tape, .driveDb = drive}, 6000.0, -12.0, 3),
              harmonicDb({.kind = SaturatorKind::tape, .driveDb = drive}, 300.0, -12.0, 3));
    // Soft clip: clean while there is room.
    EXPECT_LT(harmonicDb({.kind = SaturatorKind::softClip, .driveDb = 0.0}, 500.0, -20.0, 3),
              harmonicDb({.kind = SaturatorKind::tape, .driveDb = 0.0}, 500.0, -20.0, 3) - 25.0);
}

TEST(Saturator, LeavesNoDc) {
    for (SaturatorKind kind : kKinds)
        EXPECT_LT(spectrumOf({.kind = kind, .driveDb = 12.0, .asymmetry = 2.0}, 48000, {{500.0, -6.0}})[0] / 2.0, 1e-5) << nameOf(kind);
}

TEST(Saturator, TheFastCurvesAreTheExactOnes) {
    for (SaturatorKind kind : kKinds) {
        double worst = 0.0;
        for (int i = -200000; i <= 200000; ++i) {
            float x = static_cast<float>(i) * 1e-4f;
            const double exact = saturatorCurve(kind, x);
            applySaturatorCurve(kind, &x, 1, 1.0f, 0.0f, 0.0f, 1.0f);
            worst = std::max(worst, std::abs(x - exact));
        }
        EXPECT_LT(worst, 5e-7) << nameOf(kind);
    }
}

TEST(Saturator, RefusesParametersOutOfRange) { EXPECT_THROW(Saturator({.driveDb = 30.0}, {}), std::invalid_argument); }
