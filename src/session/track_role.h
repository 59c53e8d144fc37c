#pragma once
#include <string>

#include "session/content_roles.h"

namespace tonewright {

struct TrackRole {
    std::string role{kUnknownRole};
    double confidence = 0.0;
    std::string source;  // one of role_source
    std::string doubt;   // what speaks against it, for people; empty if nothing does

    bool operator==(const TrackRole&) const = default;
};

// What the name says and how it sounds, together. A clear name wins, and is believed less where the sound speaks against
// it, which `doubt` then says; an unclear name and the sound strengthen each other where they agree, and the sound wins where
// it is sure of another family; without a name the sound speaks alone.
TrackRole roleOf(std::string_view nameRole, double nameConfidence, const Sound& sound);

}  // namespace tonewright
