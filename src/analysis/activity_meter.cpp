#include "analysis/activity_meter.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/decibels.h"
#include "dsp/target_clones.h"

namespace tonewright {

namespace {

constexpr double kFrameSeconds = 0.05;
constexpr double kPlateauWidthDb = 3.0, kPlateauShare = 0.03, kPlateauBelowActiveDb = 12.0, kSteadyDb = 3.0;
constexpr double kBelowFloorShare = 0.03;
constexpr std::int64_t kFewestSteady = 10;
constexpr double kActiveRangeDb = 40.0, kAboveFloorDb = 6.0, kSilenceDbfs = -90.0;
constexpr int kPieces = 10;
constexpr double kRounding = 1e-13;              // a share of the power below which differences are rounding

struct Sums { double value, square, moment; };   // moment: about the middle of the samples

TONEWRIGHT_TARGET_CLONES
Sums sumsOf(const float* samples, int count) {
    using Floats = float __attribute__((vector_size(16)));
    using Lanes = double __attribute__((vector_size(32)));
    Lanes value{}, square{}, moment{}, place = {0.0, 1.0, 2.0, 3.0};
    place -= 0.5 * (count - 1);
    int n = 0;
    for (; n + 4 <= count; n += 4) {
        Floats floats;
        std::memcpy(&floats, samples + n, sizeof floats);
        const Lanes x = __builtin_convertvector(floats, Lanes);
        value += x;
        square += x * x;
        moment += place * x;
        place += 4.0;
    }
    const auto total = [](const Lanes& lanes) { return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]); };
    Sums sums{total(value), total(square), total(moment)};
    for (; n < count; ++n) {
        const double x = samples[n];
        sums.value += x;
        sums.square += x * x;
        sums.moment += (n - 0.5 * (count - 1)) * x;
    }
    return sums;
}

double unlessRounding(double difference, double whole) { return difference > kRounding * whole ? difference : 0.0; }

}  // namespace

ActivityMeter::ActivityMeter(const StreamSpec& spec)
    : sampleRateHz_(spec.sampleRateHz), framer_(spec.channels, std::max(1, static_cast<int>(std::lround(kFrameSeconds * spec.sampleRateHz)))) {}

void ActivityMeter::add(ConstBlock block) {
    framer_.add(block, [this](ConstBlock frame) { close(frame); });
}

void ActivityMeter::close(ConstBlock frame) {
    const double length = frame.numFrames;
    double broad = 0.0, detail = 0.0;
    for (int c = 0; c < frame.numChannels; ++c) {
        double value = 0.0, square = 0.0, unexplained = 0.0;
        for (int piece = 0; piece < kPieces; ++piece) {
            const int from = frame.numFrames * piece / kPieces, count = frame.numFrames * (piece + 1) / kPieces - from;
            if (count < 3) continue;
            const Sums sums = sumsOf(frame.channels[c] + from, count);
            const double places = (static_cast<double>(count) * count - 1.0) * count / 12.0;  // sum of squared places
            value += sums.value;
            square += sums.square;
            unexplained += unlessRounding(sums.square - sums.value * sums.value / count - sums.moment * sums.moment / places, sums.square);
        }
        broad += unlessRounding(square / length - (value / length) * (value / length), square / length);
        detail += unexplained / length;
    }
    broad /= frame.numChannels;
    detail /= frame.numChannels;
    recent_[static_cast<std::size_t>(frames_) % recent_.size()] = detail;
    levels_.add(detail, frames_++, broad);
    const auto [lowest, highest] = std::minmax_element(recent_.begin(), recent_.end());
    if (*lowest > 0.0 && *highest <= *lowest * dbToPower(kSteadyDb)) steady_.add(detail, 0, broad);
}

double ActivityMeter::activeDetail() const {
    const std::int64_t audible = levels_.countAbove(dbToPower(kSilenceDbfs));
    return audible ? levels_.meanOfHighest(std::max<std::int64_t>(1, audible / 10)) : 0.0;
}

double ActivityMeter::activePower() const {
    const std::int64_t audible = levels_.countAbove(dbToPower(kSilenceDbfs));
    return audible ? levels_.riderOfHighest(std::max<std::int64_t>(1, audible / 10)) : 0.0;
}

ActivityMeter::Floor ActivityMeter::floor() const {
    const double activePowerDetail = activeDetail();
    if (activePowerDetail <= 0.0) return {};
    const std::int64_t sounding = levels_.count() - levels_.zeros();
    const auto wanted = static_cast<std::int64_t>(kPlateauShare * static_cast<double>(sounding));
    const double width = dbToPower(kPlateauWidthDb), plateau = steady_.lowestPlateau(width, std::max(kFewestSteady, wanted));
    const double from = plateau * (1.0 - 1e-9), to = plateau * width;
    const auto below = static_cast<double>(sounding - levels_.countAbove(plateau * dbToPower(-1.0)));
    if (plateau > 0.0 && to < activePowerDetail * dbToPower(-kPlateauBelowActiveDb) && below <= kBelowFloorShare * static_cast<double>(sounding)) {
        const Floor floor{from, to, steady_.meanBetween(from, to), steady_.riderBetween(from, to)};
        if (floor.broad < activePower()) return floor;
    }
    if (static_cast<double>(levels_.zeros()) >= 0.05 * static_cast<double>(levels_.count())) return {0.0, 0.0, 0.0, 0.0};
    return {};
}

double ActivityMeter::floorPower() const { return floor().broad; }

double ActivityMeter::gateDetail() const {
    return std::max({dbToPower(kSilenceDbfs), activeDetail() * dbToPower(-kActiveRangeDb), std::max(0.0, floor().detail) * dbToPower(kAboveFloorDb)});
}

ActivityFacts ActivityMeter::activity() const {
    ActivityMeter all = *this;
    if (all.framer_.rest().numFrames > 0) all.close(all.framer_.rest());
    ActivityFacts facts;
    if (all.activeDetail() <= 0.0) return facts;
    const double gate = all.gateDetail();
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
    const double active = levels_.riderBetween(gateDetail(), std::numeric_limits<double>::infinity());
    if (floor > 0.0 && active > 0.0) facts.signalToNoiseDb = powerToDb(active / floor);
    return facts;
}

}  // namespace tonewright
