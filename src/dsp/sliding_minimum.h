#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

namespace tonewright {

// Minimum of the last `length` values, in constant time on average: candidates wait in rising order, oldest first.
// Values before the first are `before`.
class SlidingMinimum {
public:
    SlidingMinimum(int length, double before)
        : before_(before), length_(length), ring_(std::bit_ceil(static_cast<std::size_t>(length) + 1)), mask_(ring_.size() - 1) {
        reset();
    }

    void reset() {
        head_ = tail_ = 0;
        now_ = 0;
        ring_[tail_++ & mask_] = {before_, length_ - 2};  // stands for all frames before the first
    }

    double operator()(double value) {
        while (tail_ != head_ && ring_[(tail_ - 1) & mask_].value >= value) --tail_;
        ring_[tail_++ & mask_] = {value, now_ + length_ - 1};
        if (ring_[head_ & mask_].last < now_) ++head_;
        ++now_;
        return ring_[head_ & mask_].value;
    }

private:
    struct Entry {
        double value = 0.0;
        std::int64_t last = 0;  // the last frame at which it counts
    };
    double before_;
    std::int64_t length_;
    std::vector<Entry> ring_;
    std::size_t mask_;
    std::size_t head_ = 0, tail_ = 0;
    std::int64_t now_ = 0;
};

}  // namespace tonewright
