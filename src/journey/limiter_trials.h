#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "analysis/loudness_meter.h"
#include "core/audio.h"
#include "core/progress.h"
#include "core/work_pool.h"
#include "engineer/master/plan_master.h"
#include "plan/step.h"
#include "render/chain.h"

namespace tonewright {

// Mean squares of a stream in windows of equal length, all channels added.
class WindowPower {
public:
    // The first `skipFrames` belong to no window.
    explicit WindowPower(std::int64_t windowFrames, std::int64_t skipFrames = 0) : windowFrames_(windowFrames), inWindow_(-skipFrames) {}
    void add(ConstBlock block);
    std::vector<double> values() const;

private:
    std::int64_t windowFrames_, inWindow_;
    double sum_ = 0.0;
    std::vector<double> values_;
};

// What reaches the limiter, measured while it is written to the file that the trials read.
class ProgrammeMeter {
public:
    // lateFrames: by how much the stream is late.
    ProgrammeMeter(int sampleRateHz, std::int64_t lateFrames);
    void add(ConstBlock block);

    int sampleRateHz() const { return sampleRateHz_; }
    std::int64_t lateFrames() const { return lateFrames_; }
    LoudnessFacts loudness() const;
    std::vector<double> windowPower() const { return power_.values(); }

private:
    int sampleRateHz_;
    std::int64_t lateFrames_;
    LoudnessMeter loudness_;
    WindowPower power_;
};

// The programme as it reaches the limiter, in a file, and what the limiter and whatever follows it make of its excerpts at
// several drives. Results do not depend on the number of threads.
class LimiterTrials {
public:
    // steps: the limiter and what follows it. frames: of the programme, without what is late.
    LimiterTrials(std::filesystem::path preLimiter, const ProgrammeMeter& programme, std::vector<Step> steps, std::int64_t frames, int blockFrames, WorkPool& pool,
                  Progress& progress);

    // Loudness and reduction with these drives, from six windows of the programme's loud part.
    std::vector<LoudnessTrial> estimate(const std::vector<double>& drivesDb);

    // A meter for what a whole pass at some drive leaves, without fades.
    WindowPower meter() const { return WindowPower(windowFrames_); }
    // What it read.
    void heard(double driveDb, const WindowPower& limited);

    // What is heard of the limiting: PEAQ between windows of five seconds before and after it, at the same loudness. The worst grade is that of the windows in which the limiter took away most; the mean is that of windows
    // which stand for the programme's quiet, middling and heavily limited thirds. After heard().
    std::vector<LimitingDamage> judge(const std::vector<double>& drivesDb);

private:
    struct Excerpt {
        std::int64_t start = 0;
        bool representative = false;
    };
    LoudnessTrial estimated(double driveDb) const;
    std::vector<StepWork> renderExcerpt(double driveDb, std::int64_t start, const std::function<void(ConstBlock)>& sink) const;
    std::vector<std::int64_t> loudWindows() const;
    std::vector<Excerpt> excerpts() const;
    double grade(double driveDb, std::int64_t start) const;
    std::vector<Step> stepsAt(double driveDb) const;

    std::filesystem::path preLimiter_;
    std::vector<Step> steps_;  // without fades: they act on the whole programme's loudness only
    std::int64_t frames_, lateFrames_, windowFrames_;
    int sampleRateHz_, blockFrames_;
    double preLufs_;
    std::vector<double> power_;  // a value a window
    WorkPool& pool_;
    Progress& progress_;

    // The same of what the most driven pass left.
    double mostDriveDb_ = 0.0;
    std::vector<double> limitedPower_;
};

}  // namespace tonewright
