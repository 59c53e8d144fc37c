#pragma once
#include <algorithm>
#include <vector>

#include "core/audio.h"

namespace tonewright {

// A whole number of frames late: what aligns paths of different latency.
class PadDelay {
public:
    PadDelay(int channels, int delayFrames) : delay_(delayFrames), ring_(channels, std::vector<float>(delayFrames)) {}

    void process(Block block) noexcept {
        if (delay_ == 0) return;
        for (int c = 0; c < block.numChannels; ++c) {
            float* samples = block.channels[c];
            std::vector<float>& ring = ring_[c];
            int position = position_;
            for (int n = 0; n < block.numFrames; ++n) {
                std::swap(samples[n], ring[position]);
                if (++position == delay_) position = 0;
            }
        }
        position_ = (position_ + block.numFrames) % delay_;
    }

private:
    int delay_;
    int position_ = 0;
    std::vector<std::vector<float>> ring_;
};

}  // namespace tonewright
