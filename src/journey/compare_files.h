#pragma once
#include <filesystem>

#include "core/progress.h"
#include "report/comparison.h"

namespace tonewright {

// Reads two plans, two folders with results (plan.json and report.json) or two sound files, and compares them. A sound file can
// also be compared with a folder: with its master, or its mix where there is none. Throws InputError for what cannot be read, and
// UsageError for two that cannot be compared.
Comparison compareFiles(const std::filesystem::path& before, const std::filesystem::path& after, int threads, Progress& progress);

}  // namespace tonewright
