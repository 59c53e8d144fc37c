#pragma once
#include <array>
#include <vector>

#include "dsp/reverb_lanes.h"
#include "dsp/reverb_params.h"

namespace tonewright {

// One early reflection: what ear `output` hears of source `input`.
struct EarlyTap {
    int input;   // 0 left, 1 right
    int output;
    int delayFrames;  // after the pre-delay
    float gain;       // the gains of all taps to one output have a sum of squares of 1
};

// The lengths that make a room a room, a plate a plate and a hall a hall.
struct ReverbGeometry {
    static constexpr int kDiffuserSteps = 3;

    std::array<int, kReverbLines> lineFrames;                                    // distinct primes
    std::array<std::array<int, kReverbLines>, kDiffuserSteps> diffuserFrames;
    std::vector<EarlyTap> early;
};

// room and hall: image sources of a box of 6.1 x 4.3 x 2.7 m and 31 x 19 x 13 m at the speed of sound; plate: images in
// two dimensions of a sheet of 2.0 x 1.0 m. All sizes times sizeFactor.
ReverbGeometry reverbGeometry(ReverbType type, double sizeFactor, double sampleRateHz);

}  // namespace tonewright
