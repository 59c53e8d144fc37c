#include "engineer/master/harmonics.h"

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "dsp/harmonic_profile.h"
#include "engineer/decision.h"

namespace tonewright {

namespace {

double driveDbOf(SaturatorKind kind, const HarmonicsTuning& tuning) {
    switch (kind) {
        case SaturatorKind::tape: return tuning.tapeDriveDb;
        case SaturatorKind::tube: return tuning.tubeDriveDb;
        case SaturatorKind::transformer: return tuning.transformerDriveDb;
        case SaturatorKind::softClip: break;
    }
    return tuning.softClipDriveDb;
}

const char* soundOf(SaturatorKind kind) {
    switch (kind) {
        case SaturatorKind::tape: return "tape";
        case SaturatorKind::tube: return "a tube";
        case SaturatorKind::transformer: return "a transformer";
        case SaturatorKind::softClip: break;
    }
    return "a soft clipper";
}

// Settings whose harmonics are so much of the tone: the drive is the kind's own, the mix is searched. The share of what is
// mixed in is nearly that of the harmonics.
SaturatorParams settingsFor(SaturatorKind kind, double percent, const HarmonicsTuning& tuning) {
    SaturatorParams params{.kind = kind, .driveDb = driveDbOf(kind, tuning)};
    params.mix = std::clamp(roundTo(percent / harmonicProfile(params).totalPercent, 0.01), 0.0, 1.0);
    return params;
}

std::string profileText(const HarmonicProfile& profile) {
    constexpr const char* kNames[] = {"2nd", "3rd", "4th", "5th"};
    std::string text;
    for (std::size_t i = 0; i < profile.harmonicDb.size(); ++i)
        if (profile.harmonicDb[i] > -100.0) text += (text.empty() ? "" : ", ") + std::string(kNames[i]) + " " + fixed(profile.harmonicDb[i], 0) + " dB";
    return fixed(profile.totalPercent, 2) + " % of a 1 kHz sine of -12 dBFS (" + text + ")";
}

void addProfile(std::vector<Evidence>& shown, const HarmonicProfile& profile) {
    constexpr const char* kNames[] = {"harmonic2Db", "harmonic3Db", "harmonic4Db", "harmonic5Db"};
    shown.push_back(evidence("harmonicsPercent", profile.totalPercent, "%", "of a 1 kHz sine of -12 dBFS"));
    for (std::size_t i = 0; i < profile.harmonicDb.size(); ++i)
        if (profile.harmonicDb[i] > -100.0) shown.push_back(evidence(kNames[i], profile.harmonicDb[i], "dB", "against the sine"));
}

// How far 5 to 12.5 kHz stand under the style's target, as the corrections leave them.
double dullnessDb(const MasterBrief& brief) {
    const ToneDeviation deviation = toneDeviationDb(brief.programme, brief.style, brief.condition.topHz, {}, brief.correctedDb);
    double sum = 0.0;
    int bands = 0;
    for (int band = 0; band < kThirdOctaves; ++band)
        if (deviation[band] && thirdOctaveCentreHz(band) > 4800.0 && thirdOctaveCentreHz(band) < 13000.0) {
            sum -= *deviation[band];
            ++bands;
        }
    return bands > 0 ? sum / bands : 0.0;
}

double rise(double value, double none, double all) { return std::clamp((value - none) / (all - none), 0.0, 1.0); }

}  // namespace

std::optional<Step> decideHarmonics(const MasterBrief& brief, const HarmonicsTuning& tuning) {
    const double flatness = brief.programme.spectrum.flatness.value_or(0.0);
    if (!brief.densityMayChange() || brief.peakToLoudnessDb < tuning.leastPlrDb || flatness > tuning.mostFlatness) return std::nullopt;
    const double clean = rise(brief.peakToLoudnessDb, tuning.cleanPlrDb, tuning.fullPlrDb), dullDb = dullnessDb(brief), dull = rise(dullDb, tuning.dullDb, tuning.fullDullDb);
    const ColourWish &asked = brief.mood.colour, &style = brief.style.colour;
    const double unasked = std::max(clean, dull) * style.mostPercent * std::min(1.0, brief.intensity) * brief.mood.colourShare;
    const double percent = std::max(unasked, asked.mostPercent);
    if (percent < tuning.leastPercent) return std::nullopt;

    const SaturatorParams params = settingsFor(asked.mostPercent > 0.0 ? asked.kind : style.kind, percent, tuning);
    if (params.mix <= 0.0) return std::nullopt;
    const HarmonicProfile profile = harmonicProfile(params);
    std::vector<Evidence> shown = {evidence("peakToLoudnessDb", brief.peakToLoudnessDb, "dB", "dense below " + fixed(tuning.leastPlrDb, 1))};
    if (brief.programme.spectrum.flatness) shown.push_back(evidence("flatness", flatness, "", "noisy above " + fixed(tuning.mostFlatness, 2)));
    if (dull > clean) shown.push_back(evidence("trebleUnderStyleDb", dullDb, "dB", "dull above " + fixed(tuning.dullDb, 1)));
    addProfile(shown, profile);
    const std::string because = asked.mostPercent > 0.0 ? "You asked for " + brief.mood.words + ": "
                                : dull > clean          ? "The sound is dull for " + brief.style.name + ", and clean enough: "
                                                        : "The sound is clean and has room: ";
    return makeStep(kHarmonicsId, params,
                    {.rule = kHarmonicsId,
                     .text = because + "harmonics like those of " + soundOf(params.kind) + " are added, " + profileText(profile) + ".",
                     .evidence = std::move(shown),
                     .confidence = asked.mostPercent > 0.0 ? 0.9 : 0.6});
}

void settleHarmonics(Plan& plan, const ColourTrial& heard, const HarmonicsTuning& tuning) {
    const auto found = std::find_if(plan.master.begin(), plan.master.end(), [](const Step& step) {
        return step.id == kHarmonicsId && step.enabled && !step.locked && step.origin == Origin::automatic;
    });
    if (found == plan.master.end() || found->because.empty()) return;
    SaturatorParams& params = std::get<SaturatorParams>(found->params);
    const DamageBudget budget{.meanGrade = tuning.meanGrade, .worstGrade = tuning.worstGrade};
    const HarmonicProfile wanted = harmonicProfile(params);
    const double wantedMix = params.mix, leastMix = tuning.leastPercent / wanted.totalPercent * wantedMix;

    // The most that the budget allows, between what is allowed (nothing, at first) and what is not.
    double kept = 0.0, tooMuch = wantedMix;
    LimitingDamage ofKept;
    const LimitingDamage first = heard(params);
    if (budget.allows(first)) {
        kept = wantedMix;
        ofKept = first;
    }
    for (int tries = 1; tries < tuning.mostTries && kept < wantedMix; ++tries) {
        SaturatorParams tried = params;
        tried.mix = roundTo(0.5 * (kept + tooMuch), 0.01);
        if (tried.mix < leastMix || tried.mix <= kept || tried.mix >= tooMuch) break;
        const LimitingDamage damage = heard(tried);
        if (budget.allows(damage)) {
            kept = tried.mix;
            ofKept = damage;
        } else {
            tooMuch = tried.mix;
        }
    }

    Reason& reason = found->because.front();
    const auto graded = [](const LimitingDamage& damage) { return fixed(damage.meanGrade, 2) + " on the mean and " + fixed(damage.worstGrade, 2) + " at worst"; };
    const std::string bounds = " (PEAQ, 0 is not heard; allowed are " + fixed(tuning.meanGrade, 2) + " and " + fixed(tuning.worstGrade, 2) + ")";
    const auto show = [&](const LimitingDamage& damage, const std::string& of) {
        reason.evidence.push_back(evidence("meanGrade", damage.meanGrade, "", of));
        reason.evidence.push_back(evidence("worstGrade", damage.worstGrade, "", of + ", at " + minutesSeconds(damage.worstSeconds)));
    };
    if (kept == wantedMix) {
        reason.text += " What is heard of it grades " + graded(first) + bounds + ".";
        show(first, "as wanted");
        return;
    }
    show(first, "at " + fixed(wanted.totalPercent, 2) + " %");
    const std::string tried = fixed(wanted.totalPercent, 2) + " % was tried and graded " + graded(first) + bounds;
    if (kept <= 0.0) {
        found->enabled = false;
        reason.text += " It is bypassed: " + tried + ", and no amount that would be worth it stays within.";
        return;
    }
    params.mix = kept;
    const HarmonicProfile profile = harmonicProfile(params);
    const std::string was = profileText(wanted);
    if (const auto at = reason.text.find(was); at != std::string::npos) reason.text.replace(at, was.size(), profileText(profile));
    reason.text += " " + tried + "; what is kept grades " + graded(ofKept) + ".";
    show(ofKept, "as kept");
    std::erase_if(reason.evidence, [](const Evidence& shown) { return shown.measure.starts_with("harmonic"); });
    addProfile(reason.evidence, profile);
}

}  // namespace tonewright
