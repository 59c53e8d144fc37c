#include "render/stream_renderer.h"

#include <algorithm>

namespace tonewright {

std::vector<StepWork> renderStream(AudioReader& reader, std::span<const Step> steps, int channels, std::int64_t frames, int blockFrames,
                                   const std::function<void(ConstBlock)>& sink, Progress& progress, std::int64_t lateFrames,
                                   std::optional<std::int64_t> placeLateFrames) {
    Chain chain(steps, {static_cast<double>(reader.info().sampleRateHz), channels}, nullptr, placeLateFrames.value_or(std::max<std::int64_t>(0, lateFrames)));
    BlockBuffer input(reader.info().channels, blockFrames), work(channels, blockFrames);
    std::vector<float*> pointers(channels);

    std::int64_t toDrop = chain.latencyFrames() + lateFrames;
    for (std::int64_t written = 0; written < frames;) {
        progress.throwIfCancelled();
        const int wanted = static_cast<int>(std::min<std::int64_t>(blockFrames, frames - written + toDrop));
        const int got = reader.position() < reader.info().frames ? reader.read(input.block(wanted)) : 0;
        for (int c = 0; c < channels; ++c) {
            const float* from = input.channel(std::min(c, input.numChannels() - 1));
            std::copy(from, from + got, work.channel(c));
            std::fill(work.channel(c) + got, work.channel(c) + wanted, 0.0f);
        }
        chain.process(work.block(wanted));

        const int skipped = static_cast<int>(std::min<std::int64_t>(toDrop, wanted));
        toDrop -= skipped;
        for (int c = 0; c < channels; ++c) pointers[c] = work.channel(c) + skipped;
        if (const int length = wanted - skipped; length > 0) {
            sink({pointers.data(), channels, length});
            written += length;
            progress.advance(length);
        }
    }
    return chain.work();
}

}  // namespace tonewright
