#pragma once
#include <array>
#include <complex>
#include <span>
#include <vector>

#include "dsp/fft.h"

namespace tonewright {

// The error's harmonic structure in one frame (BS.1387-1, clause 4.8): how far the difference of two spectra in log
// power repeats over frequency, as the harmonics of a distorted tone do.
//
//   D[k]  = ln(test / reference), bins below 12 kHz
//   C[l]  = sum D[k] D[k + l] / (|D| |D shifted|), 256 lags; mean removed, Hann
//   EHS   = highest peak of |FFT C|^2 behind the first valley, times 1000
class PeaqHarmonics {
public:
    PeaqHarmonics();

    // Powers of both spectra, not weighed (the ear's weight cancels).
    double structure(std::span<const float> reference, std::span<const float> test);

private:
    static constexpr int kLags = 256;

    RealFft correlator_, transform_;
    std::array<float, kLags> window_;
    std::vector<double> difference_;
    std::vector<float> time_;
    std::vector<std::complex<float>> all_, half_, spectrum_;
};

}  // namespace tonewright
