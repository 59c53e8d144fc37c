#include "dsp/hit_memory.h"

#include <algorithm>
#include <cmath>

namespace tonewright {

namespace {

constexpr double kBeforeSeconds = 0.05, kAfterSeconds = 0.22;
constexpr double kFadeInSeconds = 0.012, kFadeOutSeconds = 0.06;
constexpr double kSearchSeconds = 0.01;
constexpr double kSpacingSeconds = 0.1;       // hits are no nearer to each other
constexpr double kBlurSeconds = 0.03;         // of the energy in which they are found
constexpr double kForgetSeconds = 3.0;        // of the loudest hit, against which the others are judged
constexpr double kLeastShare = 0.2;           // of its energy
constexpr double kSameDrum = 0.6;
constexpr int kMemoryHits = 24;
constexpr int kDrums = 4;
constexpr int kKnownHits = 3;                 // a drum heard so often is known
constexpr double kLeastHitsShare = 0.3;       // of those of the drum heard most
constexpr double kLeastGain = 0.3;            // a weaker hit is not scaled up further into the memory
constexpr double kForgetDrumSeconds = 8.0;
constexpr int kStep = 4;                      // samples

std::int64_t powerOfTwo(int least) {
    std::int64_t size = 1;
    while (size < least) size *= 2;
    return size;
}

}  // namespace

HitMemory::HitMemory(double rateHz, int channels, int steering)
    : channels_(channels),
      steering_(steering),
      before_(static_cast<int>(kBeforeSeconds * rateHz)),
      length_(before_ + static_cast<int>(kAfterSeconds * rateHz)),
      search_(static_cast<int>(kSearchSeconds * rateHz)),
      spacingSteps_(static_cast<int>(kSpacingSeconds * rateHz) / kStep),
      blurSteps_(std::max(1, static_cast<int>(std::lround(kBlurSeconds * rateHz / kStep)))),
      wait_(std::max(length_ - before_ + search_, (spacingSteps_ + blurSteps_ + 1) * kStep) + kStep),
      latency_(wait_ + before_ + search_ + (blurSteps_ / 2 + 3) * kStep),
      forgetPerSample_(std::exp(-1.0 / (kForgetSeconds * rateHz))),
      shape_(length_, 1.0f),
      ringMask_(powerOfTwo(latency_ + length_ + 2 * search_) - 1),
      attack_(channels, std::vector<float>(ringMask_ + 1)),
      band_(attack_),
      kick_(attack_),
      stepMask_(powerOfTwo(wait_ / kStep + spacingSteps_ + blurSteps_ + 8) - 1),
      drums_(kDrums) {
    steps_.resize(stepMask_ + 1);
    smooth_.resize(stepMask_ + 1);
    const auto fade = [](double x) { return static_cast<float>(x * x * (3.0 - 2.0 * x)); };
    const int in = static_cast<int>(kFadeInSeconds * rateHz), out = static_cast<int>(kFadeOutSeconds * rateHz);
    for (int n = 0; n < in; ++n) shape_[n] = fade((n + 0.5) / in);
    for (int n = 0; n < out; ++n) shape_[length_ - 1 - n] = fade((n + 0.5) / out);
    for (Drum& drum : drums_) {
        drum.attack.assign(channels, std::vector<float>(length_));
        drum.band.assign(channels, std::vector<float>(length_));
    }
}

void HitMemory::reset() {
    for (auto* rings : {&attack_, &band_, &kick_})
        for (auto& ring : *rings) std::fill(ring.begin(), ring.end(), 0.0f);
    for (auto* ring : {&steps_, &smooth_}) std::fill(ring->begin(), ring->end(), 0.0);
    now_ = step_ = loudestAt_ = 0;
    stepPower_ = loudest_ = 0.0;
    known_ = 0;
    sums_ = {};
}

void HitMemory::push(std::span<const float> attack, std::span<const float> band, std::span<float> kick, std::span<float> bandOut) {
    const auto in = static_cast<std::size_t>(now_ & ringMask_), out = static_cast<std::size_t>((now_ - latency_) & ringMask_);
    for (int c = 0; c < channels_; ++c) {
        kick[c] = kick_[c][out];
        kick_[c][out] = 0.0f;
        bandOut[c] = band_[c][out];
        attack_[c][in] = attack[c];
        band_[c][in] = band[c];
        if (c >= steering_) continue;
        stepPower_ += static_cast<double>(attack[c]) * attack[c];
        sums_.bandPower += static_cast<double>(band[c]) * band[c];
    }
    if (++now_ % kStep == 0) closeStep();
}

void HitMemory::closeStep() {
    steps_[static_cast<std::size_t>(step_ & stepMask_)] = stepPower_;
    stepPower_ = 0.0;
    double sum = 0.0;
    for (int i = 0; i < blurSteps_; ++i) sum += steps_[static_cast<std::size_t>((step_ - i) & stepMask_)];
    smooth_[static_cast<std::size_t>(step_ & stepMask_)] = sum;
    ++step_;
    if (isPeak()) {
        // The middle of the blur around the peak.
        const std::int64_t peakStep = step_ - 1 - (wait_ / kStep);
        hit((peakStep + 1) * kStep - blurSteps_ * kStep / 2);
    }
}

bool HitMemory::isPeak() const {
    const std::int64_t peak = step_ - 1 - wait_ / kStep;
    if (peak * kStep < before_ + search_ + blurSteps_ * kStep) return false;  // before the first sample there is no place for a hit
    const double value = smooth_[static_cast<std::size_t>(peak & stepMask_)];
    if (value <= 0.0) return false;
    for (int i = 1; i <= spacingSteps_; ++i) {
        if (smooth_[static_cast<std::size_t>((peak + i) & stepMask_)] > value) return false;
        if (peak - i >= 0 && smooth_[static_cast<std::size_t>((peak - i) & stepMask_)] >= value) return false;
    }
    return true;
}

void HitMemory::hit(std::int64_t middle) {
    const double power = smooth_[static_cast<std::size_t>((step_ - 1 - wait_ / kStep) & stepMask_)];
    loudest_ = std::max(power, loudest_ * std::pow(forgetPerSample_, static_cast<double>(middle - loudestAt_)));
    loudestAt_ = middle;
    if (power < kLeastShare * loudest_) return;

    const std::int64_t from = middle - before_;
    Drum* same = nullptr;
    double likeness = kSameDrum, gain = 1.0;
    std::int64_t place = from;
    for (int d = 0; d < known_; ++d) {
        Drum& drum = drums_[d];
        double own = 0.0;
        for (int c = 0; c < steering_; ++c)
            for (float sample : drum.attack[c]) own += static_cast<double>(sample) * sample;
        for (std::int64_t start = from - search_; start <= from + search_; ++start) {
            double product = 0.0, heard = 0.0;
            for (int c = 0; c < steering_; ++c)
                for (int n = 0; n < length_; ++n) {
                    const float sample = at(attack_[c], start + n);
                    product += static_cast<double>(sample) * drum.attack[c][n];
                    heard += static_cast<double>(sample) * sample;
                }
            const double correlation = own > 0.0 && heard > 0.0 ? product / std::sqrt(own * heard) : 0.0;
            if (correlation <= likeness) continue;
            same = &drum;
            likeness = correlation;
            gain = product / own;
            place = start;
        }
    }
    const auto most = [&] {
        int hits = 0;
        for (int d = 0; d < known_; ++d) hits = std::max(hits, drums_[d].hits);
        return hits;
    };
    const int mostBefore = most();
    if (same) {
        remember(*same, place, 1.0 / std::min(same->hits + 1, kMemoryHits), std::max(gain, kLeastGain));
    } else {
        same = &this->place();
        same->hits = 0;
        likeness = 0.0;
        remember(*same, from, 1.0, 1.0);
    }
    ++same->hits;
    same->last = middle;
    if ((mostBefore >= kKnownHits && same->hits < kKnownHits) || same->hits < kLeastHitsShare * mostBefore) return;

    double product = 0.0, own = 0.0;
    for (int c = 0; c < steering_; ++c)
        for (int n = 0; n < length_; ++n) {
            product += static_cast<double>(at(attack_[c], place + n)) * same->attack[c][n];
            own += static_cast<double>(same->attack[c][n]) * same->attack[c][n];
        }
    if (own > 0.0) sound(*same, place, std::max(0.0, product / own), likeness);
}

// A place for a new drum: a free one, or that of the drum heard least and longest ago.
HitMemory::Drum& HitMemory::place() {
    if (known_ < kDrums) return drums_[known_++];
    const auto worth = [&](const Drum& drum) {
        return drum.hits * std::pow(forgetPerSample_, static_cast<double>(now_ - drum.last) * kForgetSeconds / kForgetDrumSeconds);
    };
    return *std::min_element(drums_.begin(), drums_.end(), [&](const Drum& a, const Drum& b) { return worth(a) < worth(b); });
}

void HitMemory::remember(Drum& drum, std::int64_t from, double share, double gain) {
    const auto keep = static_cast<float>(1.0 - share), take = static_cast<float>(share / gain);
    for (int c = 0; c < channels_; ++c)
        for (int n = 0; n < length_; ++n) {
            // A whole share leaves nothing of an earlier drum's memory in this place.
            drum.attack[c][n] = (share < 1.0 ? keep * drum.attack[c][n] : 0.0f) + take * at(attack_[c], from + n);
            drum.band[c][n] = (share < 1.0 ? keep * drum.band[c][n] : 0.0f) + take * at(band_[c], from + n);
        }
}

void HitMemory::sound(const Drum& drum, std::int64_t from, double gain, double likeness) {
    for (int c = 0; c < channels_; ++c)
        for (int n = 0; n < length_; ++n)
            kick_[c][static_cast<std::size_t>((from + n) & ringMask_)] += static_cast<float>(gain) * drum.attack[c][n] * shape_[n];
    if (drum.hits <= kKnownHits) return;   // a mean of few hits says little of the drum

    ++sums_.hits;
    sums_.likeness += likeness;
    for (int c = 0; c < steering_; ++c)
        for (int n = 0; n < length_; ++n) {
            const double shape = shape_[n];
            const double caught = gain * drum.attack[c][n] * shape, kick = gain * drum.band[c][n] * shape;
            const double band = at(band_[c], from + n) * shape, rest = band - kick;
            sums_.kickPower += kick * kick;
            sums_.kickCaught += kick * caught;
            sums_.hitBandPower += band * band;
            sums_.restPower += rest * rest;
            if (n >= before_) {
                const double whole = gain * drum.band[c][n];
                (n < (before_ + length_) / 2 ? sums_.kickEarly : sums_.kickLate) += whole * whole;
            }
        }
}

}  // namespace tonewright
