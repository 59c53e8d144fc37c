#include "session/level_course.h"

#include <algorithm>
#include <cmath>

#include "core/decibels.h"

namespace tonewright {

double LevelCourse::at(int frame) const {
    const int own = frame - start;
    return own < 0 || own >= static_cast<int>(levelDb.size()) ? kFloorDb : levelDb[own];
}

LevelCourse levelCourse(const Track& track, const Sketch& sketch, int sampleRateHz) {
    LevelCourse course;
    std::vector<double> power(sketch.frames), heard;
    for (int frame = 0; frame < sketch.frames; ++frame) {
        for (int band = 0; band < kErbBands; ++band) power[frame] += sketch.at(frame, band);
        if (power[frame] > 0.0) heard.push_back(power[frame]);
    }
    if (heard.empty()) return course;
    const auto loud = heard.begin() + static_cast<std::ptrdiff_t>(heard.size() * 19 / 20);
    std::nth_element(heard.begin(), loud, heard.end());
    course.start = static_cast<int>(std::lround(static_cast<double>(track.startFrame) / sampleRateHz / sketch.frameSeconds));
    for (const double p : power) course.levelDb.push_back(p > 0.0 ? std::clamp(powerToDb(p / *loud), LevelCourse::kFloorDb, 0.0) : LevelCourse::kFloorDb);
    return course;
}

double correlation(const LevelCourse& a, const LevelCourse& b) {
    constexpr int kLeastFrames = 40;
    double n = 0.0, sumA = 0.0, sumB = 0.0, aa = 0.0, bb = 0.0, ab = 0.0;
    for (int frame = std::min(a.start, b.start); frame < std::max(a.end(), b.end()); ++frame) {
        const double x = a.at(frame), y = b.at(frame);
        if (x <= LevelCourse::kFloorDb && y <= LevelCourse::kFloorDb) continue;
        n += 1.0;
        sumA += x;
        sumB += y;
        aa += x * x;
        bb += y * y;
        ab += x * y;
    }
    if (n < kLeastFrames) return 0.0;
    const double varianceA = aa - sumA * sumA / n, varianceB = bb - sumB * sumB / n;
    return varianceA > 0.0 && varianceB > 0.0 ? (ab - sumA * sumB / n) / std::sqrt(varianceA * varianceB) : 0.0;
}

}  // namespace tonewright
