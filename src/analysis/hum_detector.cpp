#include "analysis/hum_detector.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

#include "core/decibels.h"
#include "dsp/target_clones.h"
#include "dsp/windowed_sinc.h"

namespace tonewright {

namespace {

constexpr double kWantedRateHz = 1200.0, kHighestHz = 320.0;
constexpr double kTolerance = 0.003;           // of the mains frequency
constexpr double kLowShare = 0.10, kHighShare = 0.30;
constexpr double kStandsOutDb = 10.0, kSteadyDb = 1.6, kAloneDb = 6.0;
constexpr int kFewestFrames = 8;

// Sum of products, in eight lanes; count is a multiple of 8.
TONEWRIGHT_TARGET_CLONES
float dot(const float* a, const float* b, int count) {
    using Lanes = float __attribute__((vector_size(32)));
    Lanes sums{}, x, y;
    for (int k = 0; k < count; k += 8) {
        std::memcpy(&x, a + k, sizeof x);
        std::memcpy(&y, b + k, sizeof y);
        sums += x * y;
    }
    return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

}  // namespace

HumDetector::HumDetector(double sampleRateHz)
    : factor_(std::max(1, static_cast<int>(sampleRateHz / kWantedRateHz))), frame_(kFrame), window_(kFrame), fft_(kFrame),
      histogram_(static_cast<std::size_t>(kBins) * kLevels) {
    rateHz_ = sampleRateHz / factor_;
    // Pass band to 320 Hz; what folds back onto it starts at rate - 320 Hz: Kaiser, 80 dB down.
    const int half = 6 * factor_;
    kernel_.resize((2 * half + 7) / 8 * 8);
    double sum = 0.0;
    for (int k = 0; k < 2 * half; ++k) {
        const double offset = (k - half + 0.5) / factor_;
        kernel_[k] = static_cast<float>(kaiserSinc(offset, 6.0, 8.0));
        sum += kernel_[k];
    }
    for (float& weight : kernel_) weight = static_cast<float>(weight / sum);
    history_.resize(kernel_.size() + kChunk);
    untilOutput_ = factor_;
    for (int n = 0; n < kFrame; ++n) window_[n] = static_cast<float>(0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * n / kFrame));
}

void HumDetector::add(const float* samples, int count) {
    const int taps = static_cast<int>(kernel_.size());
    for (int start = 0; start < count; start += kChunk) {
        const int length = std::min(kChunk, count - start);
        std::copy_n(samples + start, length, history_.begin() + taps);
        int at = untilOutput_;                   // an output comes after `at` samples of the chunk
        for (; at <= length; at += factor_) {
            const float sum = dot(kernel_.data(), history_.data() + at, taps);
            decimated(std::isfinite(sum) ? sum : 0.0f);
        }
        untilOutput_ = at - length;
        std::copy_n(history_.begin() + length, taps, history_.begin());
    }
}

void HumDetector::decimated(float sample) {
    frame_[frameAt_] = sample;
    frameAt_ = (frameAt_ + 1) % kFrame;
    ++outputs_;
    if (outputs_ >= kFrame && outputs_ % (kFrame / 4) == 0) closeFrame();
}

void HumDetector::closeFrame() {
    std::vector<float> time(kFrame);
    std::vector<std::complex<float>> spectrum(fft_.bins());
    for (int n = 0; n < kFrame; ++n) time[n] = frame_[(frameAt_ + n) % kFrame] * window_[n];
    fft_.forward(time, spectrum);
    ++frames_;
    // A sine of amplitude A reads A^2/2, its mean power, at its bin.
    const double scale = 2.0 * 4.0 / (static_cast<double>(kFrame) * kFrame);
    for (int bin = 0; bin < kBins; ++bin) {
        const double db = powerToDb(scale * std::norm(std::complex<double>(spectrum[bin])) + 1e-18);
        const int level = std::clamp(static_cast<int>(std::floor(db)) - kLowestDb, 0, kLevels - 1);
        ++histogram_[static_cast<std::size_t>(bin) * kLevels + level];
    }
}

// Within a step of 1 dB by proportion, so that results do not jump with the level.
double HumDetector::quantileDb(int bin, double share) const {
    const std::uint32_t* levels = histogram_.data() + static_cast<std::size_t>(bin) * kLevels;
    double rank = share * static_cast<double>(frames_);
    for (int level = 0; level < kLevels; ++level) {
        if (levels[level] > 0 && rank <= levels[level]) return kLowestDb + level + rank / levels[level];
        rank -= levels[level];
    }
    return kLowestDb + kLevels;
}

HumFacts HumDetector::result() const {
    HumFacts best;
    if (frames_ < kFewestFrames) return best;
    const double binHz = rateHz_ / kFrame;
    std::vector<double> low(kBins), high(kBins);
    for (int bin = 0; bin < kBins; ++bin) {
        low[bin] = quantileDb(bin, kLowShare);
        high[bin] = quantileDb(bin, kHighShare);
    }

    for (const double mainsHz : {50.0, 60.0}) {
        HumFacts facts;
        double power = 0.0, weightedHz = 0.0, weights = 0.0;
        bool lowPartial = false;
        for (int k = 1; k * mainsHz < kHighestHz - 12.0; ++k) {
            // The highest local maximum within the tolerance (whole bins outwards) of the harmonic.
            const int from = static_cast<int>(std::floor(k * mainsHz * (1.0 - kTolerance) / binHz));
            const int to = static_cast<int>(std::ceil(k * mainsHz * (1.0 + kTolerance) / binHz));
            int peak = from;
            for (int bin = from; bin <= to; ++bin)
                if (low[bin] > low[peak]) peak = bin;
            if (low[peak] <= low[peak - 1] || low[peak] < low[peak + 1]) continue;

            std::vector<double> around;
            double beside = kLowestDb;
            for (int bin = 0; bin < kBins; ++bin) {
                const double distance = std::abs(bin - peak) * binHz;
                if (distance >= 3.0 && distance <= 9.0) around.push_back(low[bin]);
                if (distance >= 1.5 && distance <= 4.0) beside = std::max(beside, low[bin]);
            }
            std::nth_element(around.begin(), around.begin() + around.size() / 2, around.end());
            if (low[peak] < around[around.size() / 2] + kStandsOutDb || low[peak] < beside + kAloneDb) continue;
            if (high[peak] - low[peak] > kSteadyDb) continue;

            const double a = low[peak - 1], b = low[peak], c = low[peak + 1];
            const double shift = std::clamp(0.5 * (a - c) / (a - 2.0 * b + c), -0.5, 0.5);
            const double hz = (peak + shift) * binHz / k, partial = dbToPower(b - 0.25 * (a - c) * shift);
            if (std::abs(hz - mainsHz) > kTolerance * mainsHz) continue;
            ++facts.harmonics;
            lowPartial = lowPartial || k <= 3;
            power += partial;
            weightedHz += hz * partial * k * k;      // a high harmonic tells the frequency more sharply
            weights += partial * k * k;
        }
        if (facts.harmonics < 2 || !lowPartial) continue;
        facts.found = true;
        facts.fundamentalHz = weightedHz / weights;
        facts.levelDbfs = powerToDb(power);
        if (!best.found || facts.levelDbfs > best.levelDbfs) best = facts;
    }
    return best;
}

}  // namespace tonewright
