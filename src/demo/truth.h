#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/json.h"
#include "demo/composition.h"
#include "demo/session_plan.h"

namespace tonewright::demo {

// What became of a track of the plan: the numbers that were known only when it was made.
struct TrackOutcome {
    int sampleRateHz = 0;
    std::int64_t frames = 0;
    std::int64_t startFrame = 0;
    std::int64_t clippedFrames = 0;  // frames in which at least one channel ran into the rails
};

// The document truth.json, described in docs/demo.md.
Json truthDocument(const Composition& song, const std::vector<TrackOutcome>& outcomes, int sampleRateHz, bool planted,
                   const std::string& soundFontHash);

// README.txt, for the user.
std::string readmeText(const Composition& song);

}  // namespace tonewright::demo
