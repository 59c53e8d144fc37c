#pragma once
#include <string>

#include "engineer/notes/clause_slots.h"

// What each kind of word says in its clause: the change that it asks for, or why it cannot be told.
namespace tonewright {

void refuse(Clause& clause, const std::string& why);  // the first reason stays
void addChange(Clause& clause, Attribute attribute, Direction direction);

void readQuality(Clause& clause, const Slots& s, const NoteMeaning& quality, const std::string& word);  // "brighter"
void readNoun(Clause& clause, const Slots& s, const NoteItem& item);   // "reverb"
void readVerb(Clause& clause, const Slots& s, const NoteItem& item);   // "tighten"
void readSide(Clause& clause, const Slots& s);                         // "pan the keys left"
void readLevel(Clause& clause, const Slots& s);                        // nothing but a target and words that point

}  // namespace tonewright
