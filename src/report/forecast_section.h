#pragma once
#include "core/json.h"
#include "report/report.h"

namespace tonewright {

// What the mix was decided to measure, beside what it measured when it was rendered. Null where nothing was decided, or
// where an earlier plan or a note changed what was.
Json forecastJson(const Report& report);
Json forecastSchema();

}  // namespace tonewright
