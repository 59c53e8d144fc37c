#include "dsp/gain_envelope.h"

#include <algorithm>
#include <stdexcept>

#include "core/decibels.h"
#include "dsp/finite.h"

namespace tonewright {

namespace {

// Between points the gain goes on by multiplication; every so often it is computed anew, at fixed frames of the stream.
constexpr int kAnchorFrames = 64;

double lineDb(const GainEnvelope::Point& a, const GainEnvelope::Point& b, double seconds) {
    return a.gainDb + (b.gainDb - a.gainDb) * (seconds - a.timeSeconds) / (b.timeSeconds - a.timeSeconds);
}

}  // namespace

GainEnvelope::GainEnvelope(const Params& params, const StreamSpec& spec)
    : points_(validated(params, "gainEnvelope").points), sampleRateHz_(spec.sampleRateHz) {
    for (std::size_t i = 1; i < points_.size(); ++i)
        if (points_[i].timeSeconds < points_[i - 1].timeSeconds)
            throw std::invalid_argument("gainEnvelope: points[" + std::to_string(i) + "] lies before the point in front of it");
}

void GainEnvelope::reset() {
    position_ = 0;
    next_ = 0;
    gain_ = ratio_ = 1.0;
}

double GainEnvelope::gainDbAt(double timeSeconds) const {
    if (points_.empty()) return 0.0;
    const auto after = std::upper_bound(points_.begin(), points_.end(), timeSeconds,
                                        [](double time, const Point& point) { return time < point.timeSeconds; });
    if (after == points_.begin()) return points_.front().gainDb;
    if (after == points_.end()) return points_.back().gainDb;
    return lineDb(after[-1], *after, timeSeconds);
}

void GainEnvelope::process(Block block) noexcept {
    const auto frameOf = [&](std::size_t point) { return static_cast<std::int64_t>(std::ceil(points_[point].timeSeconds * sampleRateHz_)); };
    for (int done = 0; done < block.numFrames;) {
        bool anew = position_ % kAnchorFrames == 0;
        while (next_ < points_.size() && frameOf(next_) <= position_) {
            ++next_;
            anew = true;
        }
        if (anew) {
            double gainDb = 0.0, stepDb = 0.0;
            if (next_ > 0 && next_ < points_.size()) {
                const Point &a = points_[next_ - 1], &b = points_[next_];
                gainDb = lineDb(a, b, static_cast<double>(position_) / sampleRateHz_);
                stepDb = (b.gainDb - a.gainDb) / (b.timeSeconds - a.timeSeconds) / sampleRateHz_;
            } else if (!points_.empty()) {
                gainDb = next_ ? points_.back().gainDb : points_.front().gainDb;
            }
            gain_ = dbToGain(gainDb);
            ratio_ = dbToGain(stepDb);
        }
        std::int64_t until = (position_ / kAnchorFrames + 1) * kAnchorFrames;
        if (next_ < points_.size()) until = std::min(until, frameOf(next_));
        const int count = static_cast<int>(std::min<std::int64_t>(until - position_, block.numFrames - done));
        for (int n = done; n < done + count; ++n) {
            for (int c = 0; c < block.numChannels; ++c)
                block.channels[c][n] = static_cast<float>(finiteOrZero(block.channels[c][n]) * gain_);
            gain_ *= ratio_;
        }
        done += count;
        position_ += count;
    }
}

}  // namespace tonewright
