#include "dsp/peak_shaper.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "dsp/target_clones.h"

namespace tonewright {

namespace {

constexpr double kFrameSeconds = 0.0232;  // of the spectrum: 1024 frames at 44.1 kHz
constexpr double kBandErb = 2.0;
constexpr double kSilentPower = 1e-9;     // white, under the sound's spectrum: a pulse is defined for silence too
constexpr float kTolerance = 0.002f;      // 0.017 dB over the level stay for the limiter behind
constexpr int kMostSweeps = 6;
constexpr int kMostPulses = 96;           // a hop

double erbHz(double hz) { return 24.7 * (4.37e-3 * hz + 1.0); }

TONEWRIGHT_TARGET_CLONES
void subtractScaled(float* from, const float* pulse, float amount, int count) {
    for (int i = 0; i < count; ++i) from[i] -= amount * pulse[i];
}

template <class T>
void shift(std::vector<T>& window, int frames) {
    std::copy(window.begin() + frames, window.end(), window.begin());
}

}  // namespace

PeakShaper::PeakShaper(double level, double mostShare, const StreamSpec& spec)
    : level_(static_cast<float>(level)),
      mostShare_(static_cast<float>(mostShare)),
      frame_(std::max(512, static_cast<int>(std::bit_floor(static_cast<unsigned>(1.5 * kFrameSeconds * spec.sampleRateHz))))),
      hop_(frame_ / 4),
      reach_(frame_ / 8),  // 3 ms; longer pulses win nothing and cost loudness
      before_((frame_ - hop_) / 2),
      fft_(frame_),
      channels_(spec.channels),
      reduction_(frame_),
      window_(frame_),
      taper_(reach_ + 1),
      time_(frame_),
      found_(hop_),
      power_(fft_.bins() + 1),
      spectrum_(fft_.bins()) {
    for (Channel& channel : channels_) {
        channel.in = channel.out = channel.peaks = std::vector<float>(frame_);
        channel.pulse.resize(2 * reach_ + 1);
        channel.pulses.reserve(kMostPulses);
    }
    for (int n = 0; n < frame_; ++n) window_[n] = static_cast<float>(0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * (n + 0.5) / frame_));
    for (int n = 0; n <= reach_; ++n) taper_[n] = static_cast<float>(std::pow(std::cos(0.5 * std::numbers::pi * n / (reach_ + 1)), 2));
    const double binHz = spec.sampleRateHz / frame_;
    for (int k = 0; k < fft_.bins(); ++k) {
        const int half = static_cast<int>(std::lround(0.5 * kBandErb * erbHz(k * binHz) / binHz));
        bandFirst_.push_back(std::max(0, k - half));
        bandLast_.push_back(std::min(fft_.bins(), k + half + 1));
    }
}

void PeakShaper::reset() {
    at_ = 0;
    std::fill(reduction_.begin(), reduction_.end(), 0.0f);
    for (Channel& channel : channels_) {
        channel.interpolator.reset();
        for (auto* window : {&channel.in, &channel.out, &channel.peaks}) std::fill(window->begin(), window->end(), 0.0f);
    }
}

void PeakShaper::process(std::vector<Chunk>& samples, int count) noexcept {
    const int fresh = frame_ - hop_;  // where samples come in; after a hop's pulses and the shift, the first hop_ are final
    for (int start = 0; start < count;) {
        const int run = std::min(count - start, hop_ - at_);
        const auto exchange = [&](float* block, std::vector<float>& in, std::vector<float>& out) {
            std::copy_n(block, run, in.begin() + fresh + at_);
            std::copy_n(out.begin() + at_, run, block);
        };
        for (std::size_t c = 0; c < channels_.size(); ++c) exchange(samples[c].data() + start, channels_[c].in, channels_[c].out);
        exchange(samples[channels_.size()].data() + start, reduction_, reduction_);
        start += run;
        at_ += run;
        if (at_ == hop_) hop();
    }
}

void PeakShaper::hop() noexcept {
    at_ = 0;
    for (Channel& channel : channels_) {
        std::copy(channel.in.end() - hop_, channel.in.end(), channel.out.end() - hop_);
        channel.pulses.clear();
        if (!detect(channel)) continue;
        shapePulse(channel);
        solve(channel);
    }
    for (Channel& channel : channels_)
        for (auto* window : {&channel.in, &channel.out, &channel.peaks}) shift(*window, hop_);
    shift(reduction_, hop_);
}

