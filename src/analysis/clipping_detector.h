#pragma once
#include <cstdint>
#include <map>
#include <vector>

#include "analysis/facts.h"

namespace tonewright {

// Finds flat tops in one channel: three or more equal samples (four or more within 0.05 %) with a corner at both ends.
//
// A smooth top that is flat within q over n samples has fallen by at most q ((n+3)/(n-1))^2 two samples further out (a
// parabola); a flat top counts when it has fallen by 2.5 times that on both sides. q is 0.05 % of the level, or the
// smallest step that the recording shows (its quantisation) where that is coarser. So a low sine in 16 bits is not clipped,
// and clipping that was turned down afterwards still is.
//
// Tops gather at the level of clipping: the recording is clipped if tops lie at one level (in 0.05 dB) near its extreme.
// A wave that jumps there from zero or beyond, or that spends half its time there, is a synthesised pulse, not clipping.
class ClippingDetector {
public:
    struct Result {
        std::int64_t clippedFrames = 0, tops = 0;
        double levelDbfs = kSilentDb;
        double share = 0.0;              // of all frames
        std::vector<std::int64_t> frames;    // of the first 32 tops
    };

    // `samples`: the stream's next samples, any number.
    void add(const float* samples, int count);
    Result result() const;

private:
    struct Run {
        float value = 0.0f, low = 0.0f, high = 0.0f;     // first sample and range
        float oneBefore = 0.0f, twoBefore = 0.0f, oneAfter = 0.0f;
        std::int64_t start = 0, length = 0;
    };
    struct Level {
        std::int64_t tops = 0, frames = 0;
        float highest = 0.0f;
        std::vector<std::int64_t> places;
    };

    void judge(float twoAfter);

    std::int64_t frame_ = 0;
    float last_ = 0.0f, beforeLast_ = 0.0f, peak_ = 0.0f;
    float smallestStep_ = 1.0f;
    Run run_, closed_;                       // under way; complete, waiting for the second sample after it
    bool waiting_ = false;
    std::map<int, Level> levels_;            // of tops, by level in 0.05 dB
};

}  // namespace tonewright
