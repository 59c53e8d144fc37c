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
    // At 1/4, 1/2 and 3/4 after the sample kHalf - 1 of the window. The first and the last are mirror images and the middle
    // one its own, so the sums and differences of samples at both ends serve all three.
    float even[kHalf], odd[kHalf], middle[kHalf];
    float fine[3][kFineTaps];             // at 1/4, 1/2, 3/4 between the fourth and fifth of eight grid points
    float bendBound = 0.0f;               // max_t sum |w''(t - k)| (1/4)^2 / 8

    Kernels() {
        for (int q = 0; q < 3; ++q) {
            for (int k = 0; k < kFineTaps; ++k) fine[q][k] = static_cast<float>(fineKernel(0.25 * (q + 1) - (k - (kFineHalf - 1))));
        }
        for (int k = 0; k < kHalf; ++k) {
            const int offset = kHalf - 1 - k;
            even[k] = static_cast<float>(0.5 * (kernel(0.25 + offset) + kernel(0.75 + offset)));
            odd[k] = static_cast<float>(0.5 * (kernel(0.25 + offset) - kernel(0.75 + offset)));
            middle[k] = static_cast<float>(kernel(0.5 + offset));
        }
        std::vector<double> onGrid(4 * kHalf);
        for (int i = 0; i < 4 * kHalf; ++i) onGrid[i] = kernel(0.25 * i);
        constexpr double step = 1e-3;
        double bend = 0.0;
        for (int i = 0; i < 64; ++i) {
            const double t = (i + 0.5) / 64.0;
            const auto before = weightsAt(t - step, onGrid), here = weightsAt(t, onGrid), after = weightsAt(t + step, onGrid);
            double second = 0.0;
            for (std::size_t k = 0; k < here.size(); ++k) second += std::abs(before[k] - 2.0 * here[k] + after[k]) / (step * step);
            bend = std::max(bend, second);
        }
        bendBound = static_cast<float>(bend * kMargin / 128.0);
    }
};

const Kernels kKernels;

using Vec4 = float __attribute__((vector_size(16)));
using Vec8 = float __attribute__((vector_size(32)));  // one AVX register or two of SSE

// By reference: how vectors are returned depends on the instruction set.
inline void load(Vec8& vector, const float* from) { std::memcpy(&vector, from, sizeof vector); }

// Highest magnitude of kLanes values in a row, for `groups` groups.
TONEWRIGHT_TARGET_CLONES
void highestOfGroups(const float* values, int groups, float* highest) {
    for (int group = 0; group < groups; ++group, values += kLanes) {
        Vec8 a, b;
        load(a, values);
        load(b, values + 8);
        a = a < 0.0f ? -a : a;
        b = b < 0.0f ? -b : b;
        a = a > b ? a : b;
        float peak = a[0];
        for (int lane = 1; lane < 8; ++lane) peak = a[lane] > peak ? a[lane] : peak;
        highest[group] = peak;
    }
}

// Highest magnitude half way between the samples of kLanes positions.
TONEWRIGHT_TARGET_CLONES
float highestMiddle(const float* w, const float* middle) {
    Vec8 low = {}, high = {};
    for (int k = 0; k < kHalf; ++k) {
        Vec8 aLow, bLow, aHigh, bHigh;
        load(aLow, w + k);
        load(bLow, w + kTaps - 1 - k);
        load(aHigh, w + k + 8);
        load(bHigh, w + kTaps - 1 - k + 8);
        low += middle[k] * (aLow + bLow);
        high += middle[k] * (aHigh + bHigh);
    }
    low = low < 0.0f ? -low : low;
    high = high < 0.0f ? -high : high;
    low = low > high ? low : high;
    float peak = 0.0f;
    for (int lane = 0; lane < 8; ++lane) peak = low[lane] > peak ? low[lane] : peak;
    return peak;
}

