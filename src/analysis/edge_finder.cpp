#include "analysis/edge_finder.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/decibels.h"
#include "dsp/target_clones.h"

namespace tonewright {

namespace {

constexpr double kFrameSeconds = 0.010, kSilencePower = 1e-10;
constexpr std::size_t kTraceFrames = 6000, kNoiseFrames = 30, kMostClicks = 32;
constexpr std::size_t kLasting = 4, kLastingOf = 6;
constexpr double kSoundBelowActiveDb = 70.0, kNoiseBelowActiveDb = 40.0, kNoiseSpreadDb = 8.0, kNoiseTrendDb = 1.5;
constexpr double kMusicAboveNoiseDb = 8.0, kTailAboveNoiseDb = 3.0, kClickStandsOutDb = 10.0, kClickBelowActiveDb = 40.0;

struct Sums {
    float value, square, peak;
};

TONEWRIGHT_TARGET_CLONES
Sums sumsOf(const float* samples, int count) {
    using Lanes = float __attribute__((vector_size(32)));
    Lanes value{}, square{}, low{}, high{};
    int n = 0;
    for (; n + 8 <= count; n += 8) {
        Lanes x;
        std::memcpy(&x, samples + n, sizeof x);
        value += x;
        square += x * x;
        low = x < low ? x : low;
        high = x > high ? x : high;
    }
    Sums sums{0.0f, 0.0f, 0.0f};
    for (int lane = 0; lane < 8; ++lane) {
        sums.value += value[lane];
        sums.square += square[lane];
        sums.peak = std::max({sums.peak, -low[lane], high[lane]});
    }
    for (; n < count; ++n) {
        sums.value += samples[n];
        sums.square += samples[n] * samples[n];
        sums.peak = std::max(sums.peak, std::abs(samples[n]));
    }
    return sums;
}

}  // namespace

EdgeFinder::EdgeFinder(const StreamSpec& spec)
    : sampleRateHz_(spec.sampleRateHz), framer_(spec.channels, std::max(1, static_cast<int>(std::lround(kFrameSeconds * spec.sampleRateHz)))) {}

void EdgeFinder::add(ConstBlock block) {
    framer_.add(block, [this](ConstBlock frame) { close(frame); });
}

void EdgeFinder::close(ConstBlock frame) {
    Frame heard;
    for (int c = 0; c < frame.numChannels; ++c) {
        const Sums sums = sumsOf(frame.channels[c], frame.numFrames);
        const float length = static_cast<float>(frame.numFrames), mean = sums.value / length;
        heard.power += std::max(0.0f, sums.square / length - mean * mean);
        heard.peak = std::max(heard.peak, sums.peak);
    }
    heard.power /= static_cast<float>(frame.numChannels);
    if (!std::isfinite(heard.power) || !std::isfinite(heard.peak)) heard = {};
    const std::int64_t index = frames_++;
    if (heard.power < kSilencePower) heard.power = 0.0f;
    if (heard.power > 0.0f && firstIndex_ < 0) firstIndex_ = index;
    if (firstIndex_ >= 0 && first_.size() < kTraceFrames) first_.push_back(heard);
    if (heard.power <= 0.0f) return;
    const auto silence = lastIndex_ < 0 ? 0 : std::min<std::int64_t>(index - lastIndex_ - 1, kTraceFrames);
    last_.insert(last_.end(), static_cast<std::size_t>(silence), Frame{});
    last_.push_back(heard);
    lastIndex_ = index;
    while (last_.size() > kTraceFrames) {
        if (index - static_cast<std::int64_t>(last_.size()) + 1 >= firstIndex_ + static_cast<std::int64_t>(first_.size())) between_ = std::max(between_, last_.front().peak);
        last_.pop_front();
    }
}

EdgeFinder::Edge EdgeFinder::find(const std::vector<Frame>& trace, double activePower, double aboveNoiseDb) {
    // The first place from `from` on where something lasts above a level; the trace's end if nothing does.
    const auto lastsFrom = [&](std::size_t from, double level) {
        for (std::size_t i = from; i < trace.size(); ++i) {
            if (trace[i].power <= level) continue;
            std::size_t above = 0;
            for (std::size_t k = i; k < std::min(trace.size(), i + kLastingOf); ++k) above += trace[k].power > level ? 1 : 0;
            if (above >= kLasting) return i;
        }
        return trace.size();
    };
    const auto quantile = [&](std::size_t from, std::size_t to, double share) {
        std::vector<float> powers;
        for (std::size_t i = from; i < to; ++i) powers.push_back(trace[i].power);
        const auto place = powers.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(powers.size() - 1));
        std::nth_element(powers.begin(), place, powers.end());
        return static_cast<double>(*place);
    };

