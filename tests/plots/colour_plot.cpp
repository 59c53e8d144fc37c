#include <gtest/gtest.h>

#include "dsp/dither.h"
#include "dsp/fft.h"
#include "dsp/saturator.h"
#include "tests/plots/measure.h"
#include "tests/plots/plot.h"

using namespace tonewright;
using namespace tonewright::test;

TEST(Plots, saturator) {
    constexpr double kRate = 48000.0;
    const StreamSpec mono{kRate, 1};
    const auto tone = [&](double peakDb, double hz) { return made(mono, 24000, [=](int n) { return dbToGain(peakDb) * std::sin(2.0 * std::numbers::pi * hz * n / kRate); }); };
    const auto componentDb = [&](const SaturatorParams& params, double peakDb, double hz, double at) {
        const AudioBuffer in = tone(peakDb, hz);
        return gainToDb(std::abs(componentAt(through(Saturator(params, mono), in).channel(0), at, kRate, 12000)) + 1e-12);
    };
    Panel harmonics{"Harmonics: 1 kHz at -6 dBFS, drive 6 dB", linearAxis("harmonic", 1.0, 9.0, 1.0), linearAxis("dB under the tone", -100.0, 0.0, 20.0), {}};
    Panel curve{"Level out over level in, drive 12 dB", linearAxis("1 kHz in, dBFS", -40.0, 0.0, 10.0), linearAxis("out, dB", -40.0, 0.0, 10.0), {}};
    int place = 0;
    for (const SaturatorKind kind : {SaturatorKind::tape, SaturatorKind::tube, SaturatorKind::transformer, SaturatorKind::softClip}) {
        const std::string name(kSaturatorKindNames[static_cast<std::size_t>(kind)]);
        const SaturatorParams params{.kind = kind, .driveDb = 6.0, .autoGain = false};
        const double first = componentDb(params, -6.0, 1000.0, 1000.0);
        Points bars;
        for (int k = 2; k <= 8; ++k) bars.emplace_back(k - 0.24 + 0.16 * place, std::max(-100.0, componentDb(params, -6.0, 1000.0, 1000.0 * k) - first));
        harmonics.lines.push_back({name, bars, PlotLine::Kind::bars});
        const SaturatorParams hot{.kind = kind, .driveDb = 12.0, .autoGain = false};
        curve.lines.push_back({name, over(spaced(-40.0, 0.0, 41), [&](double in) { return componentDb(hot, in, 1000.0, 1000.0); })});
        EXPECT_NEAR(componentDb(hot, -60.0, 1000.0, 1000.0), -60.0, 0.2) << name << ": quiet sounds keep their level";
        EXPECT_LT(componentDb(hot, 0.0, 1000.0, 1000.0), -6.0) << name << ": loud ones are rounded";

        const double second = bars[0].second, third = bars[1].second;
        if (kind == SaturatorKind::tape) {
            EXPECT_GT(third, second + 6.0) << "mostly odd";
        }
        if (kind == SaturatorKind::tube) {
            EXPECT_GT(second, -30.0) << "even too";
        }
        if (kind == SaturatorKind::softClip) {
            EXPECT_LT(second, -95.0) << "no even ones";
        }
        SaturatorParams even = params;
        even.asymmetry = 0.0;
        EXPECT_LT(componentDb(even, -6.0, 1000.0, 2000.0) - first, -95.0) << name << " without asymmetry";
        // 9 kHz: its harmonics above 24 kHz would fold to 21, 12, 3 kHz.
        for (double alias : {21000.0, 12000.0, 3000.0}) EXPECT_LT(componentDb(params, -6.0, 9000.0, alias), -90.0) << name << " aliases to " << alias;
        ++place;
    }
    expectPicture("dsp-saturator", drawn("Saturator: measured harmonics of each kind, and level out over level in", {harmonics, curve}));
}

