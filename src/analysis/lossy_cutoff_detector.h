#pragma once
#include <complex>
#include <cstdint>
#include <vector>

#include "analysis/framer.h"
#include "core/audio.h"
#include "dsp/fft.h"

namespace tonewright {

// The brick wall that lossy coders (and sources of 32 kHz) leave: the mean spectrum falls by 25 dB or more within
// 600 Hz somewhere between 15 and 20.3 kHz and stays down to half the sample rate, where a recording's own noise would
// go on. Rates below 44.1 kHz tell nothing.
class LossyCutoffDetector {
public:
    explicit LossyCutoffDetector(const StreamSpec& spec);

    void add(ConstBlock block);
    double cutoffHz() const;                     // 0: none

private:
    void close(ConstBlock frame);

    double sampleRateHz_;
    bool active_;
    Framer framer_;
    RealFft fft_;
    std::vector<float> window_, time_;
    std::vector<std::complex<float>> spectrum_;
    std::vector<double> power_;
    std::int64_t frames_ = 0;
};

}  // namespace tonewright
