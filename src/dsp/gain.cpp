#include "dsp/gain.h"

#include "core/decibels.h"
#include "dsp/finite.h"

namespace tonewright {

Gain::Gain(const Params& params, const StreamSpec&) : gain_(dbToGain(validated(params, "gain").gainDb)) {}

void Gain::process(Block block) noexcept {
    for (int c = 0; c < block.numChannels; ++c) {
        float* samples = block.channels[c];
        for (int n = 0; n < block.numFrames; ++n) samples[n] = static_cast<float>(finiteOrZero(samples[n]) * gain_);
    }
}

}  // namespace tonewright
