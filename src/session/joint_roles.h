#pragma once
#include <array>
#include <vector>

#include "session/content_roles.h"

namespace tonewright {

// One track of a session as it is heard alone.
struct TrackHearing {
    FamilyProbabilities families{};  // of a track that is called something: 1 for that family
    bool isOpen = true;              // neither a name nor the user says what it is
    double lowestHz = 0.0;           // a tenth of its power lies below; 0 where nothing is known
};

// The same families with the session in mind (docs/roles.md):
//
//   joint(family) ~ alone(family) x company(family) x register(family)
//
//   company   what the tracks are of which that is known (named, or surely heard: 0.8), against what tracks usually are, within
//             1/1.4 ... 1.4: (8 usual + sum of their families) / (8 + their number) / usual
//   register  of bass: 3 for the lowest of the tracks that are not drums if no other track is a bass already; 1/3 for what begins
//             more than an octave above a track that is
//
// Twice, the second time with the first's result for the others. What is sure already (0.8) or not open stays as it was.
std::vector<FamilyProbabilities> jointFamilies(const std::vector<TrackHearing>& tracks);

}  // namespace tonewright
