#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>

#include "analysis/loudness_meter.h"
#include "render/block_math.h"

namespace tonewright {

// Hands a stream over from `latencyFrames` on and never beyond `frames`, measuring what passes.
class Outlet {
public:
    Outlet(std::int64_t latencyFrames, std::int64_t frames, std::optional<StreamSpec> measured)
        : drop_(latencyFrames), left_(frames) {
        if (measured) meter_.emplace(*measured);
    }

    void pass(ConstBlock block, const std::function<void(ConstBlock)>& sink) {
        const int skipped = static_cast<int>(std::min<std::int64_t>(drop_, block.numFrames));
        drop_ -= skipped;
        const int length = static_cast<int>(std::min<std::int64_t>(left_, block.numFrames - skipped));
        if (length <= 0) return;
        left_ -= length;
        const float* pointers[kStereo] = {block.channels[0] + skipped, block.channels[1] + skipped};
        const ConstBlock kept(pointers, kStereo, length);
        if (meter_) meter_->add(kept);
        if (sink) sink(kept);
    }

    LoudnessFacts loudness() { return meter_ ? toFacts(meter_->result()) : LoudnessFacts{}; }

private:
    std::int64_t drop_, left_;
    std::optional<LoudnessMeter> meter_;
};

}  // namespace tonewright
