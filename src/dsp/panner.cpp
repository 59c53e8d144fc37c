#include "dsp/panner.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "dsp/state_guard.h"

namespace tonewright {

Panner::Gains Panner::gains(const Params& params) {
    const double theta = (params.position + 1.0) * std::numbers::pi / 4.0;
    const double left = std::max(0.0, std::cos(theta)), right = std::max(0.0, std::sin(theta));
    if (params.source == Source::mono) return {0.5 * left, 0.5 * left, 0.5 * right, 0.5 * right};
    const double near = 0.5 * (1.0 + params.width), far = 0.5 * (1.0 - params.width);
    const double balanceLeft = params.position <= 0.0 ? 1.0 : std::numbers::sqrt2 * left;
    const double balanceRight = params.position >= 0.0 ? 1.0 : std::numbers::sqrt2 * right;
    return {balanceLeft * near, balanceLeft * far, balanceRight * far, balanceRight * near};
}

Panner::Panner(const Params& params, const StreamSpec& spec)
    : gains_(gains(validated(params, "panner"))),
      neutral_(params.source == Source::stereo && params.position == 0.0 && params.width == 1.0) {
    if (spec.channels != 2) throw std::invalid_argument("panner: works on 2 channels, not " + std::to_string(spec.channels));
}

void Panner::process(Block block) noexcept {
    assert(block.numChannels == 2);
    for (int n = 0; n < block.numFrames; ++n) {
        const float left = tamed(block.channels[0][n]), right = tamed(block.channels[1][n]);
        if (neutral_) {
            block.channels[0][n] = left;
            block.channels[1][n] = right;
        } else {
            block.channels[0][n] = static_cast<float>(gains_.leftFromLeft * left + gains_.leftFromRight * right);
            block.channels[1][n] = static_cast<float>(gains_.rightFromLeft * left + gains_.rightFromRight * right);
        }
    }
}

}  // namespace tonewright
