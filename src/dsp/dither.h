#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "core/audio.h"
#include "core/fields.h"

namespace tonewright {

// The last step before whole numbers: 16 or 24 bits, with triangular dither and, at 44.1 and 48 kHz, shaped noise.
//
//   v[n] = x[n] 2^(bits-1) - sum_k c[k] e[n-k]        e: error of the earlier outputs, v to y
//   y[n] = round(v[n] + d[n])                         d: sum of two uniform values of +-1/2 step (TPDF)
//
// The output holds y / 2^(bits-1): times 2^(bits-1) it is a whole number between -2^(bits-1) and 2^(bits-1) - 1, exactly.
// Channels have independent noise from one seed. Digital silence stays silence: before the first sample that is not
// zero, and from the moment a run of exact zeros has lasted half a second.
// Triangular dither makes mean and power of the error independent of the music (Lipshitz, Wannamaker and Vanderkooy,
// JAES 40(5), 1992); its noise is 4.77 dB above that of plain rounding.
class Dither {
public:
    enum class Noise { none, triangular, gentle, modifiedE, lipshitz, fWeighted, improvedE };
    static constexpr Names<7> kNoiseNames{"none", "triangular", "gentle", "modifiedE", "lipshitz", "fWeighted", "improvedE"};

    struct Params {
        int bits = 24;
        Noise noise = Noise::triangular;  // shaped kinds fall back to triangular away from 44.1 and 48 kHz or 16 bits
        int seed = 1;

        bool operator==(const Params&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.integer("bits", p.bits, {8, 24}, "word length of the result");
            v.choice("noise", p.noise, kNoiseNames, "plain rounding, triangular dither, or triangular dither with shaped noise");
            v.integer("seed", p.seed, {0, 2147483647}, "start of the noise");
        }
    };

    Dither(const Params& params, const StreamSpec& spec);
    void reset();
    void process(Block block) noexcept;
    int latencyFrames() const { return 0; }

    // What is in use after the fall-back.
    Noise noise() const { return noise_; }

private:
    static constexpr int kMaxTaps = 9;
    struct Channel {
        std::uint64_t random = 0;
        std::array<double, kMaxTaps> errors{};  // newest first
        std::int64_t zeros = 0;                 // length of the run of exact zeros that ends here
    };

    void oneByOne(Channel& state, float* samples, int count) const noexcept;

    Params params_;
    Noise noise_;
    int channels_;
    double scale_;
    std::int64_t silenceFrames_;
    std::vector<double> shape_;
    std::vector<Channel> state_;
};

}  // namespace tonewright
