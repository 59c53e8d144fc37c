#include "analysis/resonance_finder.h"

#include <algorithm>
#include <cmath>

#include "core/decibels.h"

namespace tonewright {

namespace {

constexpr double kSwitchHz = 1600.0;      // below it the view with the sharper ear for pitch
constexpr int kReach = 12, kNear = 2;     // bands of 1/24 octave: the neighbourhood, and what belongs to the peak itself
constexpr double kQuietBelowLoudest = 1e-4;
constexpr double kFloorDb = -200.0;
constexpr int kLeastMoments = 60;         // five seconds

double edgeHz(int edge) { return fineBandCentreHz(0) * std::exp2((edge - 0.5) / kFineBandsPerOctave); }

// Power between two frequencies, bins counted by the share that lies inside; at least as much as one bin's worth wide.
double bandPower(const std::vector<float>& power, double binHz, double lowHz, double highHz) {
    const double from = lowHz / binHz + 0.5, to = std::min(highHz / binHz + 0.5, static_cast<double>(power.size()));
    const int first = static_cast<int>(from), last = std::min(static_cast<int>(to), static_cast<int>(power.size()) - 1);
    if (first >= last) return first < static_cast<int>(power.size()) ? power[static_cast<std::size_t>(first)] * (to - from) : 0.0;
    double sum = power[static_cast<std::size_t>(first)] * (first + 1 - from) + power[static_cast<std::size_t>(last)] * (to - last);
    for (int k = first + 1; k < last; ++k) sum += power[static_cast<std::size_t>(k)];
    return sum;
}

}  // namespace

ResonanceFinder::ResonanceFinder(const SpectralStream& stream) {
    int switchBand = 0;
    while (switchBand < kFineBands && fineBandCentreHz(switchBand) < kSwitchHz) ++switchBand;
    tonal_.usableHz = stream.usableHz(Resolution::tonal);
    fine_.usableHz = stream.usableHz(Resolution::fine);
    // A view that ends lower (a low sample rate) hands over earlier.
    while (switchBand > 0 && edgeHz(switchBand + kNear + 4) > tonal_.usableHz) --switchBand;
    tonal_.firstBand = 0;
    tonal_.lastBand = switchBand - 1;
    fine_.firstBand = switchBand;
    fine_.lastBand = kFineBands - 1;
    fine_.hops = 8;
}

void ResonanceFinder::frame(Resolution resolution, const SpectralFrame& frame) {
    if (resolution != Resolution::fine && resolution != Resolution::tonal) return;
    View& view = resolution == Resolution::fine ? fine_ : tonal_;
    if (view.power.empty()) {
        view.power.assign(frame.power.size(), 0.0f);
        view.binHz = frame.binHz;
    }
    if (!frame.silent) {
        float* sum = view.power.data();
        const float* power = frame.power.data();
        for (std::size_t k = 0; k < view.power.size(); ++k) sum[k] += power[k];
    }
    if (++view.filled < view.hops) return;
    view.filled = 0;
    judge(view);
    std::fill(view.power.begin(), view.power.end(), 0.0f);
}

void ResonanceFinder::judge(View& view) {
    int count = std::min(kFineBands, view.lastBand + 1 + kReach);
    while (count > 0 && edgeHz(count) > view.usableHz) --count;
    const int first = std::max(0, view.firstBand - kReach);
    if (count <= view.firstBand) return;

    view.levelsDb.assign(static_cast<std::size_t>(count), kFloorDb);
    double total = 0.0;
    for (int band = first; band < count; ++band) {
        const double power = bandPower(view.power, view.binHz, edgeHz(band), edgeHz(band + 1));
        total += power;
        if (power > 1e-20) view.levelsDb[static_cast<std::size_t>(band)] = powerToDb(power);
    }
    view.loudest = std::max(view.loudest, total);
    if (!(total > kQuietBelowLoudest * view.loudest)) return;

    for (int band = view.firstBand; band <= std::min(view.lastBand, count - 1); ++band) {
        // As far to the left as to the right, so that a slope is no peak.
        const int reach = std::min({kReach, band - first, count - 1 - band});
        if (reach < kNear + 4) continue;
        double sum = 0.0;
        for (int away = kNear + 1; away <= reach; ++away)
            sum += view.levelsDb[static_cast<std::size_t>(band - away)] + view.levelsDb[static_cast<std::size_t>(band + away)];
        const double excessDb = view.levelsDb[static_cast<std::size_t>(band)] - sum / (2.0 * (reach - kNear));
        const int index = std::clamp(static_cast<int>(std::floor((excessDb - kLowestDb) / kStepDb)), 0, kClasses - 1);
        ++counts_[static_cast<std::size_t>(band)][static_cast<std::size_t>(index)];
        ++moments_[static_cast<std::size_t>(band)];
    }
}

double ResonanceFinder::quantileDb(int band, double share) const {
    const double wanted = share * static_cast<double>(moments_[static_cast<std::size_t>(band)]);
    double below = 0.0;
    for (int index = 0; index < kClasses; ++index) {
        const double here = counts_[static_cast<std::size_t>(band)][static_cast<std::size_t>(index)];
        if (here > 0.0 && below + here >= wanted) return kLowestDb + kStepDb * (index + (wanted - below) / here);
        below += here;
    }
    return kLowestDb;
}

ResonanceFinder::Result ResonanceFinder::result() const {
    Result result;
    for (int band = 0; band < kFineBands; ++band)
        if (moments_[static_cast<std::size_t>(band)] >= kLeastMoments) result.excessDb[static_cast<std::size_t>(band)] = quantileDb(band, 0.5);

    const auto at = [&](int band) { return band < 0 || band >= kFineBands ? std::optional<double>() : result.excessDb[static_cast<std::size_t>(band)]; };
    for (int band = 1; band + 1 < kFineBands; ++band) {
        const auto here = at(band), left = at(band - 1), right = at(band + 1);
        if (!here || !left || !right || *here < kLeastPeakDb || *left > *here || *right >= *here) continue;
        // The summit of the parabola through three bands; the width where it has half the height (in dB).
        const double bend = *left - 2.0 * *here + *right;
        const double shift = bend < 0.0 ? std::clamp(0.5 * (*left - *right) / bend, -0.5, 0.5) : 0.0;
        const double half = 0.5 * *here;
        const auto reachTo = [&](int step) {
            double before = *here;
            for (int away = 1; away <= kReach; ++away) {
                const auto next = at(band + step * away);
                if (!next) return static_cast<double>(away);
                if (*next <= half) return away - 1 + (before - half) / (before - *next);
                before = *next;
            }
            return static_cast<double>(kReach);
        };
        const double octaves = (reachTo(-1) + reachTo(1)) / kFineBandsPerOctave;
        result.peaks.push_back({.frequencyHz = fineBandCentreHz(0) * std::exp2((band + shift) / kFineBandsPerOctave),
                                .excessDb = *here,
                                .steadyDb = quantileDb(band, 0.2),
                                .q = 1.0 / (std::exp2(0.5 * octaves) - std::exp2(-0.5 * octaves))});
    }
    std::stable_sort(result.peaks.begin(), result.peaks.end(), [](const NarrowPeak& a, const NarrowPeak& b) { return a.excessDb > b.excessDb; });
    if (result.peaks.size() > kMostPeaks) result.peaks.resize(kMostPeaks);
    return result;
}

}  // namespace tonewright
