#include "dsp/gate.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/decibels.h"
#include "dsp/ballistics.h"
#include "dsp/log_gain.h"
#include "dsp/sample_guard.h"

namespace tonewright {

namespace {

constexpr double kEnvelopeMs = 10.0;  // bridges the half waves of 50 Hz
constexpr double kRestDb = 1e-5;      // nearer than this to its target the gain has arrived

int framesFor(double ms, const StreamSpec& spec) { return static_cast<int>(std::lround(ms * 0.001 * spec.sampleRateHz)); }

}  // namespace

Gate::Gate(const Params& params, const StreamSpec& spec)
    : openLevel_(dbToGain(validated(params, "gate").thresholdDb)),
      closeLevel_(dbToGain(params.thresholdDb - params.hysteresisDb)),
      floorLevel_(params.ratio > 1.0 ? dbToGain(params.thresholdDb - params.rangeDb / (params.ratio - 1.0)) : 0.0),
      thresholdDb_(params.thresholdDb),
      slope_(params.ratio - 1.0),
      rangeDb_(params.rangeDb),
      attack_(Ballistics::amountFor(params.attackMs, spec.sampleRateHz)),
      release_(Ballistics::amountFor(params.releaseMs, spec.sampleRateHz)),
      decay_(std::exp(-1000.0 / (kEnvelopeMs * spec.sampleRateHz))),
      holdFrames_(framesFor(params.holdMs, spec)),
      transparent_(params.ratio == 1.0 || params.rangeDb == 0.0),
      sidechain_(params.sidechain, spec),
      keyChannels_(spec.channels),
      delay_(spec.channels, framesFor(params.lookaheadMs, spec)) {
    reset();
}

void Gate::reset() {
    sidechain_.reset();
    delay_.reset();
    envelope_ = deepestDb_ = 0.0;
    gainDb_ = transparent_ ? 0.0 : -rangeDb_;  // closed, as after long silence
    belowFrames_ = 0;
    open_ = false;
    frames_ = openFrames_ = 0;
}

void Gate::process(Block block) noexcept {
    makeUsable(block);
    processWithKey(block, block);
}

void Gate::processWithKey(Block block, ConstBlock key) noexcept {
    const FlushDenormals guard;
    makeUsable(block);
    if (transparent_) {
        delay_.process(block);
        frames_ += block.numFrames;
        openFrames_ += block.numFrames;
        return;
    }
    for (int start = 0; start < block.numFrames; start += kChunk)
        processChunk(block, key, start, std::min(kChunk, block.numFrames - start));
}

double Gate::targetDb(double envelope) {
    if (envelope > openLevel_) {
        open_ = true;
        belowFrames_ = 0;
    } else if (open_) {
        belowFrames_ = envelope < closeLevel_ ? belowFrames_ + 1 : 0;
        open_ = belowFrames_ <= holdFrames_;
    }
    if (open_) return 0.0;
    if (envelope <= floorLevel_) return -rangeDb_;
    return std::min(0.0, slope_ * (fastPowerToDb(envelope * envelope) - thresholdDb_));
}

void Gate::processChunk(Block block, ConstBlock key, int start, int length) noexcept {
    std::array<double, kChunk> gain{};
    const int heard = std::min(key.numChannels, keyChannels_);
    for (int c = 0; c < heard; ++c)
        for (int n = 0; n < length; ++n)
            gain[n] = std::max(gain[n], std::abs(sidechain_(c, usableSample(key.channels[c][start + n]))));

    for (int n = 0; n < length; ++n) {
        envelope_ = std::max(gain[n], envelope_ * decay_);
        const double target = targetDb(envelope_);
        gainDb_ += (target - gainDb_) * (target > gainDb_ ? attack_ : release_);
        if (std::abs(target - gainDb_) < kRestDb) gainDb_ = target;
        openFrames_ += open_;
        deepestDb_ = std::min(deepestDb_, gainDb_);
        gain[n] = gainDb_;
    }
    frames_ += length;

    delay_.process(block, start, length);
    // Between two equal values of the gain in dB nothing has to be computed again.
    double lastDb = 0.0, last = 1.0;
    for (int n = 0; n < length; ++n) {
        if (gain[n] != lastDb) {
            lastDb = gain[n];
            last = fastDbToGain(lastDb);
        }
        gain[n] = last;
    }
    for (int c = 0; c < block.numChannels; ++c) {
        float* samples = block.channels[c] + start;
        for (int n = 0; n < length; ++n) samples[n] = static_cast<float>(samples[n] * gain[n]);
    }
}

double Gate::maxReductionDb() const { return deepestDb_; }
double Gate::openShare() const { return frames_ > 0 ? static_cast<double>(openFrames_) / static_cast<double>(frames_) : 0.0; }

}  // namespace tonewright
