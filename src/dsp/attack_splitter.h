#pragma once
#include <complex>
#include <span>
#include <vector>

#include "dsp/fft.h"

namespace tonewright {

// What comes and goes at once, without what lasts, at a low sample rate. In a window of about 370 ms a sustained partial is
// a narrow peak of the spectrum and a hit is a broad hump (the reverse of Fitzgerald 2010, whose windows are shorter):
//
//   level[k]  = median of P[k - 22 Hz ... k + 22 Hz]      P: power of the steering channels together
//   attack[k] = X[k] min(1, level[k] / P[k])^2 edge[k]
//   band[k]   = X[k] edge[k]                              edge: raised-cosine slopes at lowHz and highHz
//
// Root-Hann windows on both sides, an eighth of the window apart. Channels from `steering` on are passengers: they get the
// same mask, and have no say in it.
class AttackSplitter {
public:
    AttackSplitter(double rateHz, int channels, int steering, double lowHz, double highHz);

    int latency() const { return size_; }   // in samples of this rate
    void reset();
    // One sample of each channel in, one of each out.
    void push(std::span<const float> in, std::span<float> attack, std::span<float> band);

private:
    void transform();

    int channels_, steering_, size_, hop_, bins_, reach_;
    RealFft fft_;
    std::vector<float> window_, edge_, time_;
    std::vector<float> power_, mask_, sorted_;
    std::vector<std::complex<float>> work_;
    std::vector<std::vector<std::complex<float>>> spectra_;
    std::vector<std::vector<float>> input_;             // per channel, oldest first; hop_ at the end are being filled
    std::vector<std::vector<float>> attack_, band_;     // per channel, overlap-add; the first hop_ are finished
    int filled_ = 0;
    int zeros_ = 0;                                     // frames of nothing but zeros at the end
};

}  // namespace tonewright
