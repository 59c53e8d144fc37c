#pragma once
#include <cstdint>

namespace tonewright {

// Mean of one channel, and whether it is a steady offset: the means of seconds agree (the offset is more than five
// standard errors) and lie 34 dB below the signal's RMS at most. A kick's lopsided waves are no offset.
class DcDetector {
public:
    explicit DcDetector(double sampleRateHz);

    void add(const float* samples, int count);
    double mean() const;
    bool isOffset() const;

private:
    void closeBlock();

    int blockFrames_, filled_ = 0;
    std::int64_t frames_ = 0, blocks_ = 0;
    double blockSum_ = 0.0, sum_ = 0.0, squares_ = 0.0, sumOfMeans_ = 0.0, sumOfSquaredMeans_ = 0.0;
};

}  // namespace tonewright
