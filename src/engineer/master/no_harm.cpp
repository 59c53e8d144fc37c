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

// How the moments with sound (of the drawn envelope) reach the highest peak. Where a limiter or clipper has worked, many come to the
// same ceiling, from above and from below; where every hit is its own, few do. Samples that are played again and again reach the same
// height, too, but always on the same side.
struct CeilingTraces {
    double atShare = 0.0;      // of the moments within 0.1 dB of the highest peak
    double nearShare = 0.0;    // within 0.5 dB
    double minorSide = 0.0;    // of those within 0.1 dB: the rarer side against the other
};
CeilingTraces ceilingTraces(const Analysis& programme) {
    constexpr float kAt = 0.9886f, kNear = 0.944f, kActive = 0.1f;
    const std::vector<float>& envelope = programme.peakEnvelope;
    float highest = 0.0f;
    for (const float value : envelope) highest = std::max(highest, std::abs(value));
    int active = 0, at = 0, near = 0, below = 0, above = 0;
    for (std::size_t i = 0; i + 1 < envelope.size(); i += 2) {
        const float low = -envelope[i], high = envelope[i + 1], peak = std::max(low, high);
        active += peak > kActive * highest ? 1 : 0;
        at += peak > kAt * highest ? 1 : 0;
        near += peak > kNear * highest ? 1 : 0;
        below += low > kAt * highest ? 1 : 0;
        above += high > kAt * highest ? 1 : 0;
    }
    if (highest <= 0.0f || active < 50) return {};
    const double moments = active;
    return {.atShare = at / moments, .nearShare = near / moments,
            .minorSide = std::max(below, above) > 0 ? static_cast<double>(std::min(below, above)) / std::max(below, above) : 0.0};
}

// What shows that a limiter has worked; "" if nothing does.
std::string finishedBecause(const Analysis& programme, const NoHarmTuning& tuning) {
    const auto& plr = programme.dynamics.peakToLoudnessDb;
    const auto& psr = programme.dynamics.minPeakToShortTermDb;
    if (!plr) return "";
    if (*plr <= tuning.finishedPlrDb && psr && *psr <= tuning.finishedPsrDb)
        return "its peaks stand only " + fixed(*plr, 1) + " dB over its loudness, and " + fixed(*psr, 1) + " dB over its densest passages";
    if (*plr > tuning.limitedPlrDb) return "";
    const CeilingTraces traces = ceilingTraces(programme);
    if (traces.minorSide < tuning.leastMinorSide) return "";
    const double belowShare = traces.nearShare - traces.atShare;
    const bool spike = traces.atShare >= tuning.ceilingShare && traces.atShare >= 0.25 * tuning.ceilingDensity * belowShare;
    if (!spike && traces.nearShare < tuning.limitedPeakShare) return "";
    return fixed(100.0 * (spike ? traces.atShare : traces.nearShare), 1) + " % of its moments reach the same ceiling within " + (spike ? "0.1" : "0.5") +
           " dB, and its peaks stand " + fixed(*plr, 1) + " dB over its loudness";
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
    if (const std::string because = finishedBecause(programme, tuning); !because.empty()) {
        condition.finished = true;
        warn("master.already-mastered", "This sounds like a finished master: " + because + ". Tone, dynamics and width are left as they are; only level and ceiling are "
                                        "set. For more, export the mix without limiter and master that.");
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
        condition.channels = programme.stereo.balanceDb > 0.0 ? ChannelFault::rightSilent : ChannelFault::leftSilent;
        warn("master.channel-silent", std::string("The ") + (condition.channels == ChannelFault::rightSilent ? "right" : "left") +
                                          " channel is silent, so the other one is put on both sides. If the music should be stereo, check the panning and "
                                          "the export of the mix.");
    } else if (hasFault(programme, "inverted-channel", Severity::info)) {
        condition.brokenStereo = true;
        condition.channels = ChannelFault::inverted;
        warn("master.channel-inverted", "One channel is inverted against the other: in mono the music nearly vanishes. The right one was turned over; if it is meant as "
                                        "it was, switch the step master.channels off. Look for a cable or a plug-in that inverts in the mix.");
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
