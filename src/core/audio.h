#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace tonewright {

// What a processor or analyser must know before it sees a sample.
struct StreamSpec {
    double sampleRateHz = 48000.0;
    int channels = 2;

    bool operator==(const StreamSpec&) const = default;
};

// Non-owning view of planar audio: channels[c][n]. Cheap to copy.
struct Block {
    float* const* channels = nullptr;
    int numChannels = 0;
    int numFrames = 0;
};

// The same, read only. A Block converts to it.
struct ConstBlock {
    const float* const* channels = nullptr;
    int numChannels = 0;
    int numFrames = 0;

    ConstBlock() = default;
    ConstBlock(const float* const* c, int n, int frames) : channels(c), numChannels(n), numFrames(frames) {}
    ConstBlock(const Block& b) : channels(b.channels), numChannels(b.numChannels), numFrames(b.numFrames) {}
};

// Owning planar audio, zero-initialised.
class AudioBuffer {
public:
    AudioBuffer() = default;
    AudioBuffer(StreamSpec spec, int numFrames)
        : spec_(spec), numFrames_(numFrames), channels_(spec.channels, std::vector<float>(numFrames)) {}

    const StreamSpec& spec() const { return spec_; }
    int numFrames() const { return numFrames_; }
    int numChannels() const { return spec_.channels; }

    std::span<float> channel(int c) { return channels_[c]; }
    std::span<const float> channel(int c) const { return channels_[c]; }

    // Views of all channels from `start`, through `pointers` (one per channel, caller's storage).
    Block block(std::span<float*> pointers, int start, int length) {
        for (int c = 0; c < spec_.channels; ++c) pointers[c] = channels_[c].data() + start;
        return {pointers.data(), spec_.channels, length};
    }

private:
    StreamSpec spec_;
    int numFrames_ = 0;
    std::vector<std::vector<float>> channels_;
};

// A buffer with its own channel pointers: what render loops work in.
class BlockBuffer {
public:
    BlockBuffer(int channels, int maxFrames) : data_(channels, std::vector<float>(maxFrames)), pointers_(channels) {
        for (int c = 0; c < channels; ++c) pointers_[c] = data_[c].data();
    }
    BlockBuffer(BlockBuffer&&) = default;
    BlockBuffer& operator=(BlockBuffer&&) = default;
    BlockBuffer(const BlockBuffer&) = delete;
    BlockBuffer& operator=(const BlockBuffer&) = delete;

    int numChannels() const { return static_cast<int>(data_.size()); }
    int maxFrames() const { return data_.empty() ? 0 : static_cast<int>(data_[0].size()); }
    float* channel(int c) { return pointers_[c]; }
    Block block(int numFrames) { return {pointers_.data(), numChannels(), numFrames}; }
    void clear();

private:
    std::vector<std::vector<float>> data_;
    std::vector<float*> pointers_;
};

}  // namespace tonewright
