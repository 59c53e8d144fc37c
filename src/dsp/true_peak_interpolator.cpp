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
constexpr int kLanes = 16;  // of quarterPoints()
constexpr double kMargin = 1.02;      // over bounds taken at 64 points of t, and what the parabola may add
constexpr double kRounding = 3e-4;    // of sums in single precision, and the parabola across two pieces of the fine grid

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

// How far x(t) may leave the straight line between two points of a grid, times the highest second difference and times
// the highest sample within reach; the latter alone bounds it too.
struct Bound {
    float bySecondDifference = 0.0f, rest = 0.0f, bySample = 0.0f;

    // weights: of x(t), less those of the line.
    void cover(std::vector<double> weights) {
        double sample = 0.0, moment = 0.0, sum = 0.0;
        for (std::size_t k = 0; k < weights.size(); ++k) {
            sample += std::abs(weights[k]);
            sum += weights[k];
            moment += weights[k] * (static_cast<double>(k) - kHalf);
        }
        // What is left of a constant and of a slope goes to the two middle samples; the others are second differences.
        weights[kHalf] -= sum - moment;
        weights[kHalf + 1] -= moment;
        double first = 0.0, second = 0.0, bends = 0.0;
        for (const double weight : weights) {
            first += weight;
            second += first;
            bends += std::abs(second);
        }
        bySample = std::max(bySample, static_cast<float>(sample * kMargin));
        bySecondDifference = std::max(bySecondDifference, static_cast<float>(bends * kMargin));
        rest = std::max(rest, static_cast<float>(std::abs(sum - moment) + std::abs(moment) + kRounding));
    }
    float operator()(float sample, float secondDifference) const {
        return std::min(bySample * sample, bySecondDifference * secondDifference + rest * sample);
    }
};

struct Kernels {
    // At 1/4, 1/2 and 3/4 after the sample kHalf - 1 of the window. The first and the last are mirror images and the middle
    // one its own, so the sums and differences of samples at both ends serve all three.
    float even[kHalf], odd[kHalf], middle[kHalf];
    float fine[3][kFineTaps];             // at 1/4, 1/2, 3/4 between the fourth and fifth of eight grid points
    Bound whole, half, quarter, sixteenth;  // between points so many frames apart

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
        constexpr int kPoints = 64;  // of t
        std::vector<std::vector<double>> at;
        for (int i = 0; i < kPoints; ++i) at.push_back(weightsAt(static_cast<double>(i) / kPoints, onGrid));
        at.emplace_back(kTaps + 2)[kHalf + 1] = 1.0;  // the next sample
        const auto coverAll = [&](Bound& bound, int distance) {
            for (int a = 0; a < kPoints; a += distance)
                for (int i = 1; i < distance; ++i) {
                    std::vector<double> weights = at[a + i];
                    const double share = static_cast<double>(i) / distance;
                    for (std::size_t k = 0; k < weights.size(); ++k) weights[k] -= (1.0 - share) * at[a][k] + share * at[a + distance][k];
                    bound.cover(std::move(weights));
                }
        };
        coverAll(whole, kPoints);
        coverAll(half, kPoints / 2);
        coverAll(quarter, kPoints / 4);
        coverAll(sixteenth, kPoints / 16);
    }
};

const Kernels kKernels;

using Vec4 = float __attribute__((vector_size(16)));
using Vec8 = float __attribute__((vector_size(32)));  // one AVX register or two of SSE
using Vec8i = int __attribute__((vector_size(32)));

// By reference: how vectors are returned depends on the instruction set.
inline void load(Vec8& vector, const float* from) { std::memcpy(&vector, from, sizeof vector); }

constexpr int kMostGroups = 32;

// What the bounds need to know about kLanes positions in a row: the highest of their samples and the next one, and the
// highest sample and second difference within reach of their filters and of their neighbours'.
struct Surroundings {
    alignas(64) float sample[kMostGroups], reach[kMostGroups], bend[kMostGroups];
};

TONEWRIGHT_TARGET_CLONES
void copyFinite(const float* from, int count, float* to) {
    int n = 0;
    for (; n + 8 <= count; n += 8) {
        Vec8 x;
        load(x, from + n);
        x = x - x == 0.0f ? x : Vec8{};
        std::memcpy(to + n, &x, sizeof x);
    }
    for (; n < count; ++n) to[n] = finiteOrZero(from[n]);
}

