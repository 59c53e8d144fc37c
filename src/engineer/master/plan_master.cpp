#include "engineer/master/plan_master.h"

#include <cmath>
#include <utility>

#include "core/text.h"
#include "engineer/master/master_rules.h"

namespace tonewright {

namespace {

// A mono file is delivered on two channels and so sounds 3 dB louder than it measures.
double asHeardLufs(const Analysis& programme) {
    return programme.loudness.integratedLufs + (programme.spec.channels == 1 ? 10.0 * std::log10(2.0) : 0.0);
}

std::string styleText(const Intent& intent, const StyleGuess& guess) {
    if (intent.style != "auto") return "";
    if (guess.name != "neutral") return " The style was guessed (" + guess.name + ", confidence " + fixed(guess.confidence, 2) + "); name another with --style.";
    return " No style was recognised with confidence, so the average of released music is the measure; name one with --style.";
}

}  // namespace

void planMaster(Plan& plan, const Analysis& programme) {
    const Intent& intent = plan.intent;
    const StyleGuess guess = intent.style == "auto" ? guessStyle(programme) : StyleGuess{.name = intent.style, .confidence = 1.0, .nearest = intent.style};
    const Style* style = findStyle(guess.name);
    if (!style) {
        checkStyle(guess.name);  // throws, with the nearest name
        return;
    }
    MasterBrief brief{.programme = programme, .style = *style, .condition = findCondition(programme), .intensity = intent.intensity,
                      .ceilingDbtp = intent.ceilingDbtp};
    if (!brief.condition.silent) {
        brief.loudnessLufs = asHeardLufs(programme);
        brief.peakToLoudnessDb = programme.loudness.truePeakDbtp - brief.loudnessLufs;
    }
    const LoudnessTarget target = decideTarget(brief, intent, intent.style == "auto");
    brief.targetLufs = target.integratedLufs;

    plan.style = style->name;
    plan.delivery.integratedLufs = target.integratedLufs;
    plan.delivery.ceilingDbtp = intent.ceilingDbtp;
    plan.delivery.text = target.text + (brief.condition.silent || brief.condition.finished ? "" : styleText(intent, guess));

    plan.master.clear();
    const auto add = [&](std::optional<Step> step) {
        if (step) plan.master.push_back(std::move(*step));
    };
    const ToneDecision tone = decideMasterTone(brief);
    const LowEndDecision lowEnd = decideLowEndMono(brief);
    const Equalizer::Params curve = tone.step ? std::get<Equalizer::Params>(tone.step->params) : Equalizer::Params{};
    add(decideGain(brief));
    add(decideMasterDc(brief));
    add(tone.step);
    add(lowEnd.step);
    add(decideWidth(brief));
    add(decideMasterDynamics(brief, curve));
    add(decideColour(brief));
    add(decideLimiter(brief));

    for (Warning& warning : brief.condition.warnings) plan.warnings.push_back(std::move(warning));
    plan.warnings.insert(plan.warnings.end(), tone.advice.begin(), tone.advice.end());
    if (lowEnd.advice) plan.warnings.push_back(*lowEnd.advice);
}

}  // namespace tonewright
