#include "journey/colour_trials.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "analysis/loudness_meter.h"
#include "analysis/perceptual_difference.h"
#include "audiofile/resampler.h"
#include "core/decibels.h"
#include "dsp/saturator.h"
#include "engineer/master/harmonics.h"
#include "render/stream_renderer.h"

namespace tonewright {

namespace {

constexpr int kStereo = 2, kExcerpts = 4;
constexpr double kWindowSeconds = 5.0;
constexpr double kSettleSeconds = 1.5;        // the steps before hear so much before an excerpt begins,
constexpr double kSaturatorSeconds = 0.25;    // and the saturator so much of what they give
constexpr double kLoudLu = 10.0;              // under the loudest, and it is no loud part any more

// Where the windows begin, in seconds: the loudest, and three of the loud part evenly by rank.
std::vector<double> loudWindows(const Analysis& facts) {
    const std::vector<float>& lufs = facts.dynamics.shortTermLufs;
    const double seconds = static_cast<double>(facts.frames) / facts.spec.sampleRateHz;
    const int windows = std::max(1, static_cast<int>(seconds / kWindowSeconds));
    std::vector<double> level(static_cast<std::size_t>(windows), lufs.empty() ? 0.0 : -300.0);
    for (std::size_t i = 0; i < lufs.size(); ++i) {
        const auto window = static_cast<std::size_t>(static_cast<double>(i) * windows / static_cast<double>(lufs.size()));
        level[window] = std::max(level[window], static_cast<double>(lufs[i]));
    }
    std::vector<int> order(level.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return level[a] > level[b]; });
    const double loudest = level[order.front()];
    std::erase_if(order, [&](int window) { return level[window] < loudest - kLoudLu; });
    std::vector<double> starts;
    const std::size_t count = std::min<std::size_t>(kExcerpts, order.size());
    for (std::size_t i = 0; i < count; ++i) starts.push_back(order[i * order.size() / count] * kWindowSeconds);
    return starts;
}

// Windows of the programme as they reach the saturator, and what it makes of them.
class ColourTrials {
public:
    ColourTrials(const Plan& plan, std::size_t place, const std::filesystem::path& source, const Analysis& facts, int blockFrames, WorkPool& pool, Progress& progress)
        : source_(source), rateHz_(plan.delivery.sampleRateHz), blockFrames_(blockFrames), pool_(pool), progress_(progress) {
        // What stands at places in time means the whole programme.
        std::copy_if(plan.master.begin(), plan.master.begin() + static_cast<std::ptrdiff_t>(place), std::back_inserter(before_),
                     [](const Step& step) { return step.type() != "trim" && step.type() != "fade" && step.type() != "gainEnvelope"; });
        const std::int64_t length = resampledFrames(facts.frames, static_cast<int>(facts.spec.sampleRateHz), rateHz_);
        windowFrames_ = static_cast<int>(std::min<std::int64_t>(length, frames(kWindowSeconds)));
        latencyFrames_ = Saturator(std::get<SaturatorParams>(plan.master[place].params), {static_cast<double>(rateHz_), kStereo}).latencyFrames();
        for (const double start : loudWindows(facts)) excerpts_.push_back({.start = std::min(std::max<std::int64_t>(0, length - windowFrames_), frames(start)), .audio = {}, .leadFrames = 0});
        progress_.stage("Trying the colour", static_cast<std::int64_t>(excerpts_.size()) * windowFrames_);
        pool_.forEach(static_cast<int>(excerpts_.size()), [&](int i) { fetch(excerpts_[i]); });
    }

    LimitingDamage heard(const SaturatorParams& params) {
        std::vector<double> grades(excerpts_.size());
        pool_.forEach(static_cast<int>(excerpts_.size()), [&](int i) {
            progress_.throwIfCancelled();
            grades[i] = grade(params, excerpts_[i]);
        });
        LimitingDamage damage;
        for (std::size_t i = 0; i < grades.size(); ++i) {
            damage.meanGrade += grades[i] / static_cast<double>(grades.size());
            if (grades[i] >= damage.worstGrade) continue;
            damage.worstGrade = grades[i];
            damage.worstSeconds = static_cast<double>(excerpts_[i].start) / rateHz_;
        }
        return damage;
    }

private:
    struct Excerpt {
        std::int64_t start = 0;
        AudioBuffer audio;   // what the saturator hears before the window, the window, and as much as it is late
        int leadFrames = 0;
    };
    std::int64_t frames(double seconds) const { return std::llround(seconds * rateHz_); }

