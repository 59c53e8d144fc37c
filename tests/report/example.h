#pragma once
#include "report/report.h"

// Made-up reports, with everything in them that a report can hold.
namespace tonewright::test {

// A song of twelve tracks: repaired, balanced, grouped, sent to a room, mastered.
Report mixReport();

// One stereo file, mastered.
Report masterReport();

// As little as can be: one silent track, nothing measurable, no master.
Report silentReport();

// mixReport() with names that attack the page, numbers that are none, and a target that was missed.
Report hostileReport();

}  // namespace tonewright::test