TEST(Plots, dither) {
    constexpr double kRate = 44100.0;
    const StreamSpec mono{kRate, 1};
    constexpr int kFft = 4096, kSegments = 60;
    // Spectrum of the error of a quiet tone, in power per bin relative to plain rounding to 16 bits, averaged over sixths of an octave.
    const AudioBuffer in = made(mono, kFft * kSegments, [](int n) { return 0.01 * std::sin(0.0627 * n) + 0.003 * std::sin(0.711 * n); });
    const auto spectrum = [&](Dither::Noise noise) {
        const AudioBuffer out = through(Dither({.bits = 16, .noise = noise}, mono), in);
        std::vector<double> power(kFft / 2 + 1);
        RealFft fft(kFft);
        std::vector<float> time(kFft);
        std::vector<std::complex<float>> bins(fft.bins());
        for (int s = 0; s < kSegments; ++s) {
            for (int n = 0; n < kFft; ++n) {
                const double window = 0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * n / kFft);
                time[n] = static_cast<float>(window * 32768.0 * (static_cast<double>(out.channel(0)[s * kFft + n]) - in.channel(0)[s * kFft + n]));
            }
            fft.forward(time, bins);
            for (std::size_t k = 0; k < bins.size(); ++k) power[k] += std::norm(std::complex<double>(bins[k])) / kSegments / (0.375 * kFft) * 12.0;
        }
        return power;
    };
    const auto bandDb = [&](const std::vector<double>& power, double hz) {
        double sum = 0.0;
        int count = 0;
        const int from = static_cast<int>(std::ceil(hz * 0.944 * kFft / kRate)), to = std::min(kFft / 2, static_cast<int>(hz * 1.059 * kFft / kRate));
        for (int k = from; k <= to; ++k, ++count) sum += power[k];
        return powerToDb(sum / count);
    };
    Panel noise{"Noise at 16 bits, 44.1 kHz", frequencyAxis(200.0, 20000.0), linearAxis("dB over plain rounding", -30.0, 40.0, 10.0), {}};
    std::vector<std::vector<double>> powers;
    for (const auto& [name, kind] : {std::pair{"triangular", Dither::Noise::triangular}, {"gentle", Dither::Noise::gentle}, {"lipshitz", Dither::Noise::lipshitz}, {"improvedE", Dither::Noise::improvedE}}) {
        powers.push_back(spectrum(kind));
        noise.lines.push_back({name, over(logSpaced(200.0, 20000.0, 70), [&](double f) { return bandDb(powers.back(), f); })});
    }
    for (double f : {500.0, 2000.0, 8000.0, 18000.0}) EXPECT_NEAR(bandDb(powers[0], f), 4.77, 0.7) << "triangular is white";
    for (std::size_t shaped : {2u, 3u}) {
        EXPECT_LT(bandDb(powers[shaped], 3500.0), -5.0) << "shaped noise is low where the ear is keen";
        EXPECT_GT(bandDb(powers[shaped], 19000.0), 15.0) << "and goes where it hears little";
    }

    Panel linearity{"A tone below the last bit", linearAxis("in, dBFS", -120.0, -80.0, 10.0), linearAxis("tone out, dBFS", -120.0, -80.0, 10.0), {}};
    const auto toneOut = [&](double db, Dither::Noise kind) {
        const AudioBuffer quiet = made(mono, 441000, [&](int n) { return dbToGain(db) * std::sin(2.0 * std::numbers::pi * 1000.0 * n / kRate); });
        return gainToDb(std::abs(componentAt(through(Dither({.bits = 16, .noise = kind}, mono), quiet).channel(0), 1000.0, kRate)) + 1e-9);
    };
    linearity.lines.push_back({"triangular", over(spaced(-118.0, -80.0, 20), [&](double db) { return toneOut(db, Dither::Noise::triangular); })});
    linearity.lines.push_back({"none", over(spaced(-118.0, -80.0, 20), [&](double db) { return toneOut(db, Dither::Noise::none); })});
    EXPECT_NEAR(toneOut(-105.0, Dither::Noise::triangular), -105.0, 0.5) << "with dither what is under the last bit is still there";
    EXPECT_LT(toneOut(-105.0, Dither::Noise::none), -150.0) << "without, it is gone";
    expectPicture("dsp-dither", drawn("Dither: spectrum of the noise of four kinds, and the level of a tone below the last bit", {noise, linearity}));
}
