#include "dsp/transient_shaper.h"

#include <algorithm>
#include <cmath>

#include "dsp/ballistics.h"
#include "dsp/log_gain.h"
#include "dsp/sample_guard.h"

namespace tonewright {

namespace {

constexpr double kHoldMs = 15.0;        // bridges the half waves of 35 Hz
constexpr double kCrestMs = 5.0;        // then the level falls
constexpr double kSlowRiseMs = 20.0;    // longer than an attack
constexpr double kFallMs = 60.0;        // of fast and slow alike
constexpr double kTightFallMs = 25.0;   // shorter than a note's ringing
constexpr double kLongFallMs = 250.0;   // longer than it
constexpr double kSmoothingMs = 1.0;
constexpr double kFullDistanceDb = 12.0;
constexpr double kFloor = 1e-12;        // amplitude, -240 dBFS: added to every envelope, so that silence has no shape
constexpr double kRestDb = 1e-4;

// 0 ... 1 for an amplitude ratio of 0 ... 12 dB.
double share(double upper, double lower) {
    if (upper <= lower) return 0.0;
    const double ratio = (upper + kFloor) / (lower + kFloor);
    return std::min(1.0, fastPowerToDb(ratio * ratio) / kFullDistanceDb);
}

void follow(double& envelope, double level, double rise, double fall) {
    envelope += (level - envelope) * (level > envelope ? rise : fall);
}

}  // namespace

TransientShaper::TransientShaper(const Params& params, const StreamSpec& spec)
    : attackDb_(validated(params, "transient shaper").attackDb),
      sustainDb_(params.sustainDb),
      holdFrames_(static_cast<int>(std::lround(kHoldMs * 0.001 * spec.sampleRateHz))),
      crest_(std::exp(-1000.0 / (kCrestMs * spec.sampleRateHz))),
      slowRise_(Ballistics::amountFor(kSlowRiseMs, spec.sampleRateHz)),
      fall_(Ballistics::amountFor(kFallMs, spec.sampleRateHz)),
      tightFall_(Ballistics::amountFor(kTightFallMs, spec.sampleRateHz)),
      longFall_(Ballistics::amountFor(kLongFallMs, spec.sampleRateHz)),
      smoothing_(Ballistics::amountFor(kSmoothingMs, spec.sampleRateHz)),
      transparent_(params.attackDb == 0.0 && params.sustainDb == 0.0) {}

void TransientShaper::reset() {
    level_ = fast_ = slow_ = tight_ = long_ = 0.0;
    heldFrames_ = 0;
    gainDb_ = highestDb_ = lowestDb_ = 0.0;
}

void TransientShaper::process(Block block) noexcept {
    const FlushDenormals guard;
    makeUsable(block);
    if (transparent_) return;
    for (int n = 0; n < block.numFrames; ++n) {
        double peak = 0.0;
        for (int c = 0; c < block.numChannels; ++c) peak = std::max(peak, std::abs(static_cast<double>(block.channels[c][n])));
        if (peak >= level_) {
            level_ = peak;
            heldFrames_ = 0;
        } else if (++heldFrames_ > holdFrames_) {
            level_ = std::max(peak, level_ * crest_);
        }
        follow(fast_, level_, 1.0, fall_);
        follow(slow_, level_, slowRise_, fall_);
        follow(tight_, level_, 1.0, tightFall_);
        follow(long_, level_, 1.0, longFall_);

        double wantedDb = 0.0;
        if (attackDb_ != 0.0) wantedDb += attackDb_ * share(fast_, slow_);
        if (sustainDb_ != 0.0) wantedDb += sustainDb_ * share(long_, tight_);
        gainDb_ += (wantedDb - gainDb_) * smoothing_;
        if (std::abs(gainDb_) < kRestDb && std::abs(wantedDb) < kRestDb) gainDb_ = 0.0;
        highestDb_ = std::max(highestDb_, gainDb_);
        lowestDb_ = std::min(lowestDb_, gainDb_);
        if (gainDb_ == 0.0) continue;
        const double gain = fastDbToGain(gainDb_);
        for (int c = 0; c < block.numChannels; ++c) block.channels[c][n] = static_cast<float>(block.channels[c][n] * gain);
    }
}

}  // namespace tonewright
