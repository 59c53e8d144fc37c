#include "dsp/fade.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "dsp/finite.h"

namespace tonewright {

Fade::Fade(const Params& params, const StreamSpec&, std::int64_t lateFrames)
    : params_(validated(params, "fade")), lateFrames_(lateFrames), position_(-lateFrames) {
    if (params_.endFrames > 0.0 && params_.endFrames < params_.startFrames)
        throw std::invalid_argument("fade: endFrames lies before startFrames, so nothing would be heard");
}

double Fade::gain(Curve curve, double u) {
    if (u <= 0.0) return 0.0;
    if (u >= 1.0) return 1.0;
    switch (curve) {
        case Curve::linear: return u;
        case Curve::equalPower: return std::sin(0.5 * std::numbers::pi * u);
        case Curve::smooth: return u * u * (3.0 - 2.0 * u);
        case Curve::exponential: return std::pow(10.0, 3.0 * (u - 1.0));
    }
    return 1.0;
}

double Fade::gainAt(std::int64_t frame) const {
    const double n = static_cast<double>(frame);
    double result = 1.0;
    if (n < params_.startFrames) return 0.0;
    if (n < params_.startFrames + params_.inFrames) result = gain(params_.inCurve, (n - params_.startFrames) / params_.inFrames);
    if (params_.endFrames > 0.0) {
        if (n >= params_.endFrames) return 0.0;
        if (n > params_.endFrames - params_.outFrames) result *= gain(params_.outCurve, (params_.endFrames - n) / params_.outFrames);
    }
    return result;
}

void Fade::process(Block block) noexcept {
    for (int n = 0; n < block.numFrames; ++n, ++position_) {
        const double gain = gainAt(position_);
        for (int c = 0; c < block.numChannels; ++c)
            block.channels[c][n] = static_cast<float>(finiteOrZero(block.channels[c][n]) * gain);
    }
}

}  // namespace tonewright
