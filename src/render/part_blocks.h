#pragma once
#include <span>
#include <vector>

#include "core/audio.h"
#include "render/pad_delay.h"

namespace tonewright {

// The parts of a sum (alternates.h), block by block.
class PartBlocks {
public:
    PartBlocks(int count, int blockFrames) {
        for (int i = 0; i < count; ++i) buffers_.emplace_back(2, blockFrames);
    }

    bool empty() const { return buffers_.empty(); }
    int count() const { return static_cast<int>(buffers_.size()); }
    Block block(int part, int frames) { return buffers_[part].block(frames); }
    void clear() {
        for (BlockBuffer& buffer : buffers_) buffer.clear();
    }
    std::span<const Block> blocks(int frames) {
        now_.clear();
        for (BlockBuffer& buffer : buffers_) now_.push_back(buffer.block(frames));
        return now_;
    }
    void padTo(int frames) {
        for (int i = 0; i < count(); ++i) pads_.emplace_back(2, frames);
    }
    void pad(int frames) {
        for (int i = 0; i < count(); ++i) pads_[i].process(block(i, frames));
    }

private:
    std::vector<BlockBuffer> buffers_;
    std::vector<PadDelay> pads_;
    std::vector<Block> now_;
};

}  // namespace tonewright
