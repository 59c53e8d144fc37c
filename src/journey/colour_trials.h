#pragma once
#include <filesystem>

#include "analysis/facts.h"
#include "core/progress.h"
#include "core/work_pool.h"
#include "plan/plan.h"

namespace tonewright {

// Tries the master's harmonics on four loud windows of five seconds of the programme in `source` (analysed as `facts`), as the
// steps before them leave it, and settles their amount (engineer/master/harmonics.h). Reads nothing where there is nothing to
// settle. Results do not depend on the number of threads.
void settleColour(Plan& plan, const std::filesystem::path& source, const Analysis& facts, int blockFrames, WorkPool& pool, Progress& progress);

}  // namespace tonewright
