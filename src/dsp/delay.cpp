#include "dsp/delay.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <stdexcept>
#include <string>

#include "dsp/state_guard.h"

namespace tonewright {

Delay::Delay(const Params& params, const StreamSpec& spec)
    : feedback_(validated(params, "delay").feedback), mix_(params.mix), pingPong_(params.pingPong && spec.channels == 2) {
    if (spec.channels < 1 || spec.channels > 2)
        throw std::invalid_argument("delay: works on 1 or 2 channels, not " + std::to_string(spec.channels));
    for (int c = 0; c < spec.channels; ++c) {
        Line line;
        const double ms = c == 0 ? params.timeLeftMs : params.timeRightMs;
        line.ring.resize(std::max(1, static_cast<int>(std::lround(ms * 0.001 * spec.sampleRateHz))));
        line.lowCut = PowerShelf::design(params.lowCutHz, params.lowCutHz > 0.0 ? 0.0 : 1.0, 1.0, spec.sampleRateHz);
        line.highCut = PowerShelf::design(params.highCutHz, 1.0, params.highCutHz < 20000.0 ? 0.0 : 1.0, spec.sampleRateHz);
        lines_.push_back(std::move(line));
    }
}

void Delay::reset() {
    for (Line& line : lines_) {
        std::fill(line.ring.begin(), line.ring.end(), 0.0f);
        line.position = 0;
        line.lowCut.reset();
        line.highCut.reset();
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
