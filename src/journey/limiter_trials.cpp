#include "journey/limiter_trials.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "analysis/loudness_meter.h"
#include "analysis/perceptual_difference.h"
#include "audiofile/audio_reader.h"
#include "core/decibels.h"
#include "render/chain.h"
#include "render/stream_renderer.h"

namespace tonewright {

namespace {

constexpr int kStereo = 2;
constexpr double kWindowSeconds = 5.0;
constexpr double kSettleSeconds = 2.0;  // the limiter hears so much before an excerpt begins
std::int64_t windowFrames(int sampleRateHz) { return std::llround(kWindowSeconds * sampleRateHz); }

constexpr int kLoudExcerpts = 6, kWorstExcerpts = 3, kRepresentativeExcerpts = 3;

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

}  // namespace

void WindowPower::add(ConstBlock block) {
    int start = 0;
    if (inWindow_ < 0) {
        start = static_cast<int>(std::min<std::int64_t>(-inWindow_, block.numFrames));
        inWindow_ += start;
    }
    while (start < block.numFrames) {
        const auto run = static_cast<int>(std::min<std::int64_t>(block.numFrames - start, windowFrames_ - inWindow_));
        for (int c = 0; c < block.numChannels; ++c)
            for (int n = start; n < start + run; ++n) sum_ += static_cast<double>(block.channels[c][n]) * block.channels[c][n];
        start += run;
        inWindow_ += run;
        if (inWindow_ < windowFrames_) continue;
        values_.push_back(sum_ / static_cast<double>(windowFrames_));
        sum_ = 0.0;
        inWindow_ = 0;
    }
}

std::vector<double> WindowPower::values() const {
    std::vector<double> all = values_;
    // The rest, where it tells something of its own.
    if (inWindow_ > windowFrames_ / 4 || (all.empty() && inWindow_ > 0)) all.push_back(sum_ / static_cast<double>(inWindow_));
    return all;
}

ProgrammeMeter::ProgrammeMeter(int sampleRateHz, std::int64_t lateFrames)
    : sampleRateHz_(sampleRateHz), lateFrames_(lateFrames), loudness_({static_cast<double>(sampleRateHz), kStereo}), power_(windowFrames(sampleRateHz), lateFrames) {}

void ProgrammeMeter::add(ConstBlock block) {
    loudness_.add(block);
    power_.add(block);
}

LoudnessFacts ProgrammeMeter::loudness() const { return toFacts(loudness_.result()); }

LimiterTrials::LimiterTrials(std::filesystem::path preLimiter, const ProgrammeMeter& programme, std::vector<Step> steps, std::int64_t frames, int blockFrames, WorkPool& pool,
                             Progress& progress)
    : preLimiter_(std::move(preLimiter)), steps_(std::move(steps)), frames_(frames), lateFrames_(programme.lateFrames()),
      windowFrames_(windowFrames(programme.sampleRateHz())), sampleRateHz_(programme.sampleRateHz()), blockFrames_(blockFrames),
      preLufs_(programme.loudness().integratedLufs), power_(programme.windowPower()), pool_(pool), progress_(progress) {
    std::erase_if(steps_, [](const Step& step) { return step.type() == "fade"; });
}

std::vector<Step> LimiterTrials::stepsAt(double driveDb) const {
    std::vector<Step> steps = steps_;
    std::get<Limiter::Params>(steps.front().params).inputGainDb = driveDb;
    return steps;
}

void LimiterTrials::heard(double driveDb, const WindowPower& limited) {
    if (!limitedPower_.empty() && driveDb <= mostDriveDb_) return;
    mostDriveDb_ = driveDb;
    limitedPower_ = limited.values();
}

// Six windows that stand for what the loudness is made of: those within 10 dB of the mean (the gate of BS.1770), evenly by rank.
std::vector<std::int64_t> LimiterTrials::loudWindows() const {
    const double mean = std::accumulate(power_.begin(), power_.end(), 0.0) / static_cast<double>(std::max<std::size_t>(1, power_.size()));
    std::vector<std::size_t> order;
    for (std::size_t window = 0; window < power_.size(); ++window)
        if (power_[window] > 0.0 && power_[window] >= 0.1 * mean) order.push_back(window);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return power_[a] > power_[b]; });
    const std::size_t wanted = std::min<std::size_t>(kLoudExcerpts, order.size());
    std::vector<std::int64_t> starts;
    for (std::size_t i = 0; i < wanted; ++i) starts.push_back(static_cast<std::int64_t>(order[order.size() * (2 * i + 1) / (2 * wanted)]) * windowFrames_);
    return starts;
}

