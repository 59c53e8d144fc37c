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
constexpr int kMostPulses = 96;           // a hop and channel
constexpr float kUnmade = -100.0f;        // where a pulse begins that has not been computed for this hop

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

PeakShaper::PeakShaper(double level, double mostShare, double link, const StreamSpec& spec)
    : level_(static_cast<float>(level)),
      mostShare_(static_cast<float>(mostShare)),
      link_(static_cast<float>(link)),
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
      summed_(fft_.bins() + 1),
      summedImaginary_(fft_.bins() + 1),
      spectrum_(fft_.bins()) {
    for (Channel& channel : channels_) {
        channel.in = channel.out = channel.peaks = std::vector<float>(frame_);
        channel.moved.resize(frame_);
        channel.known.resize(hop_);
        channel.unshaped.resize(hop_);
        channel.knownMoved.resize(hop_);
        channel.spectrum.resize(fft_.bins());
        channel.amplitude.resize(fft_.bins());
        channel.pulses.assign(spec.channels, std::vector<float>(2 * reach_ + 1));
        channel.placed.reserve(kMostPulses);
    }
    for (int n = 0; n < frame_; ++n) window_[n] = static_cast<float>(0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * (n + 0.5) / frame_));
    for (int n = 0; n <= reach_; ++n) taper_[n] = static_cast<float>(std::pow(std::cos(0.5 * std::numbers::pi * n / (reach_ + 1)), 2));
    const double binHz = spec.sampleRateHz / frame_;
    for (int k = 0; k < fft_.bins(); ++k) {
        const int half = static_cast<int>(std::lround(0.5 * kBandErb * erbHz(k * binHz) / binHz));
        bandFirst_.push_back(std::max(0, k - half));
        bandLast_.push_back(std::min(fft_.bins(), k + half + 1));
        bandShare_.push_back(1.0 / (bandLast_[k] - bandFirst_[k]));
    }
}

void PeakShaper::reset() {
    at_ = 0;
    std::fill(reduction_.begin(), reduction_.end(), 0.0f);
    for (Channel& channel : channels_) {
        channel.tracker.reset();
        for (auto* window : {&channel.in, &channel.out, &channel.peaks}) std::fill(window->begin(), window->end(), 0.0f);
        std::fill(channel.moved.begin(), channel.moved.end(), std::uint8_t{0});
    }
}

void PeakShaper::process(std::vector<TrackedChunk>& chunks, float* reduction, int count) noexcept {
    const int fresh = frame_ - hop_;  // where samples come in; after a hop's pulses and the shift, the first hop_ are final
    for (int start = 0; start < count;) {
        const int run = std::min(count - start, hop_ - at_);
        for (std::size_t c = 0; c < channels_.size(); ++c) {
            Channel& channel = channels_[c];
            TrackedChunk& chunk = chunks[c];
            std::copy_n(chunk.samples.begin() + start, run, channel.in.begin() + fresh + at_);
            std::copy_n(chunk.peaks.begin() + start, run, channel.known.begin() + at_);
            std::copy_n(chunk.moved.begin() + start, run, channel.knownMoved.begin() + at_);
            std::copy_n(channel.out.begin() + at_, run, chunk.samples.begin() + start);
            std::copy_n(channel.moved.begin() + at_, run, chunk.moved.begin() + start);
            for (int n = 0; n < run; ++n) chunk.peaks[start + n] = std::max(level_, std::abs(channel.peaks[at_ + n]));
        }
        std::copy_n(reduction + start, run, reduction_.begin() + fresh + at_);
        std::copy_n(reduction_.begin() + at_, run, reduction + start);
        start += run;
        at_ += run;
        if (at_ == hop_) hop();
    }
}

void PeakShaper::hop() noexcept {
    at_ = 0;
    bool any = false;
    for (Channel& channel : channels_) {
        std::copy(channel.in.end() - hop_, channel.in.end(), channel.out.end() - hop_);
        std::fill(channel.moved.end() - hop_, channel.moved.end(), std::uint8_t{0});
        channel.placed.clear();
        any |= detect(channel);
    }
    if (any) {
        for (Channel& channel : channels_) {
            analyze(channel);
            std::copy_n(channel.peaks.begin() + before_, hop_, channel.unshaped.begin());
        }
        solve();
        apply();
        note();
    }
    for (Channel& channel : channels_) {
        for (auto* window : {&channel.in, &channel.out, &channel.peaks}) shift(*window, hop_);
        shift(channel.moved, hop_);
    }
    shift(reduction_, hop_);
}

