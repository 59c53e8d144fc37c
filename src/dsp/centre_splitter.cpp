#include "dsp/centre_splitter.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tonewright {

namespace {

constexpr double kWindowSeconds = 0.044;   // at least; the next power of two
constexpr float kMemory = 0.5f;
constexpr double kSlopeOctaves = 0.5;      // from nothing to all, centred on lowHz and highHz

double raisedCosine(double x) { return 0.5 - 0.5 * std::cos(std::numbers::pi * std::clamp(x, 0.0, 1.0)); }

int sizeFor(double sampleRateHz) {
    int size = 64;
    while (size < kWindowSeconds * sampleRateHz) size *= 2;
    return size;
}

}  // namespace

CentreSplitter::CentreSplitter(const StreamSpec& spec, double lowHz, double highHz)
    : channels_(spec.channels),
      size_(sizeFor(spec.sampleRateHz)),
      hop_(size_ / 2),
      fft_(size_),
      window_(size_),
      time_(size_),
      work_(fft_.bins()),
      spectra_(spec.channels, std::vector<std::complex<float>>(fft_.bins())),
      input_(spec.channels, std::vector<float>(size_)),
      centreSums_(spec.channels / 2, std::vector<float>(size_)),
      sideSums_(spec.channels, std::vector<float>(size_)) {
    for (int n = 0; n < size_; ++n) window_[n] = static_cast<float>(std::sin(std::numbers::pi * (n + 0.5) / size_));
    const double binHz = spec.sampleRateHz / size_;
    bins_ = std::min(fft_.bins(), static_cast<int>(std::ceil(highHz * std::exp2(0.5 * kSlopeOctaves) / binHz)) + 1);
    edge_.assign(bins_, 0.0f);
    for (int k = 1; k < bins_; ++k) {
        const double hz = k * binHz;
        edge_[k] = static_cast<float>(raisedCosine(std::log2(hz / lowHz) / kSlopeOctaves + 0.5) * raisedCosine(std::log2(highHz / hz) / kSlopeOctaves + 0.5));
    }
    for (auto* values : {&left_, &right_, &common_, &rawLeft_, &rawRight_, &rawCommon_, &weightLeft_, &weightRight_}) values->assign(bins_, 0.0f);
}

void CentreSplitter::reset() {
    for (auto* buffers : {&input_, &centreSums_, &sideSums_})
        for (auto& buffer : *buffers) std::fill(buffer.begin(), buffer.end(), 0.0f);
    for (auto* values : {&left_, &right_, &common_}) std::fill(values->begin(), values->end(), 0.0f);
}

void CentreSplitter::weigh() {
    for (int k = 0; k < bins_; ++k) {
        const std::complex<float> l = spectra_[0][k], r = spectra_[1][k];
        rawLeft_[k] = std::norm(l);
        rawRight_[k] = std::norm(r);
        rawCommon_[k] = l.real() * r.real() + l.imag() * r.imag();
    }
    const auto blend = [&](const std::vector<float>& raw, std::vector<float>& mean) {
        for (int k = 0; k < bins_; ++k) {
            const float around = (raw[std::max(0, k - 1)] + raw[k] + raw[std::min(bins_ - 1, k + 1)]) / 3.0f;
            mean[k] = around + kMemory * (mean[k] - around);
        }
    };
    blend(rawLeft_, left_);
    blend(rawRight_, right_);
    blend(rawCommon_, common_);
    for (int k = 0; k < bins_; ++k) {
        const double all = static_cast<double>(left_[k]) + right_[k];
        const double c = std::clamp(static_cast<double>(common_[k]), 0.0, static_cast<double>(std::min(left_[k], right_[k])));
        const double a = left_[k] - c, b = right_[k] - c, sum = c * a + c * b + a * b;
        // Nothing but the centre: both channels say the same. (What one channel has alone makes the sum small too, but has no c.)
        const bool bare = sum <= 1e-9 * all * all && 4.0 * c >= all;
        const double scale = !(c > 0.0) ? 0.0 : bare ? 0.0 : c / sum;
        weightLeft_[k] = static_cast<float>(edge_[k] * (bare && c > 0.0 ? 0.5 : scale * b));
        weightRight_[k] = static_cast<float>(edge_[k] * (bare && c > 0.0 ? 0.5 : scale * a));
    }
}

void CentreSplitter::emit(std::vector<float>& sums, float* out) {
    fft_.inverse(work_, time_);
    for (int n = 0; n < size_; ++n) sums[n] += window_[n] * time_[n];
    std::copy_n(sums.begin(), hop_, out);
    std::copy(sums.begin() + hop_, sums.end(), sums.begin());
    std::fill(sums.end() - hop_, sums.end(), 0.0f);
}

void CentreSplitter::process(const float* const* mix, float* const* centre, float* const* sides) {
    for (int c = 0; c < channels_; ++c) {
        std::copy(input_[c].begin() + hop_, input_[c].end(), input_[c].begin());
        std::copy_n(mix[c], hop_, input_[c].end() - hop_);
        for (int n = 0; n < size_; ++n) time_[n] = window_[n] * input_[c][n];
        fft_.forward(time_, spectra_[c]);
    }
    weigh();
    std::fill(work_.begin(), work_.end(), std::complex<float>());
    const auto centreOf = [&](int pair, int k) { return weightLeft_[k] * spectra_[2 * pair][k] + weightRight_[k] * spectra_[2 * pair + 1][k]; };
    for (int pair = 0; pair < channels_ / 2; ++pair) {
        if (centre) {
            for (int k = 0; k < bins_; ++k) work_[k] = centreOf(pair, k);
            emit(centreSums_[pair], centre[pair]);
        }
        if (!sides) continue;
        for (int c = 2 * pair; c < 2 * pair + 2; ++c) {
            for (int k = 0; k < bins_; ++k) work_[k] = edge_[k] * spectra_[c][k] - centreOf(pair, k);
            emit(sideSums_[c], sides[c]);
        }
    }
}

}  // namespace tonewright
