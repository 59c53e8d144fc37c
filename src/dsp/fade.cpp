#include "dsp/fade.h"

#include <algorithm>
#include <cmath>
#include <limits>
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

// How many frames from this one on lie between the two fades.
std::int64_t Fade::untouchedFrom(std::int64_t frame) const {
    if (static_cast<double>(frame) < params_.startFrames + params_.inFrames) return 0;
    if (params_.endFrames <= 0.0) return std::numeric_limits<std::int64_t>::max();
    return std::max<std::int64_t>(0, static_cast<std::int64_t>(params_.endFrames - params_.outFrames) - frame);
}

void Fade::process(Block block) noexcept {
    for (int n = 0; n < block.numFrames;) {
        const int untouched = static_cast<int>(std::min<std::int64_t>(block.numFrames - n, untouchedFrom(position_)));
        for (int c = 0; c < block.numChannels; ++c)
            for (int i = n; i < n + untouched; ++i) block.channels[c][i] = finiteOrZero(block.channels[c][i]);
        n += untouched;
        position_ += untouched;
        if (n == block.numFrames) break;
        const double gain = gainAt(position_);
        for (int c = 0; c < block.numChannels; ++c)
            block.channels[c][n] = static_cast<float>(finiteOrZero(block.channels[c][n]) * gain);
        ++n;
        ++position_;
    }
}

}  // namespace tonewright