// Brings `peaks` up to date; true if the current hop has something over the level.
bool PeakShaper::detect(Channel& channel) noexcept {
    channel.tracker.process(channel.in.data() + frame_ - hop_, channel.known.data(), channel.knownMoved.data(), hop_, level_, found_.data());
    const int first = frame_ - hop_ - PeakTracker::kLatencyFrames;
    for (int i = 0; i < hop_; ++i) {
        const float a = channel.in[first + i], b = channel.in[first + i + 1];
        const float higher = std::abs(a) > std::abs(b) ? a : b;
        channel.peaks[first + i] = found_[i] > level_ ? std::copysign(found_[i], higher) : higher;
    }
    const float limit = level_ * (1.0f + kTolerance);
    return std::any_of(channel.peaks.begin() + before_, channel.peaks.begin() + before_ + hop_, [&](float peak) { return std::abs(peak) > limit; });
}

void PeakShaper::analyze(Channel& channel) noexcept {
    for (int n = 0; n < frame_; ++n) time_[n] = channel.in[n] * window_[n];
    fft_.forward(time_, channel.spectrum);
    double sum = 0.0;
    for (int k = 0; k < fft_.bins(); ++k) summed_[k + 1] = sum += static_cast<double>(std::norm(channel.spectrum[k]));
    for (int k = 0; k < fft_.bins(); ++k) channel.amplitude[k] = std::sqrt(std::max(0.0, inBand(summed_, k)) + kSilentPower * frame_);
    for (auto& pulse : channel.pulses) pulse.front() = kUnmade;
}

// summed_ or the like: mean over the band around bin k.
double PeakShaper::inBand(const std::vector<double>& summed, int k) const noexcept {
    return (summed[bandLast_[k]] - summed[bandFirst_[k]]) * bandShare_[k];
}

// From time_, whose frame 0 is the middle of the pulse; height: what it is multiplied by.
void PeakShaper::makePulse(std::vector<float>& pulse, float height) noexcept {
    for (int n = 0; n <= reach_; ++n) {
        pulse[reach_ + n] = time_[n] * height * taper_[n];
        pulse[reach_ - n] = time_[n == 0 ? 0 : frame_ - n] * height * taper_[n];
    }
}

void PeakShaper::makePulses(std::size_t which) noexcept {
    Channel& from = channels_[which];
    for (int k = 0; k < fft_.bins(); ++k) spectrum_[k] = static_cast<float>(from.amplitude[k]);
    fft_.inverse(spectrum_, time_);
    const float height = 1.0f / time_[0];
    makePulse(from.pulses[which], height);
    for (std::size_t to = 0; to < channels_.size(); ++to) {
        if (to == which) continue;
        // The cross-spectrum, conj(from) times to, in two halves.
        double real = 0.0, imaginary = 0.0;
        for (int k = 0; k < fft_.bins(); ++k) {
            const std::complex<float> a = from.spectrum[k], b = channels_[to].spectrum[k];
            summed_[k + 1] = real += static_cast<double>(a.real() * b.real() + a.imag() * b.imag());
            summedImaginary_[k + 1] = imaginary += static_cast<double>(a.real() * b.imag() - a.imag() * b.real());
        }
        for (int k = 0; k < fft_.bins(); ++k) {
            const double share = link_ / from.amplitude[k];
            spectrum_[k] = {static_cast<float>((inBand(summed_, k) + kSilentPower * frame_) * share), static_cast<float>(inBand(summedImaginary_, k) * share)};
        }
        fft_.inverse(spectrum_, time_);
        makePulse(from.pulses[to], height);
    }
}

void PeakShaper::subtract(std::vector<float>& from, const std::vector<float>& pulse, int at, float amount, int first, int last) const noexcept {
    first = std::max(first, at - reach_);
    last = std::min(last, at + reach_ + 1);
    if (first < last) subtractScaled(from.data() + first, pulse.data() + reach_ + first - at, amount, last - first);
}