// grid[4 i], grid[4 i + 1] ...: sample and quarter points of kLanes positions; most[i]: the highest of five, up to the next
// sample. Each lane adds its taps in their order; the sums have names so that they stay in registers.
TONEWRIGHT_TARGET_CLONES
void quarterPoints(const float* w, const float* even, const float* odd, const float* middle, float* grid, float* most) {
    Vec8 evenLow = {}, oddLow = {}, middleLow = {}, evenHigh = {}, oddHigh = {}, middleHigh = {};
    for (int k = 0; k < kHalf; ++k) {
        Vec8 aLow, bLow, aHigh, bHigh;
        load(aLow, w + k);
        load(bLow, w + kTaps - 1 - k);
        load(aHigh, w + k + 8);
        load(bHigh, w + kTaps - 1 - k + 8);
        const Vec8 sumLow = aLow + bLow, sumHigh = aHigh + bHigh;
        evenLow += even[k] * sumLow;
        oddLow += odd[k] * (aLow - bLow);
        middleLow += middle[k] * sumLow;
        evenHigh += even[k] * sumHigh;
        oddHigh += odd[k] * (aHigh - bHigh);
        middleHigh += middle[k] * sumHigh;
    }
    const float* samples = w + kHalf - 1;
    for (int half = 0; half < 2; ++half, samples += 8, grid += 32, most += 8) {
        const Vec8 e = half ? evenHigh : evenLow, o = half ? oddHigh : oddLow;
        Vec8 points[5] = {{}, e + o, half ? middleHigh : middleLow, e - o, {}};
        load(points[0], samples);
        load(points[4], samples + 1);
        Vec8 highest = {};
        for (const Vec8& point : points) {
            const Vec8 size = point < 0.0f ? -point : point;
            highest = size > highest ? size : highest;
        }
        std::memcpy(most, &highest, sizeof highest);
        for (int i = 0; i < 8; ++i)
            for (int q = 0; q < 4; ++q) grid[4 * i + q] = points[q][i];
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

}  // namespace

float TruePeakInterpolator::process(const float* samples, int numFrames, float level, float* peaks) noexcept {
    constexpr int kGroups = (kChunk + 2) / kLanes;
    static_assert(kGroups * kLanes == kChunk + 2);
    alignas(32) float grid[4 * (kChunk + 2)], most[kChunk + 2];
    float highest = level;
    for (int start = 0; start < numFrames; start += kChunk) {
        const int count = std::min(kChunk, numFrames - start);
        for (int i = 0; i < count; ++i) window_[kHistory + i] = finiteOrZero(samples[start + i]);
        std::fill(window_.begin() + kHistory + count, window_.end(), 0.0f);
        std::fill(peaks + start, peaks + start + count, level);

        // Highest samples of groups: of the window, and of the positions themselves.
        float inWindow[kGroups + kTaps / kLanes], atPositions[kGroups];
        highestOfGroups(window_.data(), kGroups + kTaps / kLanes, inWindow);
        highestOfGroups(window_.data() + kHalf - 1, kGroups, atPositions);
        unsigned computed = 0;                       // a bit a group of kLanes positions
        const auto compute = [&](int which) {
            if (computed >> which & 1) return;
            computed |= 1u << which;
            const int first = which * kLanes;
            quarterPoints(window_.data() + first, kKernels.even, kKernels.odd, kKernels.middle, grid + 4 * first, most + first);
        };
        for (int first = 0; first <= count; first += kLanes) {   // the interval after position p begins at frame p - 1
            const float* w = window_.data() + first;
            const int group = first / kLanes;
            // The windows of these positions and of their neighbours. Between points that lie two, four times as far
            // apart the bend is four, sixteen times as large.
            const float* reach = inWindow + group;
            const float bend = *std::max_element(reach - (group > 0), reach + kTaps / kLanes + 1) * kKernels.bendBound;
            const float sample = std::max(atPositions[group], std::abs(w[kHalf - 1 + kLanes]));
            if (sample + 16.0f * bend <= level) continue;
            if (sample + 4.0f * bend <= level && highestMiddle(w, kKernels.middle) + 4.0f * bend <= level) continue;
            compute(group);
            for (int p = std::max(1, first); p < std::min(first + kLanes, count + 1); ++p) {
                if (most[p] + bend <= level) continue;
                compute((p - 1) / kLanes);
                compute((p + 1) / kLanes);
                peaks[start + p - 1] = finePeak(grid + 4 * p, bend, level);
                highest = std::max(highest, peaks[start + p - 1]);
            }
        }
        std::memmove(window_.data(), window_.data() + count, kHistory * sizeof(float));
    }
    return highest;
}

}  // namespace tonewright