    Edge edge;
    const double soundLevel = activePower * dbToPower(-kSoundBelowActiveDb);
    const std::size_t begin = lastsFrom(0, soundLevel);
    edge.soundAt = begin;
    if (begin + kNoiseFrames < trace.size()) {
        const double noise = quantile(begin, begin + kNoiseFrames, 0.5);
        const std::size_t music = lastsFrom(begin, noise * dbToPower(kMusicAboveNoiseDb));
        const bool longEnough = music < trace.size() && music - begin >= kNoiseFrames, quiet = noise <= activePower * dbToPower(-kNoiseBelowActiveDb);
        if (longEnough && quiet) {
            // Where the tail comes up to the noise it is no longer steady: judged is what lies before.
            const std::size_t known = lastsFrom(begin, noise * dbToPower(aboveNoiseDb));
            const std::size_t middle = begin + (known - begin) / 2;
            if (known - begin >= kNoiseFrames) {
                const double trendDb = powerToDb(quantile(begin, middle, 0.5) / quantile(middle, known, 0.5));
                const double spreadDb = powerToDb(quantile(begin, known, 0.95) / std::max(1e-30, quantile(begin, known, 0.05)));
                if (std::abs(trendDb) <= kNoiseTrendDb && spreadDb <= kNoiseSpreadDb) {
                    edge.soundAt = known;
                    edge.noisePower = quantile(begin, known, 0.5);
                }
            }
        }
    }
    const double clickLevel = std::max(dbToPower(kClickStandsOutDb) * std::max(edge.noisePower, soundLevel), activePower * dbToPower(-kClickBelowActiveDb));
    for (std::size_t i = 0; i < edge.soundAt && edge.clicks.size() < kMostClicks; ++i)
        if (trace[i].power > clickLevel) edge.clicks.push_back(i);
    return edge;
}

EdgeFacts EdgeFinder::result(double activePower) const {
    EdgeFinder all = *this;
    if (all.framer_.rest().numFrames > 0) all.close(all.framer_.rest());
    EdgeFacts facts;
    if (all.firstIndex_ < 0 || !(activePower > 0.0)) return facts;
    const double frameSeconds = framer_.length() / sampleRateHz_;
    const double seconds = static_cast<double>(frames_) * frameSeconds + framer_.rest().numFrames / sampleRateHz_;
    const std::vector<Frame> fromEnd(all.last_.rbegin(), all.last_.rend());
    const Edge start = find(all.first_, activePower, kMusicAboveNoiseDb), end = find(fromEnd, activePower, kTailAboveNoiseDb);
    const auto startIndex = all.firstIndex_ + static_cast<std::int64_t>(start.soundAt), endIndex = all.lastIndex_ + 1 - static_cast<std::int64_t>(end.soundAt);
    if (start.soundAt >= all.first_.size() || end.soundAt >= fromEnd.size() || endIndex <= startIndex) {
        facts.startSeconds = static_cast<double>(all.firstIndex_) * frameSeconds;
        facts.endSeconds = std::min(seconds, static_cast<double>(all.lastIndex_ + 1) * frameSeconds);
        return facts;
    }
    facts.startSeconds = static_cast<double>(startIndex) * frameSeconds;
    facts.endSeconds = std::min(seconds, static_cast<double>(endIndex) * frameSeconds);
    if (start.noisePower > 0.0) facts.leadingNoiseDbfs = powerToDb(start.noisePower);
    if (end.noisePower > 0.0) facts.trailingNoiseDbfs = powerToDb(end.noisePower);
    for (const std::size_t click : start.clicks) facts.clicksBeforeSeconds.push_back(static_cast<double>(all.firstIndex_ + static_cast<std::int64_t>(click)) * frameSeconds);
    for (const std::size_t click : end.clicks) facts.clicksAfterSeconds.insert(facts.clicksAfterSeconds.begin(), static_cast<double>(all.lastIndex_ - static_cast<std::int64_t>(click)) * frameSeconds);
    float peak = all.between_;
    for (std::size_t i = start.soundAt; i < all.first_.size() && all.firstIndex_ + static_cast<std::int64_t>(i) < endIndex; ++i) peak = std::max(peak, all.first_[i].peak);
    for (std::size_t i = end.soundAt; i < fromEnd.size() && all.lastIndex_ - static_cast<std::int64_t>(i) >= startIndex; ++i) peak = std::max(peak, fromEnd[i].peak);
    if (peak > 0.0f) facts.peakDbfs = gainToDb(peak);
    return facts;
}

}  // namespace tonewright
