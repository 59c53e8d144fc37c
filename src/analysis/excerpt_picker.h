#pragma once
#include <span>
#include <vector>

#include "analysis/facts.h"

namespace tonewright {

// Where to listen when listening to everything would take too long: parts of 5 s on whole seconds, one from each of
// equal stretches, each where the recordings' power rises most (every recording counts alike, whatever its level).
// Everything if it is at most totalSeconds long. The sketches start at the same time.
std::vector<TimeSpan> pickExcerpts(std::span<const Sketch* const> sketches, double totalSeconds = 60.0);

}  // namespace tonewright
