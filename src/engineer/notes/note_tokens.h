#pragma once
#include <map>
#include <string>
#include <vector>

#include "engineer/notes/note_words.h"

namespace tonewright {

// The session's own names for its tracks: plain name -> target "track:ID".
using TrackNames = std::map<std::string, std::string>;

// One word or phrase of a note with what it means.
struct NoteItem {
    NoteMeaning meaning;
    std::string text;          // plain, corrected
    std::string unit;          // number: "db", "percent", or empty
    bool hasSign = false;      // number: "+2", "-3"

    bool is(WordKind kind) const { return meaning.kind == kind; }
};

struct ReadItems {
    std::vector<NoteItem> items;
    std::vector<std::string> corrections;  // "I read \"vocasl\" as \"vocals\""
};

// A note in words and phrases, longest first; misspelt long words are read as what they must mean.
ReadItems readItems(const std::string& note, const TrackNames& tracks, const NoteWords& words = NoteWords::get());

}  // namespace tonewright
