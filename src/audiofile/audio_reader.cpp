#include "audiofile/audio_reader.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>

#include "core/text.h"

namespace tonewright {

namespace {

// By the exponents, all of them, so that the compiler can look at many samples at once.
bool allFinite(const float* samples, int count) {
    constexpr std::uint32_t kExponent = 0x7f800000;
    std::uint32_t found = 0;
    for (int n = 0; n < count; ++n) found |= (std::bit_cast<std::uint32_t>(samples[n]) & kExponent) == kExponent;
    return found == 0;
}

}  // namespace

int AudioReader::read(Block block) {
    assert(block.numChannels == info_.channels);
    block.numFrames = static_cast<int>(std::min<std::int64_t>(block.numFrames, info_.frames - position_));
    if (block.numFrames <= 0) return 0;
    const int got = readFrames(block);
    for (int c = 0; c < block.numChannels; ++c) {
        if (allFinite(block.channels[c], got)) continue;
        for (int n = 0; n < got; ++n)
            if (!std::isfinite(block.channels[c][n])) {
                block.channels[c][n] = 0.0f;
                ++nonFiniteSamples_;
            }
    }
    position_ += got;
    if (got < block.numFrames)
        throw InputError(info_.path.string() + ": is damaged or cut off: the sound ends after " + minutesSeconds(static_cast<double>(position_) / info_.sampleRateHz) +
                         " of " + minutesSeconds(info_.seconds()) + " (" + std::to_string(info_.frames - position_) +
                         " frames are missing). Copy or export the file again");
    return got;
}

void AudioReader::seek(std::int64_t frame) {
    assert(frame >= 0 && frame <= info_.frames);
    if (frame == position_) return;
    seekTo(frame);
    position_ = frame;
}

void forEachBlock(AudioReader& reader, int blockFrames, const std::function<void(ConstBlock)>& visit) {
    BlockBuffer buffer(reader.info().channels, blockFrames);
    while (const int got = reader.read(buffer.block(blockFrames))) visit(buffer.block(got));
}

}  // namespace tonewright
