#pragma once
#include <set>

#include "engineer/notes/clause.h"

namespace tonewright {

// What a clause's reading went by.
enum class ReadBy { mono, side, quality, noun, verb, level };

// The kinds of words that each reading looks at. Every word of a clause must be accounted for: one of another kind would be passed over, and the clause is refused.
const std::set<WordKind>& lookedAt(ReadBy by);

// Refuses a clause that asks for something and has a word that its reading does not look at.
void accountForAll(Clause& clause, ReadBy by);

}  // namespace tonewright
