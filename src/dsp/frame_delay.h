#pragma once
#include <algorithm>
#include <vector>

#include "core/audio.h"

namespace tonewright {

// Every channel late by the same whole number of frames (0 or more): what waits for a look-ahead.
class FrameDelay {
public:
    FrameDelay(int channels, int frames) : rings_(channels, std::vector<float>(frames)), frames_(frames) {}

    int frames() const { return frames_; }
    void reset() {
        for (std::vector<float>& ring : rings_) std::fill(ring.begin(), ring.end(), 0.0f);
        position_ = 0;
    }
    // In place, on part of a block.
    void process(Block block, int start, int length) {
        if (frames_ == 0) return;
        int end = position_;
        for (int c = 0; c < block.numChannels; ++c) {
            int position = position_;
            for (int n = start; n < start + length; ++n) {
                std::swap(rings_[c][position], block.channels[c][n]);
                if (++position == frames_) position = 0;
            }
            end = position;
        }
        position_ = end;
    }
    void process(Block block) { process(block, 0, block.numFrames); }

private:
    std::vector<std::vector<float>> rings_;
    int frames_;
    int position_ = 0;
};

}  // namespace tonewright
