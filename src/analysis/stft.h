#pragma once
#include <complex>
#include <span>
#include <vector>

#include "dsp/fft.h"

namespace tonewright {

// Short-time power spectra of one or more lanes (channels, or mid and side), Hann window, calibrated: the bins of a
// stationary signal add up to its mean square (a full-scale sine: 0.5).
//
//   for (int done = 0; done < n; ) {
//       done += stft.feed(lanes, done, n);
//       if (stft.frameReady()) { stft.transform(); use(stft.power(0)); }
//   }
//
// Frame i covers the samples (i + 1) hop - size ... (i + 1) hop; what lies before the first sample counts as silence.
class Stft {
public:
    Stft(int size, int hop, int lanes);

    int size() const { return size_; }
    int hop() const { return hop_; }
    int bins() const { return fft_.bins(); }

    // Takes samples from lanes[l][from ... to), at most up to the end of the next frame; returns how many it took.
    int feed(std::span<const float* const> lanes, int from, int to);
    bool frameReady() const { return filled_ == size_; }

    // Computes the spectra of the frame that is ready, and makes room for the next.
    void transform();
    std::span<const float> power(int lane) const { return power_[lane]; }
    bool silent(int lane) const { return silent_[lane]; }  // the frame held nothing but zeros; its power is all zero

private:
    int size_, hop_;
    int filled_;
    RealFft fft_;
    std::vector<float> window_, windowed_;
    std::vector<std::complex<float>> spectrum_;
    std::vector<std::vector<float>> samples_, power_;
    std::vector<int> zeros_;   // length of the run of zeros at the end, per lane
    std::vector<char> silent_;
};

}  // namespace tonewright
