#pragma once
#include <vector>

#include "analysis/facts.h"
#include "core/progress.h"
#include "session/session.h"

namespace tonewright {

// Finds mixes of the session among its own tracks: a bounce that was left in the folder holds what the others play, whatever it is called.
// A stereo track that sounds for most of the song, and whose name says of no instrument, is compared with the others as waveforms; where
// gains of most of them explain it, it becomes mix/programme (Track::heldShare), and a warning says so. What the user said stays. The
// analyses are those of the tracks; roles are as their names say. Streams.
void recogniseBounces(Session& session, const std::vector<Analysis>& analyses, Progress& progress);

}  // namespace tonewright
