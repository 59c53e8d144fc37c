#pragma once
#include <memory>
#include <optional>
#include <string>

#include "audiofile/audio_reader.h"
#include "audiofile/header_check.h"
#include "audiofile/regular_file.h"

namespace tonewright {

// Opens through libsndfile; `known` holds the path and what the header check found. Returns null, with the library's words in `refusal`, if it does not know this kind of file;
// throws InputError for one that it knows and that is damaged or outside the limits.
std::unique_ptr<AudioReader> openWithSndfile(std::shared_ptr<const RegularFile> file, const AudioFileInfo& known, const std::optional<Patch>& patch,
                                             std::string& refusal);

}  // namespace tonewright
