#pragma once
#include <vector>

#include "core/audio.h"
#include "dsp/power_shelf.h"
#include "dsp/reverb_geometry.h"
#include "dsp/reverb_lanes.h"
#include "dsp/reverb_late.h"
#include "dsp/reverb_params.h"

namespace tonewright {

// A room, plate or hall: early reflections and a late sound whose decay is set per band. docs/dsp/reverb.md has the
// structure, the equations and measured decays.
//
//   input -> low-cut, high-cut -> pre-delay -> early taps (ReverbGeometry)  -> width -> mix
//                                           -> diffuser and network (ReverbLate)
//
// The sides come out independent, from a mono source too (both channels the same). The energy of the response is 1, early
// and late together, for every decay, size and type: a send level means the same everywhere. A mono stream (one channel)
// gets the left side. With mix 0 the output is the input, bit for bit. After the input ends, the tail falls to exact
// zeros, and then costs nothing.
class Reverb {
public:
    using Params = ReverbParams;

    // spec.channels must be 1 or 2.
    Reverb(const Params& params, const StreamSpec& spec);

    void reset();
    void process(Block block) noexcept;
    int latencyFrames() const { return 0; }

    // Designed T60 at a frequency, in seconds. For the report.
    double t60At(double hz) const { return late_.decay().t60At(hz); }

private:
    void processChunk(float* left, float* right, int frames) noexcept;

    Params params_;
    int channels_;
    ReverbGeometry geometry_;
    ReverbLate late_;
    int preDelayFrames_;
    float lateGain_, earlyGain_;
    float midGain_, sideGain_;  // of the width
    int memoryFrames_ = 0;

    PowerShelf lowCut_[2], highCut_[2];
    ReverbRing past_[2];  // what is reverberated, from before the pre-delay
    long long frame_ = 0;
    int silentFrames_ = 0;
};

}  // namespace tonewright
