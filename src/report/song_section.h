#pragma once
#include <string>
#include <vector>

#include "plan/plan.h"

namespace tonewright {

// The song in a line: "112.0 BPM, four beats to the bar: intro 0:00.0, verse 1 0:08.7 ..."; empty where nothing is known.
std::string songLine(const Plan& plan);

// Its parts and when each track plays, drawn.
std::string songHtml(const Plan& plan);

}  // namespace tonewright
