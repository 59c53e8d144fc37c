#include "analysis/onset_detector.h"

#include <algorithm>
#include <cmath>

namespace tonewright {

namespace {

constexpr std::size_t kMaxValues = 131072;
constexpr std::size_t kMaxOnsets = 20000;

// The flux of a Hann window is largest when the sound has entered its first third: measured on clicks and on bursts of
// noise and tones (tests/analysis/onset_detector_test.cpp), the largest rise is this share of the window early.
constexpr double kEarlyShareOfWindow = 0.17;

}  // namespace

OnsetDetector::OnsetDetector(const SpectralStream& stream)
    : hopSeconds_(stream.fineHopSeconds()), followerDecay_(std::exp(-stream.fineHopSeconds() / 8.0)) {
    firstSeconds_ = stream.fineHopSeconds() - 0.5 * stream.windowSeconds(Resolution::fine) +
                    kEarlyShareOfWindow * stream.windowSeconds(Resolution::fine);
}

// From 40 Hz up, a third of an octave each, but two bins at least.
void OnsetDetector::makeBands(const SpectralFrame& frame) {
    const int bins = static_cast<int>(frame.power.size());
    double edge = std::max(2.0, 40.0 / frame.binHz);
    while (edge < bins && edge * frame.binHz < 18000.0) {
        edges_.push_back(static_cast<int>(std::lround(edge)));
        edge = std::max(edge + 2.0, edge * std::cbrt(2.0));
    }
    edges_.push_back(std::min(bins, static_cast<int>(std::lround(edge))));
    const std::size_t bands = edges_.size() - 1;
    power_.resize(bands);
    follower_.resize(bands);
    for (auto& logs : logs_) logs.resize(bands);
    percussiveness_.emplace(static_cast<int>(bands), hopSeconds_);
}

void OnsetDetector::frame(Resolution resolution, const SpectralFrame& frame) {
    if (resolution != Resolution::fine) return;
    if (edges_.empty()) {
        makeBands(frame);
        firstSeconds_ += frame.centreSeconds - frame.soundSeconds;  // where frames begin with the first sound
    }
    const int bands = static_cast<int>(power_.size());
    const float decay = static_cast<float>(followerDecay_);

    float whole = 0.0f;
    for (int b = 0; b < bands; ++b) {
        float sum = 0.0f;
        if (!frame.silent)
            for (int k = edges_[b]; k < edges_[b + 1]; ++k) sum += frame.power[k];
        power_[b] = sum;
        whole += sum;
    }
    percussiveness_->add(power_);

    wholeFollower_ = std::max(whole, wholeFollower_ * decay);
    std::vector<float>& now = logs_[frames_ % (kLag + 1)];
    const std::vector<float>& before = logs_[(frames_ + 1) % (kLag + 1)];  // kLag frames ago
    ++frames_;
    float rise = 0.0f;
    if (wholeFollower_ > 0.0f) {
        const float least = wholeFollower_ * 1e-5f;
        for (int b = 0; b < bands; ++b) {
            follower_[b] = std::max(power_[b], follower_[b] * decay);
            now[b] = std::log1p(100.0f * power_[b] / std::max(follower_[b], least));
        }
        for (int b = 0; b < bands; ++b) {
            const float past = std::max({before[b], before[std::max(0, b - 1)], before[std::min(bands - 1, b + 1)]});
            rise += std::max(0.0f, now[b] - past);
        }
    }
    const float strength = rise / static_cast<float>(bands);

    const long index = (frames_ - 1) >> doublings_;
    if (index < static_cast<long>(strength_.size())) {
        strength_.back() = std::max(strength_.back(), strength);
        return;
    }
    if (strength_.size() == kMaxValues) {
        halve();
        strength_.push_back(strength);
        return;
    }
    strength_.push_back(strength);
}

void OnsetDetector::halve() {
    for (std::size_t i = 0; i < strength_.size() / 2; ++i) strength_[i] = std::max(strength_[2 * i], strength_[2 * i + 1]);
    strength_.resize(strength_.size() / 2);
    ++doublings_;
}

OnsetDetector::Result OnsetDetector::result(double durationSeconds) const {
    Result result;
    OnsetEnvelope& envelope = result.envelope;
    const int factor = 1 << doublings_;
    envelope.stepSeconds = hopSeconds_ * factor;
    envelope.startSeconds = firstSeconds_ + 0.5 * (factor - 1) * hopSeconds_;
    const auto length = static_cast<std::size_t>(std::max(0.0, (durationSeconds - envelope.startSeconds) / envelope.stepSeconds + 1.0));
    envelope.strength.assign(strength_.begin(), strength_.begin() + static_cast<std::ptrdiff_t>(std::min(length, strength_.size())));
    if (percussiveness_) result.percussiveness = percussiveness_->result();

    const std::vector<float>& s = envelope.strength;
    const int count = static_cast<int>(s.size());
    if (count == 0) return result;
    std::vector<double> sums(count + 1, 0.0);
    for (int i = 0; i < count; ++i) sums[i + 1] = sums[i] + s[i];
    const float strongest = *std::max_element(s.begin(), s.end());
    const int reach = std::max(1, static_cast<int>(std::lround(0.03 / envelope.stepSeconds)));
    const int around = std::max(2, static_cast<int>(std::lround(0.25 / envelope.stepSeconds)));
    const double stand = std::max(0.25, 0.07 * strongest);
    for (int i = 0; i < count; ++i) {
        const int from = std::max(0, i - around), to = std::min(count, i + around + 1);
        if (s[i] < (sums[to] - sums[from]) / (to - from) + stand) continue;
        bool highest = true;
        for (int j = std::max(0, i - reach); j <= std::min(count - 1, i + reach) && highest; ++j)
            highest = j < i ? s[j] < s[i] : s[j] <= s[i];
        if (!highest) continue;
        // The vertex of the parabola through the maximum and its neighbours.
        const double left = i > 0 ? s[i - 1] : 0.0, right = i + 1 < count ? s[i + 1] : 0.0;
        const double curve = left - 2.0 * s[i] + right;
        const double seconds = std::clamp(envelope.seconds(i + (curve < 0.0 ? 0.5 * (left - right) / curve : 0.0)), 0.0, durationSeconds);
        if (!result.onsets.empty() && seconds - result.onsets.back().seconds < 0.05) {
            if (s[i] > result.onsets.back().strength) result.onsets.back() = {seconds, s[i]};
            continue;
        }
        result.onsets.push_back({seconds, s[i]});
    }
    if (result.onsets.size() > kMaxOnsets) {
        std::vector<Onset> byStrength = result.onsets;
        std::stable_sort(byStrength.begin(), byStrength.end(), [](const Onset& a, const Onset& b) { return a.strength > b.strength; });
        byStrength.resize(kMaxOnsets);
        std::sort(byStrength.begin(), byStrength.end(), [](const Onset& a, const Onset& b) { return a.seconds < b.seconds; });
        result.onsets = std::move(byStrength);
    }
    return result;
}

}  // namespace tonewright
