#include "analysis/dynamics_meter.h"

#include <algorithm>
#include <cmath>

#include "core/decibels.h"

namespace tonewright {

DynamicsMeter::DynamicsMeter(const StreamSpec& spec)
    : blockFrames_(spec.sampleRateHz == 44100.0 ? 132480 : static_cast<int>(std::lround(3.0 * spec.sampleRateHz))), channels_(spec.channels) {}

void DynamicsMeter::Channel::closeBlock(int frames) {
    totalEnergy += blockEnergy;
    blockPowers.add(2.0 * blockEnergy / frames);
    if (blockPeak > highestPeak) {
        secondPeak = highestPeak;
        highestPeak = blockPeak;
    } else {
        secondPeak = std::max(secondPeak, blockPeak);
    }
    blockEnergy = 0.0;
    blockPeak = 0.0f;
}

void DynamicsMeter::add(ConstBlock block) {
    for (int start = 0; start < block.numFrames;) {
        const int count = std::min(blockFrames_ - filled_, block.numFrames - start);
        for (std::size_t c = 0; c < channels_.size(); ++c) {
            Channel& channel = channels_[c];
            const float* x = block.channels[c] + start;
            double energy = channel.blockEnergy;
            float peak = channel.blockPeak;
            for (int n = 0; n < count; ++n) {
                const float sample = std::isfinite(x[n]) ? x[n] : 0.0f;
                energy += static_cast<double>(sample) * sample;
                peak = std::max(peak, std::abs(sample));
            }
            channel.blockEnergy = energy;
            channel.blockPeak = peak;
        }
        filled_ += count;
        start += count;
        frames_ += count;
        if (filled_ == blockFrames_) {
            for (Channel& channel : channels_) channel.closeBlock(blockFrames_);
            filled_ = 0;
        }
    }
}

DynamicsFacts DynamicsMeter::result(const LoudnessMeter::Result& loudness, double truePeakDbtp) const {
    DynamicsFacts facts;
    facts.shortTermLufs = loudness.shortTermLufs;
    facts.minPeakToShortTermDb = loudness.minPeakToShortTermDb;
    if (std::isfinite(loudness.integratedLufs) && std::isfinite(truePeakDbtp)) facts.peakToLoudnessDb = truePeakDbtp - loudness.integratedLufs;
    if (frames_ == 0) return facts;

    double energy = 0.0, dynamicRange = 0.0;
    float peak = 0.0f;
    int measured = 0;
    for (Channel channel : channels_) {
        energy += channel.totalEnergy + channel.blockEnergy;
        peak = std::max({peak, channel.highestPeak, channel.blockPeak});
        if (filled_ > 0 && filled_ >= blockFrames_ / 2) channel.closeBlock(filled_);
        const std::int64_t blocks = channel.blockPowers.count();
        if (blocks < 2) continue;
        // Nearest whole number of blocks, halves to even.
        const std::int64_t loudest = std::max<std::int64_t>(1, std::llrint(0.2 * static_cast<double>(blocks)));
        const double power = channel.blockPowers.meanOfHighest(loudest);
        if (!(power > 0.0) || channel.secondPeak <= 0.0f) continue;
        // Where only one block holds sound, the second highest peak says nothing. (A square wave has -3.01.)
        const double channelDb = gainToDb(channel.secondPeak) - powerToDb(power);
        if (channelDb < -3.1) continue;
        dynamicRange += channelDb;
        ++measured;
    }
    facts.rmsDbfs = powerToDb(energy / (static_cast<double>(frames_) * static_cast<double>(channels_.size())));
    if (peak > 0.0f) facts.crestDb = gainToDb(peak) - facts.rmsDbfs;
    if (measured > 0) facts.dynamicRangeDb = dynamicRange / measured;
    return facts;
}

}  // namespace tonewright
