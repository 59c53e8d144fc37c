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

    // Returns the samples as they stand in the file (valid until the next call): what is measured is what was written.
    ConstBlock write(ConstBlock block);

    // Completes the file, reads it back and compares every sample with what was written. Throws OutputError if the disk
    // gives back anything else.
    void finish();
    // Completes a file that nobody keeps: without reading it back.
    void finishScratch();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace tonewright
