#pragma once
#include <cstdint>
#include <deque>
#include <vector>

#include "analysis/facts.h"
#include "analysis/framer.h"
#include "core/audio.h"

namespace tonewright {

// Where a programme really begins and ends. Frames of 10 ms, channels averaged, less their mean; kept are the first minute
// from the first sound on and the last minute up to the last (silence is below -100 dBFS), so memory is bounded.
//
//   lasts      four of six frames above a level: a click does not last
//   sound      lasts, 70 dB below the loud parts or more: tails are followed down to there
//   noise      what lasts at an edge, at one level (halves within 1.5 dB, nine tenths of the frames within 8 dB), for 0.3 s
//              or more, 40 dB or more under the loud parts; the music begins where something lasts 8 dB above it, and ends where
//              nothing lasts any more 3 dB above it (a tail that has sunk into the noise)
//   click      a frame outside that stands out by 10 dB, no more than 40 dB under the loud parts
class EdgeFinder {
public:
    explicit EdgeFinder(const StreamSpec& spec);

    void add(ConstBlock block);
    // activePower: of the loud parts (ActivityMeter).
    EdgeFacts result(double activePower) const;

private:
    struct Frame {
        float power = 0.0f, peak = 0.0f;
    };
    struct Edge {
        std::size_t soundAt = 0;      // frames inwards from the trace's outer end
        double noisePower = 0.0;      // 0: none
        std::vector<std::size_t> clicks;
    };

    void close(ConstBlock frame);
    // trace: from the outer end inwards.
    static Edge find(const std::vector<Frame>& trace, double activePower, double aboveNoiseDb);

    double sampleRateHz_;
    Framer framer_;
    std::int64_t frames_ = 0, firstIndex_ = -1, lastIndex_ = -1;  // in frames of 10 ms; of the first and last that is not silent
    std::vector<Frame> first_;        // from firstIndex_ on
    std::deque<Frame> last_;          // up to lastIndex_
    float between_ = 0.0f;            // highest sample in neither
};

}  // namespace tonewright
