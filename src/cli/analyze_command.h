#pragma once
#include <string>
#include <vector>

#include "core/json.h"
#include "core/progress.h"

namespace tonewright {

struct AnalyzeOptions {
    bool json = false;
    bool quiet = false;
    std::string failOn;  // "", "warn" or "error"
    int threads = 0;
};

// JSON Schema of what --json prints.
Json analysisDocumentSchema();

// `tonewright analyze`: prints facts and faults of every file (folders are searched). Returns the exit code: 0, 3 if none
// could be read, 6 for faults under --fail-on, 7 if some could not be read.
int analyzeFiles(const std::vector<std::string>& inputs, const AnalyzeOptions& options, Progress& progress);

}  // namespace tonewright
