#include "analysis/activity_meter.h"

#include <algorithm>
#include <cmath>

#include "core/decibels.h"

namespace tonewright {

namespace {

constexpr double kFrameSeconds = 0.05;
constexpr double kPlateauWidthDb = 3.0, kPlateauShare = 0.03, kPlateauBelowActiveDb = 12.0, kSteadyDb = 3.0;
constexpr double kBelowFloorShare = 0.03;
constexpr std::int64_t kFewestSteady = 10;
constexpr double kActiveRangeDb = 40.0, kAboveFloorDb = 6.0, kSilenceDbfs = -90.0;

}  // namespace

ActivityMeter::ActivityMeter(const StreamSpec& spec)
    : sampleRateHz_(spec.sampleRateHz), framer_(spec.channels, std::max(1, static_cast<int>(std::lround(kFrameSeconds * spec.sampleRateHz)))) {}

void ActivityMeter::add(ConstBlock block) {
    framer_.add(block, [this](ConstBlock frame) { close(frame); });
}

void ActivityMeter::close(ConstBlock frame) {
    double power = 0.0;
    for (int c = 0; c < frame.numChannels; ++c) {
        double sum[4] = {}, square[4] = {};
        const float* x = frame.channels[c];
        int n = 0;
        for (; n + 4 <= frame.numFrames; n += 4)
            for (int lane = 0; lane < 4; ++lane) {
                const double sample = x[n + lane];
                sum[lane] += sample;
                square[lane] += sample * sample;
            }
        for (; n < frame.numFrames; ++n) {
            sum[0] += x[n];
            square[0] += static_cast<double>(x[n]) * x[n];
        }
        const double mean = ((sum[0] + sum[1]) + (sum[2] + sum[3])) / frame.numFrames;
        const double meanSquare = ((square[0] + square[1]) + (square[2] + square[3])) / frame.numFrames;
        const double variance = meanSquare - mean * mean;
        if (variance > 1e-13 * meanSquare) power += variance;  // less is rounding: a constant
    }
    power /= frame.numChannels;
    recent_[static_cast<std::size_t>(frames_) % recent_.size()] = power;
    levels_.add(power, frames_++);
    const auto [lowest, highest] = std::minmax_element(recent_.begin(), recent_.end());
    if (*lowest > 0.0 && *highest <= *lowest * dbToPower(kSteadyDb)) steady_.add(power);
}

double ActivityMeter::activePower() const {
    const double silence = dbToPower(kSilenceDbfs);
    const std::int64_t audible = levels_.countAbove(silence);
    return audible ? levels_.meanOfHighest(std::max<std::int64_t>(1, audible / 10)) : 0.0;
}

double ActivityMeter::floorPower() const {
    const double active = activePower();
    if (active <= 0.0) return -1.0;
    const auto wanted = static_cast<std::int64_t>(kPlateauShare * static_cast<double>(levels_.count() - levels_.zeros()));
    const double width = dbToPower(kPlateauWidthDb), plateau = steady_.lowestPlateau(width, std::max(kFewestSteady, wanted));
    const std::int64_t sounding = levels_.count() - levels_.zeros();
    const auto below = static_cast<double>(sounding - levels_.countAbove(plateau * dbToPower(-1.0)));
    if (plateau > 0.0 && plateau * width < active * dbToPower(-kPlateauBelowActiveDb) && below <= kBelowFloorShare * static_cast<double>(sounding))
        return steady_.meanBetween(plateau * (1.0 - 1e-9), plateau * width);
    return static_cast<double>(levels_.zeros()) >= 0.05 * static_cast<double>(levels_.count()) ? 0.0 : -1.0;
}

double ActivityMeter::gatePower() const {
    return std::max({dbToPower(kSilenceDbfs), activePower() * dbToPower(-kActiveRangeDb), std::max(0.0, floorPower()) * dbToPower(kAboveFloorDb)});
}

ActivityFacts ActivityMeter::activity() const {
    ActivityMeter all = *this;
    if (all.framer_.rest().numFrames > 0) all.close(all.framer_.rest());
    ActivityFacts facts;
    if (all.activePower() <= 0.0) return facts;
    const double gate = all.gatePower();
    const std::int64_t first = all.levels_.firstAbove(gate), last = all.levels_.lastAbove(gate);
    if (first < 0) return facts;
    const double frameSeconds = framer_.length() / sampleRateHz_;
    const double seconds = static_cast<double>(frames_) * frameSeconds + framer_.rest().numFrames / sampleRateHz_;
    facts.silent = false;
    facts.firstSoundSeconds = static_cast<double>(first) * frameSeconds;
    facts.lastSoundSeconds = std::min(seconds, static_cast<double>(last + 1) * frameSeconds);
    facts.activeShare = static_cast<double>(all.levels_.countAbove(gate)) / static_cast<double>(all.frames_);
    return facts;
}

NoiseFacts ActivityMeter::noise() const {
    NoiseFacts facts;
    const double floor = floorPower();
    if (floor < 0.0) return facts;
    facts.floorDbfs = powerToDb(floor);
    const double active = levels_.meanAbove(gatePower());
    if (floor > 0.0 && active > 0.0) facts.signalToNoiseDb = powerToDb(active / floor);
    return facts;
}

}  // namespace tonewright
