#pragma once
#include <string>

#include "core/json.h"
#include "report/report.h"

namespace tonewright {

// A master beside its reference, for report.json and the page.
Json matchJson(const MatchReport& match);
Json matchSchema();
std::string matchHtml(const Report& report);  // empty without a reference

}  // namespace tonewright
