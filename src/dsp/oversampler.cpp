#include "dsp/oversampler.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <stdexcept>
#include <string>

#include "dsp/target_clones.h"
#include "dsp/windowed_sinc.h"

namespace tonewright {

namespace {

constexpr int kTile = 16;      // outputs computed side by side; lines have that much slack behind them
constexpr int kExtraPast = 8;  // room for the delay that makes the total whole

// The filters from the base rate up: m (of 4m + 3 taps) and the Kaiser beta that serves that length best. Each doubling
// leaves the band more room to fall in: 0.093 of the base rate, then 1, 3 and 7. Stop bands: 110, 110, 115, 111 dB.
constexpr int kHalfLengths[] = {38, 6, 4, 3};
constexpr double kBetas[] = {11.3, 12.1, 11.1, 9.8};

// Eight floats anywhere in memory.
using Lanes [[gnu::vector_size(32), gnu::aligned(4), gnu::may_alias]] = float;

// y[i] = sum over k < pairs of h[k] (x[i - k] + x[i - (2 pairs - 1) + k]), eight neighbours side by side: left to itself the
// compiler vectorises over k, with a shuffle for every product.
TONEWRIGHT_TARGET_CLONES
void symmetricFir(const float* x, const float* h, int pairs, float* y, int count) {
    for (int start = 0; start < count; start += kTile) {
        Lanes first = {}, second = {};
        for (int k = 0; k < pairs; ++k) {
            const Lanes* newer = reinterpret_cast<const Lanes*>(x + start - k);
            const Lanes* older = reinterpret_cast<const Lanes*>(x + start - (2 * pairs - 1) + k);
            first += h[k] * (newer[0] + older[0]);
            second += h[k] * (newer[1] + older[1]);
        }
        Lanes* sums = reinterpret_cast<Lanes*>(y + start);
        sums[0] = first;
        sums[1] = second;
    }
}

int checkedFactor(int factor) {
    if (factor != 2 && factor != 4 && factor != 8 && factor != 16)
        throw std::invalid_argument("oversampler: factor is " + std::to_string(factor) + "; allowed is 2, 4, 8, 16");
    return factor;
}

int padded(int frames) { return (frames + kTile - 1) / kTile * kTile; }

}  // namespace

Oversampler::Line::Line(int pastFrames, int maxFrames) : past(pastFrames), samples(pastFrames + padded(maxFrames)) {}

void Oversampler::Line::advance(int frames) { std::copy_n(samples.begin() + frames, past, samples.begin()); }

Oversampler::Stage::Stage(int halfLength, double beta, int maxFrames)
    : m(halfLength),
      upLine(2 * m + 2, maxFrames),
      evenLine(2 * m + 2 + kExtraPast, maxFrames),
      oddLine(2 * m + 2 + kExtraPast, maxFrames),
      upper(2 * padded(maxFrames)),
      lower(padded(maxFrames)) {
    const auto tap = [&](int k) { return kaiserSinc(0.5 * (2 * m + 1 - 2 * k), m + 1.0, beta); };
    double sum = 0.0;
    for (int k = 0; k <= m; ++k) sum += tap(k);
    // The even taps sum to a half, as the ideal ones do: unity gain at 0 Hz, exact null at the new Nyquist frequency.
    for (int k = 0; k <= m; ++k) pairs.push_back(static_cast<float>(0.25 * tap(k) / sum));
}

Oversampler::Oversampler(int factor, int maxFrames) : factor_(checkedFactor(factor)) {
    int delayAtTop = 0;
    for (int rate = 1, s = 0; rate < factor; rate *= 2, ++s) {
        stages_.emplace_back(kHalfLengths[s], kBetas[s], maxFrames * rate);
        delayAtTop += (2 * kHalfLengths[s] + 1) * (factor / rate);
    }
    const int missing = (factor - delayAtTop % factor) % factor;  // even: it is made of whole frames of the top stage's lower rate
    stages_.back().extraDelay = missing / 2;
    latencyFrames_ = (delayAtTop + missing) / factor;
}

void Oversampler::reset() {
    for (Stage& stage : stages_)
        for (Line* line : {&stage.upLine, &stage.evenLine, &stage.oddLine}) std::fill(line->samples.begin(), line->samples.end(), 0.0f);
}

std::span<float> Oversampler::up(std::span<const float> input) {
    for (Stage& stage : stages_) {
        const int frames = static_cast<int>(input.size());
        assert(frames <= static_cast<int>(stage.lower.size()));
        float* x = stage.upLine.fresh();
        std::copy(input.begin(), input.end(), x);
        symmetricFir(x, stage.pairs.data(), stage.m + 1, stage.lower.data(), frames);
        for (int i = 0; i < frames; ++i) {
            stage.upper[2 * i] = 2.0f * stage.lower[i];
            stage.upper[2 * i + 1] = x[i - stage.m];
        }
        stage.upLine.advance(frames);
        input = {stage.upper.data(), input.size() * 2};
    }
    return {stages_.back().upper.data(), input.size()};
}

void Oversampler::down(std::span<float> output) {
    int frames = static_cast<int>(output.size()) * factor_ / 2;
    const float* input = stages_.back().upper.data();
    for (auto stage = stages_.rbegin(); stage != stages_.rend(); ++stage, frames /= 2) {
        float *even = stage->evenLine.fresh(), *odd = stage->oddLine.fresh();
        for (int i = 0; i < frames; ++i) {
            even[i] = input[2 * i];
            odd[i] = input[2 * i + 1];
        }
        const int extra = stage->extraDelay;
        symmetricFir(even - extra, stage->pairs.data(), stage->m + 1, stage->lower.data(), frames);
        for (int i = 0; i < frames; ++i) stage->lower[i] += 0.5f * odd[i - extra - stage->m - 1];
        stage->evenLine.advance(frames);
        stage->oddLine.advance(frames);
        input = stage->lower.data();
    }
    std::copy_n(input, output.size(), output.begin());
}

}  // namespace tonewright
