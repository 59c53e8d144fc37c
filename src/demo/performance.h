#pragma once
#include <cstdint>
#include <vector>

#include "demo/composition.h"

namespace tonewright::demo {

// A note as it was played: in seconds, with the player's small errors.
struct PlayedNote {
    double startSeconds = 0.0;
    double endSeconds = 0.0;
    int key = 0;
    int velocity = 80;
    std::string syllable;
};

// Plays a part with human timing and dynamics; the same seed plays the same. Notes written on the same beat share the
// player's timing error, so that a chord stays together. Sorted by start; never before 0.
std::vector<PlayedNote> perform(const Composition& song, const Part& part, std::uint64_t seed);

}  // namespace tonewright::demo
