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
#include "dsp/sliding_minimum.h"
#include "dsp/true_peak_interpolator.h"

namespace tonewright {

namespace {

constexpr int kChunk = PeakShaper::kChunk;
constexpr double kGuardLookaheadMs = 1.5;
constexpr double kGuardReleaseMs = 200.0;
constexpr double kGuardTolerance = 1.0005;  // 0.004 dB: what the main stage leaves within it stays as it is
constexpr double kAlmostOne = 1.0 - 1e-7;  // a gain so near to 1 has come back

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

// Reduction that lasts, for one group of channels: what every moment of the last sustainMs needs, given that a peak counts
// for as long as the lowest tone may take to its next one. Steady sound: exactly what it is over, constant. Short peaks: none.
class Sustained {
public:
    Sustained(const Limiter::Params& p, double sampleRateHz)
        : minimum_(framesOf(p.holdMs, sampleRateHz) + 1, 1.0),
          maximum_(framesOf(p.sustainMs, sampleRateHz), -1.0),
          smoother_(framesOf(p.sustainMs, sampleRateHz)),
          slew_(slewOf(p.slowReleaseMs, sampleRateHz)),
          remembered_(framesOf(p.holdMs, sampleRateHz) + framesOf(p.sustainMs, sampleRateHz) + 1) {}

    void reset() {
        minimum_.reset();
        maximum_.reset();
        smoother_.reset();
        gain_ = 1.0;
        quiet_ = remembered_;
    }
    bool atRest() const { return quiet_ >= remembered_ && gain_ == 1.0 && smoother_.atRest(); }

    double hold(double need) {
        quiet_ = need < 1.0 ? 0 : std::min(quiet_ + 1, remembered_);  // a short peak is in memory although the maximum hides it
        return -maximum_(-minimum_(need));
    }

    double gain(double hold) {
        gain_ = std::min(hold, gain_ + (hold - gain_) * slew_);
        if (gain_ > kAlmostOne && hold == 1.0) gain_ = 1.0;
        return smoother_(gain_);
    }

private:
    SlidingMinimum minimum_, maximum_;
    GainSmoother smoother_;
    double slew_, gain_ = 1.0;
    int remembered_, quiet_ = remembered_;  // frames that are remembered, and since when nothing was needed
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

using Chunk = PeakShaper::Chunk;

// Detector, envelope and multiplication, with one gain for all channels or one each, as far as they are linked.
template <class Envelope>
class Stage {
public:
    Stage(double level, double link, const Envelope& envelope, int delayFrames, int channels)
        : level_(static_cast<float>(level)),
          link_(link),
          latencyFrames_(TruePeakInterpolator::kLatencyFrames + delayFrames),
          envelopes_(link == 1.0 ? 1 : channels, envelope),
          interpolators_(channels),
          delays_(channels + 1, DelayLine(latencyFrames_)),
          peaks_(channels),
          gains_(envelopes_.size()) {}

    int latencyFrames() const { return latencyFrames_; }

    void reset() {
        for (auto& envelope : envelopes_) envelope.reset();
        for (auto& interpolator : interpolators_) interpolator.reset();
        for (auto& delay : delays_) delay.reset();
    }

    // samples: one array a channel, and last of all the reduction so far (1 - lowest gain), which is brought up to date.
    void process(std::vector<Chunk>& samples, int count) noexcept {
        const int channels = static_cast<int>(interpolators_.size());
        float highest = 0.0f;
        for (int c = 0; c < channels; ++c)
            highest = std::max(highest, interpolators_[c].process(samples[c].data(), count, level_, peaks_[c].data()));
        for (int c = 0; c <= channels; ++c) delays_[c].process(samples[c].data(), count);

        // All that envelopes and boxes remember is ones: so are the gains, and skipping them changes no memory.
        if (highest <= level_ && std::all_of(envelopes_.begin(), envelopes_.end(), [](const Envelope& e) { return e.atRest(); })) return;
        computeGains(count);
        const int lanes = static_cast<int>(envelopes_.size());
        for (int c = 0; c < channels; ++c) {
            const auto& gains = gains_[lanes == 1 ? 0 : c];
            for (int n = 0; n < count; ++n) samples[c][n] = static_cast<float>(samples[c][n] * gains[n]);
        }
        for (int n = 0; n < count; ++n) {
            double lowest = 1.0;
            for (const auto& gains : gains_) lowest = std::min(lowest, gains[n]);
            samples[channels][n] = static_cast<float>(1.0 - (1.0 - samples[channels][n]) * lowest);
        }
    }

private:
    double need(float peak) const { return peak > level_ ? static_cast<double>(level_) / peak : 1.0; }

