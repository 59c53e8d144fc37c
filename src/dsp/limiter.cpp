#include "dsp/limiter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "core/decibels.h"
#include "dsp/finite.h"
#include "dsp/gain_smoother.h"
#include "dsp/peak_shaper.h"
#include "dsp/peak_tracker.h"
#include "dsp/sliding_minimum.h"

namespace tonewright {

namespace {

constexpr int kChunk = TrackedChunk::kFrames;
constexpr double kGuardLookaheadMs = 1.5;
constexpr double kGuardReleaseMs = 200.0;
constexpr double kGuardTolerance = 1.0005;  // 0.004 dB: what the main stage leaves within it stays as it is
constexpr double kAlmostOne = 1.0 - 1e-7;  // a gain so near to 1 has come back
constexpr double kSteadyStep = 2e-7;       // relative, from frame to frame; through the reach of a peak 0.0003 dB: what changes less stands still

int framesOf(double ms, double sampleRateHz) { return std::max(1, static_cast<int>(std::lround(ms * 0.001 * sampleRateHz))); }

// Share of the way covered in one frame.
double slewOf(double ms, double sampleRateHz) { return 1.0 - std::exp(-1.0 / (ms * 0.001 * sampleRateHz)); }

class DelayLine {
public:
    explicit DelayLine(int frames) : ring_(frames) {}
    void reset() {
        std::fill(ring_.begin(), ring_.end(), 0.0f);
        at_ = 0;
    }
    void process(float* samples, int count) {
        if (ring_.empty()) return;
        for (int done = 0; done < count;) {
            const int run = std::min(count - done, static_cast<int>(ring_.size() - at_));
            std::swap_ranges(samples + done, samples + done + run, ring_.begin() + static_cast<std::ptrdiff_t>(at_));
            done += run;
            at_ += static_cast<std::size_t>(run);
            if (at_ == ring_.size()) at_ = 0;
        }
    }

private:
    std::vector<float> ring_;
    std::size_t at_ = 0;
};

// Reduction that lasts, for one group of channels: the least need of some stretch of sustainMs around every moment, given that a peak
// counts for as long as the lowest tone may take to its next one (an opening, in the words of morphology). Steady sound: exactly what it is over,
// constant, from its first moment. Short peaks: none. The gain of the frame where interval n begins comes delayFrames() values after the
// interval's peak.
class Sustained {
public:
    Sustained(const Limiter::Params& p, double sampleRateHz)
        : minimum_(framesOf(p.holdMs, sampleRateHz) + 1, 1.0),
          maximum_(framesOf(p.sustainMs, sampleRateHz), -1.0),
          opening_(framesOf(p.sustainMs, sampleRateHz), 1.0),
          smoother_(framesOf(p.sustainMs / 8.0, sampleRateHz)),
          slew_(slewOf(p.slowReleaseMs, sampleRateHz)),
          delay_(framesOf(p.sustainMs, sampleRateHz) + smoother_.frames()),
          remembered_(framesOf(p.holdMs, sampleRateHz) + 2 * framesOf(p.sustainMs, sampleRateHz) + 1) {}

    void reset() {
        minimum_.reset();
        maximum_.reset();
        opening_.reset();
        smoother_.reset();
        gain_ = 1.0;
        quiet_ = remembered_;
    }
    int delayFrames() const { return delay_; }
    bool atRest() const { return quiet_ >= remembered_ && gain_ == 1.0 && smoother_.atRest(); }

    double hold(double need) {
        quiet_ = need < 1.0 ? 0 : std::min(quiet_ + 1, remembered_);  // a short peak is in memory although the maximum hides it
        return opening_(-maximum_(-minimum_(need)));
    }

    double gain(double hold) {
        gain_ = std::min(hold, gain_ + (hold - gain_) * slew_);
        if (gain_ > kAlmostOne && hold == 1.0) gain_ = 1.0;
        return smoother_(gain_);
    }

private:
    SlidingMinimum minimum_, maximum_, opening_;
    GainSmoother smoother_;
    double slew_, gain_ = 1.0;
    int delay_, remembered_, quiet_ = remembered_;  // frames that are remembered, and since when nothing was needed
};

// Short reduction, for one group of channels: hold, release, attack. The gain of the frame where interval n begins comes
// delayFrames() values after the interval's peak.
class Momentary {
public:
    Momentary(double lookaheadMs, double holdMs, double releaseMs, double sampleRateHz)
        : smoother_(framesOf(lookaheadMs, sampleRateHz)),
          // Each peak lies between two frames and must hold for both of them through all that is averaged.
          minimum_(smoother_.frames() + 1 + framesOf(holdMs, sampleRateHz), 1.0),
          slew_(slewOf(releaseMs, sampleRateHz)) {}

    void reset() {
        smoother_.reset();
        minimum_.reset();
        held_ = gain_ = 1.0;
    }

