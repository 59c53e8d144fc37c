#include "analysis/edge_detector.h"

#include <algorithm>
#include <cmath>

namespace tonewright {

EdgeDetector::EdgeDetector(const StreamSpec& spec)
    : edgeFrames_(std::max(10, static_cast<int>(std::lround(0.010 * spec.sampleRateHz)))), outermostFrames_(edgeFrames_ / 10), last_(edgeFrames_) {}

void EdgeDetector::add(ConstBlock block) {
    // Of a long block only the ends matter.
    const int wanted = edgeFrames_ - static_cast<int>(first_.size());
    for (int n = 0; n < block.numFrames; ++n) {
        if (n >= wanted && n < block.numFrames - edgeFrames_) n = block.numFrames - edgeFrames_;
        double power = 0.0;
        for (int c = 0; c < block.numChannels; ++c) power += static_cast<double>(block.channels[c][n]) * block.channels[c][n];
        power /= block.numChannels;
        if (n < wanted) first_.push_back(power);
        last_[(frames_ + n) % edgeFrames_] = power;
    }
    frames_ += block.numFrames;
}

EdgeDetector::Edge EdgeDetector::start() const {
    Edge edge;
    const int count = static_cast<int>(first_.size());
    for (int n = 0; n < count; ++n) {
        edge.power += first_[n] / count;
        if (n < outermostFrames_) edge.outermostPower += first_[n] / outermostFrames_;
    }
    return edge;
}

EdgeDetector::Edge EdgeDetector::end() const {
    Edge edge;
    const int count = static_cast<int>(std::min<std::int64_t>(frames_, edgeFrames_));
    for (int n = 0; n < count; ++n) {
        const double power = last_[(frames_ - 1 - n) % edgeFrames_];
        edge.power += power / count;
        if (n < outermostFrames_) edge.outermostPower += power / outermostFrames_;
    }
    return edge;
}

}  // namespace tonewright