    void computeGains(int count) noexcept {
        const int channels = static_cast<int>(interpolators_.size()), lanes = static_cast<int>(envelopes_.size());
        for (int n = 0; n < count; ++n) {
            if (lanes == 1) {
                float peak = 0.0f;
                for (int c = 0; c < channels; ++c) peak = std::max(peak, peaks_[c][n]);
                gains_[0][n] = envelopes_[0].gain(envelopes_[0].hold(need(peak)));
                continue;
            }
            double lowest = 1.0;
            for (int c = 0; c < channels; ++c) {
                gains_[c][n] = envelopes_[c].hold(need(peaks_[c][n]));
                lowest = std::min(lowest, gains_[c][n]);
            }
            for (int c = 0; c < channels; ++c) gains_[c][n] = envelopes_[c].gain(gains_[c][n] + link_ * (lowest - gains_[c][n]));
        }
    }

    float level_;
    double link_;
    int latencyFrames_;
    std::vector<Envelope> envelopes_;  // one for all channels where they are linked, else one each
    std::vector<TruePeakInterpolator> interpolators_;
    std::vector<DelayLine> delays_;  // the channels, and the reduction of the stages before
    std::vector<Chunk> peaks_;
    std::vector<std::array<double, kChunk>> gains_;
};

}  // namespace

struct Limiter::State {
    double drive;
    Stage<Sustained> sustained;
    std::optional<PeakShaper> shaper;
    Stage<Momentary> momentary, guard;
    std::vector<Chunk> samples;

    // Read-outs.
    double deepest = 0.0;      // 1 - lowest gain
    double logSum = 0.0, product = 1.0;
    std::int64_t activeFrames = 0, frames = 0;

    State(const Params& p, const StreamSpec& spec)
        : drive(dbToGain(p.inputGainDb)),
          sustained(dbToGain(p.ceilingDb), p.linkSteady, Sustained(p, spec.sampleRateHz), 0, spec.channels),
          momentary(dbToGain(p.ceilingDb), p.linkTransient, Momentary(p.lookaheadMs, 0.0, p.releaseMs, spec.sampleRateHz),
                    Momentary(p.lookaheadMs, 0.0, p.releaseMs, spec.sampleRateHz).delayFrames(), spec.channels),
          guard(dbToGain(p.ceilingDb) * kGuardTolerance, 1.0, Momentary(kGuardLookaheadMs, p.holdMs, kGuardReleaseMs, spec.sampleRateHz),
                Momentary(kGuardLookaheadMs, p.holdMs, kGuardReleaseMs, spec.sampleRateHz).delayFrames(), spec.channels),
          samples(spec.channels + 1) {
        if (p.shapingDb > 0.0) shaper.emplace(dbToGain(p.ceilingDb), 1.0 - dbToGain(-p.shapingDb), spec);
    }

    void count(const Chunk& reduction, int frameCount) {
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
        for (int c = 0; c < block.numChannels; ++c)
            for (int n = 0; n < count; ++n) s.samples[c][n] = static_cast<float>(finiteOrZero(block.channels[c][start + n]) * s.drive);
        Chunk& reduction = s.samples[block.numChannels];
        std::fill(reduction.begin(), reduction.begin() + count, 0.0f);
        s.sustained.process(s.samples, count);
        if (s.shaper) s.shaper->process(s.samples, count);
        s.momentary.process(s.samples, count);
        s.guard.process(s.samples, count);
        s.count(reduction, count);
        for (int c = 0; c < block.numChannels; ++c) std::copy_n(s.samples[c].begin(), count, block.channels[c] + start);
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
