#include "analysis/edge_detector.h"

#include <algorithm>
#include <cmath>

namespace tonewright {

EdgeDetector::EdgeDetector(const StreamSpec& spec)
    : edgeFrames_(std::max(10, static_cast<int>(std::lround(0.010 * spec.sampleRateHz)))), outermostFrames_(edgeFrames_ / 10),
      first_(spec.channels, std::vector<float>(edgeFrames_)), last_(first_) {}

void EdgeDetector::add(ConstBlock block) {
    const int wanted = std::min(edgeFrames_ - firstCount_, block.numFrames);
    const int skipped = std::max(0, block.numFrames - edgeFrames_);  // of a long block only the ends matter
    for (std::size_t c = 0; c < first_.size(); ++c) {
        const float* x = block.channels[c];
        std::copy_n(x, wanted, first_[c].begin() + firstCount_);
        for (int n = skipped; n < block.numFrames; ++n) last_[c][(frames_ + n) % edgeFrames_] = x[n];
    }
    firstCount_ += wanted;
    frames_ += block.numFrames;
}

EdgeDetector::Edge EdgeDetector::start(const std::vector<double>& means) const {
    return measure(first_, means, [](std::int64_t n) { return n; });
}

EdgeDetector::Edge EdgeDetector::end(const std::vector<double>& means) const {
    return measure(last_, means, [this](std::int64_t n) { return (frames_ - 1 - n) % edgeFrames_; });
}

// indexOf(n): where the n-th sample from the edge inwards lies.
template <class IndexOf>
EdgeDetector::Edge EdgeDetector::measure(const std::vector<std::vector<float>>& samples, const std::vector<double>& means, IndexOf indexOf) const {
    Edge edge;
    const std::int64_t count = std::min<std::int64_t>(frames_, edgeFrames_);
    for (std::size_t c = 0; c < samples.size(); ++c)
        for (std::int64_t n = 0; n < count; ++n) {
            const double x = samples[c][indexOf(n)] - means[c], power = x * x / static_cast<double>(samples.size());
            edge.power += power / static_cast<double>(count);
            if (n < outermostFrames_) edge.outermostPower += power / outermostFrames_;
        }
    return edge;
}

}  // namespace tonewright
