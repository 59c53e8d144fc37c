#include "dsp/saturator.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <complex>
#include <numbers>

#include "core/decibels.h"
#include "dsp/saturator_curves.h"

namespace tonewright {

namespace {

constexpr int kChunk = 64;        // base frames taken through the oversampler at once
constexpr double kDcHz = 3.0;
constexpr int kFilterFrames = 256;  // more than the oversampler remembers

// Peak of a sine of -18 dBFS RMS, the usual alignment of analogue equipment.
const double kReferencePeak = dbToGain(-18.0) * std::numbers::sqrt2;
constexpr double kReferenceHz = 1000.0;

// Factors for a curve whose harmonics fall as steeply as those of the header's table (measured there).
int factorFor(double driveDb, double sampleRateHz) {
    int factor = driveDb <= 6.0 ? 4 : driveDb <= 13.0 ? 8 : 16;
    for (double rate = sampleRateHz; rate > 64000.0 && factor > 2; rate /= 2.0) factor /= 2;
    return factor;
}

}  // namespace

double Saturator::FirstOrder::magnitude(double hz, double sampleRateHz) const {
    const std::complex<double> z = std::polar(1.0, -2.0 * std::numbers::pi * hz / sampleRateHz);
    return std::abs((b0 + b1 * z) / (1.0 + a1 * z));
}

Saturator::Voice Saturator::voice(const Params& params, double sampleRateHz) {
    // Bilinear first-order shelf (low s^0, high s^1), half its decibels at hz.
    const auto shelf = [&](double hz, double lowDb, double highDb) {
        const double low = dbToGain(lowDb), high = dbToGain(highDb), middle = std::sqrt(low / high);
        const double g = std::tan(std::numbers::pi * hz / sampleRateHz);
        // H(s) = (high s + low w) / (s + w) has its centre at w sqrt(low/high): moved back to hz.
        const double w = g / middle, norm = 1.0 / (1.0 + w);
        return FirstOrder{(high + low * w) * norm, (low * w - high) * norm, (w - 1.0) * norm};
    };
    switch (params.kind) {
        case SaturatorKind::tape: return {shelf(4000.0, 0.0, 3.5), 0.06 * params.asymmetry};
        case SaturatorKind::tube: return {FirstOrder{}, 0.30 * params.asymmetry};
        case SaturatorKind::transformer: return {shelf(90.0, 9.0, 0.0), 0.08 * params.asymmetry};
        case SaturatorKind::softClip: break;
    }
    return {FirstOrder{}, 0.0};
}

// RMS of the reference sine / RMS of what the curve makes of it, harmonics weighed by the de-emphasis, without DC.
double Saturator::makeup(const Voice& voice, double sampleRateHz) const {
    constexpr int kPoints = 1024;
    const double peak = drive_ * kReferencePeak * voice.emphasis.magnitude(kReferenceHz, sampleRateHz);
    const FirstOrder deEmphasis = voice.emphasis.inverse();
    double power = 0.0;
    for (int harmonic = 1; harmonic * kReferenceHz < 0.5 * sampleRateHz && harmonic < 40; ++harmonic) {
        std::complex<double> sum;
        for (int i = 0; i < kPoints; ++i) {
            const double angle = 2.0 * std::numbers::pi * i / kPoints;
            sum += saturatorCurve(params_.kind, peak * std::sin(angle) + voice.bias) * std::polar(1.0, -harmonic * angle);
        }
        power += 0.5 * std::norm(2.0 / kPoints * sum * deEmphasis.magnitude(harmonic * kReferenceHz, sampleRateHz));
    }
    const double rms = std::sqrt(power) / (drive_ * saturatorSlope(params_.kind, voice.bias));
    return kReferencePeak / std::numbers::sqrt2 / rms;
}

Saturator::Saturator(const Params& params, const StreamSpec& spec)
    : params_(validated(params, "saturator")), drive_(dbToGain(params.driveDb)) {
    const Voice voice = Saturator::voice(params, spec.sampleRateHz);
    if (params.autoGain) makeup_ = makeup(voice, spec.sampleRateHz);
    bias_ = static_cast<float>(voice.bias);
    // Through the same arithmetic as the audio, so that silence gives exact zeros.
    applySaturatorCurve(params.kind, &offset_, 1, static_cast<float>(drive_), bias_, 0.0f, 1.0f);
    scale_ = static_cast<float>(makeup_ / (drive_ * saturatorSlope(params.kind, voice.bias)));
    blocksDc_ = voice.bias != 0.0;
    emphasised_ = params.kind == SaturatorKind::tape || params.kind == SaturatorKind::transformer;

    const double pole = std::exp(-2.0 * std::numbers::pi * kDcHz / spec.sampleRateHz), gain = 0.5 * (1.0 + pole);
    const Oversampler oversampler(factorFor(params.driveDb, spec.sampleRateHz), kChunk);
    const std::vector<float> dry(oversampler.latencyFrames());
    for (int c = 0; c < spec.channels; ++c)
        channels_.push_back({oversampler, voice.emphasis, voice.emphasis.inverse(), {gain, -gain, -pole}, dry});
}

void Saturator::reset() {
    for (Channel& channel : channels_) {
        channel.oversampler.reset();
        channel.emphasis.state = channel.deEmphasis.state = channel.dcBlock.state = 0.0;
        std::fill(channel.dry.begin(), channel.dry.end(), 0.0f);
        channel.dryPosition = channel.silentFrames = 0;
    }
}

double Saturator::smallSignalGainDb() const { return gainToDb(makeup_); }

bool Saturator::atRest(const Channel& channel) const {
    return channel.silentFrames > kFilterFrames && channel.emphasis.state == 0.0 && channel.deEmphasis.state == 0.0 &&
           channel.dcBlock.state == 0.0;
}

void Saturator::process(Block block) noexcept {
    assert(block.numChannels == static_cast<int>(channels_.size()));
    for (int c = 0; c < block.numChannels; ++c)
        for (int start = 0; start < block.numFrames; start += kChunk)
            processChunk(channels_[c], block.channels[c] + start, std::min(kChunk, block.numFrames - start));
}

void Saturator::processChunk(Channel& channel, float* audio, int frames) noexcept {
    float input[kChunk], wet[kChunk];
    bool silent = true;
    for (int n = 0; n < frames; ++n) {
        input[n] = tamed(audio[n]);
        silent = silent && input[n] == 0.0f;
    }
    // Everything the filters hold is zero, and so is what would come out: positions in the dry ring do not matter either.
    if (silent && atRest(channel)) {
        std::fill_n(audio, frames, 0.0f);
        return;
    }
    channel.silentFrames = silent ? channel.silentFrames + frames : 0;

    for (int n = 0; n < frames; ++n) wet[n] = emphasised_ ? static_cast<float>(channel.emphasis(input[n])) : input[n];
    const std::span<float> high = channel.oversampler.up({wet, static_cast<std::size_t>(frames)});
    applySaturatorCurve(params_.kind, high.data(), static_cast<int>(high.size()), static_cast<float>(drive_), bias_, offset_, scale_);
    channel.oversampler.down({wet, static_cast<std::size_t>(frames)});

    const int latency = static_cast<int>(channel.dry.size());
    const double dryGain = 1.0 - params_.mix;
    for (int n = 0; n < frames; ++n) {
        double y = emphasised_ ? channel.deEmphasis(wet[n]) : wet[n];
        if (blocksDc_) y = channel.dcBlock(y);
        const float dry = channel.dry[channel.dryPosition];
        channel.dry[channel.dryPosition] = input[n];
        if (++channel.dryPosition == latency) channel.dryPosition = 0;
        audio[n] = params_.mix == 0.0 ? dry : static_cast<float>(dryGain * dry + params_.mix * y);
    }
}

}  // namespace tonewright
