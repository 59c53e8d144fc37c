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

// The sides are moved by a curve: not in the bass, which stays in the middle, and in each band only as far as that does good.
struct MoodWidthTuning {
    double bassHz = 130.0, middleHz = 400.0;             // from nothing to all of what the mood wishes of the middle
    double presenceHz = 2500.0, highHz = 6300.0;         // and from there to what it wishes of the highs
    double emptySideDb = -25.0, playedSideDb = -20.0;    // side against mid: from nothing that could be moved to something
    double mostSideDb = -2.0;                            // no side is raised nearer to the middle
    double leastDb = 0.1;
};

double octaveShare(double hz, double fromHz, double toHz) { return std::clamp(std::log2(hz / fromHz) / std::log2(toHz / fromHz), 0.0, 1.0); }

double wishedSideDb(const MoodShape& mood, double hz, const MoodWidthTuning& tuning) {
    const double high = octaveShare(hz, tuning.presenceHz, tuning.highHz);
    return octaveShare(hz, tuning.bassHz, tuning.middleHz) * ((1.0 - high) * mood.widthDb[0] + high * mood.widthDb[1]);
}

// Of the wish, what each band bears by itself.
ToneCurve boundedSideDb(const MasterBrief& brief, const MoodWidthTuning& tuning) {
    constexpr WidthTuning kLimits;
    const StereoFacts& stereo = brief.programme.stereo;
    ToneCurve curve{};
    for (int band = 0; band < kThirdOctaves; ++band) {
        const double hz = thirdOctaveCentreHz(band), sideDb = stereo.thirdOctaveWidthDb[band];
        if (hz < tuning.bassHz || hz > brief.condition.topHz || !(sideDb > tuning.emptySideDb)) continue;
        double db = wishedSideDb(brief.mood, hz, tuning) * std::min(1.0, (sideDb - tuning.emptySideDb) / (tuning.playedSideDb - tuning.emptySideDb));
        const auto& correlation = stereo.bandCorrelation[hz < 200.0 ? 0 : hz < 4000.0 ? 1 : 2];
        if (db > 0.0) db = correlation && *correlation < kLimits.leastCorrelation ? 0.0 : std::min(db, std::max(0.0, tuning.mostSideDb - sideDb));
        curve[band] = db;
    }
    // A band's bound must not become the edge of a filter; but no bound is exceeded for that.
    ToneCurve smooth{};
    for (int band = 1; band < kThirdOctaves; ++band) {
        const double around = 0.25 * curve[band - 1] + 0.5 * curve[band] + 0.25 * curve[std::min(kThirdOctaves - 1, band + 1)];
        smooth[band] = curve[band] > 0.0 ? std::min(curve[band], std::max(0.0, around)) : std::max(curve[band], std::min(0.0, around));
    }
    return smooth;
}

// What mono loses with that curve on the sides: their power band by band, weighted about as loudness hears it.
double monoLossWithLu(const Analysis& programme, const ToneCurve& sideGainDb) {
    double before = 0.0, after = 0.0;
    for (int band = 0; band < kThirdOctaves; ++band) {
        const double hz = thirdOctaveCentreHz(band), ratio = dbToPower(programme.stereo.thirdOctaveWidthDb[band]), power = dbToPower(programme.spectrum.thirdOctaveDb[band]);
        if (hz < 90.0 || !std::isfinite(power) || !(ratio > 0.0)) continue;
        const double side = (hz > 1500.0 ? 2.0 : 1.0) * (std::isinf(ratio) ? power : power * ratio / (1.0 + ratio));
        before += side;
        after += side * dbToPower(sideGainDb[band]);
    }
    const double lossLu = programme.stereo.monoLossLu.value_or(0.0);
    return before > 0.0 ? monoLossAfterLu(lossLu, powerToDb(after / before)) : lossLu;
}

void addWidth(const MasterBrief& brief, MoodDecision& decision) {
    constexpr WidthTuning kLimits;
    constexpr MoodWidthTuning kTuning;
    const Analysis& programme = brief.programme;
    if (brief.mood.widthDb[0] == 0.0 && brief.mood.widthDb[1] == 0.0) return;
    if (brief.condition.mono || brief.condition.brokenStereo || programme.spec.channels != 2) {
        decision.advice.push_back({"master.mood-no-sides", "You asked for " + brief.mood.words + ", but there is no stereo to work on: the width stays as it is."});
        return;
    }
    // Together the bands are raised only as far as mono bears it.
    const ToneCurve bounded = boundedSideDb(brief, kTuning);
    ToneCurve gainDb = bounded;
    const auto raises = [](double db) { return db > 0.0; };
    for (int tenths = 9; tenths >= 0 && std::any_of(gainDb.begin(), gainDb.end(), raises) && monoLossWithLu(programme, gainDb) < kLimits.badMonoLossLu; --tenths)
        for (std::size_t band = 0; band < gainDb.size(); ++band) gainDb[band] = raises(bounded[band]) ? 0.1 * tenths * bounded[band] : bounded[band];

    const double lossLu = programme.stereo.monoLossLu.value_or(0.0);
    double missingDb = 0.0, most = 0.0;
    int bands = 0;
    CurveFilter::Params params{.points = {{120.0, 0.0}}, .lengthFrames = programme.spec.sampleRateHz < 60000.0 ? 4096 : programme.spec.sampleRateHz < 120000.0 ? 8192 : 16384,
                               .channels = CurveFilter::Channels::side};
    for (int band = 0; band < kThirdOctaves; ++band) {
        const double hz = thirdOctaveCentreHz(band);
        if (hz < kTuning.bassHz) continue;
        params.points.push_back({roundHz(hz), roundTo(gainDb[band], kTuning.leastDb)});
        if (std::abs(params.points.back().gainDb) > std::abs(most)) most = params.points.back().gainDb;
        if (hz < kTuning.middleHz || hz > 13000.0) continue;
        missingDb += std::max(0.0, wishedSideDb(brief.mood, hz, kTuning)) - std::max(0.0, gainDb[band]);
        ++bands;
    }
    if (missingDb / bands > 0.3)
        decision.advice.push_back({"master.mood-width-bounded", "You asked for " + brief.mood.words + ", but the sides bear less: where they are nearly as strong as the middle, or have "
                                                                   "nothing in common with it, mono would suffer (it loses " + fixed(-lossLu, 1) +
                                                                   " LU already), and where there are none, none can be raised. They are raised less than asked, or not at all."});
    if (std::abs(most) < kTuning.leastDb) return;
    Reason reason = asked(brief.mood, std::string("the sides are ") + (most > 0.0 ? "raised" : "lowered") + " by up to " + fixed(std::abs(most), 1) +
                                          " dB, from 130 Hz on and in each band as far as it bears; the bass and what is in the middle stay as they are.");
    if (programme.stereo.widthDb && std::isfinite(*programme.stereo.widthDb)) reason.evidence.push_back(evidence("widthDb", *programme.stereo.widthDb, "dB"));
    reason.evidence.push_back(evidence("monoLossLu", lossLu, "LU", "about " + fixed(monoLossWithLu(programme, gainDb), 1) + " after, limit " + fixed(kLimits.badMonoLossLu, 0)));
    decision.width = makeStep("master.mood-width", std::move(params), std::move(reason));
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
