#pragma once
#include <cstdint>
#include <vector>

#include "core/audio.h"

namespace tonewright {

// Lowest and highest sample over time, all channels together, for drawing a waveform: at most 2048 pairs, each over
// the same number of frames, which doubles whenever there would be more. Samples that are not finite are left out.
class PeakEnvelope {
public:
    void add(ConstBlock block);

    std::vector<float> result() const;      // [min, max] pairs
    float peak() const;                     // largest magnitude

private:
    struct Pair {
        float low, high;
    };
    static constexpr int kMaxPairs = 2048;
    void halve();

    std::vector<Pair> pairs_;
    std::int64_t framesPerPair_ = 64;
    std::int64_t inLast_ = 0;               // frames in the last pair
};

}  // namespace tonewright
