#pragma once
#include <vector>

#include "session/name_parser.h"
#include "session/name_words.h"

namespace tonewright {

// Decides by the other names of a session what a name leaves open (the words of `company` in data/role_names.json): "Lead" beside
// "Adlibs" sings and beside "Rhythm Gtr" is a guitar; "Beat" beside voices alone is the whole backing track. `words` are those of
// each name, as many as readings. Names that say it themselves stay as they are, and so does what the others do not tell either.
void readByCompany(std::vector<NameReading>& readings, const std::vector<std::vector<NameWord>>& words, const RoleWords& dictionary);

}  // namespace tonewright
