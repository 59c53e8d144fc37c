#include "analysis/shared_treble.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "analysis/facts.h"

namespace tonewright {

SharedTreble::SharedTreble(double binHz, double sampleRateHz, int firstBin, std::span<const std::vector<double>> powers,
                           std::span<const std::vector<std::complex<double>>> crossings, std::span<const double> lagShape)
    : radiansPerFrame_(2.0 * std::numbers::pi * binHz / sampleRateHz), powers_(powers.size(), std::vector<double>(kBands)), lagShape_(lagShape.begin(), lagShape.end()) {
    const double halfBand = std::pow(10.0, 0.05);
    const int bins = powers.empty() ? 0 : static_cast<int>(powers[0].size());
    firstBin_ = std::max(firstBin, static_cast<int>(std::ceil(thirdOctaveCentreHz(kFirstBand) / halfBand / binHz)));
    const int skipped = firstBin_ - firstBin;
    int end = skipped;
    for (int band = 0; band < kBands; ++band) {
        const double hz = thirdOctaveCentreHz(kFirstBand + band);
        ranges_[band].from = std::max(0, static_cast<int>(std::ceil(hz / halfBand / binHz)) - firstBin_);
        ranges_[band].to = std::min(bins - 1 - skipped, static_cast<int>(hz * halfBand / binHz) - firstBin_);
        end = std::max(end, skipped + ranges_[band].to + 1);
        for (std::size_t m = 0; m < powers.size(); ++m)
            for (int k = ranges_[band].from; k <= ranges_[band].to; ++k) powers_[m][band] += powers[m][skipped + k];
    }
    for (const auto& crossing : crossings)
        crossings_.emplace_back(crossing.begin() + std::min(skipped, bins), crossing.begin() + std::min(end, bins));
}

double SharedTreble::correlation(int i, int j, int band, double delayFramesI, double delayFramesJ) const {
    if (i == j) return 1.0;
    if (i > j) {
        std::swap(i, j);
        std::swap(delayFramesI, delayFramesJ);
    }
    const double own = powers_[i][band] * powers_[j][band], lag = delayFramesJ - delayFramesI;
    const auto whole = static_cast<std::size_t>(std::lround(std::abs(lag)));
    if (!(own > 0.0) || whole >= lagShape_.size() || lagShape_[whole] < 0.5) return 0.0;
    const std::vector<std::complex<float>>& crossing = crossings_[static_cast<std::size_t>(j) * (j - 1) / 2 + i];
    const std::complex<double> turn = std::polar(1.0, -radiansPerFrame_ * lag);
    std::complex<double> phase = std::polar(1.0, -radiansPerFrame_ * lag * (firstBin_ + ranges_[band].from));
    double sum = 0.0;
    for (int k = ranges_[band].from; k <= ranges_[band].to; ++k, phase *= turn) sum += (std::complex<double>(crossing[k]) * phase).real();
    return std::clamp(sum / lagShape_[whole] / std::sqrt(own), -1.0, 1.0);
}

}  // namespace tonewright
