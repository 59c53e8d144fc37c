#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "engineer/decision.h"
#include "engineer/master/master_rules.h"

// master.target, master.gain, master.dc, master.limiter: what sets levels.
namespace tonewright {

double MasterBrief::gainDb() const {
    return std::isfinite(loudnessLufs) ? std::clamp(roundTo(kWorkingLufs - loudnessLufs, 0.01), -60.0, 60.0) : 0.0;
}

LoudnessTarget decideTarget(const MasterBrief& brief, const Intent& intent, bool styleGuessed) {
    LoudnessTarget target;
    // What the peaks allow without being touched, a little below: rounding must not wake the limiter.
    const double freeLufs = std::floor((brief.ceilingDbtp - brief.peakToLoudnessDb) * 10.0 + 1e-6) / 10.0;
    if (intent.integratedLufs) {
        target.integratedLufs = *intent.integratedLufs;
        target.text = "You asked for " + fixed(*intent.integratedLufs, 1) + " LUFS.";
    } else if (brief.condition.silent) {
        target.integratedLufs = brief.style.integratedLufs;
        target.text = "There is no loudness to measure, so none is aimed at.";
    } else if (brief.condition.finished) {
        target.integratedLufs = freeLufs;
        target.text = "A finished master keeps its dynamics: " + fixed(freeLufs, 1) + " LUFS is where its peaks meet the ceiling.";
    } else if (freeLufs > brief.style.integratedLufs) {
        target.integratedLufs = freeLufs;
        target.text = fixed(freeLufs, 1) + " LUFS: the peaks meet the ceiling there, with nothing lost by limiting.";
    } else {
        target.integratedLufs = brief.style.integratedLufs;
        const bool named = brief.style.name != "neutral";
        target.text = fixed(brief.style.integratedLufs, 1) + " LUFS: " +
                      (named ? "what " + brief.style.name + " is usually mastered to" + (styleGuessed ? ", as this sounds like" : "")
                             : "a loudness that suits any music and that platforms hardly change") + ".";
    }
    return target;
}

std::optional<Step> decideGain(const MasterBrief& brief) {
    if (brief.condition.silent) return std::nullopt;
    return makeStep("master.gain", Gain::Params{.gainDb = brief.gainDb()},
                    {.rule = "master.gain",
                     .text = "Brings the programme to the level that the rest of the chain works at, so that the result does not depend on how hot the mix was exported.",
                     .evidence = {evidence("integratedLufs", brief.loudnessLufs, "LUFS", "working level " + fixed(kWorkingLufs, 1))}});
}

std::optional<Step> decideMasterDc(const MasterBrief& brief, const MasterDcTuning& tuning) {
    const double offset = std::max(std::abs(brief.programme.dcOffset[0]), std::abs(brief.programme.dcOffset[1]));
    if (brief.condition.silent || offset <= 0.0 || !std::isfinite(brief.programme.dynamics.rmsDbfs)) return std::nullopt;
    const double shareDb = 20.0 * std::log10(offset) - brief.programme.dynamics.rmsDbfs;
    if (shareDb < tuning.leastShareDb) return std::nullopt;
    return makeStep("master.dc", DcFilter::Params{.cornerHz = tuning.cornerHz},
                    {.rule = "master.dc",
                     .text = "The waveform stands off-centre, which wastes headroom and makes limiting lopsided; it is centred.",
                     .evidence = {evidence("dcOffset", 100.0 * offset, "%", "RMS " + fixed(brief.programme.dynamics.rmsDbfs, 1) + " dBFS")}});
}

namespace {

// Loudness that limiting costs, roughly: little at first, growing with the square of the peaks' reduction.
double expectedLossLu(double demandDb) { return 0.012 * std::max(0.0, demandDb) * std::max(0.0, demandDb); }

// After sustained limiting the gain comes back within a beat, so that it breathes with the music, if at all.
double slowReleaseMs(const RhythmFacts& rhythm) {
    if (!rhythm.tempoBpm || rhythm.tempoConfidence < 0.3) return 300.0;
    return std::clamp(roundTo(60000.0 / *rhythm.tempoBpm, 10.0), 200.0, 600.0);
}

}  // namespace

Step decideLimiter(const MasterBrief& brief) {
    Limiter::Params params;
    params.ceilingDb = brief.ceilingDbtp;
    params.slowReleaseMs = slowReleaseMs(brief.programme.rhythm);
    if (!brief.condition.silent) {
        const double driveDb = brief.targetLufs - kWorkingLufs + expectedLossLu(brief.limitingDemandDb());
        params.inputGainDb = std::clamp(roundTo(driveDb, 0.01), -40.0, 40.0);
    }
    return makeStep("master.limiter", params,
                    {.rule = "master.limiter",
                     .text = "Sets the final loudness and keeps every peak, also those between samples, under the ceiling.",
                     .evidence = {evidence("peakToLoudnessDb", brief.peakToLoudnessDb, "dB",
                                           "room for " + fixed(brief.ceilingDbtp - brief.targetLufs, 1) + " dB")}});
}

}  // namespace tonewright
