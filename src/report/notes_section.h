#pragma once
#include <string>
#include <vector>

#include "core/json.h"
#include "report/report.h"

namespace tonewright {

// What the user asked for in plain words (--note): what became of each request, and what was not understood.
std::vector<std::string> noteLines(const Plan& plan);   // for the terminal
std::string notesHtml(const Plan& plan);
Json notesJson(const Plan& plan);
Json notesSchema();

}  // namespace tonewright