    void fetch(Excerpt& excerpt) const {
        const std::int64_t settle = std::min(excerpt.start, frames(kSettleSeconds));
        excerpt.leadFrames = static_cast<int>(std::min(settle, frames(kSaturatorSeconds)));
        const int wanted = excerpt.leadFrames + windowFrames_ + latencyFrames_;
        excerpt.audio = AudioBuffer({static_cast<double>(rateHz_), kStereo}, wanted);
        const auto reader = atRate(openAudio(source_), rateHz_);
        if (excerpt.start > settle) reader->seek(excerpt.start - settle);
        std::int64_t at = excerpt.leadFrames - settle;
        renderStream(*reader, before_, kStereo, wanted - at, blockFrames_, [&](ConstBlock block) {
            const int skipped = static_cast<int>(std::clamp<std::int64_t>(-at, 0, block.numFrames));
            for (int c = 0; c < kStereo; ++c) std::copy(block.channels[c] + skipped, block.channels[c] + block.numFrames, excerpt.audio.channel(c).data() + at + skipped);
            at += block.numFrames;
        }, progress_);
    }

    double grade(const SaturatorParams& params, const Excerpt& excerpt) const {
        const StreamSpec spec{static_cast<double>(rateHz_), kStereo};
        const int total = excerpt.leadFrames + windowFrames_ + latencyFrames_;
        BlockBuffer plain(kStereo, windowFrames_), coloured(kStereo, total);
        for (int c = 0; c < kStereo; ++c) {
            std::copy_n(excerpt.audio.channel(c).data(), total, coloured.channel(c));
            std::copy_n(excerpt.audio.channel(c).data() + excerpt.leadFrames, windowFrames_, plain.channel(c));
        }
        Saturator(params, spec).process(coloured.block(total));
        const int late = excerpt.leadFrames + latencyFrames_;
        const float* test[kStereo] = {coloured.channel(0) + late, coloured.channel(1) + late};
        const float* reference[kStereo] = {plain.channel(0), plain.channel(1)};
        LoudnessMeter before(spec), after(spec);
        before.add({reference, kStereo, windowFrames_});
        after.add({test, kStereo, windowFrames_});
        const double gainDb = after.result().integratedLufs - before.result().integratedLufs;
        const auto gain = static_cast<float>(std::isfinite(gainDb) ? dbToGain(gainDb) : 1.0);
        for (int c = 0; c < kStereo; ++c)
            for (int n = 0; n < windowFrames_; ++n) plain.channel(c)[n] *= gain;
        PerceptualDifference difference(spec, {.assumeFullBandwidth = true});
        difference.add({reference, kStereo, windowFrames_}, {test, kStereo, windowFrames_});
        return difference.result().objectiveDifferenceGrade;
    }

    std::filesystem::path source_;
    int rateHz_, blockFrames_, windowFrames_ = 0, latencyFrames_ = 0;
    WorkPool& pool_;
    Progress& progress_;
    std::vector<Step> before_;
    std::vector<Excerpt> excerpts_;
};

}  // namespace

void settleColour(Plan& plan, const std::filesystem::path& source, const Analysis& facts, int blockFrames, WorkPool& pool, Progress& progress) {
    const auto place = std::find_if(plan.master.begin(), plan.master.end(), [](const Step& step) { return step.id == kHarmonicsId; });
    if (place == plan.master.end()) return;
    std::optional<ColourTrials> trials;  // nothing is read where nothing is tried
    settleHarmonics(plan, [&](const SaturatorParams& params) {
        if (!trials) trials.emplace(plan, static_cast<std::size_t>(place - plan.master.begin()), source, facts, blockFrames, pool, progress);
        return trials->heard(params);
    });
}

}  // namespace tonewright
