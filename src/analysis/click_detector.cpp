#include "analysis/click_detector.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

#include "analysis/peak_of.h"
#include "dsp/target_clones.h"

namespace tonewright {

namespace {

constexpr int kOrder = 15, kLags = kOrder + 1;
constexpr int kPiece = 16;
constexpr float kOutlier = 12.0f, kAboveSides = 16.0f, kAbovePeaks = 4.5f, kTailRatio = 2.0f, kOnsetRatio = 1.5f;
constexpr float kLowest = 1e-2f;                 // of the loudest frame's RMS, differenced
constexpr std::size_t kMostClicks = 20000;

// r[k] = sum_n x[n] x[n - k]; x has kOrder zeros before it. Each lag adds up in the order of time.
TONEWRIGHT_TARGET_CLONES
void autocorrelate(const float* x, int count, float* r) {
    using Lanes = float __attribute__((vector_size(32)));
    Lanes low{}, high{};                         // lags 15 ... 8, 7 ... 0
    for (int n = 0; n < count; ++n) {
        Lanes past, recent;
        std::memcpy(&past, x + n - kOrder, sizeof past);
        std::memcpy(&recent, x + n - kOrder + 8, sizeof recent);
        low += past * x[n];
        high += recent * x[n];
    }
    for (int k = 0; k < 8; ++k) {
        r[kOrder - k] = low[k];
        r[7 - k] = high[k];
    }
}

// e[n] = |sum_k a[k] x[n - k]|
TONEWRIGHT_TARGET_CLONES
void residualOf(const float* x, int count, const float* a, float* e) {
    using Lanes = float __attribute__((vector_size(32)));
    for (int n = 0; n < count; n += 8) {
        Lanes sum{};
        for (int k = 0; k < kLags; ++k) {
            Lanes part;
            std::memcpy(&part, x + n - k, sizeof part);
            sum += part * a[k];
        }
        for (int lane = 0; lane < 8; ++lane) e[n + lane] = std::abs(sum[lane]);
    }
}

// Levinson-Durbin: the predictor's error filter a, a[0] = 1.
void solve(const float* r, float* a) {
    std::array<double, kLags> c{};
    c[0] = 1.0;
    double error = r[0] * (1.0 + 1e-5) + 1e-30;
    for (int i = 1; i < kLags; ++i) {
        double sum = r[i];
        for (int j = 1; j < i; ++j) sum += c[j] * r[i - j];
        const double k = -sum / error;
        std::array<double, kLags> next = c;
        for (int j = 1; j < i; ++j) next[j] = c[j] + k * c[i - j];
        next[i] = k;
        c = next;
        error *= 1.0 - k * k;
        if (!(error > 0.0)) break;
    }
    for (int k = 0; k < kLags; ++k) a[k] = static_cast<float>(c[k]);
}

float rms(const float* e, int count) {
    double sums[4] = {};
    for (int n = 0; n < count; ++n) sums[n & 3] += static_cast<double>(e[n]) * e[n];
    return count > 0 ? static_cast<float>(std::sqrt(((sums[0] + sums[1]) + (sums[2] + sums[3])) / count)) : 0.0f;
}

}  // namespace

ClickDetector::ClickDetector(double rate)
    : guard_(std::max(4, static_cast<int>(0.001 * rate))), near_(std::min(kFrame / 2, static_cast<int>(0.006 * rate))),
      far_(std::min(kFrame - 1, static_cast<int>(0.020 * rate))), window_(kFrame), residual_(3 * kFrame), signal_(3 * kFrame) {
    for (int n = 0; n < kFrame; ++n)
        window_[n] = static_cast<float>(0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * (n + 0.5) / kFrame));
}

