#pragma once
#include <vector>

#include "analysis/facts.h"
#include "session/session.h"

namespace tonewright {

// How loud a track is over the session's time: dB of the sketch's frames, 0 at the track's 95th percentile, floored 40 dB below.
struct LevelCourse {
    static constexpr double kFloorDb = -40.0;

    int start = 0;                 // frame of the session
    std::vector<double> levelDb;   // empty for silence

    double at(int frame) const;    // kFloorDb where the track is not
    int end() const { return start + static_cast<int>(levelDb.size()); }
};

LevelCourse levelCourse(const Track& track, const Sketch& sketch, int sampleRateHz);

// Correlation of two courses where either sounds, -1 ... 1; 0 where that is less than 40 frames.
double correlation(const LevelCourse& a, const LevelCourse& b);

}  // namespace tonewright
