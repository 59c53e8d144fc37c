#pragma once
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "audiofile/audio_reader.h"
#include "core/progress.h"
#include "render/chain.h"

namespace tonewright {

inline constexpr int kDefaultBlockFrames = 8192;

// Carries a chain out on one stream: reads to the end, takes the chain's latency out, and hands over exactly
// `frames` processed frames block by block (a source that is shorter is followed by silence, so that tails ring out).
// A mono reader is put on both channels if `channels` is 2. Returns what the dynamics did.
//
// lateFrames: by how much the input is late already; taken out as well. With minus the chain's own latency nothing is taken
// out: a chain can then be rendered in two parts, the first into a file, with the bytes that one pass would give.
// placeLateFrames: by how much it is late to what stands at places of the source (Chain), if that is something else.
// threaded: the chain's second half, by what its steps cost, and the sink run on another thread. The result is the same.
std::vector<StepWork> renderStream(AudioReader& reader, std::span<const Step> steps, int channels, std::int64_t frames, int blockFrames,
                                   const std::function<void(ConstBlock)>& sink, Progress& progress, std::int64_t lateFrames = 0,
                                   std::optional<std::int64_t> placeLateFrames = {}, bool threaded = false);

}  // namespace tonewright