void ClickDetector::add(const float* samples, int count) {
    for (int start = 0; start < count;) {
        const int length = std::min(kFrame - filled_, count - start);
        const float* x = samples + start;
        float* input = input_.data() + kOrder + filled_;
        std::copy_n(x, length, signal_.data() + 2 * kFrame + filled_);
        input[0] = x[0] - last_;
        for (int n = 1; n < length; ++n) input[n] = x[n] - x[n - 1];
        last_ = x[length - 1];
        filled_ += length;
        start += length;
        if (filled_ == kFrame) closeFrame();
    }
}

void ClickDetector::closeFrame() {
    std::array<float, kFrame + kOrder> windowed{};
    const float* x = input_.data() + kOrder;
    for (int n = 0; n < kFrame; ++n) windowed[kOrder + n] = x[n] * window_[n];
    std::array<float, kLags> r, a;
    autocorrelate(windowed.data() + kOrder, kFrame, r.data());
    if (!std::isfinite(r[0])) {                  // broken samples count as silence
        input_.fill(0.0f);
        last_ = 0.0f;
        r.fill(0.0f);
    }
    solve(r.data(), a.data());

    std::copy(residual_.begin() + kFrame, residual_.end(), residual_.begin());
    float* e = residual_.data() + 2 * kFrame;
    residualOf(x, kFrame, a.data(), e);
    std::array<float, kFrame / kPiece> energies{};
    for (int p = 0; p < kFrame / kPiece; ++p) {
        float sums[4] = {};
        for (int i = 0; i < kPiece; i += 4)
            for (int lane = 0; lane < 4; ++lane) sums[lane] += e[p * kPiece + i + lane] * e[p * kPiece + i + lane];
        energies[p] = ((sums[0] + sums[1]) + (sums[2] + sums[3])) / kPiece;
    }
    std::nth_element(energies.begin(), energies.begin() + energies.size() / 2, energies.end());
    sigma_ = {sigma_[1], sigma_[2], std::sqrt(energies[energies.size() / 2])};
    loudest_ = std::max(loudest_, rms(x, kFrame));

    std::copy(input_.end() - kOrder, input_.end(), input_.begin());
    filled_ = 0;
    if (++frames_ >= 2) search();
    std::copy(signal_.begin() + kFrame, signal_.end(), signal_.begin());
}

// Searches the middle of the three frames.
void ClickDetector::search() {
    const float* e = residual_.data() + kFrame;
    const float threshold = kOutlier * sigma_[1];
    if (!(peakOf(e, kFrame) > threshold)) return;

    for (int n = 0; n < kFrame; ++n) {
        if (!(e[n] > threshold)) continue;
        int top = n;                             // highest point of the next 2 ms; the click is what surrounds it
        for (int i = n; i < n + 2 * guard_; ++i)
            if (e[i] > e[top]) top = i;
        const float peak = e[top];
        n = std::max(n, top) + 2 * guard_;
        const float before = rms(e + top - near_, near_ - guard_), after = rms(e + top + guard_ + 1, near_ - guard_);
        if (std::max(before, after) * kAboveSides > peak || after > kTailRatio * before + 0.1f * sigma_[1]) continue;
        const float left = *std::max_element(e + top - far_, e + top - guard_), right = *std::max_element(e + top + guard_ + 1, e + top + far_);
        if (std::max(left, right) * kAbovePeaks > peak) continue;
        const float* x = signal_.data() + kFrame + top;
        if (rms(x + guard_, far_ - guard_) > kOnsetRatio * rms(x - far_, far_ - guard_) + peak * 0.01f) continue;
        if (found_.size() < kMostClicks) found_.push_back({(frames_ - 2) * kFrame + top, peak});
    }
}

std::vector<std::int64_t> ClickDetector::clicks() const {
    ClickDetector all = *this;
    const std::vector<float> silence(2 * kFrame, all.last_);
    all.add(silence.data(), static_cast<int>(silence.size()));
    std::vector<std::int64_t> frames;
    for (const Click& click : all.found_)
        if (click.level > kLowest * all.loudest_) frames.push_back(click.frame);
    return frames;
}

}  // namespace tonewright
