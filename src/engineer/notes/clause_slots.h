#pragma once
#include <string>
#include <vector>

#include "engineer/notes/clause.h"

namespace tonewright {

// The clause in numbers: which words of each kind it has. Built in one walk.
struct Slots {
    std::vector<const NoteItem*> qualities, nouns, verbs;
    bool up = false, down = false, back = false, off = false, out = false, more = false, less = false, tooMuch = false, too = false, tooLittle = false;
    bool enough = false, so = false, soMuch = false, negation = false, dont = false, no = false, cannot = false, hear = false, understand = false;
    bool wish = false, need = false, give = false, some = false, remove = false, mute = false, unmute = false, solo = false, keepVerb = false, keepTail = false;
    bool above = false, below = false, sometimes = false, push = false, notThere = false;
    bool pan = false, mono = false, hard = false, be = false, there = false, past = false, than = false, by = false, shouldBe = false, why = false, question = false;
    int left = 0, right = 0, centre = 0;
    bool mend = false, conditional = false;                 // "fix", "clean up": only for what nobody wants
    std::string moverBack;             // the verb that "back" goes with
    const NoteItem* number = nullptr;
    bool negated() const { return negation || dont || no || cannot; }
};

// Fills the clause's targets, place and amount, and tells which words of each kind it has.
Slots walkClause(Clause& clause);

}  // namespace tonewright
