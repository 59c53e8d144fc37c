#pragma once
#include <vector>

#include "analysis/facts.h"
#include "core/audio.h"
#include "dsp/true_peak_interpolator.h"

namespace tonewright {

// The highest level of the band-limited waveform (dBTP), all channels: 16 phases of 128 taps and a parabola
// (dsp/true_peak_interpolator.h), silence assumed before the first and after the last sample. What cannot exceed the
// highest peak so far is skipped by an exact bound, so the figure is that of the full search.
class TruePeakMeter {
public:
    explicit TruePeakMeter(const StreamSpec& spec);

    void add(ConstBlock block);
    double truePeakDbtp() const;                  // of what has been added, the end included; kSilentDb for silence
    double samplePeakDbfs() const;

private:
    std::vector<TruePeakInterpolator> interpolators_;
    float peak_ = 0.0f, samplePeak_ = 0.0f;
};

}  // namespace tonewright
