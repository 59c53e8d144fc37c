#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "engineer/master/master_rules.h"

namespace tonewright {

namespace {

bool hasFault(const Analysis& programme, const char* kind, Severity atLeast) {
    return std::any_of(programme.faults.begin(), programme.faults.end(),
                       [&](const Fault& fault) { return fault.kind == kind && fault.severity >= atLeast; });
}

// Share of the moments with sound (of the drawn envelope) whose peaks come within 0.5 dB of the highest: many, where a
// limiter has worked; few, where every hit is its own.
double shareAtTheTop(const Analysis& programme) {
    std::vector<double> peaks;
    for (std::size_t i = 0; i + 1 < programme.peakEnvelope.size(); i += 2)
        peaks.push_back(std::max(std::abs(programme.peakEnvelope[i]), std::abs(programme.peakEnvelope[i + 1])));
    if (peaks.empty()) return 0.0;
    const double highest = *std::max_element(peaks.begin(), peaks.end());
    if (highest <= 0.0) return 0.0;
    const auto active = std::count_if(peaks.begin(), peaks.end(), [&](double peak) { return peak > 0.1 * highest; });
    const auto top = std::count_if(peaks.begin(), peaks.end(), [&](double peak) { return peak > 0.944 * highest; });
    return active >= 50 ? static_cast<double>(top) / static_cast<double>(active) : 0.0;
}

bool isFinished(const Analysis& programme, const NoHarmTuning& tuning) {
    const auto& plr = programme.dynamics.peakToLoudnessDb;
    const auto& psr = programme.dynamics.minPeakToShortTermDb;
    if (!plr) return false;
    if (*plr <= tuning.finishedPlrDb && psr && *psr <= tuning.finishedPsrDb) return true;
    return *plr <= tuning.limitedPlrDb && shareAtTheTop(programme) >= tuning.limitedPeakShare;
}

}  // namespace

Condition findCondition(const Analysis& programme, const NoHarmTuning& tuning) {
    Condition condition;
    const auto warn = [&](const char* code, const std::string& text) { condition.warnings.push_back({code, text}); };
    const double seconds = static_cast<double>(programme.frames) / programme.spec.sampleRateHz;

    if (programme.activity.silent || !std::isfinite(programme.loudness.integratedLufs)) {
        condition.silent = true;
        warn("master.silent", programme.activity.silent ? "The programme is silent: there is nothing to master. Check that the right file was exported."
                              : seconds < 0.4           ? "The programme is shorter than 0.4 s: it has no measurable loudness, so only the ceiling is applied."
                                                        : "The programme stays below -70 LUFS, where loudness is not measured, so only the ceiling is "
                                                          "applied. Export it at a normal level.");
        return condition;
    }
    if (isFinished(programme, tuning)) {
        condition.finished = true;
        warn("master.already-mastered",
             "This sounds like a finished master: its peaks stand only " + fixed(*programme.dynamics.peakToLoudnessDb, 1) +
                 " dB over its loudness. Tone, dynamics and width are left as they are; only level and ceiling are set. For more, export the mix "
                 "without limiter and master that.");
    }
    if (hasFault(programme, "clipping", Severity::warning)) {
        condition.clipped = true;
        warn("master.clipped", "The programme is clipped, so it is not made any denser. Clipping cannot be undone here: export the mix again with its "
                               "loudest peaks a few dB below full scale.");
    }
    if (seconds < tuning.leastSeconds) {
        condition.tooShort = true;
        warn("master.short", "The programme lasts only " + fixed(seconds, 1) + " s: too little to judge tone and dynamics by, so only level and ceiling are set.");
    }
    if (programme.spec.channels == 1 || programme.stereo.dualMono) {
        condition.mono = true;
        warn("master.mono", programme.spec.channels == 1 ? "The programme is mono; it is delivered on both channels, and nothing is done to its width."
                                                         : "Both channels are the same (mono in a stereo file), so nothing is done to the width. If it should "
                                                           "be stereo, check the export of the mix.");
    } else if (programme.stereo.oneChannelSilent || hasFault(programme, "silent-channel", Severity::info)) {
        condition.brokenStereo = true;
        warn("master.channel-silent", "One channel is silent: check the panning and the export of the mix. The width is left alone.");
    } else if (hasFault(programme, "inverted-channel", Severity::info)) {
        condition.brokenStereo = true;
        warn("master.channel-inverted", "One channel is inverted against the other: in mono the music nearly vanishes. Flip the polarity of one channel in the "
                                        "mix and export it again. The width is left alone.");
    }
    if (programme.lossyCutoffHz > 0.0) {
        condition.topHz = programme.lossyCutoffHz;
        if (programme.lossyCutoffHz < tuning.lossyHz)
            warn("master.lossy-source", "There is nothing above " + hertz(roundHz(programme.lossyCutoffHz)) +
                                            ": the file was probably made from an MP3 or AAC. No treble is raised; master from the original export if you have it.");
    }
    return condition;
}

}  // namespace tonewright
