#pragma once
#include <cmath>
#include <limits>

#include "core/decibels.h"

namespace tonewright {

// Static curve of a compressor, soft knee (Giannoulis, Massberg & Reiss, "Digital Dynamic Range Compressor Design",
// JAES 60(6), 2012, eq. 4). With over = level - threshold, slope = 1 - 1/ratio, W = knee:
//
//   reduction = 0                               2 over <= -W
//             = slope (over + W/2)^2 / (2 W)    2 |over| < W
//             = slope over                      2 over >= W        (dB, >= 0: how much is taken away)
struct GainComputer {
    double thresholdDb = 0.0;
    double ratio = 1.0;   // >= 1
    double kneeDb = 0.0;  // whole width

    double reductionDb(double levelDb) const {
        // The same in one line: a parabola that stops at the knee's end, and a straight line from there on.
        const double fromKnee = levelDb - (thresholdDb - 0.5 * kneeDb), beyond = fromKnee - kneeDb;
        const double inside = fromKnee < 0.0 ? 0.0 : fromKnee > kneeDb ? kneeDb : fromKnee;
        const double parabola = kneeDb > 0.0 ? inside * inside / (2.0 * kneeDb) : 0.0;
        return (1.0 - 1.0 / ratio) * (parabola + (beyond > 0.0 ? beyond : 0.0));
    }

    // Power at and below which the reduction is 0: no logarithm is needed there.
    double idlePower() const {
        return ratio > 1.0 ? dbToPower(thresholdDb - 0.5 * kneeDb) : std::numeric_limits<double>::infinity();
    }
};

}  // namespace tonewright
