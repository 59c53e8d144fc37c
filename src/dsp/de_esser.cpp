#include "dsp/de_esser.h"

#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "dsp/log_gain.h"
#include "dsp/sample_guard.h"

namespace tonewright {

namespace {

constexpr double kPowerMs = 5.0;
constexpr double kSilencePower = 1e-20;  // -200 dBFS: below it a ratio of powers says nothing
constexpr double kStepDb = 0.01;         // the shelf moves in steps that nobody hears

}  // namespace

DeEsser::DeEsser(const Params& params, const StreamSpec& spec)
    : thresholdDb_(validated(params, "de-esser").thresholdDb),
      thresholdRatio_(dbToPower(params.thresholdDb)),
      rangeDb_(params.rangeDb),
      warped_(Svf::warped(std::min(params.frequencyHz, 0.45 * spec.sampleRateHz), spec.sampleRateHz)),
      powerAmount_(Ballistics::amountFor(kPowerMs, spec.sampleRateHz)),
      highPasses_(spec.channels, Svf(Svf::highPass(warped_, std::sqrt(0.5)))),
      shelves_(spec.channels, Svf(Svf::highShelf(warped_, std::sqrt(0.5), 1.0))),
      ballistics_(ReleaseKind::branching, params.attackMs, params.releaseMs, spec.sampleRateHz) {}

void DeEsser::reset() {
    for (Svf& filter : highPasses_) filter.reset();
    for (Svf& filter : shelves_) {
        filter.set(Svf::highShelf(warped_, std::sqrt(0.5), 1.0));
        filter.reset();
    }
    ballistics_.reset();
    highPower_ = allPower_ = shelfDb_ = 0.0;
    deepestDb_ = sumDb_ = 0.0;
    frames_ = working_ = 0;
}

void DeEsser::process(Block block) noexcept {
    const FlushDenormals guard;
    makeUsable(block);
    frames_ += block.numFrames;
    if (rangeDb_ == 0.0) return;
    for (int n = 0; n < block.numFrames; ++n) {
        double high = 0.0, all = 0.0;
        for (int c = 0; c < block.numChannels; ++c) {
            const double x = block.channels[c][n], y = highPasses_[c](x);
            high += y * y;
            all += x * x;
        }
        highPower_ += (high - highPower_) * powerAmount_;
        allPower_ += (all - allPower_) * powerAmount_;

        // A logarithm only where the highs stand out.
        double wantedDb = 0.0;
        if (highPower_ > allPower_ * thresholdRatio_ && allPower_ > kSilencePower)
            wantedDb = std::min(rangeDb_, fastPowerToDb(highPower_ / allPower_) - thresholdDb_);
        const double reductionDb = ballistics_(std::max(0.0, wantedDb));
        deepestDb_ = std::max(deepestDb_, reductionDb);
        sumDb_ += reductionDb;
        working_ += reductionDb > 0.1;

        if (std::abs(reductionDb - shelfDb_) > kStepDb || (reductionDb == 0.0 && shelfDb_ != 0.0)) {
            shelfDb_ = reductionDb;
            const double amplitude = fastDbToGain(-0.5 * shelfDb_);
            for (Svf& shelf : shelves_) shelf.set(Svf::highShelf(warped_, std::sqrt(0.5), amplitude));
        }
        for (int c = 0; c < block.numChannels; ++c)
            block.channels[c][n] = static_cast<float>(shelves_[c](block.channels[c][n]));
    }
}

double DeEsser::maxReductionDb() const { return 0.0 - deepestDb_; }
double DeEsser::meanReductionDb() const { return frames_ > 0 ? 0.0 - sumDb_ / static_cast<double>(frames_) : 0.0; }
double DeEsser::workingShare() const { return frames_ > 0 ? static_cast<double>(working_) / static_cast<double>(frames_) : 0.0; }

}  // namespace tonewright
