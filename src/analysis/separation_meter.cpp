#include "analysis/separation_meter.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/decibels.h"
#include "dsp/finite.h"

namespace tonewright {

namespace {

constexpr double kLowHz = 30.0, kHighHz = 160.0;             // of the kick
constexpr double kCentreLowHz = 200.0, kCentreHighHz = 8000.0;
constexpr double kWindowSeconds = 0.044;
constexpr int kWindows = 4;
constexpr double kPeriodSeconds = 0.4;
constexpr double kMostRinging = 0.99;
constexpr int kLeastHits = 3;

int sizeFor(double sampleRateHz) {
    int size = 64;
    while (size < kWindowSeconds * sampleRateHz) size *= 2;
    return size;
}

}  // namespace

SeparationMeter::SeparationMeter(const StreamSpec& spec)
    : channels_(spec.channels),
      splitter_(spec, kLowHz, kHighHz),
      chunk_(spec.channels, std::vector<float>(splitter_.chunkFrames())),
      size_(sizeFor(spec.sampleRateHz)),
      period_(std::max(static_cast<int>(kPeriodSeconds * spec.sampleRateHz), 3 * size_)),
      lowBin_(std::max(1, static_cast<int>(std::ceil(kCentreLowHz * size_ / spec.sampleRateHz)))),
      highBin_(static_cast<int>(std::min(kCentreHighHz, 0.45 * spec.sampleRateHz) * size_ / spec.sampleRateHz)),
      fft_(size_),
      window_(size_),
      time_(size_),
      left_(fft_.bins()),
      right_(fft_.bins()),
      passage_(2, std::vector<float>(size_ * (kWindows + 1) / 2)),
      ll_(fft_.bins()),
      rr_(fft_.bins()),
      lr_(fft_.bins()) {
    for (const auto& chunk : chunk_) chunkPointers_.push_back(chunk.data());
    for (int n = 0; n < size_; ++n) window_[n] = static_cast<float>(std::sin(std::numbers::pi * (n + 0.5) / size_));
}

void SeparationMeter::add(ConstBlock block) {
    const int passageFrames = static_cast<int>(passage_[0].size());
    for (int start = 0; start < block.numFrames;) {
        const int length = std::min(block.numFrames - start, splitter_.chunkFrames() - filled_);
        for (int c = 0; c < channels_; ++c)
            for (int n = 0; n < length; ++n) chunk_[c][filled_ + n] = std::clamp(finiteOrZero(block.channels[c][start + n]), -1e8f, 1e8f);
        if (channels_ == 2) {
            for (int n = 0; n < length; ++n) {
                if (inPeriod_ < passageFrames)
                    for (int c = 0; c < 2; ++c) passage_[c][inPeriod_] = chunk_[c][filled_ + n];
                if (++inPeriod_ == passageFrames) listenToSides(passage_);
                if (inPeriod_ == period_) inPeriod_ = 0;
            }
        }
        start += length;
        filled_ += length;
        if (filled_ == splitter_.chunkFrames()) {
            splitter_.process(chunkPointers_.data(), nullptr, nullptr);
            filled_ = 0;
        }
    }
}

// The model of dsp/centre_splitter.h, and what its weights would do to the parts that it assumes.
void SeparationMeter::listenToSides(std::span<const std::vector<float>> frames) {
    for (auto* sums : {&ll_, &rr_, &lr_}) std::fill(sums->begin(), sums->end(), 0.0);
    for (int w = 0; w < kWindows; ++w) {
        for (int c = 0; c < 2; ++c) {
            for (int n = 0; n < size_; ++n) time_[n] = window_[n] * frames[c][static_cast<std::size_t>(w) * size_ / 2 + n];
            fft_.forward(time_, c == 0 ? left_ : right_);
        }
        for (int k = lowBin_ - 1; k <= highBin_ + 1; ++k) {
            ll_[k] += std::norm(left_[k]);
            rr_[k] += std::norm(right_[k]);
            lr_[k] += static_cast<double>(left_[k].real()) * right_[k].real() + static_cast<double>(left_[k].imag()) * right_[k].imag();
        }
    }
    for (int k = lowBin_; k <= highBin_; ++k) {
        const double ll = ll_[k - 1] + ll_[k] + ll_[k + 1], rr = rr_[k - 1] + rr_[k] + rr_[k + 1];
        const double c = std::clamp(lr_[k - 1] + lr_[k] + lr_[k + 1], 0.0, std::min(ll, rr)), a = ll - c, b = rr - c;
        const double sum = c * a + c * b + a * b, all = ll + rr;
        if (all <= 0.0) continue;
        const bool bare = sum <= 1e-9 * all * all;
        const double left = c <= 0.0 ? 0.0 : bare ? 0.5 : c * b / sum, right = c <= 0.0 ? 0.0 : bare ? 0.5 : c * a / sum;
        centrePower_ += c;
        centreCaught_ += c * (left + right);
        sidePower_ += a + b;
        sideLeak_ += 2.0 * (left * a + right * b);
        sideSquare_ += 2.0 * (left * left * a + right * right * b);
    }
}

std::optional<KickSeparation> SeparationMeter::kick() const {
    const HitSums& sums = splitter_.sums();
    if (sums.hits < kLeastHits || sums.kickPower <= 0.0) return std::nullopt;
    KickSeparation result;
    result.hits = sums.hits;
    result.likeness = sums.likeness / sums.hits;
    result.ringing = sums.kickEarly > 0.0 ? std::min(kMostRinging, sums.kickLate / sums.kickEarly) : kMostRinging;
    // What rings on beyond the remembered 220 ms, as an exponential decay would.
    const double kick = sums.kickPower - sums.kickLate + sums.kickEarly * result.ringing / (1.0 - result.ringing);
    result.caught = std::clamp(sums.kickCaught / std::max(kick, sums.kickPower), 0.0, 1.0);
    const double rest = sums.bandPower - sums.hitBandPower + sums.restPower;
    result.kickToRestDb = rest > 0.0 ? powerToDb(sums.kickPower / rest) : 60.0;
    return result;
}

std::optional<CentreSeparation> SeparationMeter::centre() const {
    if (channels_ != 2 || centrePower_ + sidePower_ <= 0.0) return std::nullopt;
    CentreSeparation result;
    result.caught = centrePower_ > 0.0 ? centreCaught_ / centrePower_ : 0.0;
    result.sidesLinear = sidePower_ > 0.0 ? sideLeak_ / sidePower_ : 0.0;
    result.sidesSquare = sidePower_ > 0.0 ? sideSquare_ / sidePower_ : 0.0;
    result.centreToSidesDb = centrePower_ <= 0.0 ? -60.0 : sidePower_ <= 0.0 ? 60.0 : std::clamp(powerToDb(2.0 * centrePower_ / sidePower_), -60.0, 60.0);
    return result;
}

}  // namespace tonewright
