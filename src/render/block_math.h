#pragma once
#include <algorithm>

#include "core/audio.h"

namespace tonewright {

inline constexpr int kStereo = 2;

inline void add(Block to, ConstBlock from) {
    for (int c = 0; c < to.numChannels; ++c)
        for (int n = 0; n < to.numFrames; ++n) to.channels[c][n] += from.channels[c][n];
}

inline void addScaled(Block to, ConstBlock from, float gain) {
    for (int c = 0; c < to.numChannels; ++c)
        for (int n = 0; n < to.numFrames; ++n) to.channels[c][n] += gain * from.channels[c][n];
}

inline void copy(Block to, ConstBlock from) {
    for (int c = 0; c < to.numChannels; ++c) std::copy_n(from.channels[c], to.numFrames, to.channels[c]);
}

}  // namespace tonewright
