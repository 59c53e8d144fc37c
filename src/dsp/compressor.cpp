#include "dsp/compressor.h"

#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "dsp/log_gain.h"
#include "dsp/sample_guard.h"
#include "dsp/target_clones.h"

namespace tonewright {

namespace {

// The two logarithmic loops: nothing in them depends on the sample before.
TONEWRIGHT_TARGET_CLONES void powersToReductions(const GainComputer& curve, double idlePower, double* values, int length) {
    for (int n = 0; n < length; ++n) {
        const double power = values[n] > idlePower ? values[n] : idlePower;
        const double reductionDb = curve.reductionDb(fastPowerToDb(power));
        values[n] = power > idlePower ? reductionDb : 0.0;
    }
}

TONEWRIGHT_TARGET_CLONES void reductionsToGains(double makeupGainDb, double mix, double* values, int length) {
    for (int n = 0; n < length; ++n) values[n] = 1.0 + mix * (fastDbToGain(makeupGainDb - values[n]) - 1.0);
}

}  // namespace

Compressor::Compressor(const Params& params, const StreamSpec& spec)
    : curve_{validated(params, "compressor").thresholdDb, params.ratio, params.kneeDb},
      idlePower_(curve_.idlePower()),
      makeupGainDb_(params.makeupGainDb),
      mix_(params.mix),
      stereoLink_(params.stereoLink),
      transparent_(params.mix == 0.0 || (params.ratio == 1.0 && params.makeupGainDb == 0.0)),
      linked_(params.stereoLink == 1.0 || spec.channels == 1),
      sidechain_(params.sidechain, spec),
      detectors_(spec.channels, LevelDetector(params.detector, spec.sampleRateHz)),
      ballistics_(linked_ ? 1 : spec.channels, Ballistics(params.release, params.attackMs, params.releaseMs, spec.sampleRateHz)),
      delay_(spec.channels, static_cast<int>(std::lround(params.lookaheadMs * 0.001 * spec.sampleRateHz))),
      reductions_(spec.channels * kChunk) {}

void Compressor::reset() {
    sidechain_.reset();
    for (LevelDetector& detector : detectors_) detector.reset();
    for (Ballistics& ballistics : ballistics_) ballistics.reset();
    delay_.reset();
    deepestDb_ = sumDb_ = 0.0;
    frames_ = working_ = 0;
}

void Compressor::process(Block block) noexcept {
    makeUsable(block);
    processWithKey(block, block);
}

void Compressor::processWithKey(Block block, ConstBlock key) noexcept {
    const FlushDenormals guard;
    makeUsable(block);
    if (transparent_) {
        delay_.process(block);
        frames_ += block.numFrames;
        return;
    }
    for (int start = 0; start < block.numFrames; start += kChunk)
        processChunk(block, key, start, std::min(kChunk, block.numFrames - start));
}

void Compressor::processChunk(Block block, ConstBlock key, int start, int length) noexcept {
    const int channels = block.numChannels, voices = static_cast<int>(ballistics_.size());
    const bool hasKey = key.numChannels > 0;

    // Levels, as power; with one gain for all, the loudest counts.
    double* power = reductions_.data();
    double loudest = 0.0;
    for (int c = 0; c < channels; ++c) {
        const float* heard = hasKey ? key.channels[std::min(c, key.numChannels - 1)] + start : nullptr;
        LevelDetector& detector = detectors_[c];
        double* own = power + (linked_ ? 0 : c * kChunk);
        for (int n = 0; n < length; ++n) {
            const double level = detector(sidechain_(c, heard ? usableSample(heard[n]) : 0.0f));
            own[n] = linked_ && c > 0 ? std::max(own[n], level) : level;
            loudest = std::max(loudest, level);
        }
    }

    const bool idle = loudest <= idlePower_ &&
                      std::all_of(ballistics_.begin(), ballistics_.end(), [](const Ballistics& b) { return b.atRest(); });
    if (!idle) reduce(length);
    frames_ += length;

    delay_.process(block, start, length);
    if (idle && makeupGainDb_ == 0.0) return;
    for (int v = 0; v < voices; ++v) {
        double* gain = reductions_.data() + v * kChunk;
        if (idle) std::fill_n(gain, length, 0.0);
        reductionsToGains(makeupGainDb_, mix_, gain, length);
    }
    for (int c = 0; c < channels; ++c) {
        const double* gain = reductions_.data() + (linked_ ? 0 : c * kChunk);
        float* samples = block.channels[c] + start;
        for (int n = 0; n < length; ++n) samples[n] = static_cast<float>(samples[n] * gain[n]);
    }
}

// In place: power of each voice to reduction in dB, through curve, link and ballistics.
void Compressor::reduce(int length) noexcept {
    const int voices = static_cast<int>(ballistics_.size());
    const auto voice = [this](int v) { return reductions_.data() + v * kChunk; };
    for (int v = 0; v < voices; ++v) powersToReductions(curve_, idlePower_, voice(v), length);
    for (int n = 0; n < length && !linked_; ++n) {
        double deepest = 0.0;
        for (int v = 0; v < voices; ++v) deepest = std::max(deepest, voice(v)[n]);
        for (int v = 0; v < voices; ++v) voice(v)[n] += stereoLink_ * (deepest - voice(v)[n]);
    }
    for (int v = 0; v < voices; ++v) ballistics_[v].process(voice(v), length);
    for (int n = 0; n < length; ++n) {
        double deepest = 0.0;
        for (int v = 0; v < voices; ++v) deepest = std::max(deepest, voice(v)[n]);
        deepestDb_ = std::max(deepestDb_, deepest);
        sumDb_ += deepest;
        working_ += deepest > 0.1;
    }
}

double Compressor::maxReductionDb() const { return 0.0 - deepestDb_; }
double Compressor::meanReductionDb() const { return frames_ > 0 ? 0.0 - sumDb_ / static_cast<double>(frames_) : 0.0; }
double Compressor::workingShare() const { return frames_ > 0 ? static_cast<double>(working_) / static_cast<double>(frames_) : 0.0; }

}  // namespace tonewright
