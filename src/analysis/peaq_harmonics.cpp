#include "analysis/peaq_harmonics.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "analysis/peaq_power.h"
#include "dsp/target_clones.h"

namespace tonewright {

namespace {

constexpr float kSmallestPower = 1e-20f;  // -200 dB SPL: both spectra empty is no difference

TONEWRIGHT_TARGET_CLONES
void logRatios(const float* __restrict reference, const float* __restrict test, double* __restrict ratios, int count) {
    constexpr double kNepersPerDb = std::numbers::ln10 / 10.0;
    for (int k = 0; k < count; ++k)
        ratios[k] = kNepersPerDb * fastPowerToDb(static_cast<double>(std::max(test[k], kSmallestPower)) / static_cast<double>(std::max(reference[k], kSmallestPower)));
}

}  // namespace

PeaqHarmonics::PeaqHarmonics()
    : correlator_(2 * kLags), transform_(kLags), difference_(2 * kLags), time_(2 * kLags), all_(kLags + 1), half_(kLags + 1), spectrum_(kLags / 2 + 1) {
    // A Hann window of mean power 1, and the 1 / N of the transform.
    for (int l = 0; l < kLags; ++l)
        window_[l] = static_cast<float>(std::sqrt(8.0 / 3.0) * 0.5 * (1.0 - std::cos(2.0 * std::numbers::pi * l / (kLags - 1))) / kLags);
}

double PeaqHarmonics::structure(std::span<const float> reference, std::span<const float> test) {
    std::vector<double>& d = difference_;
    const int bins = std::min(2 * kLags, static_cast<int>(reference.size()));
    logRatios(reference.data(), test.data(), d.data(), bins);
    std::fill(d.begin() + bins, d.end(), 0.0);
    d[0] = 0.0;  // nothing of it passes the ear

    // The correlation through the spectrum; the transform's own scale goes with the norms.
    std::transform(d.begin(), d.end(), time_.begin(), [](double v) { return static_cast<float>(v); });
    correlator_.forward(time_, all_);
    std::fill(time_.begin() + kLags, time_.end(), 0.0f);
    correlator_.forward(time_, half_);
    for (int k = 0; k <= kLags; ++k)
        all_[k] = {all_[k].real() * half_[k].real() + all_[k].imag() * half_[k].imag(), all_[k].imag() * half_[k].real() - all_[k].real() * half_[k].imag()};
    correlator_.inverse(all_, time_);

    double first = 0.0;
    for (int k = 0; k < kLags; ++k) first += d[k] * d[k];
    if (first == 0.0) return 0.0;
    double shifted = first, mean = 0.0;
    for (int l = 0; l < kLags; ++l) {
        // What rounding leaves of a sum that is zero counts as zero.
        time_[l] = shifted > 1e-12 * first ? static_cast<float>(time_[l] / std::sqrt(first * shifted)) : 0.0f;
        mean += time_[l] / kLags;
        shifted += d[l + kLags] * d[l + kLags] - d[l] * d[l];
    }
    for (int l = 0; l < kLags; ++l) time_[l] = window_[l] * (time_[l] - static_cast<float>(mean));
    transform_.forward(std::span(time_).first(kLags), spectrum_);

    double highest = 0.0, last = std::norm(spectrum_[0]);
    for (const std::complex<float>& value : spectrum_) {
        const double power = std::norm(value);
        if (power > last) highest = std::max(highest, power);
        last = power;
    }
    return 1000.0 * highest;
}

}  // namespace tonewright
