#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "core/audio.h"

namespace tonewright {

// Whether a recording begins or ends in the middle of sound: the power of its first and last 10 ms (and of the outermost
// millisecond, where a played attack or a fade would still be quiet), about the channels' means: DC is no sound.
class EdgeDetector {
public:
    struct Edge {
        double power = 0.0;                      // mean square of the 10 ms, channels averaged
        double outermostPower = 0.0;             // of 1 ms
    };

    explicit EdgeDetector(const StreamSpec& spec);

    void add(ConstBlock block);
    Edge start(const std::vector<double>& means) const;
    Edge end(const std::vector<double>& means) const;

private:
    template <class IndexOf>
    Edge measure(const std::vector<std::vector<float>>& samples, const std::vector<double>& means, IndexOf indexOf) const;

    int edgeFrames_, outermostFrames_;
    std::int64_t frames_ = 0;
    int firstCount_ = 0;
    std::vector<std::vector<float>> first_;      // [channel][frame]
    std::vector<std::vector<float>> last_;       // ring
};

}  // namespace tonewright
