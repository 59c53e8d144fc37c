#pragma once
#include "analysis/facts.h"
#include "core/json.h"

namespace tonewright {

// The facts as `analyze --json` and reports show them: keys are the fields' names; what cannot be measured is null.
// The sketch and the drawn envelope are left out: they are working material, not facts to read.
Json toJson(const Analysis& facts);

// The block that reports repeat for every output: "integratedLufs" ... "samplePeakDbfs".
Json toJson(const LoudnessFacts& loudness);

// JSON Schema (draft 2020-12) of what toJson(Analysis) writes.
Json analysisSchema();

}  // namespace tonewright
