#include "dsp/true_peak_interpolator.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "dsp/finite.h"
#include "dsp/target_clones.h"
#include "dsp/windowed_sinc.h"

namespace tonewright {

namespace {

constexpr int kTaps = TruePeakInterpolator::kTaps;
constexpr int kHalf = kTaps / 2;
constexpr double kBeta = 8.5;
constexpr int kFineTaps = 8;  // on the quarter grid
constexpr int kFineHalf = kFineTaps / 2;
constexpr double kFineBeta = 9.0;
constexpr int kLanes = 16;
constexpr double kMargin = 1.01;  // over bounds taken at 64 points of t, and over rounding

double kernel(double offset) { return kaiserSinc(offset, kHalf, kBeta); }
double fineKernel(double offset) { return kaiserSinc(offset, kFineHalf, kFineBeta); }

// The weights of samples -kHalf ... kHalf + 1 in x(t), 0 <= t < 1, both steps together.
std::vector<double> weightsAt(double t, const std::vector<double>& kernelOnGrid) {
    std::vector<double> weights(kTaps + 2);
    const int first = static_cast<int>(std::floor(4.0 * t)) - kFineHalf;
    for (int j = first; j <= first + kFineTaps + 1; ++j) {
        const double share = fineKernel(4.0 * t - j);
        for (int k = 0; k < kTaps + 2; ++k) {
            const int distance = std::abs(j - 4 * (k - kHalf));
            if (distance < 4 * kHalf) weights[k] += share * kernelOnGrid[distance];
        }
    }
    return weights;
}

struct Kernels {
    alignas(32) float quarter[3][kTaps];  // at 1/4, 1/2, 3/4 after the sample kHalf - 1 of the window
    float fine[3][kFineTaps];             // at 1/4, 1/2, 3/4 between the fourth and fifth of eight grid points
    float gainBound = 0.0f;               // max_t sum |w(t - k)|
    float bendBound = 0.0f;               // max_t sum |w''(t - k)| (1/4)^2 / 8

