#include "analysis/lossy_cutoff_detector.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/decibels.h"

namespace tonewright {

namespace {

constexpr double kBandHz = 100.0;                // the spectrum is judged in bands this wide
constexpr double kLowestHz = 15000.0, kHighestHz = 20300.0;
constexpr double kDropDb = 25.0;
constexpr int kFewestFrames = 20;

int frameLength(double rate) { return rate > 50000.0 ? (rate > 100000.0 ? 16384 : 8192) : 4096; }

}  // namespace

LossyCutoffDetector::LossyCutoffDetector(const StreamSpec& spec)
    : sampleRateHz_(spec.sampleRateHz), active_(spec.sampleRateHz >= 44000.0), framer_(spec.channels, frameLength(spec.sampleRateHz)),
      fft_(framer_.length()), window_(framer_.length()), time_(framer_.length()), spectrum_(fft_.bins()), power_(fft_.bins()) {
    const int n = framer_.length();
    for (int i = 0; i < n; ++i)                  // Blackman-Harris: its side lobes (-92 dB) hide no wall
        window_[i] = static_cast<float>(0.35875 - 0.48829 * std::cos(2 * std::numbers::pi * i / n) + 0.14128 * std::cos(4 * std::numbers::pi * i / n) -
                                        0.01168 * std::cos(6 * std::numbers::pi * i / n));
}

void LossyCutoffDetector::add(ConstBlock block) {
    if (!active_) return;
    framer_.add(block, [this](ConstBlock frame) { close(frame); });
}

// Left and right by turns: what one channel's coder cut off, it cut off in both.
void LossyCutoffDetector::close(ConstBlock frame) {
    const float* x = frame.channels[frames_ % frame.numChannels];
    ++frames_;
    bool sound = false;
    for (int n = 0; n < frame.numFrames; ++n) {
        time_[n] = std::isfinite(x[n]) ? x[n] * window_[n] : 0.0f;
        sound = sound || x[n] != 0.0f;
    }
    if (!sound) return;
    fft_.forward(time_, spectrum_);
    for (std::size_t k = 0; k < power_.size(); ++k) power_[k] += std::norm(spectrum_[k]);
}

double LossyCutoffDetector::cutoffHz() const {
    if (frames_ < kFewestFrames) return 0.0;
    const double binHz = sampleRateHz_ / fft_.size();
    std::vector<double> bandDb;
    double total = 0.0;
    for (double power : power_) total += power;
    if (!(total > 0.0)) return 0.0;
    for (double hz = 0.0; hz + kBandHz <= 0.5 * sampleRateHz_; hz += kBandHz) {
        const int from = static_cast<int>(std::ceil(hz / binHz)), to = static_cast<int>(std::ceil((hz + kBandHz) / binHz));
        double sum = 0.0;
        for (int k = from; k < to; ++k) sum += power_[k];
        bandDb.push_back(powerToDb(sum / std::max(1, to - from) / total + 1e-30));
    }

    const auto mean = [&](int from, int to) {
        double sum = 0.0;
        for (int b = from; b < to; ++b) sum += bandDb[b];
        return sum / (to - from);
    };
    const int bands = static_cast<int>(bandDb.size());
    double bestDrop = kDropDb;
    int best = -1;
    for (int b = static_cast<int>(kLowestHz / kBandHz); b <= static_cast<int>(kHighestHz / kBandHz) && b + 9 <= bands; ++b) {
        const double below = mean(b - 6, b - 1), above = mean(b + 4, b + 9), drop = below - above;
        if (drop <= bestDrop) continue;
        const double highest = *std::max_element(bandDb.begin() + b + 4, bandDb.end());
        // Nothing comes back, and the slope before the wall is no wall itself.
        if (highest > below - kDropDb + 3.0 || mean(b - 14, b - 9) - below > 0.5 * drop) continue;
        bestDrop = drop;
        best = b;
    }
    if (best < 0) return 0.0;
    // Where the level has fallen half way.
    const double middle = 0.5 * (mean(best - 6, best - 1) + mean(best + 4, best + 9));
    int at = best - 6;
    while (at < best + 8 && bandDb[at] > middle) ++at;
    return at * kBandHz;
}

}  // namespace tonewright
