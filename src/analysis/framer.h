#pragma once
#include <algorithm>
#include <vector>

#include "core/audio.h"

namespace tonewright {

// Cuts a stream into frames of one length, counted from the stream's start, however the stream arrives.
class Framer {
public:
    Framer(int channels, int frameLength) : length_(frameLength), data_(channels, std::vector<float>(frameLength)) { point(); }
    Framer(const Framer& other) : length_(other.length_), filled_(other.filled_), data_(other.data_) { point(); }
    Framer(Framer&&) noexcept = default;
    Framer& operator=(Framer&&) noexcept = default;

    int length() const { return length_; }

    // Calls onFrame(ConstBlock) for every frame that became complete. The view is good during the call.
    template <class OnFrame>
    void add(ConstBlock block, OnFrame&& onFrame) {
        for (int start = 0; start < block.numFrames;) {
            const int count = std::min(length_ - filled_, block.numFrames - start);
            for (std::size_t c = 0; c < data_.size(); ++c)
                std::copy_n(block.channels[c] + start, count, data_[c].data() + filled_);
            filled_ += count;
            start += count;
            if (filled_ == length_) {
                onFrame(ConstBlock(pointers_.data(), static_cast<int>(data_.size()), length_));
                filled_ = 0;
            }
        }
    }

    // What has arrived of the frame that is not complete yet.
    ConstBlock rest() const { return {pointers_.data(), static_cast<int>(data_.size()), filled_}; }

private:
    void point() {
        pointers_.clear();
        for (std::vector<float>& channel : data_) pointers_.push_back(channel.data());
    }

    int length_, filled_ = 0;
    std::vector<std::vector<float>> data_;
    std::vector<float*> pointers_;
};

}  // namespace tonewright
