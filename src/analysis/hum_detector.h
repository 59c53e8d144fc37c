#pragma once
#include <array>
#include <complex>
#include <cstdint>
#include <vector>

#include "analysis/facts.h"
#include "analysis/framer.h"
#include "dsp/fft.h"

namespace tonewright {

// Mains hum in one channel: 50 or 60 Hz +- 0.3 % and harmonics that stand out of their neighbourhood all the time, also in
// the quietest moments (after Brandt and Bitzer, JAES 2014: quantiles of narrow-band power over time). Music at the
// same pitch - a bass's G1 (49.0 Hz) or B1 (61.7 Hz) - pauses and decays, hum does not.
//
//   1. decimate to about 1.2 kHz; Hann frames of 2048 (1.7 s, bins of 0.59 Hz), every quarter frame
//   2. per bin, the distribution over time in 1 dB steps; its 10 % and 30 % quantiles
//   3. a harmonic stands out if its quantile lies 10 dB above the median of the bins 3 ... 9 Hz away and 6 dB above every
//      bin 1.5 ... 4 Hz away (a note repeated by a sequencer makes many such lines, hum one), and if the two quantiles
//      are within 1.6 dB (steady)
//   4. hum: two harmonics or more at multiples of one frequency within 0.3 % of 50 or 60 Hz, one of the first three included
//
// Memory: 0.4 MB, however long the recording. Needs 5 s.
class HumDetector {
public:
    explicit HumDetector(double sampleRateHz);

    void add(const float* samples, int count);
    HumFacts result() const;

private:
    static constexpr int kFrame = 2048, kBins = 560;     // up to 320 Hz
    static constexpr int kLevels = 240, kLowestDb = -180;

    void decimated(float sample);
    void closeFrame();
    double quantileDb(int bin, double share) const;

    double rateHz_;                          // after decimation
    int factor_;
    static constexpr int kChunk = 1024;
    std::vector<float> kernel_, history_;    // the last kernel_.size() samples, then the chunk being worked on
    int untilOutput_;
    std::vector<float> frame_, window_;      // ring of decimated samples
    int frameAt_ = 0;
    std::int64_t outputs_ = 0, frames_ = 0;
    RealFft fft_;
    std::vector<std::uint32_t> histogram_;   // [bin * kLevels + level]
};

}  // namespace tonewright
