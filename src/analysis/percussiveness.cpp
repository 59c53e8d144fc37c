#include "analysis/percussiveness.h"

#include <algorithm>
#include <cmath>

namespace tonewright {

PercussivenessMeter::PercussivenessMeter(int bands, double frameSeconds)
    : bands_(bands), near_(static_cast<int>(std::lround(0.05 / frameSeconds))), far_(static_cast<int>(std::lround(0.15 / frameSeconds))),
      ring_(static_cast<std::size_t>(bands) * static_cast<std::size_t>(2 * far_ + 1), 0.0f) {}

void PercussivenessMeter::add(std::span<const float> bandPower) {
    const int length = 2 * far_ + 1;
    const auto at = [&](long frame) { return ring_.data() + static_cast<std::size_t>(frame % length) * static_cast<std::size_t>(bands_); };
    std::copy(bandPower.begin(), bandPower.end(), at(frames_));
    ++frames_;
    const long middle = frames_ - 1 - far_;
    if (middle < 0) return;
    const float* now = at(middle);
    for (int b = 0; b < bands_; ++b) {
        if (now[b] <= 0.0f) continue;
        float before = 0.0f, after = 0.0f;
        for (int d = near_; d <= far_; ++d) {
            if (middle - d >= 0) before = std::max(before, at(middle - d)[b]);
            after = std::max(after, at(middle + d)[b]);
        }
        total_ += now[b];
        sustained_ += std::min({now[b], before, after});
    }
}

std::optional<double> PercussivenessMeter::result() const {
    if (!(total_ > 0.0)) return {};
    return 1.0 - sustained_ / total_;
}

}  // namespace tonewright
