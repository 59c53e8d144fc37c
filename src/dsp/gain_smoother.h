#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

namespace tonewright {

// Two cascaded moving averages over a gain between 0 and 1: a smooth, finite attack. The lengths are 0.58 and 0.42 of the
// whole, which puts the first zeros of one between those of the other. Sums are whole numbers of 2^-30, so
// they neither drift nor depend on how long the stream has been running: after enough ones the result is exactly 1.
class GainSmoother {
public:
    // frames: the last so many values make the result.
    explicit GainSmoother(int frames)
        : first_(std::max(1, static_cast<int>(0.58 * (frames + 1))), kOne),
          second_(std::max(1, frames + 1 - static_cast<int>(first_.size())), kOne * static_cast<std::int64_t>(first_.size())),
          full_(second_.front() * static_cast<std::int64_t>(second_.size())),
          scale_(1.0 / static_cast<double>(full_)) {
        reset();
    }

    void reset() {
        std::fill(first_.begin(), first_.end(), kOne);
        std::fill(second_.begin(), second_.end(), kOne * static_cast<std::int64_t>(first_.size()));
        firstSum_ = second_.front();
        secondSum_ = full_;
        firstAt_ = secondAt_ = 0;
    }

    int frames() const { return static_cast<int>(first_.size() + second_.size()) - 1; }
    bool atRest() const { return secondSum_ == full_ && firstSum_ == full_ / static_cast<std::int64_t>(second_.size()); }

    double operator()(double gain) {
        const auto value = static_cast<std::int64_t>(gain * static_cast<double>(kOne));  // rounds down: never too loud
        firstSum_ += value - first_[firstAt_];
        first_[firstAt_] = value;
        if (++firstAt_ == first_.size()) firstAt_ = 0;
        secondSum_ += firstSum_ - second_[secondAt_];
        second_[secondAt_] = firstSum_;
        if (++secondAt_ == second_.size()) secondAt_ = 0;
        return secondSum_ == full_ ? 1.0 : static_cast<double>(secondSum_) * scale_;
    }

private:
    static constexpr std::int64_t kOne = std::int64_t{1} << 30;

    std::vector<std::int64_t> first_, second_;
    std::int64_t full_;
    double scale_;
    std::int64_t firstSum_ = 0, secondSum_ = 0;
    std::size_t firstAt_ = 0, secondAt_ = 0;
};

}  // namespace tonewright
