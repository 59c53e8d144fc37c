#include "analysis/percussiveness.h"

#include <algorithm>
#include <cmath>

namespace tonewright {

PercussivenessMeter::PercussivenessMeter(int bands, double frameSeconds)
    : bands_(bands), near_(static_cast<int>(std::lround(0.05 / frameSeconds))), far_(static_cast<int>(std::lround(0.15 / frameSeconds))),
      ring_(static_cast<std::size_t>(bands) * static_cast<std::size_t>(2 * far_ + 1), 0.0f), before_(bands), after_(bands) {}

void PercussivenessMeter::add(std::span<const float> bandPower) {
    const int length = 2 * far_ + 1;
    const auto at = [&](long frame) { return ring_.data() + static_cast<std::size_t>(frame % length) * static_cast<std::size_t>(bands_); };
    std::copy(bandPower.begin(), bandPower.end(), at(frames_));
    ++frames_;
    const long middle = frames_ - 1 - far_;
    if (middle < 0) return;
    const float* now = at(middle);
    std::fill(before_.begin(), before_.end(), 0.0f);
    std::fill(after_.begin(), after_.end(), 0.0f);
    const auto raise = [this](std::vector<float>& highest, const float* powers) {
        float* out = highest.data();
        for (int b = 0; b < bands_; ++b) out[b] = out[b] < powers[b] ? powers[b] : out[b];
    };
    for (int d = near_; d <= far_; ++d) {
        if (middle - d >= 0) raise(before_, at(middle - d));
        raise(after_, at(middle + d));
    }
    for (int b = 0; b < bands_; ++b) {
        if (now[b] <= 0.0f) continue;
        total_ += now[b];
        sustained_ += std::min({now[b], before_[b], after_[b]});
    }
}

std::optional<double> PercussivenessMeter::result() const {
    if (!(total_ > 0.0)) return {};
    return 1.0 - sustained_ / total_;
}

}  // namespace tonewright