// Of `groups` groups of positions, from a window of `length` samples, a multiple of kLanes, with a sample more at both ends.
TONEWRIGHT_TARGET_CLONES
void survey(const float* window, int length, int groups, Surroundings& result) {
    constexpr int kAhead = kTaps / kLanes;        // a position's window begins so many groups before its last whole one
    alignas(64) float highest[kMostGroups + kAhead + 2] = {}, bends[kMostGroups + kAhead + 2] = {};
    for (int group = 0; group < length / kLanes; ++group) {
        Vec8 most = {}, bend = {};
        for (int half = 0; half < 2; ++half) {
            const int at = kLanes * group + 8 * half;
            Vec8 x, before, after;
            load(x, window + at);
            load(before, window + at - 1);
            load(after, window + at + 1);
            Vec8 second = (before - x) + (after - x);
            second = second < 0.0f ? -second : second;
            x = x < 0.0f ? -x : x;
            most = x > most ? x : most;
            bend = second > bend ? second : bend;
        }
        for (const int distance : {4, 2, 1}) {
            const Vec8i other = (Vec8i{0, 1, 2, 3, 4, 5, 6, 7} + distance) & 7;
            const Vec8 otherMost = __builtin_shuffle(most, other), otherBend = __builtin_shuffle(bend, other);
            most = otherMost > most ? otherMost : most;
            bend = otherBend > bend ? otherBend : bend;
        }
        highest[group] = most[0];
        bends[group] = bend[0];
    }
    for (int group = 0; group < groups; ++group) {
        result.sample[group] = highest[group + kAhead / 2];
        result.reach[group] = highest[group + kAhead + 1];
        result.bend[group] = 0.0f;
    }
    for (int k = 0; k <= kAhead; ++k)
        for (int group = 0; group < groups; ++group) {
            const float sample = highest[group + k], bend = bends[group + k];
            result.reach[group] = sample > result.reach[group] ? sample : result.reach[group];
            result.bend[group] = bend > result.bend[group] ? bend : result.bend[group];
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

// max(level, peak between grid[0] and grid[4]), from grid[-4] ... grid[8]. beyond: by how much the waveform may exceed points
// a sixteenth of a frame apart.
float finePeak(const float* grid, float beyond, float level) {
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
    if (peak + beyond <= level) return level;

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

float TruePeakInterpolator::process(const float* samples, int numFrames, float level, float* peaks, const std::uint8_t* wanted) noexcept {
    constexpr int kGroups = (kChunk + 2) / kLanes;
    static_assert(kGroups * kLanes == kChunk + 2 && (kHistory + kChunk) % kLanes == 0 && (kHistory + kChunk) / kLanes <= kMostGroups);
    static_assert((kLead + kHalf - 1) % kLanes == 0);
    alignas(32) float grid[4 * (kChunk + 2)], most[kChunk + 2];
    Surroundings around;
    float highest = level;
    for (int start = 0; start < numFrames; start += kChunk) {
        const int count = std::min(kChunk, numFrames - start);
        copyFinite(samples + start, count, window_.data() + kHistory);
        // What follows is in nobody's reach; it only fills the last group up.
        const int length = (kHistory + count + kLanes - 1) / kLanes * kLanes;
        std::fill(window_.begin() + kHistory + count, window_.begin() + length + 1, window_[kHistory + count - 1]);
        std::fill(peaks + start, peaks + start + count, level);

        const auto isWanted = [&](int from, int to) {  // anything of peaks[start + from] ... peaks[start + to - 1]
            from = std::max(0, from);
            return !wanted || std::memchr(wanted + start + from, 1, std::min(to, count) - from);
        };
        if (!isWanted(0, count)) {
            std::memmove(window_.data(), window_.data() + count, kHistory * sizeof(float));
            continue;
        }

        const int groups = count / kLanes + 1;       // of positions 0 ... count
        survey(window_.data() + kLanes, length - kLanes, groups, around);
        unsigned computed = 0;                       // a bit a group of kLanes positions
        const auto compute = [&](int which) {
            if (computed >> which & 1) return;
            computed |= 1u << which;
            const int first = which * kLanes;
            quarterPoints(window_.data() + kLead + first, kKernels.even, kKernels.odd, kKernels.middle, grid + 4 * first, most + first);
        };
        for (int group = 0; group < groups; ++group) {   // the interval after position p begins at frame p - 1
            const int first = group * kLanes;
            if (!isWanted(first - 1, first - 1 + kLanes)) continue;
            const float* w = window_.data() + kLead + first;
            const float reach = around.reach[group], bend = around.bend[group];
            const float sample = std::max(around.sample[group], std::abs(w[kHalf - 1 + kLanes]));
            if (sample + kKernels.whole(reach, bend) <= level) continue;
            const float beyondHalf = kKernels.half(reach, bend);
            if (sample + beyondHalf <= level && highestMiddle(w, kKernels.middle) + beyondHalf <= level) continue;
            compute(group);
            const float beyondQuarter = kKernels.quarter(reach, bend);
            for (int p = std::max(1, first); p < std::min(first + kLanes, count + 1); ++p) {
                if (most[p] + beyondQuarter <= level || (wanted && !wanted[start + p - 1])) continue;
                compute((p - 1) / kLanes);
                compute((p + 1) / kLanes);
                peaks[start + p - 1] = finePeak(grid + 4 * p, kKernels.sixteenth(reach, bend), level);
                highest = std::max(highest, peaks[start + p - 1]);
            }
        }
        std::memmove(window_.data(), window_.data() + count, kHistory * sizeof(float));
    }
    return highest;
}

}  // namespace tonewright
