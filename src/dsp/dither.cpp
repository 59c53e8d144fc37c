#include "dsp/dither.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "dsp/finite.h"
#include "dsp/target_clones.h"

namespace tonewright {

namespace {

constexpr double kSilenceSeconds = 0.5;

// Weights c[k] of the earlier errors, made for 44.1 kHz. gentle: the simple second order (1 - z^-1 + z^-2 / 2);
// the others: Lipshitz, Vanderkooy and Wannamaker, JAES 39(11), 1991, and Wannamaker, JAES 40(7/8), 1992.
std::vector<double> shapeOf(Dither::Noise noise) {
    switch (noise) {
        case Dither::Noise::none:
        case Dither::Noise::triangular: return {};
        case Dither::Noise::gentle: return {1.0, -0.5};
        case Dither::Noise::modifiedE: return {1.662, -1.263, 0.4827, -0.2913, 0.1268, -0.1124, 0.03252, -0.01265, -0.03524};
        case Dither::Noise::lipshitz: return {2.033, -2.165, 1.959, -1.590, 0.6149};
        case Dither::Noise::fWeighted: return {2.412, -3.370, 3.937, -4.174, 3.353, -2.205, 1.281, -0.569, 0.0847};
        case Dither::Noise::improvedE: return {2.847, -4.685, 6.214, -7.184, 6.639, -5.032, 3.263, -1.632, 0.4191};
    }
    return {};
}

Dither::Noise usable(const Dither::Params& params, const StreamSpec& spec) {
    const bool cd = params.bits == 16 && (spec.sampleRateHz == 44100.0 || spec.sampleRateHz == 48000.0);
    return cd || params.noise == Dither::Noise::none ? params.noise : Dither::Noise::triangular;
}

// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
constexpr std::uint64_t kRandomStep = 0x9e3779b97f4a7c15;

std::uint64_t nextRandom(std::uint64_t& state) {
    std::uint64_t z = state += kRandomStep;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

// Sum of two independent uniform values in [-1/2, 1/2), from the two halves of one draw.
double triangular(std::uint64_t& state) {
    const std::uint64_t bits = nextRandom(state);
    return (static_cast<double>(bits >> 32) + static_cast<double>(bits & 0xffffffff)) * 0x1p-32 - 1.0;
}

double roundHalfUp(double value) {
    const double shifted = value + 0.5;
    const double whole = static_cast<double>(static_cast<std::int64_t>(shifted));
    return whole > shifted ? whole - 1.0 : whole;
}

constexpr int kLanes = 4;
constexpr int kPiece = 64;

// Samples that are numbers and not zero.
bool allSound(const float* samples) {
    int sounding = 0;
    for (int n = 0; n < kPiece; ++n) {
        const float size = std::abs(samples[n]);
        sounding += static_cast<int>(size > 0.0f) & static_cast<int>(size <= std::numeric_limits<float>::max());
    }
    return sounding == kPiece;
}

// Triangular dither of kPiece sounding samples: the same numbers as one by one, four side by side. `random`: the state
// before them. Numbers below 2^32 become the low bits of 2^52 as a double; whole numbers come of adding 1.5 * 2^52.
TONEWRIGHT_TARGET_CLONES
void ditherPiece(float* samples, std::uint64_t random, double scale) {
    using Whole = std::uint64_t __attribute__((vector_size(8 * kLanes)));
    using Lanes = double __attribute__((vector_size(8 * kLanes)));
    using Samples [[gnu::vector_size(4 * kLanes), gnu::aligned(4), gnu::may_alias]] = float;
    constexpr std::uint64_t kBits = 0x4330000000000000;
    constexpr double kOfBits = 0x1p52, kRounding = 0x1.8p52;
    const Lanes lowest = Lanes{} - scale, highest = Lanes{} + (scale - 1.0), least = 2.0 * lowest, most = Lanes{} + 2.0 * scale;
    const double step = 1.0 / scale;
    Whole states = random + Whole{1, 2, 3, 4} * kRandomStep;
    for (int n = 0; n < kPiece; n += kLanes, states += kLanes * kRandomStep) {
        Whole z = states;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        z = z ^ (z >> 31);
        const Lanes high = reinterpret_cast<Lanes>((z >> 32) | kBits) - kOfBits, low = reinterpret_cast<Lanes>((z & 0xffffffff) | kBits) - kOfBits;
        const Lanes noise = (high + low) * 0x1p-32 - 1.0;
        Samples& at = *reinterpret_cast<Samples*>(samples + n);
        Lanes wanted = __builtin_convertvector(at, Lanes) * scale;
        wanted = wanted < least ? least : wanted;
        wanted = most < wanted ? most : wanted;
        const Lanes shifted = (wanted + noise) + 0.5;
        const Lanes whole = (shifted + kRounding) - kRounding;
        Lanes rounded = whole > shifted ? whole - 1.0 : whole;
        rounded = rounded < lowest ? lowest : rounded;
        rounded = highest < rounded ? highest : rounded;
        at = __builtin_convertvector(rounded * step, Samples);
    }
}

}  // namespace

Dither::Dither(const Params& params, const StreamSpec& spec)
    : params_(validated(params, "dither")),
      noise_(usable(params, spec)),
      channels_(spec.channels),
      scale_(std::ldexp(1.0, params.bits - 1)),
      silenceFrames_(static_cast<std::int64_t>(kSilenceSeconds * spec.sampleRateHz)),
      shape_(shapeOf(noise_)),
      state_(spec.channels) {
    reset();
}

void Dither::reset() {
    for (int c = 0; c < channels_; ++c) {
        state_[c] = {};
        std::uint64_t seed = static_cast<std::uint64_t>(params_.seed) * 1000003u + static_cast<std::uint64_t>(c);
        state_[c].random = nextRandom(seed);
        state_[c].zeros = silenceFrames_;  // a stream begins in silence
    }
}

void Dither::process(Block block) noexcept {
    const bool plain = noise_ == Noise::triangular;
    for (int c = 0; c < block.numChannels; ++c) {
        Channel& state = state_[c];
        float* samples = block.channels[c];
        for (int n = 0; n < block.numFrames;) {
            const int count = std::min(kPiece, block.numFrames - n);
            if (plain && count == kPiece && allSound(samples + n)) {
                ditherPiece(samples + n, state.random, scale_);
                state.random += kPiece * kRandomStep;
                state.zeros = 0;
            } else {
                oneByOne(state, samples + n, count);
            }
            n += count;
        }
    }
}

void Dither::oneByOne(Channel& state, float* samples, int count) const noexcept {
    const double lowest = -scale_, highest = scale_ - 1.0, step = 1.0 / scale_;
    const int taps = static_cast<int>(shape_.size());
    for (int n = 0; n < count; ++n) {
        const float sample = finiteOrZero(samples[n]);
        state.zeros = sample == 0.0f ? state.zeros + 1 : 0;
        if (state.zeros > silenceFrames_) {
            state.errors.fill(0.0);
            samples[n] = 0.0f;
            continue;
        }
        double wanted = std::clamp(sample * scale_, 2.0 * lowest, 2.0 * scale_);
        for (int k = 0; k < taps; ++k) wanted -= shape_[k] * state.errors[k];
        const double noise = noise_ == Noise::none ? 0.0 : triangular(state.random);
        const double rounded = roundHalfUp(wanted + noise);
        if (taps > 0) {
            std::copy_backward(state.errors.begin(), state.errors.end() - 1, state.errors.end());
            state.errors[0] = rounded - wanted;  // before clipping: at most 1.5 steps, so the loop stays calm
        }
        samples[n] = static_cast<float>(std::clamp(rounded, lowest, highest) * step);
    }
}

}  // namespace tonewright
