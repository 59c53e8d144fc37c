#pragma once
#include <filesystem>
#include <memory>

#include "audiofile/wav_writer.h"
#include "core/audio.h"
#include "plan/plan.h"

namespace tonewright {

// A WAV file with its dither: what leaves the renderer. Integer formats are dithered exactly once, here.
class WavSink {
public:
    // `seed` makes the dither of this file its own.
    WavSink(const std::filesystem::path& path, const WavFormat& format, DitherType dither, std::uint64_t seed, int maxBlockFrames,
            WavExtras extras = {});
    ~WavSink();

    void write(ConstBlock block);
    void finish();
    WavWriter& writer();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace tonewright
