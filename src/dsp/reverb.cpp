#include "dsp/reverb.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <stdexcept>
#include <string>

#include "core/decibels.h"
#include "dsp/state_guard.h"

namespace tonewright {

Reverb::Reverb(const Params& params, const StreamSpec& spec)
    : params_(validated(params, "reverb")),
      channels_(spec.channels),
      geometry_(reverbGeometry(params.type, params.sizeFactor, spec.sampleRateHz)),
      late_(params, geometry_, spec.sampleRateHz),
      preDelayFrames_(static_cast<int>(std::lround(params.preDelayMs * 0.001 * spec.sampleRateHz))) {
    if (channels_ < 1 || channels_ > 2) throw std::invalid_argument("reverb: works on 1 or 2 channels, not " + std::to_string(channels_));
    // Together early and late have the energy of the late sound alone.
    const double earlyPower = params.earlyLevelDb > -60.0 ? dbToPower(params.earlyLevelDb) : 0.0;
    lateGain_ = static_cast<float>(std::sqrt(1.0 / (1.0 + earlyPower)));
    earlyGain_ = static_cast<float>(std::sqrt(earlyPower / (1.0 + earlyPower)));
    if (earlyPower == 0.0) geometry_.early.clear();
    // M + width S, scaled so that independent sides keep their power.
    midGain_ = static_cast<float>(std::sqrt(2.0 / (1.0 + params.width * params.width)));
    sideGain_ = static_cast<float>(params.width) * midGain_;

    int latest = 0;
    for (const EarlyTap& tap : geometry_.early) latest = std::max(latest, tap.delayFrames);
    memoryFrames_ = preDelayFrames_ + latest + 2 * kReverbChunk;
    for (int c : {0, 1}) {
        lowCut_[c] = PowerShelf::design(params.lowCutHz, 0.0, 1.0, spec.sampleRateHz);
        highCut_[c] = PowerShelf::design(params.highCutHz, 1.0, params.highCutHz < 20000.0 ? 0.0 : 1.0, spec.sampleRateHz);
        past_[c] = ReverbRing(memoryFrames_);
    }
}

void Reverb::reset() {
    late_.reset();
    for (int c : {0, 1}) {
        lowCut_[c].reset();
        highCut_[c].reset();
        past_[c].clear();
    }
    frame_ = 0;
    silentFrames_ = 0;
}

void Reverb::process(Block block) noexcept {
    assert(block.numChannels == channels_);
    for (int start = 0; start < block.numFrames;) {
        // Chunks end where the modulation's do, however the stream is cut.
        const int room = kReverbChunk - static_cast<int>(frame_ % kReverbChunk);
        const int frames = std::min(room, block.numFrames - start);
        processChunk(block.channels[0] + start, channels_ == 2 ? block.channels[1] + start : nullptr, frames);
        frame_ += frames;
        start += frames;
    }
}

void Reverb::processChunk(float* left, float* right, int frames) noexcept {
    ReverbRow input[2], sent[2], late[2];
    bool silent = true;
    for (int c : {0, 1}) {
        const float* source = c == 1 && right ? right : left;
        for (int n = 0; n < frames; ++n) {
            input[c][n] = tamed(source[n]);
            sent[c][n] = flushed(static_cast<float>(highCut_[c](lowCut_[c](input[c][n]))));
            silent = silent && input[c][n] == 0.0f && sent[c][n] == 0.0f;
        }
        silent = silent && lowCut_[c].atRest() && highCut_[c].atRest();
    }
    silentFrames_ = silent ? std::min(silentFrames_ + frames, memoryFrames_ + kReverbChunk) : 0;
    if (silentFrames_ > memoryFrames_ && late_.atRest()) {
        late_.skip(frames);
        std::fill_n(left, frames, 0.0f);
        if (right) std::fill_n(right, frames, 0.0f);
        return;
    }

    for (int c : {0, 1}) past_[c].write(sent[c].data(), frames);
    ReverbRow entering[2];
    for (int c : {0, 1}) past_[c].read(preDelayFrames_ + frames, entering[c].data(), frames);
    late_.process(entering[0].data(), entering[1].data(), late[0].data(), late[1].data(), frames);

    ReverbRow wet[2] = {};
    for (int c : {0, 1}) addRow(wet[c].data(), late[c].data(), lateGain_, frames);
    for (const EarlyTap& tap : geometry_.early) {
        ReverbRow reflection;
        past_[tap.input].read(preDelayFrames_ + tap.delayFrames + frames, reflection.data(), frames);
        addRow(wet[tap.output].data(), reflection.data(), tap.gain * earlyGain_, frames);
    }

    const float mix = static_cast<float>(params_.mix), dry = 1.0f - mix;
    for (int n = 0; n < frames; ++n) {
        const float mid = midGain_ * 0.5f * (wet[0][n] + wet[1][n]), side = sideGain_ * 0.5f * (wet[0][n] - wet[1][n]);
        left[n] = mix == 0.0f ? input[0][n] : dry * input[0][n] + mix * (mid + side);
        if (right) right[n] = mix == 0.0f ? input[1][n] : dry * input[1][n] + mix * (mid - side);
    }
}

}  // namespace tonewright
