#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/progress.h"
#include "core/work_pool.h"
#include "engineer/master/plan_master.h"
#include "plan/step.h"

namespace tonewright {

// The programme as it reaches the limiter, in a file, and what the limiter and whatever follows it make of it at several
// drives. Results do not depend on the number of threads.
class LimiterTrials {
public:
    // steps: the limiter and what follows it. lateFrames: by how much the file is late.
    LimiterTrials(std::filesystem::path preLimiter, std::vector<Step> steps, std::int64_t frames, std::int64_t lateFrames, int blockFrames,
                  const LoudnessFacts& preLimiterLoudness, WorkPool& pool, Progress& progress);

    // Loudness and reduction of the whole programme with these drives.
    std::vector<LoudnessTrial> loudness(const std::vector<double>& drivesDb);

    // What is heard of the limiting: PEAQ between the programme before and after it, at the same loudness, in windows of
    // five seconds. The worst grade is that of the windows in which the signal was changed most; the mean is that of windows
    // which stand for the programme's quiet, middling and heavily limited thirds. After loudness().
    std::vector<LimitingDamage> damage(const std::vector<LoudnessTrial>& trials);

private:
    struct Excerpt {
        std::int64_t start = 0;
        bool representative = false;
    };
    LoudnessTrial loudnessTrial(double driveDb, std::vector<double>& changeShare) const;
    std::vector<Excerpt> excerpts() const;
    double grade(const LoudnessTrial& trial, std::int64_t start) const;
    std::vector<Step> stepsAt(double driveDb) const;

    std::filesystem::path preLimiter_;
    std::vector<Step> steps_;
    std::int64_t frames_, lateFrames_, windowFrames_ = 0;
    int sampleRateHz_ = 0, blockFrames_;
    double preLufs_;
    WorkPool& pool_;
    Progress& progress_;

    // How much the most driven trial changed the signal: power of the change against that of the signal, a value a window.
    double profiledDriveDb_ = 0.0;
    std::vector<double> changeShare_;
};

}  // namespace tonewright
