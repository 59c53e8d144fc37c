#pragma once
#include <string>

#include "session/content_roles.h"

namespace tonewright {

struct TrackRole {
    std::string role{kUnknownRole};
    double confidence = 0.0;
    std::string source;  // one of role_source

    bool operator==(const TrackRole&) const = default;
};

// What the name says and how it sounds, together. A clear name wins, and is believed less where the sound speaks against
// it; an unclear name and the sound strengthen each other where they agree; without a name the sound speaks alone.
TrackRole roleOf(std::string_view nameRole, double nameConfidence, const Sound& sound);

}  // namespace tonewright
