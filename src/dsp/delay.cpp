#include "dsp/delay.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "dsp/state_guard.h"

namespace tonewright {

double Delay::Cut::operator()(double x) {
    if (!active) return x;
    const double high = (x - (std::numbers::sqrt2 + g) * s1 - s2) / (1.0 + g * (std::numbers::sqrt2 + g));
    const double band = g * high + s1, lowPass = g * band + s2;
    s1 = flushed(g * high + band);
    s2 = flushed(g * band + lowPass);
    return low ? high : lowPass;
}

Delay::Delay(const Params& params, const StreamSpec& spec)
    : feedback_(validated(params, "delay").feedback), mix_(params.mix), pingPong_(params.pingPong && spec.channels == 2) {
    if (spec.channels < 1 || spec.channels > 2)
        throw std::invalid_argument("delay: works on 1 or 2 channels, not " + std::to_string(spec.channels));
    const auto warped = [&](double hz) { return std::tan(std::numbers::pi * std::min(hz, 0.49 * spec.sampleRateHz) / spec.sampleRateHz); };
    for (int c = 0; c < spec.channels; ++c) {
        Line line;
        const double ms = c == 0 ? params.timeLeftMs : params.timeRightMs;
        line.ring.resize(std::max(1, static_cast<int>(std::lround(ms * 0.001 * spec.sampleRateHz))));
        line.lowCut = {.active = params.lowCutHz > 0.0, .low = true, .g = warped(params.lowCutHz)};
        line.highCut = {.active = params.highCutHz < 20000.0, .low = false, .g = warped(params.highCutHz)};
        lines_.push_back(std::move(line));
    }
}

void Delay::reset() {
    for (Line& line : lines_) {
        std::fill(line.ring.begin(), line.ring.end(), 0.0f);
        line.position = 0;
        line.lowCut.s1 = line.lowCut.s2 = line.highCut.s1 = line.highCut.s2 = 0.0;
    }
}

void Delay::process(Block block) noexcept {
    const int channels = static_cast<int>(lines_.size());
    assert(block.numChannels == channels);
    const double dry = 1.0 - mix_;
    for (int n = 0; n < block.numFrames; ++n) {
        double input[2] = {}, echo[2] = {};
        for (int c = 0; c < channels; ++c) {
            input[c] = tamed(block.channels[c][n]);
            echo[c] = lines_[c].ring[lines_[c].position];
        }
        for (int c = 0; c < channels; ++c) {
            const double fed = pingPong_ ? (c == 0 ? 0.5 * (input[0] + input[1]) + feedback_ * echo[1] : echo[0] * feedback_)
                                         : input[c] + feedback_ * echo[c];
            Line& line = lines_[c];
            line.ring[line.position] = flushed(static_cast<float>(line.highCut(line.lowCut(fed))));
            if (++line.position == static_cast<int>(line.ring.size())) line.position = 0;
            block.channels[c][n] = static_cast<float>(mix_ == 0.0 ? input[c] : dry * input[c] + mix_ * echo[c]);
        }
    }
}

}  // namespace tonewright
