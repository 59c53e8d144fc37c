#include "journey/limiter_trials.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "analysis/loudness_meter.h"
#include "analysis/perceptual_difference.h"
#include "audiofile/audio_reader.h"
#include "core/decibels.h"
#include "render/stream_renderer.h"

namespace tonewright {

namespace {

constexpr int kStereo = 2;
constexpr double kWindowSeconds = 5.0;
constexpr double kSettleSeconds = 2.0;  // the limiter hears so much before an excerpt begins
constexpr int kWorstExcerpts = 3, kRepresentativeExcerpts = 3;

// The untouched programme beside what renderStream() hands over, frame by frame, with a gain.
class Untouched {
public:
    Untouched(const std::filesystem::path& file, std::int64_t start, double gainDb, int blockFrames)
        : reader_(openAudio(file)), buffer_(kStereo, blockFrames), gain_(static_cast<float>(dbToGain(gainDb))) {
        reader_->seek(std::min(start, reader_->info().frames));
    }
    // The next `frames`; silence after the end.
    ConstBlock next(int frames) {
        const Block block = buffer_.block(frames);
        const int got = reader_->position() < reader_->info().frames ? reader_->read(block) : 0;
        for (int c = 0; c < kStereo; ++c) {
            for (int n = 0; n < got; ++n) block.channels[c][n] *= gain_;
            std::fill(block.channels[c] + got, block.channels[c] + frames, 0.0f);
        }
        return block;
    }

private:
    std::unique_ptr<AudioReader> reader_;
    BlockBuffer buffer_;
    float gain_;
};

// Power of the difference against that of the untouched signal, window by window.
class ChangeProfile {
public:
    explicit ChangeProfile(std::int64_t windowFrames) : windowFrames_(windowFrames) {}
    void add(ConstBlock before, ConstBlock after) {
        for (int start = 0; start < after.numFrames;) {
            const auto run = static_cast<int>(std::min<std::int64_t>(after.numFrames - start, windowFrames_ - inWindow_));
            for (int c = 0; c < after.numChannels; ++c) addRun(before.channels[c] + start, after.channels[c] + start, run);
            start += run;
            inWindow_ += run;
            if (inWindow_ == windowFrames_) close();
        }
    }
    std::vector<double> result() {
        if (inWindow_ > windowFrames_ / 4 || shares_.empty()) close();  // a shorter rest tells nothing of its own
        return std::move(shares_);
    }

private:
    void addRun(const float* before, const float* after, int count) {
        double signal = 0.0, change = 0.0;
        for (int n = 0; n < count; ++n) {
            const double x = before[n], d = x - after[n];
            signal += x * x;
            change += d * d;
        }
        signal_ += signal;
        change_ += change;
    }
    void close() {
        shares_.push_back(signal_ > 0.0 ? change_ / signal_ : 0.0);
        signal_ = change_ = 0.0;
        inWindow_ = 0;
    }

