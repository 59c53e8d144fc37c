#pragma once
#include "analysis/song_structure.h"
#include "engineer/mix/mix_state.h"

namespace tonewright {

// The audible tracks as voices of the song, microphones of one thing as shares of one voice, and what they say together.
// A click track, though it is left out of the mix, counts the beats. Neither names, order nor input gains have a say.
SongStructure songStructure(const MixState& state);

}  // namespace tonewright
