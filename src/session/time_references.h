#pragma once
#include "session/session.h"

namespace tonewright {

// Puts the tracks where their BWF time references say, relative to the earliest, and sets session.frames. References
// count if at least two tracks have one and together they make one performance: within 24 hours, and no pause in which
// nothing plays that is longer than both a minute and the longest track (recorders that stamp each take with the time of
// day would pull a song apart). Otherwise all tracks start together; a warning says so.
void placeTracks(Session& session);

}  // namespace tonewright
