#include "analysis/clipping_detector.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/decibels.h"
#include "dsp/target_clones.h"

namespace tonewright {

namespace {

constexpr float kFlatness = 5e-4f;          // of the level: dither and a lossless change of gain stay within it
constexpr float kExactFlatness = 1e-4f;     // what a corner is measured by where the samples are equal
constexpr float kCorner = 2.5f;             // times what a parabola would fall
constexpr float kPulseJump = 0.95f;         // a jump of that much of the level, on both sides
constexpr float kLowestLevel = 0.3f;        // of the highest sample so far: lower tops are not looked at
constexpr double kLevelsPerDb = 20.0;
constexpr double kBelowPeakDb = 3.0;        // clipping lies that near the recording's extreme
constexpr int kFewestTops = 5;              // at one level; at full scale one will do
constexpr double kFullScale = 0.9885;       // -0.1 dBFS
constexpr int kPlaces = 32;
constexpr int kStretch = 32;

// What a stretch of samples says: whether any is flat after the one before it, smallest step (or the one given), peak.
struct Steps {
    bool flat;
    float smallest, peak;
};

TONEWRIGHT_TARGET_CLONES
Steps stepsOf(const float* samples, float smallest, float peak) {
    using Lanes = float __attribute__((vector_size(32)));
    using Mask = int __attribute__((vector_size(32)));
    Mask flat{};
    Lanes least = Lanes{} + smallest, most = Lanes{} + peak, before, x;
    for (int n = 0; n < kStretch; n += 8) {
        std::memcpy(&before, samples + n - 1, sizeof before);
        std::memcpy(&x, samples + n, sizeof x);
        Lanes step = x - before;
        step = step < 0.0f ? -step : step;
        before = before < 0.0f ? -before : before;
        x = x < 0.0f ? -x : x;
        flat |= step <= kFlatness * before;
        most = x > most ? x : most;
        step = step > 0.0f ? step : least;
        least = step < least ? step : least;
    }
    Steps steps{false, smallest, peak};
    for (int lane = 0; lane < 8; ++lane) {
        steps.flat = steps.flat || flat[lane] != 0;
        steps.smallest = std::min(steps.smallest, least[lane]);
        steps.peak = std::max(steps.peak, most[lane]);
    }
    return steps;
}

}  // namespace

// Works on copies of the state: the compiler cannot know that `samples` is not part of it.
void ClippingDetector::add(const float* samples, int count) {
    float last = last_, beforeLast = beforeLast_, peak = peak_, smallestStep = smallestStep_;
    Run run = run_;
    int nextStretch = 1;
    for (int n = 0; n < count; ++n) {
        // Where nothing is flat every sample is a run of its own, and only the last three matter.
        if (n >= nextStretch && run.length == 1 && !waiting_ && n + kStretch <= count) {
            nextStretch = n + kStretch;
            if (const Steps steps = stepsOf(samples + n, smallestStep, peak); !steps.flat) {
                smallestStep = steps.smallest;
                peak = steps.peak;
                n += kStretch - 1;
                last = samples[n];
                beforeLast = samples[n - 1];
                run = {last, last, last, beforeLast, samples[n - 2], 0.0f, frame_ + n, 1};
                continue;
            }
        }
        const float x = samples[n], level = std::abs(x);
        const float step = std::abs(x - last);
        if (step > 0.0f && step < smallestStep) smallestStep = step;
        peak = level > peak ? level : peak;
        if (waiting_) {
            smallestStep_ = smallestStep;
            judge(x);
            waiting_ = false;
        }
        if (std::abs(x - run.value) <= kFlatness * std::abs(run.value)) {
            run.low = std::min(run.low, x);
            run.high = std::max(run.high, x);
            ++run.length;
        } else {
            if (run.length >= 3 && std::abs(run.value) > kLowestLevel * peak) {
                closed_ = run;
                closed_.oneAfter = x;
                waiting_ = true;
            }
            run.value = run.low = run.high = x;
            run.oneBefore = last;
            run.twoBefore = beforeLast;
            run.start = frame_ + n;
            run.length = 1;
        }
        beforeLast = last;
        last = x;
    }
    last_ = last;
    beforeLast_ = beforeLast;
    peak_ = peak;
    smallestStep_ = smallestStep;
    run_ = run;
    frame_ += count;
}

void ClippingDetector::judge(float twoAfter) {
    const Run& run = closed_;
    const bool equal = run.low == run.high;
    if (run.length < 4 && !equal) return;
    const float sign = run.value < 0.0f ? -1.0f : 1.0f, level = std::max(std::abs(run.low), std::abs(run.high));
    const auto fall = [&](float sample) { return level - sign * sample; };
    if (std::min(fall(run.oneBefore), fall(run.oneAfter)) > kPulseJump * level) return;

    const float flatness = std::max(smallestStep_, level * (equal ? kExactFlatness : kFlatness));
    const float n = static_cast<float>(run.length), parabola = (n + 3.0f) / (n - 1.0f);
    if (std::min(fall(run.twoBefore), fall(twoAfter)) <= kCorner * parabola * parabola * flatness) return;
    if (std::min(fall(run.oneBefore), fall(run.oneAfter)) <= 0.0f) return;

    Level& at = levels_[static_cast<int>(std::floor(kLevelsPerDb * gainToDb(level)))];
    ++at.tops;
    at.frames += run.length;
    at.highest = std::max(at.highest, level);
    if (at.places.size() < kPlaces) at.places.push_back(run.start);
}

ClippingDetector::Result ClippingDetector::result() const {
    ClippingDetector all = *this;
    const float rest[3] = {0.0f, 0.0f, 0.0f};  // closes a run that lasts to the end
    all.add(rest, 3);
    Result result;
    for (auto at = all.levels_.begin(); at != all.levels_.end(); ++at) {
        const Level& level = at->second;
        std::int64_t near = level.tops;
        for (const int neighbour : {at->first - 1, at->first + 1})
            if (const auto found = all.levels_.find(neighbour); found != all.levels_.end()) near += found->second.tops;
        const bool atFullScale = level.highest >= kFullScale;
        const bool nearExtreme = level.highest >= all.peak_ * dbToGain(-kBelowPeakDb);
        if (!atFullScale && !(nearExtreme && near >= kFewestTops)) continue;
        result.tops += level.tops;
        result.clippedFrames += level.frames;
        result.levelDbfs = std::max(result.levelDbfs, gainToDb(level.highest));
        result.frames.insert(result.frames.end(), level.places.begin(), level.places.end());
    }
    std::sort(result.frames.begin(), result.frames.end());
    if (result.frames.size() > kPlaces) result.frames.resize(kPlaces);
    result.share = frame_ > 0 ? static_cast<double>(result.clippedFrames) / static_cast<double>(frame_) : 0.0;
    if (result.share > 0.5) return {};
    return result;
}

}  // namespace tonewright
