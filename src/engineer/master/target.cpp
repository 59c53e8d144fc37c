#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "engineer/master/master_rules.h"

namespace tonewright {

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

}  // namespace tonewright