    std::int64_t windowFrames_, inWindow_ = 0;
    double signal_ = 0.0, change_ = 0.0;
    std::vector<double> shares_;
};

}  // namespace

LimiterTrials::LimiterTrials(std::filesystem::path preLimiter, std::vector<Step> steps, std::int64_t frames, std::int64_t lateFrames, int blockFrames,
                             const LoudnessFacts& preLimiterLoudness, WorkPool& pool, Progress& progress)
    : preLimiter_(std::move(preLimiter)), steps_(std::move(steps)), frames_(frames), lateFrames_(lateFrames), blockFrames_(blockFrames),
      preLufs_(preLimiterLoudness.integratedLufs), pool_(pool), progress_(progress) {
    sampleRateHz_ = openAudio(preLimiter_)->info().sampleRateHz;
    windowFrames_ = std::llround(kWindowSeconds * sampleRateHz_);
}

std::vector<Step> LimiterTrials::stepsAt(double driveDb) const {
    std::vector<Step> steps = steps_;
    std::get<Limiter::Params>(steps.front().params).inputGainDb = driveDb;
    return steps;
}

std::vector<LoudnessTrial> LimiterTrials::loudness(const std::vector<double>& drivesDb) {
    std::vector<LoudnessTrial> trials(drivesDb.size());
    std::vector<std::vector<double>> profiles(drivesDb.size());
    progress_.stage("Finding the loudness", frames_ * static_cast<std::int64_t>(drivesDb.size()));
    pool_.forEach(static_cast<int>(drivesDb.size()), [&](int i) { trials[i] = loudnessTrial(drivesDb[i], profiles[i]); });
    for (std::size_t i = 0; i < trials.size(); ++i)
        if (changeShare_.empty() || trials[i].driveDb > profiledDriveDb_) {
            profiledDriveDb_ = trials[i].driveDb;
            changeShare_ = std::move(profiles[i]);
        }
    return trials;
}

LoudnessTrial LimiterTrials::loudnessTrial(double driveDb, std::vector<double>& changeShare) const {
    const auto reader = openAudio(preLimiter_);
    LoudnessMeter meter({static_cast<double>(sampleRateHz_), kStereo});
    Untouched untouched(preLimiter_, lateFrames_, driveDb, blockFrames_);
    ChangeProfile profile(windowFrames_);
    const auto steps = stepsAt(driveDb);
    const auto work = renderStream(
        *reader, steps, kStereo, frames_, blockFrames_,
        [&](ConstBlock block) {
            meter.add(block);
            profile.add(untouched.next(block.numFrames), block);
        },
        progress_, lateFrames_);
    changeShare = profile.result();
    LoudnessTrial result{.driveDb = driveDb, .loudness = toFacts(meter.result())};
    for (const StepWork& step : work)
        if (step.stepId == steps.front().id) {
            result.maxReductionDb = step.maxReductionDb;
            result.meanReductionDb = step.meanReductionDb;
        }
    return result;
}

std::vector<LimiterTrials::Excerpt> LimiterTrials::excerpts() const {
    std::vector<std::size_t> order(changeShare_.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return changeShare_[a] > changeShare_[b]; });
    const auto at = [&](std::size_t window, bool representative) { return Excerpt{static_cast<std::int64_t>(window) * windowFrames_, representative}; };
    std::vector<Excerpt> chosen;
    const std::size_t count = order.size();
    if (count <= kWorstExcerpts + kRepresentativeExcerpts) {
        for (std::size_t window = 0; window < count; ++window) chosen.push_back(at(window, true));
        return chosen;
    }
    for (std::size_t i = 0; i < kWorstExcerpts; ++i) chosen.push_back(at(order[i], false));
    for (std::size_t i = 0; i < kRepresentativeExcerpts; ++i) chosen.push_back(at(order[count * (2 * i + 1) / (2 * kRepresentativeExcerpts)], true));
    return chosen;
}

std::vector<LimitingDamage> LimiterTrials::damage(const std::vector<LoudnessTrial>& trials) {
    const std::vector<Excerpt> chosen = excerpts();
    const int count = static_cast<int>(chosen.size());
    std::vector<double> grades(trials.size() * chosen.size());
    progress_.stage("Judging the limiter", static_cast<std::int64_t>(grades.size()) * windowFrames_);
    pool_.forEach(static_cast<int>(grades.size()), [&](int i) { grades[i] = grade(trials[i / count], chosen[i % count].start); });

    std::vector<LimitingDamage> result(trials.size());
    for (std::size_t t = 0; t < trials.size(); ++t) {
        double sum = 0.0;
        int representatives = 0;
        for (int e = 0; e < count; ++e) {
            const double grade = grades[t * chosen.size() + static_cast<std::size_t>(e)];
            if (grade < result[t].worstGrade) {
                result[t].worstGrade = grade;
                result[t].worstSeconds = static_cast<double>(chosen[e].start) / sampleRateHz_;
            }
            if (!chosen[e].representative) continue;
            sum += grade;
            ++representatives;
        }
        if (representatives > 0) result[t].meanGrade = sum / representatives;
    }
    return result;
}

double LimiterTrials::grade(const LoudnessTrial& trial, std::int64_t start) const {
    const std::int64_t frames = std::min(windowFrames_, frames_ - start);
    const auto settle = std::min<std::int64_t>(start + lateFrames_, std::llround(kSettleSeconds * sampleRateHz_));
    const auto reader = openAudio(preLimiter_);
    reader->seek(start + lateFrames_ - settle);
    Untouched untouched(preLimiter_, start + lateFrames_, trial.loudness.integratedLufs - preLufs_, blockFrames_);
    PerceptualDifference difference({static_cast<double>(sampleRateHz_), kStereo});
    renderStream(*reader, stepsAt(trial.driveDb), kStereo, frames, blockFrames_,
                 [&](ConstBlock block) { difference.add(untouched.next(block.numFrames), block); }, progress_, settle);
    return difference.result().objectiveDifferenceGrade;
}

}  // namespace tonewright