    int delayFrames() const { return smoother_.frames() - 1; }
    bool atRest() const { return held_ == 1.0 && gain_ == 1.0 && smoother_.atRest(); }

    double hold(double need) { return held_ = minimum_(need); }

    double gain(double hold) {
        gain_ = std::min(hold, gain_ + (hold - gain_) * slew_);
        if (gain_ > kAlmostOne && hold == 1.0) gain_ = 1.0;
        return smoother_(gain_);
    }

private:
    GainSmoother smoother_;
    SlidingMinimum minimum_;
    double slew_, held_ = 1.0, gain_ = 1.0;
};

// Detector, envelope and multiplication, with one gain for all channels or one each, as far as they are linked.
template <class Envelope>
class Stage {
public:
    Stage(double level, double link, const Envelope& envelope, int channels)
        : level_(static_cast<float>(level)),
          link_(link),
          latencyFrames_(PeakTracker::kLatencyFrames + envelope.delayFrames()),
          lanes_(link == 1.0 ? 1 : channels, Lane(envelope)),
          channels_(channels, Channel{{}, DelayLine(latencyFrames_), DelayLine(envelope.delayFrames()), {}}),
          reductionDelay_(latencyFrames_) {}

    int latencyFrames() const { return latencyFrames_; }

    void reset() {
        for (Lane& lane : lanes_) lane.reset();
        for (Channel& channel : channels_) {
            channel.tracker.reset();
            channel.samples.reset();
            channel.peaks.reset();
        }
        reductionDelay_.reset();
    }

    // peaksKnown: false where nothing has been before. reduction: so far (1 - lowest gain), delayed with the channels and brought up to date.
    void process(std::vector<TrackedChunk>& chunks, bool peaksKnown, float* reduction, int count) noexcept {
        float highest = 0.0f;
        for (std::size_t c = 0; c < channels_.size(); ++c) {
            Channel& channel = channels_[c];
            TrackedChunk& chunk = chunks[c];
            highest = std::max(highest, channel.tracker.process(chunk.samples.data(), peaksKnown ? chunk.peaks.data() : nullptr,
                                                                chunk.moved.data(), count, level_, channel.found.data()));
            channel.samples.process(chunk.samples.data(), count);
            std::copy_n(channel.found.begin(), count, chunk.peaks.begin());
            channel.peaks.process(chunk.peaks.data(), count);
            std::fill_n(chunk.moved.begin(), count, std::uint8_t{0});
        }
        reductionDelay_.process(reduction, count);

        // All that envelopes and boxes remember is ones: so are the gains, and skipping them changes no memory.
        if (highest <= level_ && std::all_of(lanes_.begin(), lanes_.end(), [](const Lane& lane) { return lane.envelope.atRest() && lane.last == 1.0; })) return;
        computeGains(count);
        for (Lane& lane : lanes_) lane.findMoves(count);
        for (std::size_t c = 0; c < channels_.size(); ++c) {
            const Lane& lane = lanes_[lanes_.size() == 1 ? 0 : c];
            TrackedChunk& chunk = chunks[c];
            for (int n = 0; n < count; ++n) {
                chunk.samples[n] = static_cast<float>(chunk.samples[n] * lane.gains[n]);
                chunk.peaks[n] = static_cast<float>(chunk.peaks[n] * lane.gains[n]);
                chunk.moved[n] = lane.moved[n];
            }
        }
        for (int n = 0; n < count; ++n) {
            double lowest = 1.0;
            for (const Lane& lane : lanes_) lowest = std::min(lowest, lane.gains[n]);
            reduction[n] = static_cast<float>(1.0 - (1.0 - reduction[n]) * lowest);
        }
    }

private:
    struct Lane {  // one for all channels where they are linked, else one each
        explicit Lane(const Envelope& e) : envelope(e) {}
        void reset() {
            envelope.reset();
            last = 1.0;
        }
        void findMoves(int count) {
            moved[0] = std::abs(gains[0] - last) > kSteadyStep * gains[0];
            for (int n = 1; n < count; ++n) moved[n] = std::abs(gains[n] - gains[n - 1]) > kSteadyStep * gains[n];
            last = gains[count - 1];
        }
        Envelope envelope;
        double last = 1.0;
        std::array<double, kChunk> gains{};
        std::array<std::uint8_t, kChunk> moved{};
    };
    struct Channel {
        PeakTracker tracker;
        DelayLine samples, peaks;
        std::array<float, kChunk> found{};
    };

    double need(float peak) const { return peak > level_ ? static_cast<double>(level_) / peak : 1.0; }

