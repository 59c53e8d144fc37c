#pragma once
#include <cstdint>
#include <filesystem>

#include "demo/recording.h"
#include "demo/session_plan.h"

namespace tonewright::demo {

int bitsOf(FileKind kind);             // of the samples: 16, 24 or 32
const char* encodingOf(FileKind kind);  // "24-bit PCM", for people

// Writes a track to a staged path; samples of integer kinds already lie on their grid (convert()).
// startFrame > 0 becomes a BWF time reference. Throws OutputError.
void writeTrackFile(const std::filesystem::path& path, FileKind kind, int sampleRateHz, std::int64_t startFrame, const Channels& channels);

}  // namespace tonewright::demo
