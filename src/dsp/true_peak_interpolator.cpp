#include "dsp/true_peak_interpolator.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "dsp/target_clones.h"
#include "dsp/windowed_sinc.h"

namespace tonewright {

namespace {

constexpr int kTaps = TruePeakInterpolator::kTaps;
constexpr int kPhases = TruePeakInterpolator::kPhases;
constexpr int kHalf = kTaps / 2;
constexpr int kLanes = 16;
constexpr double kBeta = 8.5;
constexpr double kRounding = 1.0 + 1e-5;  // the bounds hold for the sums as rounded, too

double kernel(double fraction, int tap) { return kaiserSinc(fraction - (tap - (kHalf - 1)), kHalf, kBeta); }

// Weights over the window whose interval begins at its sample kHalf - 1.
struct Kernels {
    alignas(32) float quarter[3][kTaps];     // at 1/4, 1/2, 3/4
    alignas(32) float fine[kTaps][kPhases];  // at -1/16, 1/16 ... 15/16: the samples themselves stand for 0 and 1
    float gainBound = 0.0f;                  // max_t sum |h(t - k)|
    float bendBound = 0.0f;                  // max_t sum |h''(t - k)| / 8 (1/4)^2

    Kernels() {
        for (int tap = 0; tap < kTaps; ++tap) {
            for (int q = 0; q < 3; ++q) quarter[q][tap] = static_cast<float>(kernel(0.25 * (q + 1), tap));
            for (int p = 0; p < kPhases; ++p) fine[tap][p] = static_cast<float>(kernel((p ? p : -1) / double(kPhases), tap));
        }
        constexpr double step = 1e-3;
        double gain = 0.0, bend = 0.0;
        for (int i = 0; i <= 64; ++i) {
            const double t = i / 64.0;
            double sum = 0.0, second = 0.0;
            for (int tap = -1; tap <= kTaps; ++tap) {
                const double middle = kernel(t, tap);
                sum += std::abs(middle);
                second += std::abs(kernel(t - step, tap) - 2.0 * middle + kernel(t + step, tap)) / (step * step);
            }
            gain = std::max(gain, sum);
            bend = std::max(bend, second);
        }
        gainBound = static_cast<float>(gain * 1.01);  // both are smooth in t: 64 points find their maxima within 1 %
        bendBound = static_cast<float>(bend * 1.01 / 128.0);
    }
};

const Kernels& kernels() {
    static const Kernels instance;
    return instance;
}

// Eight floats; the compiler makes them one AVX register or two of SSE. Each lane adds up its taps in their order.
using Vec = float __attribute__((vector_size(32)));

// out[q][i] = sum_k quarter[q][k] w[i + k], for kLanes positions. The six sums have names so that they stay in registers.
TONEWRIGHT_TARGET_CLONES
void quarterPoints(const float* w, const float (*quarter)[kTaps], float (*out)[kLanes]) {
    Vec low0 = {}, low1 = {}, low2 = {}, high0 = {}, high1 = {}, high2 = {};
    for (int k = 0; k < kTaps; ++k) {
        Vec low, high;
        std::memcpy(&low, w + k, sizeof low);
        std::memcpy(&high, w + k + 8, sizeof high);
        low0 += quarter[0][k] * low;
        low1 += quarter[1][k] * low;
        low2 += quarter[2][k] * low;
        high0 += quarter[0][k] * high;
        high1 += quarter[1][k] * high;
        high2 += quarter[2][k] * high;
    }
    std::memcpy(out[0], &low0, sizeof low0);
    std::memcpy(out[0] + 8, &high0, sizeof high0);
    std::memcpy(out[1], &low1, sizeof low1);
    std::memcpy(out[1] + 8, &high1, sizeof high1);
    std::memcpy(out[2], &low2, sizeof low2);
    std::memcpy(out[2] + 8, &high2, sizeof high2);
}

// out[p] = sum_k fine[k][p] w[k]. Even and odd taps apart, added at the end, to keep the adders busy.
TONEWRIGHT_TARGET_CLONES
void finePoints(const float* w, const float (*fine)[kPhases], float* out) {
    Vec lowEven = {}, lowOdd = {}, highEven = {}, highOdd = {};
    for (int k = 0; k < kTaps; k += 2) {
        Vec low, high;
        std::memcpy(&low, fine[k], sizeof low);
        std::memcpy(&high, fine[k] + 8, sizeof high);
        lowEven += low * w[k];
        highEven += high * w[k];
        std::memcpy(&low, fine[k + 1], sizeof low);
        std::memcpy(&high, fine[k + 1] + 8, sizeof high);
        lowOdd += low * w[k + 1];
        highOdd += high * w[k + 1];
    }
    lowEven += lowOdd;
    highEven += highOdd;
    std::memcpy(out, &lowEven, sizeof lowEven);
    std::memcpy(out + 8, &highEven, sizeof highEven);
}

// Top of the parabola through three equidistant points, if the middle one is the highest; else the middle one.
float refined(float left, float middle, float right) {
    const float curve = left - 2.0f * middle + right;
    if (middle < left || middle < right || curve >= 0.0f) return middle;
    const float slope = left - right;
    return middle - slope * slope / (8.0f * curve);
}

// Highest |value| of points[1] ... points[count - 1], refined but for the last.
float highest(const float* points, int count) {
    float peak = std::abs(points[count - 1]);
    for (int i = 1; i + 1 < count; ++i) {
        const float middle = std::abs(points[i]);
        if (middle > 0.9f * peak) peak = std::max(peak, refined(std::abs(points[i - 1]), middle, std::abs(points[i + 1])));
    }
    return peak;
}

float highestSample(const float* samples, int count) {
    float peak = 0.0f;
    for (int i = 0; i < count; ++i) peak = std::max(peak, std::abs(samples[i]));
    return peak;
}

}  // namespace

// evaluate(window of the interval, quarter points -1/4, 0 ... 1, highest sample in reach) -> peak
template <class Evaluate>
void TruePeakInterpolator::inChunks(const float* samples, int numFrames, float level, float* peaks, Evaluate evaluate) noexcept {
    const Kernels& tables = kernels();
    for (int start = 0; start < numFrames; start += kChunk) {
        const int count = std::min(kChunk, numFrames - start);
        for (int i = 0; i < count; ++i) {
            const float value = samples[start + i];
            window_[kHistory + i] = std::isfinite(value) ? value : 0.0f;
        }
        std::fill(window_.begin() + kHistory + count, window_.end(), 0.0f);

        const float reach = highestSample(window_.data(), kHistory + count);
        if (reach * tables.gainBound <= level) {
            std::fill(peaks + start, peaks + start + count, level);
        } else {
            // The window of frame i's interval begins at window_[i + 2]; the interval itself at window_[i + 2 + kHalf - 1].
            float before = 0.0f;  // the point a quarter left of the interval
            bool haveBefore = false;
            for (int first = 0; first < count; first += kLanes) {
                float quarters[3][kLanes];
                quarterPoints(window_.data() + 2 + first, tables.quarter, quarters);
                for (int lane = 0; lane < std::min(kLanes, count - first); ++lane) {
                    const float* w = window_.data() + 2 + first + lane;
                    if (!haveBefore) {
                        for (int k = 0; k < kTaps; ++k) before += tables.quarter[2][k] * w[k - 1];
                        haveBefore = true;
                    }
                    const float points[6] = {before, w[kHalf - 1], quarters[0][lane], quarters[1][lane], quarters[2][lane], w[kHalf]};
                    peaks[start + first + lane] = std::max(level, evaluate(w, points, reach));
                    before = points[4];
                }
            }
        }
        std::memmove(window_.data(), window_.data() + count, kHistory * sizeof(float));
    }
}

void TruePeakInterpolator::process(const float* samples, int numFrames, float level, float* peaks) noexcept {
    const Kernels& tables = kernels();
    inChunks(samples, numFrames, level, peaks, [&](const float* w, const float* points, float reach) {
        const float grid = highestSample(points + 1, 5);
        if ((grid + reach * tables.bendBound) * static_cast<float>(kRounding) <= level) return level;
        float fine[kPhases + 2];  // -1/16, 0, 1/16 ... 15/16, 1
        float found[kPhases];
        finePoints(w, tables.fine, found);
        fine[0] = found[0];
        fine[1] = w[kHalf - 1];
        std::copy(found + 1, found + kPhases, fine + 2);
        fine[kPhases + 1] = w[kHalf];
        return highest(fine, kPhases + 2);
    });
}

void TruePeakInterpolator::processCoarse(const float* samples, int numFrames, float level, float* peaks) noexcept {
    inChunks(samples, numFrames, level, peaks, [](const float*, const float* points, float) { return highest(points, 6); });
}

}  // namespace tonewright
