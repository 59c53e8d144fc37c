#include "dsp/stereo_width.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "dsp/state_guard.h"
#include "dsp/mid_side.h"

namespace tonewright {

namespace {
// A shelf's gain is a ratio to the middle band: a middle of 0 counts as -80 dB where a neighbour is open.
constexpr double kSmallestWidth = 1e-4;
}  // namespace

StereoWidth::Shelf StereoWidth::shelf(double hz, double lowGain, double highGain, double sampleRateHz) {
    Shelf shelf;
    shelf.active = lowGain != highGain;
    shelf.g = std::tan(std::numbers::pi * std::min(hz, 0.49 * sampleRateHz) / sampleRateHz);
    shelf.scale = 1.0 / (1.0 + shelf.g * (std::numbers::sqrt2 + shelf.g));
    shelf.lowGain = lowGain;
    shelf.bandGain = std::sqrt(lowGain * highGain) * std::numbers::sqrt2;
    shelf.highGain = highGain;
    return shelf;
}

double StereoWidth::Shelf::operator()(double x) {
    if (!active) return x * highGain;
    const double high = (x - (std::numbers::sqrt2 + g) * s1 - s2) * scale;
    const double band = g * high + s1, low = g * band + s2;
    s1 = flushed(g * high + band);
    s2 = flushed(g * band + low);
    return lowGain * low + bandGain * band + highGain * high;
}

double StereoWidth::Shelf::magnitude(double hz, double sampleRateHz) const {
    if (!active) return highGain;
    const double w2 = std::pow(std::tan(std::numbers::pi * hz / sampleRateHz) / g, 2.0), w4 = w2 * w2;
    return std::sqrt((lowGain * lowGain + w4 * highGain * highGain) / (1.0 + w4));
}

StereoWidth::StereoWidth(const Params& params, const StreamSpec& spec) : sampleRateHz_(spec.sampleRateHz) {
    validated(params, "stereoWidth");
    if (spec.channels != 2) throw std::invalid_argument("stereoWidth: works on 2 channels, not " + std::to_string(spec.channels));
    const double widest = std::max({params.lowWidth, params.midWidth, params.highWidth});
    gain_ = widest > 0.0 ? std::max(params.midWidth, kSmallestWidth) : 0.0;
    const bool flat = params.lowWidth == params.midWidth && params.midWidth == params.highWidth;
    low_ = shelf(params.lowCrossoverHz, flat ? 1.0 : params.lowWidth / gain_, 1.0, sampleRateHz_);
    high_ = shelf(params.highCrossoverHz, 1.0, flat ? 1.0 : params.highWidth / gain_, sampleRateHz_);
    mono_ = shelf(std::max(params.monoBelowHz, 1.0), params.monoBelowHz > 0.0 ? 0.0 : 1.0, 1.0, sampleRateHz_);
    neutral_ = flat && params.midWidth == 1.0 && params.monoBelowHz == 0.0;
}

void StereoWidth::reset() {
    for (Shelf* shelf : {&low_, &high_, &mono_}) shelf->s1 = shelf->s2 = 0.0;
}

double StereoWidth::sideGainAt(double hz) const {
    double gain = gain_;
    for (const Shelf* shelf : {&low_, &high_, &mono_}) gain *= shelf->magnitude(hz, sampleRateHz_);
    return gain;
}

void StereoWidth::process(Block block) noexcept {
    assert(block.numChannels == 2);
    for (int n = 0; n < block.numFrames; ++n) {
        const float left = tamed(block.channels[0][n]), right = tamed(block.channels[1][n]);
        if (neutral_) {
            block.channels[0][n] = left;
            block.channels[1][n] = right;
            continue;
        }
        const double side = toMidSide(left, right).side;
        const double change = mono_(high_(low_(gain_ * side))) - side;
        const float newLeft = static_cast<float>(left + change);
        block.channels[0][n] = newLeft;
        // From the rounded left, so that left + right is rounded once, not twice.
        block.channels[1][n] = static_cast<float>((static_cast<double>(left) + right) - newLeft);
    }
}

}  // namespace tonewright