// Brings `peaks` up to date; true if the current hop has something over the level.
bool PeakShaper::detect(Channel& channel) noexcept {
    channel.interpolator.process(channel.in.data() + frame_ - hop_, hop_, level_, found_.data());
    const int first = frame_ - hop_ - TruePeakInterpolator::kLatencyFrames;
    for (int i = 0; i < hop_; ++i) {
        const float a = channel.in[first + i], b = channel.in[first + i + 1];
        const float higher = std::abs(a) > std::abs(b) ? a : b;
        channel.peaks[first + i] = found_[i] > level_ ? std::copysign(found_[i], higher) : higher;
    }
    const float limit = level_ * (1.0f + kTolerance);
    return std::any_of(channel.peaks.begin() + before_, channel.peaks.begin() + before_ + hop_, [&](float peak) { return std::abs(peak) > limit; });
}

void PeakShaper::shapePulse(Channel& channel) noexcept {
    for (int n = 0; n < frame_; ++n) time_[n] = channel.in[n] * window_[n];
    fft_.forward(time_, spectrum_);
    for (std::size_t k = 0; k < spectrum_.size(); ++k) power_[k + 1] = power_[k] + static_cast<double>(std::norm(spectrum_[k]));
    for (std::size_t k = 0; k < spectrum_.size(); ++k) {
        const double density = std::max(0.0, power_[bandLast_[k]] - power_[bandFirst_[k]]) / (bandLast_[k] - bandFirst_[k]);
        spectrum_[k] = static_cast<float>(std::sqrt(density + kSilentPower * frame_));
    }
    fft_.inverse(spectrum_, time_);
    for (int n = 0; n <= reach_; ++n) channel.pulse[reach_ + n] = channel.pulse[reach_ - n] = time_[n] / time_[0] * taper_[n];
}

void PeakShaper::subtract(std::vector<float>& from, const std::vector<float>& pulse, int at, float amount, int first, int last) const noexcept {
    first = std::max(first, at - reach_);
    last = std::min(last, at + reach_ + 1);
    if (first < last) subtractScaled(from.data() + first, pulse.data() + reach_ + first - at, amount, last - first);
}

// Local peaks over the level that have no pulse yet.
void PeakShaper::addViolators(Channel& channel, int first, int last) noexcept {
    const float limit = level_ * (1.0f + kTolerance);
    for (int n = first; n < last; ++n) {
        const float height = std::abs(channel.peaks[n]);
        if (height <= limit || height < std::abs(channel.peaks[n - 1]) || height < std::abs(channel.peaks[n + 1])) continue;
        if (static_cast<int>(channel.pulses.size()) == kMostPulses) return;
        if (std::any_of(channel.pulses.begin(), channel.pulses.end(), [n](const Pulse& pulse) { return pulse.at == n; })) continue;
        channel.pulses.push_back({n, channel.peaks[n] > 0.0f ? 1.0f : -1.0f, height, 0.0f, mostShare_ * height});
    }
}

// Gauss-Seidel on the dual: every pulse's amount is set so that its own peak stands at the level, or to a bound, in turn. Peaks
// of the next half hop take part, because the pulses for them will help here; they are solved for good in their own hop.
void PeakShaper::solve(Channel& channel) noexcept {
    const int first = before_, last = before_ + hop_, ahead = std::min(last + hop_ / 2, frame_ - TruePeakInterpolator::kLatencyFrames - 2);
    const float settled = 0.25f * kTolerance * level_;
    for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
        const std::size_t known = channel.pulses.size();
        addViolators(channel, first, ahead);
        float moved = 0.0f;
        for (Pulse& pulse : channel.pulses) {
            const float wanted = std::clamp(pulse.amount + pulse.sign * channel.peaks[pulse.at] - level_, 0.0f, pulse.most);
            const float change = wanted - pulse.amount;
            if (std::abs(change) <= settled) continue;
            pulse.amount = wanted;
            moved = std::max(moved, std::abs(change));
            subtract(channel.peaks, channel.pulse, pulse.at, pulse.sign * change, first, ahead);
        }
        if (channel.pulses.size() == known && moved <= 2.0f * settled) break;
    }
    for (const Pulse& pulse : channel.pulses) {
        if (pulse.amount == 0.0f) continue;
        const float amount = pulse.sign * pulse.amount;
        if (pulse.at >= last) {
            subtract(channel.peaks, channel.pulse, pulse.at, -amount, first, ahead);
            continue;
        }
        subtract(channel.peaks, channel.pulse, pulse.at, amount, ahead, frame_);
        subtract(channel.out, channel.pulse, pulse.at, amount, 0, frame_);
        float& reduction = reduction_[pulse.at];
        reduction = std::max(reduction, 1.0f - (1.0f - reduction) * (1.0f - pulse.amount / pulse.height));
    }
}

}  // namespace tonewright
