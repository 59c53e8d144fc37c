#pragma once
#include <string>
#include <vector>

#include "session/name_text.h"
#include "session/role_words.h"

namespace tonewright {

// One word of a name, as the dictionary knows it.
struct NameWord {
    std::string text;                    // "snaredrum", "2"
    const WordMeaning* meaning = nullptr;  // null: an unknown word or a number
    bool isNumber = false;
    bool misspelt = false;
    bool takenApart = false;             // found inside a longer word
};

// Joins and divides the chunks into the words of the dictionary, longest first: "Hi", "Hat" is "hihat"; "kickin" is
// "kick", "in".
std::vector<NameWord> wordsOf(const std::vector<NameChunk>& chunks, const RoleWords& dictionary);

}  // namespace tonewright