    void computeGains(int count) noexcept {
        for (int n = 0; n < count; ++n) {
            if (lanes_.size() == 1) {
                float peak = 0.0f;
                for (const Channel& channel : channels_) peak = std::max(peak, channel.found[n]);
                Lane& lane = lanes_.front();
                lane.gains[n] = lane.envelope.gain(lane.envelope.hold(need(peak)));
                continue;
            }
            double lowest = 1.0;
            for (std::size_t c = 0; c < lanes_.size(); ++c) {
                lanes_[c].gains[n] = lanes_[c].envelope.hold(need(channels_[c].found[n]));
                lowest = std::min(lowest, lanes_[c].gains[n]);
            }
            for (Lane& lane : lanes_) lane.gains[n] = lane.envelope.gain(lane.gains[n] + link_ * (lowest - lane.gains[n]));
        }
    }

    float level_;
    double link_;
    int latencyFrames_;
    std::vector<Lane> lanes_;
    std::vector<Channel> channels_;
    DelayLine reductionDelay_;
};

}  // namespace

struct Limiter::State {
    double drive;
    Stage<Sustained> sustained;
    std::optional<PeakShaper> shaper;
    Stage<Momentary> momentary, guard;
    std::vector<TrackedChunk> chunks;
    std::array<float, kChunk> reduction;

    // Read-outs.
    double deepest = 0.0;      // 1 - lowest gain
    double logSum = 0.0, product = 1.0;
    std::int64_t activeFrames = 0, frames = 0;

    State(const Params& p, const StreamSpec& spec)
        : drive(dbToGain(p.inputGainDb)),
          sustained(dbToGain(p.ceilingDb), p.linkSteady, Sustained(p, spec.sampleRateHz), spec.channels),
          momentary(dbToGain(p.ceilingDb), p.linkTransient, Momentary(p.lookaheadMs, 0.0, p.releaseMs, spec.sampleRateHz), spec.channels),
          guard(dbToGain(p.ceilingDb) * kGuardTolerance, 1.0, Momentary(kGuardLookaheadMs, p.holdMs, kGuardReleaseMs, spec.sampleRateHz), spec.channels),
          chunks(spec.channels) {
        if (p.shapingDb > 0.0) shaper.emplace(dbToGain(p.ceilingDb), 1.0 - dbToGain(-p.shapingDb), p.linkTransient, spec);
    }

    void count(int frameCount) {
        constexpr float kActive = 0.00115f;  // 0.01 dB
        frames += frameCount;
        for (int n = 0; n < frameCount; ++n) {
            if (reduction[n] < kActive) continue;
            deepest = std::max<double>(deepest, reduction[n]);
            ++activeFrames;
            product *= 1.0 - reduction[n];
            if (product < 1e-200) {  // the logarithm of a product of many, now and then
                logSum += std::log10(product);
                product = 1.0;
            }
        }
    }
};

Limiter::Limiter(const Params& params, const StreamSpec& spec) : state_(std::make_unique<State>(validated(params, "limiter"), spec)) {}
Limiter::~Limiter() = default;
Limiter::Limiter(Limiter&&) noexcept = default;
Limiter& Limiter::operator=(Limiter&&) noexcept = default;

void Limiter::reset() {
    state_->sustained.reset();
    if (state_->shaper) state_->shaper->reset();
    state_->momentary.reset();
    state_->guard.reset();
    state_->deepest = state_->logSum = 0.0;
    state_->product = 1.0;
    state_->activeFrames = state_->frames = 0;
}

int Limiter::latencyFrames() const {
    return state_->sustained.latencyFrames() + (state_->shaper ? state_->shaper->latencyFrames() : 0) + state_->momentary.latencyFrames() +
           state_->guard.latencyFrames();
}

void Limiter::process(Block block) noexcept {
    State& s = *state_;
    for (int start = 0; start < block.numFrames; start += kChunk) {
        const int count = std::min(kChunk, block.numFrames - start);
        for (int c = 0; c < block.numChannels; ++c) {
            TrackedChunk& chunk = s.chunks[c];
            for (int n = 0; n < count; ++n) chunk.samples[n] = static_cast<float>(finiteOrZero(block.channels[c][start + n]) * s.drive);
        }
        std::fill_n(s.reduction.begin(), count, 0.0f);
        s.sustained.process(s.chunks, false, s.reduction.data(), count);
        if (s.shaper) s.shaper->process(s.chunks, s.reduction.data(), count);
        s.momentary.process(s.chunks, true, s.reduction.data(), count);
        s.guard.process(s.chunks, true, s.reduction.data(), count);
        s.count(count);
        for (int c = 0; c < block.numChannels; ++c) std::copy_n(s.chunks[c].samples.begin(), count, block.channels[c] + start);
    }
}

double Limiter::maxReductionDb() const { return gainToDb(1.0 - state_->deepest); }

double Limiter::meanReductionDb() const {
    return state_->activeFrames ? 20.0 * (state_->logSum + std::log10(state_->product)) / static_cast<double>(state_->activeFrames) : 0.0;
}

double Limiter::activeShare() const {
    return state_->frames ? static_cast<double>(state_->activeFrames) / static_cast<double>(state_->frames) : 0.0;
}

}  // namespace tonewright
