#pragma once
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

namespace tonewright {

// A distribution of powers in bins of 0.01 dB. Each bin knows how many values fell into it, their exact sum and when the
// first and the last came; so means are exact and only the edge of a gate or a quantile is quantised (to the mean of one
// bin). A second quantity of the same moments can ride along: its mean is asked for by the first one's level.
// Memory grows with the number of different levels, not with time.
class LevelHistogram {
public:
    // `index` counts up (frames, blocks); power 0 counts as a value below every bin.
    void add(double power, std::int64_t index = 0, double rider = 0.0);

    std::int64_t count() const { return zeros_ + positive_; }
    std::int64_t zeros() const { return zeros_; }

    // Mean of the bins whose own mean lies above `gatePower`; 0 if there is none.
    double meanAbove(double gatePower) const;
    double meanBetween(double fromPower, double toPower) const;
    double riderBetween(double fromPower, double toPower) const;
    std::int64_t countAbove(double gatePower) const;

    // First and last index above the gate; -1 if there is none.
    std::int64_t firstAbove(double gatePower) const;
    std::int64_t lastAbove(double gatePower) const;

    // Value at rank floor((n - 1) share + 0.5) of the n values above `gatePower` in ascending order (nearest rank, as in
    // EBU Tech 3342); 0 if there is none.
    double quantileAbove(double gatePower, double share) const;

    // Mean of the `number` highest values (the last bin taken in part, by its mean).
    double meanOfHighest(std::int64_t number) const;
    double riderOfHighest(std::int64_t number) const;

    // The quietest power p such that `number` values or more lie in [p, p * width]; 0 if there is none.
    double lowestPlateau(double width, std::int64_t number) const;

private:
    struct Bin {
        std::int64_t count = 0, first = 0, last = 0;
        double sum = 0.0, riders = 0.0;
        double mean() const { return sum / static_cast<double>(count); }
    };
    double meanOf(double Bin::*sum, double fromPower, double toPower) const;
    double highestOf(double Bin::*sum, std::int64_t number) const;

    std::map<int, Bin> bins_;
    std::int64_t zeros_ = 0, positive_ = 0;
};

// A curve over time of at most `capacity` points: when it is full, neighbours are averaged and every point stands for
// twice the time.
class BoundedCurve {
public:
    explicit BoundedCurve(int capacity = 1024) : capacity_(capacity) {}
    void add(double value);
    const std::vector<double>& points() const { return points_; }

private:
    int capacity_, perPoint_ = 1, pending_ = 0;
    double pendingSum_ = 0.0;
    std::vector<double> points_;
};

}  // namespace tonewright
