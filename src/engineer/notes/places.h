#pragma once
#include <vector>

#include "engineer/notes/note_tokens.h"

namespace tonewright {

// Where in the song something is meant, said in several words, made one item of kind `time` whose meaning.target is the place as Request::where has it:
// "until the bridge" -> "until bridge", "from the second chorus on" -> "from chorus 2", "the first 20 seconds" -> "0-20", "the last 10 seconds" -> "end-10",
// "the first half of the bridge" -> "bridge half 1", "all choruses but the first" -> "chorus not 1", "in the verses and choruses" -> "verse+chorus".
// A part of the song that stands alone is left as it is.
void readPlaces(std::vector<NoteItem>& items);

// What stands before a time that is no span, in a place: "at 135.0".
inline constexpr const char* kAtTime = "at ";

}  // namespace tonewright
