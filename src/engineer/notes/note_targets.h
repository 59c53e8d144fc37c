#pragma once
#include <string>
#include <vector>

#include "engineer/notes/note_tokens.h"
#include "plan/plan.h"
#include "session/session.h"

namespace tonewright {

// The session's track names that a note may use: those of which no word could be taken for something else.
TrackNames trackNames(const Session& session);

// Which tracks of the plan a target means. `why` says why there are none.
struct FoundTracks {
    std::vector<int> tracks;   // indices of plan.tracks
    std::string why;
};
FoundTracks findTracks(const std::string& target, const Plan& plan, const Session& session);

}  // namespace tonewright
