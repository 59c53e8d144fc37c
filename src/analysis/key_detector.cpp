#include "analysis/key_detector.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tonewright {

namespace {

constexpr double kLowestHz = 60.0, kHighestHz = 2000.0;
constexpr double kMiddleCHz = 261.6255653;

constexpr std::array<double, 12> kMajor = {0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400};
constexpr std::array<double, 12> kMinor = {0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330};

double correlation(const std::array<double, 12>& classes, const std::array<double, 12>& profile, int tonic) {
    double meanC = 0.0, meanP = 0.0;
    for (int i = 0; i < 12; ++i) { meanC += classes[i] / 12.0; meanP += profile[i] / 12.0; }
    double cc = 0.0, pp = 0.0, cp = 0.0;
    for (int i = 0; i < 12; ++i) {
        const double c = classes[(tonic + i) % 12] - meanC, p = profile[i] - meanP;
        cc += c * c;
        pp += p * p;
        cp += c * p;
    }
    return cc > 0.0 ? cp / std::sqrt(cc * pp) : 0.0;
}

}  // namespace

KeyDetector::KeyDetector(const SpectralStream& stream) : highestHz_(std::min(kHighestHz, stream.usableHz(Resolution::tonal))) {}

void KeyDetector::frame(Resolution resolution, const SpectralFrame& frame) {
    if (resolution != Resolution::tonal || frame.silent) return;
    constexpr int kAround = 6;
    const float* p = frame.power.data();
    const int from = std::max(kAround, static_cast<int>(kLowestHz / frame.binHz));
    const int to = std::min(static_cast<int>(highestHz_ / frame.binHz), static_cast<int>(frame.power.size()) - kAround - 2);
    for (int k = from; k <= to; ++k) {
        if (!(p[k] > p[k - 1] && p[k] >= p[k + 1])) continue;
        float around = 0.0f;
        for (int j = k - kAround; j <= k + kAround; ++j) around += p[j];
        if (p[k] < 4.0f * around / (2 * kAround + 1) || p[k - 1] <= 0.0f || p[k + 1] <= 0.0f) continue;
        // Vertex of a parabola through the logarithms.
        const double a = std::log(p[k - 1]), b = std::log(p[k]), c = std::log(p[k + 1]);
        const double hz = (k + 0.5 * (a - c) / (a - 2.0 * b + c)) * frame.binHz;
        const double octave = std::log2(hz / kMiddleCHz);
        const double position = (octave - std::floor(octave)) * kSteps;
        const double weight = std::sqrt(std::sqrt(p[k]));
        const int low = static_cast<int>(position);
        steps_[low % kSteps] += weight * (1.0 - (position - low));
        steps_[(low + 1) % kSteps] += weight * (position - low);
    }
}

// Direction of the mean of the steps wrapped at the semitone.
double KeyDetector::tuningCents() const {
    double re = 0.0, im = 0.0;
    for (int i = 0; i < kSteps; ++i) {
        const double angle = 2.0 * std::numbers::pi * i / 10.0;
        re += steps_[i] * std::cos(angle);
        im += steps_[i] * std::sin(angle);
    }
    return re == 0.0 && im == 0.0 ? 0.0 : std::atan2(im, re) / (2.0 * std::numbers::pi) * 100.0;
}

std::array<double, 12> KeyDetector::pitchClasses() const {
    std::array<double, 12> classes{};
    const double tuningSteps = tuningCents() / 10.0;
    double total = 0.0;
    for (int i = 0; i < kSteps; ++i) {
        const double semitone = (i - tuningSteps) / 10.0, nearest = std::round(semitone);
        const double off = (semitone - nearest) * 100.0;  // cents
        const double weight = steps_[i] * std::exp(-0.5 * (off / 25.0) * (off / 25.0));
        classes[(static_cast<int>(nearest) + 12) % 12] += weight;
        total += weight;
    }
    if (total > 0.0)
        for (double& value : classes) value /= total;
    return classes;
}

KeyFacts KeyDetector::result() const {
    const std::array<double, 12> classes = pitchClasses();
    double best = 0.0, second = 0.0;
    KeyFacts facts;
    for (int tonic = 0; tonic < 12; ++tonic)
        for (bool minor : {false, true}) {
            const double fit = correlation(classes, minor ? kMinor : kMajor, tonic);
            if (fit > best) {
                second = best;
                best = fit;
                facts.tonic = tonic;
                facts.minor = minor;
            } else {
                second = std::max(second, fit);
            }
        }
    // A margin of 0.25 is as clear as music gets; a profile that fits badly says little, and so do pitch classes that
    // are nearly equal, whatever they happen to correlate with.
    double deviation = 0.0;
    for (double share : classes) deviation += (share * 12.0 - 1.0) * (share * 12.0 - 1.0) / 12.0;
    facts.confidence = std::clamp((best - second) / 0.25, 0.0, 1.0) * std::clamp((best - 0.4) / 0.4, 0.0, 1.0) *
                       std::clamp((std::sqrt(deviation) - 0.1) / 0.3, 0.0, 1.0);
    if (facts.confidence < 0.02) return {};
    return facts;
}

}  // namespace tonewright
