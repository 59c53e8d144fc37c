#include "dsp/reverb_decay.h"

#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "dsp/power_shelf.h"
#include "dsp/target_clones.h"

namespace tonewright {

namespace {

// Of one pass. Only decays shorter than about ten passes ask for more, and their end is under -100 dB anyway.
constexpr double kDeepestShelfDb = 24.0;

// Half the decibels at hz: |H|^2 = gain where w^4 = gain (low shelf) or 1 / gain (high shelf).
PowerShelf lowShelf(double hz, double db, double sampleRateHz) {
    const double gain = dbToGain(db);
    return PowerShelf::design(hz / std::pow(gain, 0.25), gain, 1.0, sampleRateHz);
}
PowerShelf highShelf(double hz, double db, double sampleRateHz) {
    const double gain = dbToGain(db);
    return PowerShelf::design(hz * std::pow(gain, 0.25), 1.0, gain, sampleRateHz);
}

}  // namespace

double ReverbDecay::responseDb(const Design& design, double hz) const {
    const double shelves = lowShelf(params_.bassCrossoverHz, design.bassDb, sampleRateHz_).magnitude(hz, sampleRateHz_) *
                           highShelf(params_.trebleCrossoverHz, design.trebleDb, sampleRateHz_).magnitude(hz, sampleRateHz_) *
                           highShelf(params_.dampingHz, design.airDb, sampleRateHz_).magnitude(hz, sampleRateHz_);
    return design.gainDb + gainToDb(shelves);
}

ReverbDecay::ReverbDecay(const ReverbParams& params, const std::array<int, kReverbLines>& lineFrames, double sampleRateHz)
    : params_(params), sampleRateHz_(sampleRateHz), lineFrames_(lineFrames) {
    const double bassHz = 0.5 * params.bassCrossoverHz, trebleHz = std::min(2.0 * params.trebleCrossoverHz, 0.4 * sampleRateHz);
    const double middleHz = std::sqrt(params.bassCrossoverHz * params.trebleCrossoverHz);
    for (int l = 0; l < kReverbLines; ++l) {
        const double middleDb = -60.0 * lineFrames[l] / (sampleRateHz * params.decaySeconds);
        const auto bandDb = [&](double ratio) { return std::max(middleDb / ratio, middleDb - kDeepestShelfDb); };
        const double bassDb = bandDb(params.bassDecayRatio), trebleDb = bandDb(params.trebleDecayRatio);
        Design design{middleDb, bassDb - middleDb, trebleDb - middleDb, 0.0};
        // A fixed point, taken half way at a time: each shelf moves the others' points only a little.
        for (int round = 0; round < 80; ++round) {
            const double middleError = middleDb - responseDb(design, middleHz);
            const auto step = [&](double& shelfDb, double wantedDb, double hz) {
                shelfDb = std::clamp(shelfDb + 0.5 * (wantedDb - responseDb(design, hz) - middleError), -1.5 * kDeepestShelfDb, 1.5 * kDeepestShelfDb);
            };
            step(design.bassDb, bassDb, bassHz);
            step(design.trebleDb, trebleDb, trebleHz);
            design.gainDb += 0.5 * middleError;
        }
        // Where crossovers stand close and ratios are extreme, the shelves cannot meet all three and the gain between them
        // would rise: nothing may ever decay slower than twice the slowest band, so the whole line is turned down instead.
        const double highestDb = 0.5 * std::max({bassDb, middleDb, trebleDb});
        double peakDb = highestDb;
        for (double hz = 10.0; hz < 0.49 * sampleRateHz; hz *= 1.1) peakDb = std::max(peakDb, responseDb(design, hz));
        design.gainDb -= peakDb - highestDb;
        if (params.dampingHz < std::min(20000.0, 0.45 * sampleRateHz)) design.airDb = std::max(3.0 * trebleDb, -kDeepestShelfDb);
        designs_[l] = design;
        gains_[l] = static_cast<float>(dbToGain(design.gainDb));
    }
    const auto fill = [&](Shelves& shelves, const auto& shelfOf) {
        for (int l = 0; l < kReverbLines; ++l) {
            const PowerShelf shelf = shelfOf(designs_[l]);
            shelves.active = shelves.active || shelf.active;
            const double k = std::sqrt(2.0);
            shelves.a1[l] = static_cast<float>(shelf.scale);
            shelves.a2[l] = static_cast<float>(shelf.g * shelf.scale);
            shelves.a3[l] = static_cast<float>(shelf.g * shelf.g * shelf.scale);
            // low lp + band bp + high (x - k bp - lp)
            shelves.direct[l] = static_cast<float>(shelf.highGain);
            shelves.band[l] = static_cast<float>(shelf.bandGain - k * shelf.highGain);
            shelves.low[l] = static_cast<float>(shelf.lowGain - shelf.highGain);
        }
    };
    fill(bass_, [&](const Design& d) { return lowShelf(params.bassCrossoverHz, d.bassDb, sampleRateHz); });
    fill(treble_, [&](const Design& d) { return highShelf(params.trebleCrossoverHz, d.trebleDb, sampleRateHz); });
    fill(air_, [&](const Design& d) { return highShelf(params.dampingHz, d.airDb, sampleRateHz); });
}

void ReverbDecay::reset() {
    for (Shelves* shelves : {&bass_, &treble_, &air_}) {
        shelves->s1.fill(0.0f);
        shelves->s2.fill(0.0f);
    }
}

bool ReverbDecay::atRest() const {
    const auto zero = [](const auto& states) { return std::all_of(states.begin(), states.end(), [](float s) { return s == 0.0f; }); };
    return zero(bass_.s1) && zero(bass_.s2) && zero(treble_.s1) && zero(treble_.s2) && zero(air_.s1) && zero(air_.s2);
}

double ReverbDecay::gainAt(int line, double hz) const { return dbToGain(responseDb(designs_[line], hz)); }

double ReverbDecay::t60At(double hz) const {
    double dbPerSecond = 0.0;
    for (int l = 0; l < kReverbLines; ++l) dbPerSecond += responseDb(designs_[l], hz) * sampleRateHz_ / lineFrames_[l] / kReverbLines;
    return -60.0 / dbPerSecond;
}

TONEWRIGHT_TARGET_CLONES
void ReverbDecay::run(Shelves& shelves, float (*frame)[kReverbLines], int frames) noexcept {
    Shelves f = shelves;  // a local copy: the compiler then knows that nothing overlaps
    for (int n = 0; n < frames; ++n)
        for (int l = 0; l < kReverbLines; ++l) {
            const float x = frame[n][l];
            const float rest = x - f.s2[l];
            const float band = f.a1[l] * f.s1[l] + f.a2[l] * rest;
            const float low = f.s2[l] + f.a2[l] * f.s1[l] + f.a3[l] * rest;
            f.s1[l] = flushed(2.0f * band - f.s1[l]);
            f.s2[l] = flushed(2.0f * low - f.s2[l]);
            frame[n][l] = f.direct[l] * x + f.band[l] * band + f.low[l] * low;
        }
    shelves = f;
}

void ReverbDecay::process(ReverbChunk& rows, int frames) noexcept {
    alignas(32) float frame[kReverbChunk][kReverbLines];
    for (int l = 0; l < kReverbLines; ++l)
        for (int n = 0; n < frames; ++n) frame[n][l] = rows[l][n] * gains_[l];
    for (Shelves* shelves : {&bass_, &treble_, &air_})
        if (shelves->active) run(*shelves, frame, frames);
    for (int l = 0; l < kReverbLines; ++l)
        for (int n = 0; n < frames; ++n) rows[l][n] = flushed(frame[n][l]);
}

}  // namespace tonewright
