#pragma once
#include <complex>
#include <vector>

#include "core/audio.h"
#include "dsp/fft.h"

namespace tonewright {

// What stands in the middle, without what stands left and right, in one channel. Per bin of a 46 ms window the two channels
// are taken as L = C + A, R = C + B with C, A and B independent, and C is the best linear estimate of that model:
//
//   Pc = Re E[L R*]      Pa = E[L L*] - Pc      Pb = E[R R*] - Pc      Pc within 0 ... min(E[L L*], E[R R*])
//   C  = Pc (Pb L + Pa R) / (Pc Pa + Pc Pb + Pa Pb)
//
// E: mean over three bins, and over time with a half of the last window's. A source on one side alone is not in C at all:
// where only the left plays beside the centre, C is taken from the right. `side` is what is left of each channel.
class CentreSplitter {
public:
    // Channels 0 and 1 steer; every further pair is a passenger: split as they are, without a say.
    CentreSplitter(const StreamSpec& spec, double lowHz, double highHz);

    int chunkFrames() const { return hop_; }
    int delayFrames() const { return size_; }
    void reset();
    // One chunk. `centre` (one channel a pair) and `sides` (one a channel) are filled with chunkFrames() frames; either may be null.
    void process(const float* const* mix, float* const* centre, float* const* sides);

private:
    void weigh();
    void emit(std::vector<float>& sums, float* out);

    int channels_, size_, hop_, bins_;
    RealFft fft_;
    std::vector<float> window_, edge_, time_;
    std::vector<std::complex<float>> work_;
    std::vector<std::vector<std::complex<float>>> spectra_;
    std::vector<float> left_, right_, common_, weightLeft_, weightRight_;   // powers per bin; weights
    std::vector<float> rawLeft_, rawRight_, rawCommon_;
    std::vector<std::vector<float>> input_, centreSums_, sideSums_;
};

}  // namespace tonewright
