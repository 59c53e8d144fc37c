#pragma once
#include <memory>

#include "audiofile/audio_reader.h"
#include "audiofile/regular_file.h"
#include "audiofile/signature.h"

namespace tonewright {

// Opens through FFmpeg's libraries; `known` holds the path and what the header check found. The whole sound is decoded once to learn its exact length (containers know it only
// roughly), and positioning backwards decodes again from the start: exact, and bounded in memory.
// Throws InputError for what cannot be decoded, Error(ErrorKind::component) if the libraries were not built in.
std::unique_ptr<AudioReader> openWithLibav(std::shared_ptr<const RegularFile> file, Signature signature, const AudioFileInfo& known);

bool haveLibav();

}  // namespace tonewright
