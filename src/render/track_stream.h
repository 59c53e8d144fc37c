#pragma once
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "audiofile/recording.h"
#include "audiofile/resampler.h"
#include "plan/plan.h"
#include "render/block_math.h"
#include "render/chain.h"
#include "render/pad_delay.h"

namespace tonewright {

// A recording on its way to its fader.
class TrackStream {
public:
    TrackStream(const TrackPlan& plan, const std::filesystem::path& file, int sampleRateHz, int blockFrames, const Chain::Keys& keys)
        : plan_(&plan),
          reader_(atRate(openRecording(file, plan.source.use), sampleRateHz)),
          spec_{static_cast<double>(sampleRateHz), reader_->info().channels},
          input_(spec_.channels, blockFrames),
          output_(kStereo, blockFrames),
          chain_(plan.chain, spec_, &keys),
          fader_({&plan.fader, 1}, spec_),
          pan_({&plan.pan, 1}, {spec_.sampleRateHz, kStereo}),
          toWait_(plan.startFrame) {}

    const TrackPlan& plan() const { return *plan_; }
    const StreamSpec& spec() const { return spec_; }
    int latencyFrames() const { return chain_.latencyFrames() + fader_.latencyFrames() + pan_.latencyFrames(); }
    int keyLatencyFrames() const { return chain_.latencyFrames(); }
    void padTo(int latencyFrames) { pad_.emplace(kStereo, latencyFrames - this->latencyFrames()); }

    // The next frames: post-chain in keyBlock(), post-fader and panned in output().
    void advance(int frames) {
        read(frames);
        const Block block = input_.block(frames);
        chain_.process(block);
        if (keyWanted) {
            if (!key_) key_.emplace(spec_.channels, input_.maxFrames());
            copy(key_->block(frames), block);
        }
        fader_.process(block);
        for (int c = 0; c < kStereo; ++c) std::copy_n(input_.channel(std::min(c, spec_.channels - 1)), frames, output_.channel(c));
        pan_.process(output_.block(frames));
        pad_->process(output_.block(frames));
    }

    ConstBlock keyBlock(int frames) { return key_->block(frames); }
    Block output(int frames) { return output_.block(frames); }
    std::int64_t nonFiniteSamples() const { return reader_->nonFiniteSamples(); }
    std::vector<StepWork> work() const { return chain_.work(); }

    bool keyWanted = false;

private:
    void read(int frames) {
        int filled = static_cast<int>(std::min<std::int64_t>(toWait_, frames));
        toWait_ -= filled;
        for (int c = 0; c < spec_.channels; ++c) std::fill_n(input_.channel(c), filled, 0.0f);
        if (filled < frames && reader_->position() < reader_->info().frames) {
            std::vector<float*> pointers(spec_.channels);
            for (int c = 0; c < spec_.channels; ++c) pointers[c] = input_.channel(c) + filled;
            filled += reader_->read({pointers.data(), spec_.channels, frames - filled});
        }
        for (int c = 0; c < spec_.channels; ++c) std::fill(input_.channel(c) + filled, input_.channel(c) + frames, 0.0f);
    }

    const TrackPlan* plan_;
    std::unique_ptr<AudioReader> reader_;
    StreamSpec spec_;
    BlockBuffer input_, output_;
    std::optional<BlockBuffer> key_;
    Chain chain_, fader_, pan_;
    std::optional<PadDelay> pad_;
    std::int64_t toWait_;
};

}  // namespace tonewright
