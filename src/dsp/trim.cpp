#include "dsp/trim.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "dsp/finite.h"

namespace tonewright {

namespace {

std::int64_t frameAt(double seconds, double sampleRateHz) { return std::llround(seconds * sampleRateHz); }

}  // namespace

Trim::Trim(const Params& params, const StreamSpec& spec, std::int64_t lateFrames)
    : startFrame_(frameAt(validated(params, "trim").startSeconds, spec.sampleRateHz)), endFrame_(frameAt(params.endSeconds, spec.sampleRateHz)),
      lateFrames_(lateFrames), position_(-lateFrames) {
    if (params.endSeconds > 0.0 && endFrame_ <= startFrame_) throw std::invalid_argument("trim: endSeconds does not lie after startSeconds, so nothing would be left");
    if (startFrame_ > INT32_MAX / 2) throw std::invalid_argument("trim: startSeconds is too far from the beginning for this sample rate");
}

void Trim::process(Block block) noexcept {
    // Frames of this block that are kept: [from, to).
    const std::int64_t all = block.numFrames;
    const auto from = static_cast<int>(std::clamp<std::int64_t>(startFrame_ > 0 ? startFrame_ - position_ : 0, 0, all));
    const auto to = static_cast<int>(std::clamp<std::int64_t>(endFrame_ > 0 ? endFrame_ - position_ : all, from, all));
    for (int c = 0; c < block.numChannels; ++c) {
        float* samples = block.channels[c];
        std::fill(samples, samples + from, 0.0f);
        for (int n = from; n < to; ++n) samples[n] = finiteOrZero(samples[n]);
        std::fill(samples + to, samples + all, 0.0f);
    }
    position_ += all;
}

std::int64_t Trim::remainingFrames(const Params& params, double sampleRateHz, std::int64_t frames) {
    const std::int64_t end = params.endSeconds > 0.0 ? std::min(frames, frameAt(params.endSeconds, sampleRateHz)) : frames;
    return std::max<std::int64_t>(0, end - frameAt(params.startSeconds, sampleRateHz));
}

}  // namespace tonewright
