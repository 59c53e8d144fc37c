#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "dsp/ballistics.h"
#include "dsp/gain_computer.h"
#include "dsp/level_detector.h"
#include "dsp/log_gain.h"
#include "engineer/mix/dynamics.h"

namespace tonewright {

namespace {

constexpr double kInnerSeconds = 0.0025;   // what detector and ballistics are followed in
constexpr double kHitRise = 4.0;           // a step this much louder than the one before holds a hit's start

// The detector of a compressor, fed with the power of steps.
struct Detector {
    Detector(const Compressor::Params& params, double innerSeconds)
        : keep(params.detector == DetectorKind::rms ? std::exp(-1000.0 * innerSeconds / LevelDetector::kRmsWindowMs) : 0.0) {}
    // Its mean on the way through a step of that power is a little behind its end; the difference is nothing to an attack of milliseconds.
    double operator()(double heard) { return power = keep * power + (1.0 - keep) * heard; }

    double keep, power = 0.0;
};

int innerSteps(double stepSeconds) { return std::max(1, static_cast<int>(std::lround(stepSeconds / kInnerSeconds))); }

}  // namespace

std::vector<double> compressionOverTime(std::span<const double> power, const Compressor::Params& params, double stepSeconds) {
    const GainComputer curve{params.thresholdDb, params.ratio, params.kneeDb};
    const double idle = curve.idlePower();
    const int inner = innerSteps(stepSeconds);
    const double innerSeconds = stepSeconds / inner;
    Detector detector(params, innerSeconds);
    Ballistics ballistics(params.release, params.attackMs, params.releaseMs, 1.0 / innerSeconds);
    const double atRest = std::pow(1.0 + params.mix * (dbToGain(params.makeupGainDb) - 1.0), 2.0);
    std::vector<double> gains(power.size(), atRest);
    for (std::size_t s = 0; s < power.size(); ++s) {
        if (power[s] <= idle && detector.power <= idle && ballistics.atRest()) {
            detector.power = power[s];
            continue;
        }
        // A hit begins somewhere in its step, in the middle on average: what comes before the reduction is all the louder.
        const int silent = power[s] > kHitRise * (s > 0 ? power[s - 1] : 0.0) ? inner / 2 : 0;
        const double heard = power[s] * inner / (inner - silent);
        double sum = 0.0;
        for (int n = 0; n < inner; ++n) {
            const double level = detector(n < silent ? 0.0 : heard);
            const double takenDb = ballistics(level > idle ? curve.reductionDb(fastPowerToDb(level)) : 0.0);
            if (n < silent) continue;
            const double gain = 1.0 + params.mix * (fastDbToGain(params.makeupGainDb - takenDb) - 1.0);
            sum += gain * gain;
        }
        gains[s] = sum / (inner - silent);
    }
    return gains;
}

double loudestMomentDb(std::span<const double> power, double stepSeconds) {
    const int inner = innerSteps(stepSeconds);
    Detector detector({.detector = DetectorKind::rms}, stepSeconds / inner);
    double loudest = 0.0;
    for (double heard : power)
        for (int n = 0; n < inner; ++n) loudest = std::max(loudest, detector(heard));
    return loudest > 0.0 ? powerToDb(loudest) : kSilentDb;
}

Reduction reductionOf(std::span<const double> power, const Compressor::Params& params, double stepSeconds) {
    Compressor::Params bare = params;
    bare.makeupGainDb = 0.0;
    bare.mix = 1.0;
    const std::vector<double> gains = compressionOverTime(power, bare, stepSeconds);
    const double least = power.empty() ? 0.0 : *std::ranges::max_element(power) * 1e-3;
    Reduction result;
    std::vector<double> active;
    double sum = 0.0;
    int working = 0;
    for (std::size_t s = 0; s < gains.size(); ++s) {
        const double taken = gains[s] < 1.0 ? -fastPowerToDb(gains[s]) : 0.0;
        if (power[s] > least) active.push_back(taken);
        if (!(taken > 0.1)) continue;
        ++working;
        sum += taken;
        result.mostDb = std::max(result.mostDb, taken);
    }
    if (active.empty()) return result;
    const auto loud = active.begin() + static_cast<std::ptrdiff_t>(std::lround(0.95 * static_cast<double>(active.size() - 1)));
    std::nth_element(active.begin(), loud, active.end());
    result.meanDb = working ? sum / working : 0.0;
    result.ofLoudDb = *loud;
    result.workingShare = static_cast<double>(working) / static_cast<double>(active.size());
    return result;
}

double thresholdFor(std::span<const double> power, Compressor::Params params, double wantedDb, double loudDb, double stepSeconds) {
    params.thresholdDb = loudDb - wantedDb / (1.0 - 1.0 / params.ratio);
    for (int round = 0; round < 5; ++round) {
        const double errorDb = wantedDb - reductionOf(power, params, stepSeconds).ofLoudDb;
        if (std::abs(errorDb) < 0.05) break;
        params.thresholdDb = std::clamp(params.thresholdDb - errorDb / (1.0 - 1.0 / params.ratio), loudDb - 40.0, loudDb + 6.0);
    }
    return params.thresholdDb;
}

}  // namespace tonewright
