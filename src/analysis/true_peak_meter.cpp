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

TruePeakMeter::TruePeakMeter(const StreamSpec& spec) : interpolators_(spec.channels) {}

// A sample is a point of the waveform: its level is known before the search, which then has less to look at. Only the
// highest channel counts, so each is searched above what the others have reached.
void TruePeakMeter::add(ConstBlock block) {
    for (std::size_t c = 0; c < interpolators_.size(); ++c) samplePeak_ = std::max(samplePeak_, peakOf(block.channels[c], block.numFrames));
    peak_ = std::max(peak_, samplePeak_);
    for (std::size_t c = 0; c < interpolators_.size(); ++c) peak_ = search(interpolators_[c], block.channels[c], block.numFrames, peak_);
}

double TruePeakMeter::truePeakDbtp() const {
    static constexpr std::array<float, TruePeakInterpolator::kLatencyFrames + 1> silence{};
    float peak = peak_;
    for (TruePeakInterpolator atEnd : interpolators_) peak = search(atEnd, silence.data(), static_cast<int>(silence.size()), peak);
    return gainToDb(peak);
}

double TruePeakMeter::samplePeakDbfs() const { return gainToDb(samplePeak_); }

}  // namespace tonewright
