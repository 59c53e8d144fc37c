#include "analysis/dc_detector.h"

#include <algorithm>
#include <cmath>

namespace tonewright {

DcDetector::DcDetector(double sampleRateHz) : blockFrames_(std::max(1, static_cast<int>(std::lround(sampleRateHz)))) {}

void DcDetector::add(const float* samples, int count) {
    for (int start = 0; start < count;) {
        const int length = std::min(blockFrames_ - filled_, count - start);
        double sum = blockSum_, squares = squares_;
        for (int n = start; n < start + length; ++n) {
            const double x = samples[n];
            sum += x;
            squares += x * x;
        }
        blockSum_ = std::isfinite(sum) ? sum : 0.0;
        squares_ = std::isfinite(squares) ? squares : 0.0;
        filled_ += length;
        start += length;
        frames_ += length;
        if (filled_ == blockFrames_) closeBlock();
    }
}

void DcDetector::closeBlock() {
    const double mean = blockSum_ / filled_;
    sum_ += blockSum_;
    sumOfMeans_ += mean;
    sumOfSquaredMeans_ += mean * mean;
    ++blocks_;
    filled_ = 0;
    blockSum_ = 0.0;
}

double DcDetector::mean() const { return frames_ > 0 ? (sum_ + blockSum_) / static_cast<double>(frames_) : 0.0; }

bool DcDetector::isOffset() const {
    if (blocks_ < 3) return false;
    const double n = static_cast<double>(blocks_), dc = mean(), centre = sumOfMeans_ / n;
    const double variance = std::max(0.0, sumOfSquaredMeans_ / n - centre * centre);
    const double power = squares_ / static_cast<double>(frames_);
    return dc * dc > 4e-4 * power && dc * dc > 25.0 * variance / (n - 1.0);
}

}  // namespace tonewright
