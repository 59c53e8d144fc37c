#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "core/text.h"
#include "engineer/decision.h"
#include "engineer/master/master_rules.h"

namespace tonewright {

namespace {

Reason asked(const MoodShape& mood, const std::string& what) {
    return {.rule = "master.mood", .text = "You asked for " + mood.words + ": " + what, .evidence = {}, .confidence = 1.0};
}

void addTone(const MasterBrief& brief, MoodDecision& decision) {
    Equalizer::Params tone{brief.mood.tone};
    // Where a codec has left nothing, nothing can be raised.
    std::erase_if(tone.bands, [&](const EqualizerBand& band) { return band.gainDb > 0.0 && brief.condition.topHz < 18000.0 && band.frequencyHz > 0.5 * brief.condition.topHz; });
    if (tone.bands.empty()) return;
    std::vector<Evidence> before;
    const RegionFacts* regions = brief.programme.spectrum.regions.data();
    for (std::size_t region = static_cast<std::size_t>(ToneRegion::deepBass); region <= static_cast<std::size_t>(ToneRegion::treble); ++region) {
        const ToneRegionRange& range = kToneRegionRanges[region];
        const double movedDb = analogueGainDb(tone, std::sqrt(range.lowHz * range.highHz));
        if (std::abs(movedDb) >= 0.4 && std::isfinite(regions[region].levelDb))
            before.push_back(evidence(std::string("regions.") + range.name + ".levelDb", regions[region].levelDb, "dB",
                                      "moved by " + std::string(movedDb > 0.0 ? "+" : "") + fixed(movedDb, 1)));
    }
    Reason reason = asked(brief.mood, "the tone is moved that way, whatever the style has.");
    reason.evidence = std::move(before);
    decision.tone = makeStep("master.mood", std::move(tone), std::move(reason));
}

// Widening stops where mono would lose too much, or where the sides have nothing in common with the middle.
void addWidth(const MasterBrief& brief, MoodDecision& decision) {
    constexpr WidthTuning kLimits;
    const StereoFacts& stereo = brief.programme.stereo;
    const auto& wished = brief.mood.widthDb;
    if (wished[0] == 0.0 && wished[1] == 0.0) return;
    if (brief.condition.mono || brief.condition.brokenStereo || brief.programme.spec.channels != 2) {
        decision.advice.push_back({"master.mood-no-sides", "You asked for " + brief.mood.words + ", but there is no stereo to work on: the width stays as it is."});
        return;
    }
    const double lossLu = stereo.monoLossLu.value_or(0.0);
    std::array<double, 2> gainDb = wished;
    for (std::size_t band = 0; band < 2; ++band) {
        const auto& correlation = stereo.bandCorrelation[band + 1];
        if (gainDb[band] > 0.0 && correlation && *correlation < kLimits.leastCorrelation) gainDb[band] = 0.0;
        while (gainDb[band] > 0.0 && monoLossAfterLu(lossLu, gainDb[band]) < kLimits.badMonoLossLu) gainDb[band] = std::max(0.0, gainDb[band] - 0.25);
    }
    if (gainDb[0] < wished[0] - 0.3 || gainDb[1] < wished[1] - 0.3)
        decision.advice.push_back({"master.mood-width-bounded", "You asked for " + brief.mood.words + ", but the sides are already so strong that mono would suffer (it loses " +
                                                                   fixed(-lossLu, 1) + " LU): they are raised less than asked, or not at all."});
    const StereoWidth::Params params{.midWidth = roundTo(dbToGain(gainDb[0]), 0.01), .highWidth = roundTo(dbToGain(gainDb[1]), 0.01)};
    if (params == StereoWidth::Params{}) return;
    Reason reason = asked(brief.mood, gainDb[0] + gainDb[1] > 0.0 ? "the sides are raised above 250 Hz; what is in the middle stays as it is."
                                                                  : "the sides are lowered above 250 Hz; what is in the middle stays as it is.");
    if (stereo.widthDb && std::isfinite(*stereo.widthDb)) reason.evidence.push_back(evidence("widthDb", *stereo.widthDb, "dB"));
    reason.evidence.push_back(evidence("monoLossLu", lossLu, "LU", "about " + fixed(monoLossAfterLu(lossLu, std::max(gainDb[0], gainDb[1])), 1) + " after"));
    decision.width = makeStep("master.mood-width", params, std::move(reason));
}

void addAttacks(const MasterBrief& brief, MoodDecision& decision) {
    if (!brief.densityMayChange() || (brief.mood.attackDb == 0.0 && brief.mood.sustainDb == 0.0)) return;
    Reason reason = asked(brief.mood, "attacks stand further out of what rings after them.");
    if (brief.programme.rhythm.percussiveness) reason.evidence.push_back(evidence("percussiveness", *brief.programme.rhythm.percussiveness, ""));
    decision.attacks = makeStep("master.mood-attacks", TransientShaper::Params{brief.mood.attackDb, brief.mood.sustainDb}, std::move(reason));
}

}  // namespace

MoodDecision decideMood(const MasterBrief& brief) {
    MoodDecision decision;
    if (brief.mood.words.empty() || brief.condition.silent) return decision;
    addTone(brief, decision);
    addWidth(brief, decision);
    addAttacks(brief, decision);
    return decision;
}

}  // namespace tonewright
