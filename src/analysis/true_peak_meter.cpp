#include "analysis/true_peak_meter.h"

#include <algorithm>
#include <array>

#include "analysis/peak_of.h"
#include "core/decibels.h"

namespace tonewright {

namespace {

constexpr int kPiece = 256;

// Highest peak among the intervals that `count` samples complete.
float search(TruePeakInterpolator& interpolator, const float* samples, int count, float level) {
    std::array<float, kPiece> peaks;
    for (int start = 0; start < count; start += kPiece) {
        const int length = std::min(kPiece, count - start);
        level = interpolator.process(samples + start, length, level, peaks.data());
    }
    return level;
}

}  // namespace

TruePeakMeter::TruePeakMeter(const StreamSpec& spec) : channels_(spec.channels) {}

// A sample is a point of the waveform: its level is known before the search, which then has less to look at.
void TruePeakMeter::add(ConstBlock block) {
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        Channel& channel = channels_[c];
        channel.samplePeak = std::max(channel.samplePeak, peakOf(block.channels[c], block.numFrames));
        channel.peak = search(channel.interpolator, block.channels[c], block.numFrames, std::max(channel.peak, channel.samplePeak));
    }
}

double TruePeakMeter::truePeakDbtp() const {
    static constexpr std::array<float, TruePeakInterpolator::kLatencyFrames + 1> silence{};
    float peak = 0.0f;
    for (const Channel& channel : channels_) {
        TruePeakInterpolator atEnd = channel.interpolator;
        peak = std::max(peak, search(atEnd, silence.data(), static_cast<int>(silence.size()), std::max(channel.peak, channel.samplePeak)));
    }
    return gainToDb(peak);
}

double TruePeakMeter::samplePeakDbfs() const {
    float peak = 0.0f;
    for (const Channel& channel : channels_) peak = std::max(peak, channel.samplePeak);
    return gainToDb(peak);
}

}  // namespace tonewright
