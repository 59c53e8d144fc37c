#include "dsp/stereo_width.h"

#include <algorithm>
#include <cassert>
#include <stdexcept>
#include <string>

#include "dsp/state_guard.h"
#include "dsp/mid_side.h"

namespace tonewright {

namespace {
// A shelf's gain is a ratio to the middle band: a middle of 0 counts as -80 dB where a neighbour is open.
constexpr double kSmallestWidth = 1e-4;
}  // namespace

StereoWidth::StereoWidth(const Params& params, const StreamSpec& spec) : sampleRateHz_(spec.sampleRateHz) {
    validated(params, "stereoWidth");
    if (spec.channels != 2) throw std::invalid_argument("stereoWidth: works on 2 channels, not " + std::to_string(spec.channels));
    const double widest = std::max({params.lowWidth, params.midWidth, params.highWidth});
    gain_ = widest > 0.0 ? std::max(params.midWidth, kSmallestWidth) : 0.0;
    const bool flat = params.lowWidth == params.midWidth && params.midWidth == params.highWidth;
    low_ = PowerShelf::design(params.lowCrossoverHz, flat ? 1.0 : params.lowWidth / gain_, 1.0, sampleRateHz_);
    high_ = PowerShelf::design(params.highCrossoverHz, 1.0, flat ? 1.0 : params.highWidth / gain_, sampleRateHz_);
    mono_ = PowerShelf::design(std::max(params.monoBelowHz, 1.0), params.monoBelowHz > 0.0 ? 0.0 : 1.0, 1.0, sampleRateHz_);
    neutral_ = flat && params.midWidth == 1.0 && params.monoBelowHz == 0.0;
}

void StereoWidth::reset() {
    for (PowerShelf* shelf : {&low_, &high_, &mono_}) shelf->reset();
}

double StereoWidth::sideGainAt(double hz) const {
    double gain = gain_;
    for (const PowerShelf* shelf : {&low_, &high_, &mono_}) gain *= shelf->magnitude(hz, sampleRateHz_);
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
