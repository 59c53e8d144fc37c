#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "analysis/rough_fit.h"
#include "audiofile/recording.h"
#include "core/progress.h"
#include "session/session.h"

namespace tonewright {

// One file's channels at the session's rate and place in time.
class PlacedReader {
public:
    PlacedReader(const std::filesystem::path& file, ChannelUse use, std::int64_t start, int sampleRateHz);

    int channels() const { return reader_->info().channels; }
    std::int64_t end() const { return start_ + reader_->info().frames; }
    void moveTo(std::int64_t start) { start_ = start; }

    // Frames at ... at + count - 1 (at most kBlockFrames) into as many buffers as there are channels; silence where there is nothing.
    void read(std::int64_t at, int count, float* const* to);

    static constexpr int kBlockFrames = 4096;

private:
    std::unique_ptr<AudioReader> reader_;
    std::int64_t start_;
    BlockBuffer buffer_;
};

// Recordings side by side, and as two channels a mix that may be of them. Streams.
class MixMaterial {
public:
    MixMaterial(const Session& session, const std::filesystem::path& mix);

    std::int64_t mixFrames() const { return mix_.end(); }   // before it is moved
    // Finds where the mix begins in the session, in frames: its sum against the recordings', from where both sound. nullopt if nothing stands out.
    std::optional<std::int64_t> findStart(std::int64_t sessionFrames, Progress& progress);
    void moveMix(std::int64_t start) { mix_.moveTo(start); }

    void read(std::int64_t at, int count);
    ConstBlock recordings(int count) { return recordings_.block(count); }
    ConstBlock mix(int count) { return mixed_.block(count); }

    std::vector<int> channelOf;            // the first of each track's
    std::vector<RoughFit::Feeds> feeds;    // of each channel

private:
    PlacedReader mix_;
    std::vector<PlacedReader> readers_;
    int sampleRateHz_;
    int channels_ = 0;
    BlockBuffer recordings_{1, 1}, mixed_{1, 1};
};

}  // namespace tonewright
