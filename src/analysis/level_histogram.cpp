#include "analysis/level_histogram.h"

#include <algorithm>
#include <cmath>

#include "core/decibels.h"

namespace tonewright {

void LevelHistogram::add(double power, std::int64_t index, double rider) {
    if (!(power > 0.0) || !std::isfinite(power)) {
        ++zeros_;
        return;
    }
    Bin& bin = bins_[static_cast<int>(std::floor(100.0 * powerToDb(power)))];
    if (bin.count == 0) bin.first = index;
    bin.last = index;
    bin.sum += power;
    bin.riders += rider;
    ++bin.count;
    ++positive_;
}

double LevelHistogram::meanOf(double Bin::*of, double fromPower, double toPower) const {
    double sum = 0.0;
    std::int64_t count = 0;
    for (const auto& [level, bin] : bins_) {
        const double mean = bin.mean();
        if (mean <= fromPower || mean > toPower) continue;
        sum += bin.*of;
        count += bin.count;
    }
    return count ? sum / static_cast<double>(count) : 0.0;
}

double LevelHistogram::meanBetween(double fromPower, double toPower) const { return meanOf(&Bin::sum, fromPower, toPower); }
double LevelHistogram::riderBetween(double fromPower, double toPower) const { return meanOf(&Bin::riders, fromPower, toPower); }

double LevelHistogram::meanAbove(double gatePower) const { return meanBetween(gatePower, std::numeric_limits<double>::infinity()); }

std::int64_t LevelHistogram::countAbove(double gatePower) const {
    std::int64_t count = 0;
    for (const auto& [level, bin] : bins_)
        if (bin.mean() > gatePower) count += bin.count;
    return count;
}

std::int64_t LevelHistogram::firstAbove(double gatePower) const {
    std::int64_t first = -1;
    for (const auto& [level, bin] : bins_)
        if (bin.mean() > gatePower && (first < 0 || bin.first < first)) first = bin.first;
    return first;
}

std::int64_t LevelHistogram::lastAbove(double gatePower) const {
    std::int64_t last = -1;
    for (const auto& [level, bin] : bins_)
        if (bin.mean() > gatePower) last = std::max(last, bin.last);
    return last;
}

double LevelHistogram::quantileAbove(double gatePower, double share) const {
    const std::int64_t number = countAbove(gatePower);
    if (number == 0) return 0.0;
    std::int64_t rank = static_cast<std::int64_t>(std::floor(static_cast<double>(number - 1) * share + 0.5));
    for (const auto& [level, bin] : bins_) {
        if (!(bin.mean() > gatePower)) continue;
        if (rank < bin.count) return bin.mean();
        rank -= bin.count;
    }
    return bins_.rbegin()->second.mean();
}

double LevelHistogram::highestOf(double Bin::*of, std::int64_t number) const {
    double sum = 0.0;
    std::int64_t left = number;
    for (auto at = bins_.rbegin(); at != bins_.rend() && left > 0; ++at) {
        const std::int64_t taken = std::min(left, at->second.count);
        sum += at->second.*of / static_cast<double>(at->second.count) * static_cast<double>(taken);
        left -= taken;
    }
    return number > 0 ? sum / static_cast<double>(number) : 0.0;
}

double LevelHistogram::meanOfHighest(std::int64_t number) const { return highestOf(&Bin::sum, number); }
double LevelHistogram::riderOfHighest(std::int64_t number) const { return highestOf(&Bin::riders, number); }

double LevelHistogram::lowestPlateau(double width, std::int64_t number) const {
    const int span = static_cast<int>(std::lround(100.0 * powerToDb(width)));
    std::int64_t inside = 0;
    auto front = bins_.begin();
    for (auto back = bins_.begin(); back != bins_.end(); ++back) {
        for (; front != bins_.end() && front->first <= back->first + span; ++front) inside += front->second.count;
        if (inside > 0 && inside >= number) return dbToPower(0.01 * back->first);
        inside -= back->second.count;
    }
    return 0.0;
}

void BoundedCurve::add(double value) {
    pendingSum_ += value;
    if (++pending_ < perPoint_) return;
    points_.push_back(pendingSum_ / perPoint_);
    pending_ = 0;
    pendingSum_ = 0.0;
    if (static_cast<int>(points_.size()) < capacity_ || capacity_ < 2) return;
    for (int i = 0; i < capacity_ / 2; ++i) points_[i] = 0.5 * (points_[2 * i] + points_[2 * i + 1]);
    points_.resize(capacity_ / 2);
    perPoint_ *= 2;
}

}  // namespace tonewright
