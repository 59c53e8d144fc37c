#pragma once
#include "analysis/facts.h"
#include "analysis/onset_detector.h"

namespace tonewright {

// Onsets, tempo and beats as facts. Fewer than 6 onsets make no tempo. onsetsPerSecond is per second of sound.
RhythmFacts rhythmFacts(const OnsetDetector::Result& heard, double activeSeconds);

}  // namespace tonewright