// Local peaks over the level that have no pulse yet; true if there were any.
bool PeakShaper::addViolators(Channel& channel, int first, int last) noexcept {
    const float limit = level_ * (1.0f + kTolerance);
    const std::size_t known = channel.placed.size();
    for (int n = first; n < last; ++n) {
        const float height = std::abs(channel.peaks[n]);
        if (height <= limit || height < std::abs(channel.peaks[n - 1]) || height < std::abs(channel.peaks[n + 1])) continue;
        if (static_cast<int>(channel.placed.size()) == kMostPulses) break;
        if (std::any_of(channel.placed.begin(), channel.placed.end(), [n](const Pulse& pulse) { return pulse.at == n; })) continue;
        channel.placed.push_back({n, channel.peaks[n] > 0.0f ? 1.0f : -1.0f, 0.0f, mostShare_ * height});
    }
    return channel.placed.size() != known;
}

// Gauss-Seidel on the dual: every pulse's amount is set so that its own peak stands at the level, or to a bound, in turn. Peaks
// of the next half hop take part, because the pulses for them will help here; they are solved for good in their own hop.
void PeakShaper::solve() noexcept {
    const int first = before_, last = before_ + hop_, ahead = std::min(last + hop_ / 2, frame_ - PeakTracker::kLatencyFrames - 2);
    const float settled = 0.25f * kTolerance * level_;
    for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
        bool added = false;
        float moved = 0.0f;
        for (std::size_t c = 0; c < channels_.size(); ++c) {
            Channel& channel = channels_[c];
            if (addViolators(channel, first, ahead)) {
                if (channel.pulses[c].front() == kUnmade) makePulses(c);
                added = true;
            }
            for (Pulse& pulse : channel.placed) {
                const float wanted = std::clamp(pulse.amount + pulse.sign * channel.peaks[pulse.at] - level_, 0.0f, pulse.most);
                const float change = wanted - pulse.amount;
                if (std::abs(change) <= settled) continue;
                pulse.amount = wanted;
                moved = std::max(moved, std::abs(change));
                for (std::size_t e = 0; e < channels_.size(); ++e)
                    subtract(channels_[e].peaks, channel.pulses[e], pulse.at, pulse.sign * change, first, ahead);
            }
        }
        if (!added && moved <= 2.0f * settled) break;
    }
}

// Takes the pulses of this hop off, and those of the next half hop back.
void PeakShaper::apply() noexcept {
    const int first = before_, last = before_ + hop_, ahead = std::min(last + hop_ / 2, frame_ - PeakTracker::kLatencyFrames - 2);
    for (Channel& channel : channels_) {
        for (const Pulse& pulse : channel.placed) {
            if (pulse.amount == 0.0f) continue;
            const float amount = pulse.sign * pulse.amount;
            for (std::size_t e = 0; e < channels_.size(); ++e) {
                Channel& other = channels_[e];
                if (pulse.at >= last) {
                    subtract(other.peaks, channel.pulses[e], pulse.at, -amount, first, ahead);
                    continue;
                }
                subtract(other.peaks, channel.pulses[e], pulse.at, amount, ahead, frame_);
                subtract(other.out, channel.pulses[e], pulse.at, amount, 0, frame_);
                std::fill(other.moved.begin() + std::max(0, pulse.at - reach_), other.moved.begin() + std::min(frame_, pulse.at + reach_ + 2), std::uint8_t{1});
            }
        }
    }
}

// How much lower this hop's peaks have become, whosever pulses did it.
void PeakShaper::note() noexcept {
    const float limit = level_ * (1.0f + kTolerance);
    for (const Channel& channel : channels_)
        for (int n = 0; n < hop_; ++n) {
            const float height = std::abs(channel.unshaped[n]);
            if (height <= limit) continue;
            float& reduction = reduction_[before_ + n];
            reduction = std::max(reduction, 1.0f - (1.0f - reduction) * std::min(1.0f, std::abs(channel.peaks[before_ + n]) / height));
        }
}

}  // namespace tonewright
