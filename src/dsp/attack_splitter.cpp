#include "dsp/attack_splitter.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tonewright {

namespace {

constexpr double kWindowSeconds = 0.372;
constexpr double kMedianHz = 45.0;
constexpr int kOverlap = 8;
constexpr double kLowSlope = 0.27, kHighSlope = 0.125;   // half of a slope's width, of its frequency

double raisedCosine(double x) { return 0.5 - 0.5 * std::cos(std::numbers::pi * std::clamp(x, 0.0, 1.0)); }

}  // namespace

AttackSplitter::AttackSplitter(double rateHz, int channels, int steering, double lowHz, double highHz)
    : channels_(channels),
      steering_(steering),
      size_(128 * static_cast<int>(std::lround(kWindowSeconds * rateHz / 128.0))),
      hop_(size_ / kOverlap),
      fft_(size_),
      window_(size_),
      time_(size_),
      work_(fft_.bins()),
      spectra_(channels),
      input_(channels, std::vector<float>(size_)),
      attack_(channels, std::vector<float>(size_)),
      band_(channels, std::vector<float>(size_)) {
    const double binHz = rateHz / size_;
    reach_ = static_cast<int>(std::lround(0.5 * kMedianHz / binHz));
    bins_ = std::min(fft_.bins() - reach_, static_cast<int>(std::ceil(highHz * (1.0 + kHighSlope) / binHz)) + 1);
    // Window and overlap make one: the sum of kOverlap squared root-Hann windows is kOverlap / 2.
    for (int n = 0; n < size_; ++n)
        window_[n] = static_cast<float>(std::sqrt((0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * n / size_)) * 2.0 / kOverlap));
    edge_.resize(bins_);
    for (int k = 0; k < bins_; ++k) {
        const double hz = k * binHz;
        edge_[k] = static_cast<float>(raisedCosine((hz / lowHz - 1.0 + kLowSlope) / (2.0 * kLowSlope)) *
                                      raisedCosine((1.0 + kHighSlope - hz / highHz) / (2.0 * kHighSlope)));
    }
    power_.resize(bins_ + reach_);
    mask_.resize(bins_);
    sorted_.reserve(2 * reach_ + 1);
    for (auto& spectrum : spectra_) spectrum.resize(fft_.bins());
    reset();
}

void AttackSplitter::reset() {
    for (auto* buffers : {&input_, &attack_, &band_})
        for (auto& buffer : *buffers) std::fill(buffer.begin(), buffer.end(), 0.0f);
    filled_ = 0;
    zeros_ = size_;
}

void AttackSplitter::push(std::span<const float> in, std::span<float> attack, std::span<float> band) {
    bool zero = true;
    for (int c = 0; c < channels_; ++c) {
        input_[c][size_ - hop_ + filled_] = in[c];
        zero = zero && in[c] == 0.0f;
        attack[c] = attack_[c][filled_];
        band[c] = band_[c][filled_];
    }
    zeros_ = zero ? std::min(zeros_ + 1, 2 * size_) : 0;
    if (++filled_ == hop_) {
        transform();
        filled_ = 0;
    }
}

void AttackSplitter::transform() {
    for (int c = 0; c < channels_; ++c) {
        for (auto* sums : {&attack_[c], &band_[c]}) {
            std::copy(sums->begin() + hop_, sums->end(), sums->begin());
            std::fill(sums->end() - hop_, sums->end(), 0.0f);
        }
    }
    if (zeros_ < size_) {
        std::fill(power_.begin(), power_.end(), 0.0f);
        for (int c = 0; c < channels_; ++c) {
            for (int n = 0; n < size_; ++n) time_[n] = window_[n] * input_[c][n];
            fft_.forward(time_, spectra_[c]);
            if (c < steering_)
                for (std::size_t k = 0; k < power_.size(); ++k) power_[k] += std::norm(spectra_[c][k]);
        }
        for (int k = 0; k < bins_; ++k) {
            sorted_.assign(power_.begin() + std::max(0, k - reach_), power_.begin() + k + reach_ + (k + reach_ < static_cast<int>(power_.size()) ? 1 : 0));
            const auto middle = sorted_.begin() + static_cast<std::ptrdiff_t>(sorted_.size() / 2);
            std::nth_element(sorted_.begin(), middle, sorted_.end());
            const float share = *middle < power_[k] ? *middle / power_[k] : 1.0f;
            mask_[k] = share * share;
        }
        for (int c = 0; c < channels_; ++c) {
            for (auto* sums : {&band_[c], &attack_[c]}) {
                std::fill(work_.begin(), work_.end(), std::complex<float>());
                const bool masked = sums == &attack_[c];
                for (int k = 0; k < bins_; ++k) work_[k] = spectra_[c][k] * (masked ? edge_[k] * mask_[k] : edge_[k]);
                fft_.inverse(work_, time_);
                // The frame that ends now fills the buffer but for its last hop.
                for (int n = 0; n < size_; ++n) (*sums)[n] += window_[n] * time_[n];
            }
        }
    }
    for (auto& input : input_) std::copy(input.begin() + hop_, input.end(), input.begin());
}

}  // namespace tonewright
