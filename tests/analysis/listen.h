#pragma once
#include <algorithm>
#include <random>
#include <utility>
#include <vector>

#include "core/audio.h"

namespace tonewright::test {

// Feeds all of `audio` to a meter, in blocks of the given length (0 = random lengths, 0 included), and hands it back.
template <class Meter>
Meter listen(Meter meter, const AudioBuffer& audio, int blockLength = 4096) {
    AudioBuffer copy = audio;
    std::vector<float*> pointers(audio.numChannels());
    std::mt19937 random(11);
    for (int start = 0; start < audio.numFrames();) {
        const int wanted = blockLength ? blockLength : static_cast<int>(random() % 1500);
        const int length = std::min(audio.numFrames() - start, wanted);
        meter.add(copy.block(pointers, start, length));
        start += length;
    }
    return meter;
}

}  // namespace tonewright::test
