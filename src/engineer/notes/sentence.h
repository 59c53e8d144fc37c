#pragma once
#include <string>
#include <vector>

#include "engineer/notes/clause.h"
#include "engineer/notes/read_notes.h"

namespace tonewright {

// What the clauses of one sentence ask for together: what each takes from its neighbours, and from what was spoken of before, which is kept in `spoken`.
void readSentence(std::vector<Clause> clauses, std::vector<std::string>& spoken, NoteReading& reading);

}  // namespace tonewright
