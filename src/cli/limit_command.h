#pragma once
#include <string>

#include "core/progress.h"
#include "journey/limit_file.h"

namespace CLI {
class App;
}

namespace tonewright {

// `tonewright limit`: adds an option for each of the limiter's parameters: --drive, --ceiling, and for the rest the
// parameter's name in words (releaseMs: --release-ms).
void addLimiterOptions(CLI::App& command, Limiter::Params& params);

// Limits the file and tells what was done. Returns the exit code; errors are thrown.
int limitCommand(const std::string& input, const LimitOptions& options, bool json, bool quiet, Progress& progress);

}  // namespace tonewright
