#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "audiofile/regular_file.h"
#include "audiofile/signature.h"
#include "core/error.h"

namespace tonewright {

// Four bytes to be read in place of those in the file.
struct Patch {
    std::int64_t offset = 0;
    std::array<unsigned char, 4> bytes{};
};

// What a chunked file's header says, as far as it matters for trusting it.
struct HeaderFacts {
    std::optional<std::int64_t> startFrame;  // BWF bext TimeReference
    std::vector<Warning> warnings;
    std::optional<Patch> patch;  // of a WAV that was never closed: its data chunk's true size
};

// Compares what the header of a WAV, RF64, AIFF, CAF, W64, Ogg or MP3 file claims with the file's true size, before a
// decoder believes it. Other kinds pass unseen. Throws InputError for claims outside the limits of audio_reader.h, for missing
// format or data, for no frames, and for sound that the header promises and the file does not hold.
HeaderFacts checkHeader(const RegularFile& file, const FoundSignature& found);

}  // namespace tonewright
