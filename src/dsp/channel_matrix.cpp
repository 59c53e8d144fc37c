#include "dsp/channel_matrix.h"

#include "dsp/finite.h"

namespace tonewright {

ChannelMatrix::ChannelMatrix(const Params& params, const StreamSpec&) : params_(validated(params, "channel matrix")) {}

void ChannelMatrix::process(Block block) noexcept {
    for (int c = block.numChannels == 2 ? 2 : 0; c < block.numChannels; ++c)
        for (int n = 0; n < block.numFrames; ++n) block.channels[c][n] = finiteOrZero(block.channels[c][n]);
    if (block.numChannels != 2) return;
    float *left = block.channels[0], *right = block.channels[1];
    for (int n = 0; n < block.numFrames; ++n) {
        const double l = finiteOrZero(left[n]), r = finiteOrZero(right[n]);
        left[n] = static_cast<float>(params_.leftFromLeft * l + params_.leftFromRight * r);
        right[n] = static_cast<float>(params_.rightFromLeft * l + params_.rightFromRight * r);
    }
}

}  // namespace tonewright
