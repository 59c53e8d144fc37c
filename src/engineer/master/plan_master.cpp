#include "engineer/master/plan_master.h"

#include <cmath>
#include <utility>

#include "core/text.h"
#include "engineer/master/harmonics.h"
#include "engineer/master/master_rules.h"
#include "engineer/master/reference.h"

namespace tonewright {

namespace {

// A mono file, or a single channel that sounds, is delivered on two channels and so sounds 3 dB louder than it measures.
double asHeardLufs(const Analysis& programme, const Condition& condition) {
    const bool doubled = programme.spec.channels == 1 || condition.channels == ChannelFault::leftSilent || condition.channels == ChannelFault::rightSilent;
    return programme.loudness.integratedLufs + (doubled ? 10.0 * std::log10(2.0) : 0.0);
}

std::string styleText(const Intent& intent, const StyleGuess& guess) {
    if (intent.style != "auto") return "";
    const std::string because = guess.because.empty() ? "" : ": " + guess.because;
    if (guess.name != "neutral") return " The style was guessed (" + guess.name + ", confidence " + fixed(guess.confidence, 2) + because + "); name another with --style.";
    const std::string nearest = guess.nearest == "neutral" ? "" : " (nearest: " + guess.nearest + ", " + fixed(guess.confidence, 2) + because + ")";
    return " No style was recognised with confidence" + nearest + ", so the average of released music is the measure; name one with --style.";
}

// Where nobody knows what the music wants to be, less of it is called wrong.
Style forUnknownMusic(Style style) {
    for (double& toleranceDb : style.toleranceDb) toleranceDb += 1.0;
    return style;
}

// A finished master is left alone, but whoever gives a reference wants it changed.
void sayMatchedAllTheSame(std::vector<Warning>& warnings) {
    for (Warning& warning : warnings)
        if (warning.code == "master.already-mastered")
            warning.text = "This sounds like a finished master already. Its tone and width are brought to the reference's all the same; it is made no denser. For more, "
                           "export the mix without limiter and master that.";
}

}  // namespace

void planMaster(Plan& plan, const Analysis& programme, const ReferenceMatch* match) {
    const Intent& intent = plan.intent;
    const StyleGuess guess = intent.style == "auto" ? guessStyle(programme) : StyleGuess{.name = intent.style, .confidence = 1.0, .nearest = intent.style};
    const Style* style = findStyle(guess.name);
    if (!style) {
        checkStyle(guess.name);  // throws, with the nearest name
        return;
    }
    checkMoods(intent.moods);
    const bool unknown = intent.style == "auto" && guess.name == "neutral";
    const Style measure = unknown ? forUnknownMusic(*style) : *style;
    MasterBrief brief{.programme = programme, .style = measure, .condition = findCondition(programme), .intensity = intent.intensity,
                      .ceilingDbtp = intent.ceilingDbtp, .mood = moodShape(intent.moods, intent.intensity)};
    if (!brief.condition.silent) {
        brief.loudnessLufs = asHeardLufs(programme, brief.condition);
        brief.peakToLoudnessDb = programme.loudness.truePeakDbtp - brief.loudnessLufs;
    }
    const EdgeDecision edges = decideEdges(brief, intent, plan.delivery.sampleRateHz);
    // A click that is taken away with the silence around it says nothing of the music's peaks.
    if (edges.peakDbfs) brief.peakToLoudnessDb -= programme.loudness.samplePeakDbfs - *edges.peakDbfs;
    const ChannelDecision channels = decideChannels(brief);
    LoudnessTarget target = decideTarget(brief, intent, intent.style == "auto");
    const bool loudnessMatched = match && !intent.integratedLufs && match->amounts.loudness > 0.0;
    if (loudnessMatched) target = decideReferenceLoudness(brief, *match, target);
    brief.targetLufs = target.integratedLufs;

    plan.style = style->name;
    plan.delivery.integratedLufs = target.integratedLufs;
    plan.delivery.ceilingDbtp = intent.ceilingDbtp;
    plan.delivery.text = target.text + (brief.condition.silent || brief.condition.finished || loudnessMatched ? "" : styleText(intent, guess));

    plan.master.clear();
    const auto add = [&](std::optional<Step> step) {
        if (step) plan.master.push_back(std::move(*step));
    };
    // Corrections first: the tone is judged as they leave it.
    std::vector<Step> corrections;
    Equalizer::Params curve;  // all filters before the dynamics
    const auto hears = [&](const Step& step) {
        if (const auto* equalizer = std::get_if<Equalizer::Params>(&step.params)) curve.bands.insert(curve.bands.end(), equalizer->bands.begin(), equalizer->bands.end());
    };
    for (auto& step : {decideRumble(brief), decideResonance(brief), decideMud(brief), decideHarshness(brief), decideSibilance(brief)}) {
        // A reference says itself how much of each region there shall be.
        if (!step || (match && match->changesTone() && step->id != "master.rumble" && step->id != "master.resonance")) continue;
        const ToneCurve effectDb = meanEffectDb(*step);
        for (int band = 0; band < kThirdOctaves; ++band)
            if (step->id != "master.rumble") brief.correctedDb[band] += effectDb[band];
        hears(*step);
        corrections.push_back(*step);
    }
    const ToneDecision tone = match ? ToneDecision{} : decideMasterTone(brief);
    if (tone.step) hears(*tone.step);
    const MoodDecision mood = decideMood(brief);
    if (mood.tone) hears(*mood.tone);
    const LowEndDecision lowEnd = match && match->widthMatched ? LowEndDecision{} : decideLowEndMono(brief);
    const WidthDecision width = match ? WidthDecision{} : decideWidth(brief);
    // A reference is the measure of everything that was not asked for.
    const ComponentDecision kick = match && intent.kickDb == 0.0 ? ComponentDecision{} : decideKickBalance(brief, intent.kickDb);
    const ComponentDecision centre = match && intent.centreDb == 0.0 ? ComponentDecision{} : decideCentreBalance(brief, intent.centreDb);
    if (match) add(decideReferenceSections(brief, *match));  // before the trim: its places are those of the song
    add(edges.trim);
    add(channels.step);
    add(decideGain(brief));
    add(decideMasterDc(brief));
    for (Step& step : corrections) add(std::move(step));
    add(tone.step);
    if (match)
        for (Step& step : matchSteps(*match, programme.spec)) add(std::move(step));
    add(mood.tone);
    add(lowEnd.step);
    add(kick.step);
    add(centre.step);
    add(width.step);
    add(mood.width);
    add(mood.attacks);
    if (!match) add(decideBandDynamics(brief, curve));
    add(match ? decideReferenceDynamics(brief, *match) : decideMasterDynamics(brief, curve));
    add(decideHarmonics(brief));
    add(decideColour(brief));
    add(decideLimiter(brief));
    add(edges.fades);

    if (match && match->changesTone() && brief.condition.finished) sayMatchedAllTheSame(brief.condition.warnings);
    if (mood.tone || mood.width)
        for (Warning& warning : brief.condition.warnings)
            if (warning.code == "master.already-mastered") warning.text += " What you asked for (" + brief.mood.words + ") is done all the same.";
    for (Warning& warning : brief.condition.warnings) plan.warnings.push_back(std::move(warning));
    if (channels.advice) plan.warnings.push_back(*channels.advice);
    plan.warnings.insert(plan.warnings.end(), tone.advice.begin(), tone.advice.end());
    plan.warnings.insert(plan.warnings.end(), mood.advice.begin(), mood.advice.end());
    for (const auto& advice : {lowEnd.advice, kick.advice, centre.advice})
        if (advice) plan.warnings.push_back(*advice);
    if (match) plan.warnings.insert(plan.warnings.end(), match->warnings.begin(), match->warnings.end());
    if (width.advice) plan.warnings.push_back(*width.advice);
}

}  // namespace tonewright
