#pragma once
#include <filesystem>

#include "analysis/analyzer.h"
#include "core/progress.h"

namespace tonewright {

// Listens to a whole sound file, in bounded memory. Advances the progress by the file's frames (it opens no stage of
// its own, so that many files can share one). Throws InputError for a file that cannot be read, Cancelled when asked.
Analysis analyzeFile(const std::filesystem::path& path, const AnalysisOptions& options, Progress& progress);

// Listens to an open stream, from where it stands to its end.
class AudioReader;
Analysis analyzeStream(AudioReader& reader, const AnalysisOptions& options, Progress& progress);

}  // namespace tonewright
