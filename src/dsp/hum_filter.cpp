#include "dsp/hum_filter.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/decibels.h"
#include "dsp/finite.h"

namespace tonewright {

namespace {

constexpr double kHighestShare = 0.45;   // of the sample rate
constexpr double kNothing = 1e-30;       // a state below this is left to rest
constexpr int kTidyFrames = 256;

}  // namespace

HumFilter::HumFilter(const Params& params, const StreamSpec& spec) : sampleRateHz_(spec.sampleRateHz) {
    const double depth = dbToGain(-validated(params, "humFilter").depthDb);
    for (int n = 1; n <= params.harmonics && depth < 1.0; ++n) {
        const double hz = n * params.humHz;
        if (hz > kHighestShare * sampleRateHz_) break;
        const double width = std::tan(std::numbers::pi * params.notchWidthHz / sampleRateHz_);
        const double a = (1.0 - width) / (1.0 + width);
        const double middle = -std::cos(2.0 * std::numbers::pi * hz / sampleRateHz_) * (1.0 + a);
        const double through = 0.5 * (1.0 + depth), around = 0.5 * (1.0 - depth);
        notches_.push_back({through + around * a, middle, through * a + around, middle, a});
    }
    memory_.assign(spec.channels, std::vector<Memory>(notches_.size()));
}

void HumFilter::reset() {
    position_ = 0;
    for (auto& channel : memory_) std::fill(channel.begin(), channel.end(), Memory{});
}

std::complex<double> HumFilter::response(double hz) const {
    const std::complex<double> delay = std::polar(1.0, -2.0 * std::numbers::pi * hz / sampleRateHz_);
    std::complex<double> result = 1.0;
    for (const Notch& f : notches_) result *= (f.b0 + delay * (f.b1 + delay * f.b2)) / (1.0 + delay * (f.a1 + delay * f.a2));
    return result;
}

void HumFilter::process(Block block) noexcept {
    const std::size_t count = notches_.size();
    for (int c = 0; c < block.numChannels; ++c) {
        float* samples = block.channels[c];
        Memory* memory = memory_[c].data();
        for (int n = 0; n < block.numFrames; ++n) {
            double value = finiteOrZero(samples[n]);
            for (std::size_t i = 0; i < count; ++i) {
                const Notch& f = notches_[i];
                const double out = f.b0 * value + memory[i].s1;
                memory[i].s1 = f.b1 * value - f.a1 * out + memory[i].s2;
                memory[i].s2 = f.b2 * value - f.a2 * out;
                value = out;
            }
            samples[n] = static_cast<float>(value);
            if ((position_ + n) % kTidyFrames == 0)  // numbers near zero are slow
                for (std::size_t i = 0; i < count; ++i)
                    if (std::abs(memory[i].s1) + std::abs(memory[i].s2) < kNothing) memory[i] = {};
        }
    }
    position_ += block.numFrames;
}

}  // namespace tonewright
