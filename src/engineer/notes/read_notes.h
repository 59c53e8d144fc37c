#pragma once
#include <string>
#include <vector>

#include "engineer/notes/note_tokens.h"
#include "plan/request.h"

namespace tonewright {

// What was understood of a note, what was not, and which words were taken for misspelt.
struct NoteReading {
    std::vector<Request> requests;
    std::vector<UnreadNote> unread;
    std::vector<std::string> corrections;
};

// Reads one note by the grammar of docs/notes.md. A clause with a word that is not known, or one that could point either
// way, asks for nothing: it is in `unread`. Nothing is guessed.
NoteReading readNote(const std::string& note, const TrackNames& tracks = {});

}  // namespace tonewright
