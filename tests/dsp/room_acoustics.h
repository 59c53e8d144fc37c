#pragma once
#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <span>
#include <vector>

#include "core/decibels.h"
#include "dsp/fft.h"

// Measurements of impulse responses.
namespace tonewright::test {

inline std::vector<std::complex<float>> spectrumOf(std::span<const float> signal, int size) {
    std::vector<float> padded(signal.begin(), signal.end());
    padded.resize(size);
    RealFft fft(size);
    std::vector<std::complex<float>> bins(fft.bins());
    fft.forward(padded, bins);
    return bins;
}

inline int fftSizeFor(std::size_t length) {
    int size = 2;
    while (size < static_cast<int>(length)) size *= 2;
    return size;
}

// Zero-phase band-pass with edges a twelfth of an octave wide (raised cosine).
inline std::vector<float> bandOf(std::span<const float> response, double lowHz, double highHz, double rate) {
    const int size = 2 * fftSizeFor(response.size());
    auto bins = spectrumOf(response, size);
    const auto edge = [](double hz, double at) { return std::clamp(0.5 + 12.0 * std::log2(std::max(hz, 1e-3) / at), 0.0, 1.0); };
    for (std::size_t k = 0; k < bins.size(); ++k) {
        const double hz = static_cast<double>(k) * rate / size;
        const double in = edge(hz, lowHz), out = 1.0 - edge(hz, highHz);
        bins[k] *= static_cast<float>(std::pow(std::sin(0.5 * std::numbers::pi * in) * std::sin(0.5 * std::numbers::pi * out), 2.0));
    }
    std::vector<float> band(size);
    RealFft(size).inverse(bins, band);
    band.resize(response.size());
    return band;
}

inline std::vector<float> octaveBand(std::span<const float> response, double hz, double rate) {
    return bandOf(response, hz / std::numbers::sqrt2, std::min(hz * std::numbers::sqrt2, 0.49 * rate), rate);
}

inline double energyBetween(std::span<const float> response, double lowHz, double highHz, double rate) {
    const int size = fftSizeFor(response.size());
    const auto bins = spectrumOf(response, size);
    double sum = 0.0;
    int count = 0;
    for (std::size_t k = 0; k < bins.size(); ++k) {
        const double hz = static_cast<double>(k) * rate / size;
        if (hz < lowHz || hz >= highHz) continue;
        sum += std::norm(std::complex<double>(bins[k]));
        ++count;
    }
    return sum / count;  // mean power gain over the band
}

// Schroeder's backward integration (1965); a straight line through the decay between two levels, in seconds per 60 dB.
inline double t60Of(const std::vector<float>& band, double rate, double fromDb, double toDb) {
    std::vector<double> decay(band.size());
    double sum = 0.0;
    for (std::size_t n = band.size(); n-- > 0;) decay[n] = sum += static_cast<double>(band[n]) * band[n];
    double count = 0, st = 0, sd = 0, stt = 0, std_ = 0;
    for (std::size_t n = 0; n < decay.size(); n += 16) {
        const double db = powerToDb(decay[n] / decay[0]), t = static_cast<double>(n) / rate;
        if (db > fromDb || db < toDb) continue;
        count += 1, st += t, sd += db, stt += t * t, std_ += t * db;
    }
    const double slope = (count * std_ - st * sd) / (count * stt - st * st);
    return -60.0 / slope;
}

// Normalised echo density of Abel & Huang 2006: the share of samples outside one standard deviation in a Hann window of
// 20 ms around `seconds`, over that of Gaussian noise.
inline double echoDensity(std::span<const float> response, double rate, double seconds) {
    const int half = static_cast<int>(0.01 * rate), centre = static_cast<int>(seconds * rate);
    const int from = std::max(0, centre - half), to = std::min(static_cast<int>(response.size()), centre + half);
    const auto weight = [&](int n) { return 1.0 + std::cos(std::numbers::pi * (n - centre) / half); };
    double weights = 0.0, power = 0.0, outside = 0.0;
    for (int n = from; n < to; ++n) {
        weights += weight(n);
        power += weight(n) * response[n] * response[n];
    }
    for (int n = from; n < to; ++n) outside += std::abs(response[n]) > std::sqrt(power / weights) ? weight(n) : 0.0;
    return outside / weights / std::erfc(1.0 / std::numbers::sqrt2);
}

// When it first reaches a density.
inline double denseAfterSeconds(std::span<const float> response, double rate, double density) {
    for (double t = 0.01; t < 1.0; t += 0.001)
        if (echoDensity(response, rate, t) >= density) return t;
    return 1.0;
}

// Highest line of a third-octave over the mean, in a window of the response, over what Gaussian noise of as many lines has.
inline double crestOverNoise(std::span<const float> response, double rate, double fromSeconds, double toSeconds, double hz) {
    const int from = static_cast<int>(fromSeconds * rate);
    const int length = (static_cast<int>(toSeconds * rate) - from) / 2 * 2;
    const auto bins = spectrumOf(response.subspan(from, length), length);
    double highest = 0.0, sum = 0.0;
    int count = 0;
    for (int k = 0; k < static_cast<int>(bins.size()); ++k) {
        const double at = k * rate / length;
        if (at < hz * std::pow(2.0, -1.0 / 6.0) || at >= hz * std::pow(2.0, 1.0 / 6.0)) continue;
        const double power = std::norm(std::complex<double>(bins[k]));
        highest = std::max(highest, power);
        sum += power;
        ++count;
    }
    return highest / (sum / count) / (std::log(static_cast<double>(count)) + 0.6);
}

inline double correlation(const std::vector<float>& a, const std::vector<float>& b, int from, int to) {
    double ab = 0.0, aa = 0.0, bb = 0.0;
    for (int n = from; n < to; ++n) {
        ab += static_cast<double>(a[n]) * b[n];
        aa += static_cast<double>(a[n]) * a[n];
        bb += static_cast<double>(b[n]) * b[n];
    }
    return ab / std::sqrt(aa * bb);
}

}  // namespace tonewright::test
