#pragma once
#include "session/session.h"

namespace tonewright {

// Finds what belongs together and fills session.groups and Track::group, from roles, names and channels:
//   "kit"          close microphones with at least one overhead or room: one performance in one place
//   "multi-mic"    one instrument through several microphones or a DI: "Bass DI" and "Bass Amp", snare top and bottom
//   "stereo-pair"  two mono files, left and right of one recording
//   "doubles"      played twice: "Vox" and "Vox Double"; electric guitars or voices as left and right
// A track is in one group at most, the first of these that fits. Silent tracks are in none. Electric guitars and voices in
// two sides count as played twice, because that is how they are nearly always recorded; others as one recording.
void formGroups(Session& session);

}  // namespace tonewright