std::vector<LoudnessTrial> LimiterTrials::estimate(const std::vector<double>& drivesDb) {
    std::vector<LoudnessTrial> trials(drivesDb.size());
    progress_.stage("Estimating the loudness", static_cast<std::int64_t>(drivesDb.size()) * kLoudExcerpts * windowFrames_);
    pool_.forEach(static_cast<int>(drivesDb.size()), [&](int i) { trials[i] = estimated(drivesDb[i]); });
    return trials;
}

LoudnessTrial LimiterTrials::estimated(double driveDb) const {
    const StreamSpec spec{static_cast<double>(sampleRateHz_), kStereo};
    LoudnessMeter before(spec), after(spec);
    LoudnessTrial result{.driveDb = driveDb};
    const auto starts = loudWindows();
    for (const std::int64_t start : starts) {
        Untouched untouched(preLimiter_, start + lateFrames_, 0.0, blockFrames_);
        const auto work = renderExcerpt(driveDb, start, [&](ConstBlock block) {
            before.add(untouched.next(block.numFrames));
            after.add(block);
        });
        if (work.empty()) continue;
        result.maxReductionDb = std::min(result.maxReductionDb, work.front().maxReductionDb);
        result.meanReductionDb += work.front().meanReductionDb / static_cast<double>(starts.size());
    }
    result.loudness.integratedLufs = preLufs_ + after.result().integratedLufs - before.result().integratedLufs;
    return result;
}

std::vector<StepWork> LimiterTrials::renderExcerpt(double driveDb, std::int64_t start, const std::function<void(ConstBlock)>& sink) const {
    const auto settle = std::min<std::int64_t>(start + lateFrames_, std::llround(kSettleSeconds * sampleRateHz_));
    const auto reader = openAudio(preLimiter_);
    reader->seek(start + lateFrames_ - settle);
    return renderStream(*reader, stepsAt(driveDb), kStereo, std::min(windowFrames_, frames_ - start), blockFrames_, sink, progress_, settle);
}

std::vector<LimiterTrials::Excerpt> LimiterTrials::excerpts() const {
    std::vector<std::size_t> order(limitedPower_.size());
    std::iota(order.begin(), order.end(), 0);
    // What is left of the power; the drive is the same for all. Silence has nothing to lose.
    const auto left = [&](std::size_t window) { return window < power_.size() && power_[window] > 0.0 ? limitedPower_[window] / power_[window] : std::numeric_limits<double>::infinity(); };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return left(a) < left(b); });
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

std::vector<LimitingDamage> LimiterTrials::judge(const std::vector<double>& drivesDb) {
    const std::vector<Excerpt> chosen = excerpts();
    const int count = static_cast<int>(chosen.size());
    std::vector<double> grades(drivesDb.size() * chosen.size());
    progress_.stage("Judging the limiter", static_cast<std::int64_t>(grades.size()) * windowFrames_);
    pool_.forEach(static_cast<int>(grades.size()), [&](int i) { grades[i] = grade(drivesDb[i / count], chosen[i % count].start); });

    std::vector<LimitingDamage> result(drivesDb.size());
    for (std::size_t t = 0; t < drivesDb.size(); ++t) {
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

double LimiterTrials::grade(double driveDb, std::int64_t start) const {
    const StreamSpec spec{static_cast<double>(sampleRateHz_), kStereo};
    const int frames = static_cast<int>(std::min(windowFrames_, frames_ - start));
    BlockBuffer limited(kStereo, frames);
    LoudnessMeter before(spec), after(spec);
    Untouched toMeasure(preLimiter_, start + lateFrames_, driveDb, blockFrames_);
    int done = 0;
    renderExcerpt(driveDb, start, [&](ConstBlock block) {
        for (int c = 0; c < kStereo; ++c) std::copy_n(block.channels[c], block.numFrames, limited.channel(c) + done);
        done += block.numFrames;
        before.add(toMeasure.next(block.numFrames));
        after.add(block);
    });
    const double lostLu = before.result().integratedLufs - after.result().integratedLufs;

    Untouched reference(preLimiter_, start + lateFrames_, driveDb - (std::isfinite(lostLu) ? lostLu : 0.0), blockFrames_);
    // What a limiter does above 21 kHz nobody hears; the standard's bandwidth variables would count it.
    PerceptualDifference difference(spec, {.assumeFullBandwidth = true});
    for (int at = 0; at < frames; at += blockFrames_) {
        const int count = std::min(blockFrames_, frames - at);
        const float* channels[kStereo] = {limited.channel(0) + at, limited.channel(1) + at};
        difference.add(reference.next(count), ConstBlock{channels, kStereo, count});
    }
    return difference.result().objectiveDifferenceGrade;
}

}  // namespace tonewright
