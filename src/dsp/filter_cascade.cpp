#include "dsp/filter_cascade.h"

#include <algorithm>

#include "dsp/target_clones.h"

namespace tonewright {

namespace {

constexpr int kLag = 12;     // steps between a lane and the next: long enough for the store to have landed
constexpr int kChunk = 512;  // samples per pass; the rows stay in the first-level cache

// Trapezoidal SVF (svf.h) with the integrators written as state update and output:
//   v3 = x - s2
//   y  = mx x + d1 s1 + d3 v3         mx = m0 + m2, d1 = m1 a1 + m2 a2, d3 = m1 a2 + m2 (a3 - 1)
//   s1 = c1 s1 + c2 v3                c1 = 2 a1 - 1, c2 = 2 a2
//   s2 = s2 + c2 s1(old) + c3 v3      c3 = 2 a3
//
// Row n of `rows` holds what the lanes read in step n: first the input sample of each channel, then for every lane
// what the lane before it gave. A step reads a row and writes its results, one lane further, kLag rows on.
using Quad = double __attribute__((vector_size(32)));
using LooseQuad = double __attribute__((vector_size(32), aligned(8), may_alias));
using QuadMask = long long __attribute__((vector_size(32)));

template <int quads, bool masked>
inline __attribute__((always_inline)) void run(FilterCascade::Group& group, double* rows, int channels, int from, int to, int length) {
    const int stride = FilterCascade::kLanes + channels;
    Quad c1[quads], c2[quads], c3[quads], mx[quads], d1[quads], d3[quads], s1[quads], s2[quads];
    const auto load = [](Quad* target, const std::array<double, FilterCascade::kLanes>& source) {
        for (int q = 0; q < quads; ++q) target[q] = *reinterpret_cast<const LooseQuad*>(source.data() + 4 * q);
    };
    load(c1, group.c1), load(c2, group.c2), load(c3, group.c3);
    load(mx, group.mx), load(d1, group.d1), load(d3, group.d3);
    load(s1, group.s1), load(s2, group.s2);
    for (int n = from; n < to; ++n) {
        const double* in = rows + n * stride;
        double* out = rows + (n + kLag) * stride + channels;
        for (int q = 0; q < quads; ++q) {
            const Quad x = *reinterpret_cast<const LooseQuad*>(in + 4 * q);
            const Quad v3 = x - s2[q];
            const Quad y = mx[q] * x + d1[q] * s1[q] + d3[q] * v3;
            const Quad next1 = c1[q] * s1[q] + c2[q] * v3;
            const Quad next2 = (s2[q] + c2[q] * s1[q]) + c3[q] * v3;
            if constexpr (masked) {  // a lane that is before the first or after the last sample keeps its state
                QuadMask active;
                for (int lane = 0; lane < 4; ++lane) {
                    const int sample = n - (4 * q + lane) / channels * kLag;
                    active[lane] = sample >= 0 && sample < length ? -1 : 0;
                }
                s1[q] = active ? next1 : s1[q];
                s2[q] = active ? next2 : s2[q];
            } else {
                s1[q] = next1;
                s2[q] = next2;
            }
            *reinterpret_cast<LooseQuad*>(out + 4 * q) = y;
        }
    }
    for (int q = 0; q < quads; ++q) {
        *reinterpret_cast<LooseQuad*>(group.s1.data() + 4 * q) = s1[q];
        *reinterpret_cast<LooseQuad*>(group.s2.data() + 4 * q) = s2[q];
    }
}

template <int quads>
inline __attribute__((always_inline)) void runAll(FilterCascade::Group& group, double* rows, int channels, int length) {
    const int lead = (group.sections - 1) * kLag, steps = length + lead;
    const int full = std::min(lead, steps), tail = std::max(full, length);
    run<quads, true>(group, rows, channels, 0, full, length);
    run<quads, false>(group, rows, channels, full, tail, length);
    run<quads, true>(group, rows, channels, tail, steps, length);
}

TONEWRIGHT_TARGET_CLONES void runGroup(FilterCascade::Group& group, double* rows, int channels, int length) {
    if (group.sections * channels <= 4)
        runAll<1>(group, rows, channels, length);
    else
        runAll<2>(group, rows, channels, length);
}

bool isSilent(const FilterCascade::Group& group) {
    return std::all_of(group.s1.begin(), group.s1.end(), [](double s) { return s == 0.0; }) &&
           std::all_of(group.s2.begin(), group.s2.end(), [](double s) { return s == 0.0; });
}

}  // namespace

FilterCascade::FilterCascade(const std::vector<Svf::Coefficients>& sections, int channels) {
    for (int first = 0; first < channels; first += 2) {
        Lane lane{first, std::min(2, channels - first), {}};
        const int perGroup = kLanes / lane.channels, total = static_cast<int>(sections.size());
        for (int start = 0; start < total; start += perGroup) {
            Group group;
            group.sections = std::min(perGroup, total - start);
            for (int i = 0; i < group.sections * lane.channels; ++i) {
                const Svf f(sections[start + i / lane.channels]);
                group.c1[i] = 2.0 * f.a1 - 1.0;
                group.c2[i] = 2.0 * f.a2;
                group.c3[i] = 2.0 * f.a3;
                group.mx[i] = f.m0 + f.m2;
                group.d1[i] = f.m1 * f.a1 + f.m2 * f.a2;
                group.d3[i] = f.m1 * f.a2 + f.m2 * (f.a3 - 1.0);
            }
            lane.groups.push_back(group);
        }
        lanes_.push_back(std::move(lane));
    }
    rows_.resize((kChunk + (kLanes + 1) * kLag) * (kLanes + 2));
}

void FilterCascade::reset() {
    for (Lane& lane : lanes_)
        for (Group& group : lane.groups) {
            group.s1.fill(0.0);
            group.s2.fill(0.0);
        }
}

void FilterCascade::process(Block block) noexcept {
    for (Lane& lane : lanes_)
        for (int start = 0; start < block.numFrames; start += kChunk)
            processChunk(lane, block, start, std::min(kChunk, block.numFrames - start));
}

void FilterCascade::processChunk(Lane& lane, Block block, int start, int length) noexcept {
    if (lane.groups.empty()) return;
    const int channels = lane.channels, stride = kLanes + channels;
    float* const* io = block.channels + lane.firstChannel;

    bool silent = true;
    for (int c = 0; c < channels && silent; ++c)
        silent = std::all_of(io[c] + start, io[c] + start + length, [](float x) { return x == 0.0f; });
    if (silent && std::all_of(lane.groups.begin(), lane.groups.end(), isSilent)) return;  // nothing rings, nothing comes

    for (int c = 0; c < channels; ++c)
        for (int n = 0; n < length; ++n) rows_[n * stride + c] = io[c][start + n];
    for (std::size_t g = 0; g < lane.groups.size(); ++g) {
        Group& group = lane.groups[g];
        runGroup(group, rows_.data(), channels, length);
        const double* result = rows_.data() + group.sections * (kLag * stride + channels);
        if (g + 1 < lane.groups.size()) {
            for (int n = 0; n < length; ++n)
                for (int c = 0; c < channels; ++c) rows_[n * stride + c] = result[n * stride + c];
        } else {
            for (int c = 0; c < channels; ++c)
                for (int n = 0; n < length; ++n) io[c][start + n] = static_cast<float>(result[n * stride + c]);
        }
    }
}

}  // namespace tonewright