    Kernels() {
        for (int q = 0; q < 3; ++q) {
            for (int k = 0; k < kTaps; ++k) quarter[q][k] = static_cast<float>(kernel(0.25 * (q + 1) - (k - (kHalf - 1))));
            for (int k = 0; k < kFineTaps; ++k) fine[q][k] = static_cast<float>(fineKernel(0.25 * (q + 1) - (k - (kFineHalf - 1))));
        }
        std::vector<double> onGrid(4 * kHalf);
        for (int i = 0; i < 4 * kHalf; ++i) onGrid[i] = kernel(0.25 * i);
        constexpr double step = 1e-3;
        double gain = 0.0, bend = 0.0;
        for (int i = 0; i < 64; ++i) {
            const double t = (i + 0.5) / 64.0;
            const auto before = weightsAt(t - step, onGrid), here = weightsAt(t, onGrid), after = weightsAt(t + step, onGrid);
            double sum = 0.0, second = 0.0;
            for (std::size_t k = 0; k < here.size(); ++k) {
                sum += std::abs(here[k]);
                second += std::abs(before[k] - 2.0 * here[k] + after[k]) / (step * step);
            }
            gain = std::max(gain, sum);
            bend = std::max(bend, second);
        }
        gainBound = static_cast<float>(gain * kMargin);
        bendBound = static_cast<float>(bend * kMargin / 128.0);
    }
};

const Kernels kKernels;

using Vec4 = float __attribute__((vector_size(16)));
using Vec8 = float __attribute__((vector_size(32)));  // one AVX register or two of SSE

// grid[4 i], grid[4 i + 1] ...: sample and quarter points of kLanes positions. Each lane adds its taps in their order; the
// sums have names so that they stay in registers.
TONEWRIGHT_TARGET_CLONES
void quarterPoints(const float* w, const float (*quarter)[kTaps], float* grid) {
    Vec8 low0 = {}, low1 = {}, low2 = {}, high0 = {}, high1 = {}, high2 = {};
    for (int k = 0; k < kTaps; ++k) {
        Vec8 low, high;
        std::memcpy(&low, w + k, sizeof low);
        std::memcpy(&high, w + k + 8, sizeof high);
        low0 += quarter[0][k] * low;
        low1 += quarter[1][k] * low;
        low2 += quarter[2][k] * low;
        high0 += quarter[0][k] * high;
        high1 += quarter[1][k] * high;
        high2 += quarter[2][k] * high;
    }
    float sums[3][kLanes];
    std::memcpy(sums[0], &low0, sizeof low0);
    std::memcpy(sums[0] + 8, &high0, sizeof high0);
    std::memcpy(sums[1], &low1, sizeof low1);
    std::memcpy(sums[1] + 8, &high1, sizeof high1);
    std::memcpy(sums[2], &low2, sizeof low2);
    std::memcpy(sums[2] + 8, &high2, sizeof high2);
    for (int i = 0; i < kLanes; ++i) {
        grid[4 * i] = w[kHalf - 1 + i];
        for (int q = 0; q < 3; ++q) grid[4 * i + q + 1] = sums[q][i];
    }
}

// Top of the parabola through three equidistant points of which the middle one is the highest.
float refined(float left, float middle, float right) {
    const float curve = left - 2.0f * middle + right, slope = left - right;
    return curve < 0.0f ? middle - slope * slope / (8.0f * curve) : middle;
}

// max(level, peak between grid[0] and grid[4]), from grid[-4] ... grid[8]. bend: bendBound times the reach.
float finePeak(const float* grid, float bend, float level) {
    // points[4 s + q]: s quarters of the way from grid[q] to grid[q + 1].
    Vec4 sums[4] = {};
    std::memcpy(&sums[0], grid, sizeof sums[0]);
    for (int k = 0; k < kFineTaps; ++k) {
        Vec4 values;
        std::memcpy(&values, grid + k - (kFineHalf - 1), sizeof values);
        sums[1] += kKernels.fine[0][k] * values;
        sums[2] += kKernels.fine[1][k] * values;
        sums[3] += kKernels.fine[2][k] * values;
    }
    Vec4 highest = {};
    for (Vec4& sum : sums) {
        sum = sum < 0.0f ? -sum : sum;
        highest = sum > highest ? sum : highest;
    }
    float points[16];
    std::memcpy(points, sums, sizeof points);
    const float end = std::abs(grid[4]);
    const float peak = std::max(std::max(highest[0], highest[1]), std::max(highest[2], highest[3]));
    if (end >= peak) return std::max(level, end);
    if (peak + bend * 0.0625f <= level) return level;  // the bound again, for a grid four times as fine

    const auto at = [&](int i) {  // in order of time, -1 ... 16
        if (i == 16) return end;
        if (i >= 0) return points[4 * (i % 4) + i / 4];
        float sum = 0.0f;
        for (int k = 0; k < kFineTaps; ++k) sum += kKernels.fine[2][k] * grid[k - kFineHalf];
        return std::abs(sum);
    };
    int place = 0;
    while (at(place) != peak) ++place;
    const float left = at(place - 1), right = at(place + 1);
    return std::max(level, peak >= left ? refined(left, peak, right) : peak);
}

float highestOf(const float* values, int count) {
    float peak = 0.0f;
    for (int i = 0; i < count; ++i) peak = std::max(peak, std::abs(values[i]));
    return peak;
}

}  // namespace

void TruePeakInterpolator::process(const float* samples, int numFrames, float level, float* peaks) noexcept {
    alignas(32) float grid[4 * (kChunk + 2)];
    for (int start = 0; start < numFrames; start += kChunk) {
        const int count = std::min(kChunk, numFrames - start);
        for (int i = 0; i < count; ++i) window_[kHistory + i] = finiteOrZero(samples[start + i]);
        std::fill(window_.begin() + kHistory + count, window_.end(), 0.0f);

        const float reach = highestOf(window_.data(), kHistory + count);
        if (reach * kKernels.gainBound <= level) {
            std::fill(peaks + start, peaks + start + count, level);
        } else {
            const float bend = reach * kKernels.bendBound;
            for (int first = 0; first < count + 2; first += kLanes) quarterPoints(window_.data() + first, kKernels.quarter, grid + 4 * first);
            float end = std::abs(grid[4]);
            for (int i = 0; i < count; ++i) {
                const float* here = grid + 4 * (i + 1);
                const float begin = end;
                end = std::abs(here[4]);
                const float most = std::max(std::max(begin, end), std::max(std::abs(here[1]), std::max(std::abs(here[2]), std::abs(here[3]))));
                peaks[start + i] = most + bend <= level ? level : finePeak(here, bend, level);
            }
        }
        std::memmove(window_.data(), window_.data() + count, kHistory * sizeof(float));
    }
}

}  // namespace tonewright
