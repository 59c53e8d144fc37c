#pragma once
#include <span>

#include "audiofile/regular_file.h"

namespace tonewright {

// What a file's first bytes say that it is.
enum class Signature { riffWave, aiff, caf, wave64, au, flac, ogg, mpegAudio, aacAdts, mp4, asf, matroska, avi, text, unknown };

Signature signatureOf(std::span<const unsigned char> firstBytes);

struct FoundSignature {
    Signature signature = Signature::unknown;
    std::int64_t offset = 0;  // where the signature stands: 0, or after ID3v2 tags
};

// The same of a file, looking past ID3v2 tags in front.
FoundSignature findSignature(const RegularFile& file);

}  // namespace tonewright
