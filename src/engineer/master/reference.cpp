#include "engineer/master/reference.h"

#include <algorithm>
#include <cmath>

#include "analysis/loudness_meter.h"
#include "core/decibels.h"
#include "core/text.h"
#include "engineer/decision.h"
#include "engineer/master/sections.h"

namespace tonewright {

namespace {

constexpr double kEdge = 1.1220184543019633;  // half a third octave: 10^(1/20)
constexpr double kShapeLowHz = 38.0, kShapeHighHz = 17000.0;

bool isShapeBand(int band) { return thirdOctaveCentreHz(band) > kShapeLowHz && thirdOctaveCentreHz(band) < kShapeHighHz; }

// How much a band counts for loudness (BS.1770's weighting).
const std::array<double, kThirdOctaves>& loudnessWeights() {
    static const std::array<double, kThirdOctaves> weights = [] {
        std::array<double, kThirdOctaves> result{};
        const KWeighting weighting = KWeighting::design(48000.0);
        for (int band = 0; band < kThirdOctaves; ++band) result[band] = dbToPower(weighting.responseDb(thirdOctaveCentreHz(band), 48000.0));
        return result;
    }();
    return weights;
}

// The level by which `goal` stands over `made`, as loudness: over the bands that both have.
double loudnessOffsetDb(const BandLevels& goalMid, const BandLevels& goalSide, const MidSideSpectrum& made) {
    double goal = 0.0, own = 0.0;
    for (int band = 0; band < kThirdOctaves; ++band) {
        const double weight = loudnessWeights()[band];
        if (goalMid[band] && std::isfinite(made.midDb[band])) {
            goal += weight * dbToPower(*goalMid[band]);
            own += weight * dbToPower(made.midDb[band]);
        }
        if (goalSide[band] && std::isfinite(made.sideDb[band])) {
            goal += weight * dbToPower(*goalSide[band]);
            own += weight * dbToPower(made.sideDb[band]);
        }
    }
    return goal > 0.0 && own > 0.0 ? powerToDb(goal / own) : 0.0;
}

// Bands without a goal: between others as straight as between them, below the lowest and above the highest as those.
void fillGaps(BandGainsDb& gains, const BandLevels& goal, const BandGainsDb& lowest, const BandGainsDb& highest) {
    int before = -1;
    for (int band = 0; band < kThirdOctaves; ++band) {
        if (!goal[band]) continue;
        for (int gap = before + 1; gap < band; ++gap)
            gains[gap] = before < 0 ? gains[band] : gains[before] + (gains[band] - gains[before]) * (gap - before) / (band - before);
        before = band;
    }
    for (int gap = before + 1; gap < kThirdOctaves; ++gap) gains[gap] = before < 0 ? 0.0 : gains[before];
    for (int band = 0; band < kThirdOctaves; ++band)
        if (!goal[band]) gains[band] = std::clamp(gains[band], lowest[band], highest[band]);
}

double totalDb(const MidSideSpectrum& spectrum) {
    double power = 0.0;
    for (int band = 0; band < kThirdOctaves; ++band) power += dbToPower(spectrum.midDb[band]) + dbToPower(spectrum.sideDb[band]);
    return powerToDb(power);
}

// How far each band may be moved, by what the song has there.
void setBounds(ReferenceMatch& match, const Condition& condition, const Analysis& facts, const MatchTuning& tuning) {
    const MidSideSpectrum& song = match.song.whole;
    const double total = totalDb(song);
    const bool rests = match.song.floorDb && facts.noise.floorDbfs;
    int empty = 0, noisy = 0;
    for (int band = 0; band < kThirdOctaves; ++band) {
        const double hz = thirdOctaveCentreHz(band);
        double mid = tuning.mostBoostDb, side = tuning.mostSideBoostDb;
        const auto atMost = [&](double db) {
            mid = std::min(mid, db);
            side = std::min(side, db);
        };
        if (hz < tuning.deepestHz) atMost(tuning.mostDeepBoostDb);
        if (hz >= tuning.airHz) atMost(tuning.mostAirBoostDb);
        if (condition.topHz < 20000.0 && hz / kEdge > condition.topHz) {
            atMost(0.0);
            empty += match.profile.whole.midDb[band].has_value();
        }
        if (rests) {
            const double allowed = std::max(tuning.leastNoisyBoostDb, total + tuning.noiseBelowDb - (*match.song.floorDb)[band]);
            noisy += allowed < mid && match.midDb[band] > allowed && isShapeBand(band);
            atMost(allowed);
        }
        match.lowestMidDb[band] = -tuning.mostCutDb;
        match.highestMidDb[band] = mid;
        match.lowestSideDb[band] = -tuning.mostSideCutDb;
        match.highestSideDb[band] = side;
    }
    if (empty > 0)
        match.warnings.push_back({"reference.song-empty", "The song has nothing above " + hertz(roundHz(condition.topHz)) +
                                                              ", so nothing is raised there, whatever the reference has. Master from the original export if you have it."});
    if (noisy > 0)
        match.warnings.push_back({"reference.song-noise", "In " + std::to_string(noisy) + (noisy == 1 ? " third octave" : " third octaves") +
                                                              " the reference asks for more than can be raised without the song's own noise being heard; there the match "
                                                              "stops short."});
}

CurveFilter::Params filterParams(const BandGainsDb& gains, double topHz, CurveFilter::Channels channels, const StreamSpec& spec, const MatchTuning& tuning) {
    CurveFilter::Params params{.points = {}, .phase = CurveFilter::Phase::minimum, .lengthFrames = spec.sampleRateHz < 60000.0 ? 16384 : 32768, .channels = channels};
    // Where the reference ends, the curve goes back to nothing within a third octave.
    double lastDb = 0.0;
    bool ended = false;
    for (int band = 0; band < kThirdOctaves; ++band) {
        const double hz = thirdOctaveCentreHz(band);
        if (hz * kEdge <= 1.02 * topHz) {
            params.points.push_back({roundHz(hz), lastDb = roundTo(gains[band], tuning.leastDb)});
        } else if (!ended) {
            params.points.push_back({roundHz(topHz), lastDb});
            params.points.push_back({roundHz(topHz * kEdge * kEdge), 0.0});
            ended = true;
        }
    }
    return params;
}

bool moves(const BandGainsDb& gains, const MatchTuning& tuning) {
    return std::any_of(gains.begin(), gains.end(), [&](double db) { return std::abs(db) >= tuning.leastDb; });
}

std::string percent(double amount) { return fixed(100.0 * amount, 0) + " %"; }

std::string referenceName(const ReferenceProfile& profile) {
    return profile.songs.size() == 1 ? profile.songs.front().name : std::to_string(profile.songs.size()) + " references";
}

std::string farText(double amount) { return amount >= 0.995 ? "all the way" : percent(amount) + " of the way"; }

}  // namespace

bool ReferenceMatch::changesTone() const { return moves(midDb, {}) || moves(sideDb, {}); }

ShapeError shapeError(const MidSideSpectrum& spectrum, const BalanceTarget& target) {
    const auto rms = [](const std::array<double, kThirdOctaves>& levels, const BandLevels& goal) -> std::optional<double> {
        std::vector<double> differences;
        for (int band = 0; band < kThirdOctaves; ++band)
            if (isShapeBand(band) && goal[band] && std::isfinite(levels[band])) differences.push_back(levels[band] - *goal[band]);
        if (differences.size() < 3) return std::nullopt;
        double mean = 0.0, sum = 0.0;
        for (double difference : differences) mean += difference / static_cast<double>(differences.size());
        for (double difference : differences) sum += (difference - mean) * (difference - mean);
        return std::sqrt(sum / static_cast<double>(differences.size()));
    };
    return {rms(spectrum.midDb, target.midDb), rms(spectrum.sideDb, target.sideDb)};
}

ReferenceMatch beginMatch(const ReferenceProfile& profile, const BalanceFacts& song, const Analysis& facts, const Condition& condition, const Intent& intent,
                          const MatchTuning& tuning) {
    ReferenceMatch match{.profile = profile, .song = song, .amounts = intent.match};
    for (double* amount : {&match.amounts.tone, &match.amounts.width, &match.amounts.dynamics, &match.amounts.sections}) *amount = std::clamp(*amount * intent.intensity, 0.0, 1.0);
    match.warnings = profile.warnings;
    double seconds = 0.0;
    for (const auto& source : profile.songs) seconds += source.seconds;
    if (condition.silent) return match;
    if (condition.tooShort || seconds < tuning.leastSeconds) {
        match.warnings.push_back({"reference.short", "The song or the reference lasts less than " + fixed(tuning.leastSeconds, 0) +
                                                         " s: too little to compare, so only the loudness is matched."});
        match.amounts.tone = match.amounts.width = match.amounts.dynamics = match.amounts.sections = 0.0;
        return match;
    }
    const bool songHasWidth = song.stereo && !condition.mono && !condition.brokenStereo;
    if (match.amounts.width > 0.0 && !songHasWidth && profile.stereo)
        match.warnings.push_back({"reference.song-mono", "The song has no usable sides, so the width is not matched."});
    if (!profile.stereo || !songHasWidth) match.amounts.width = 0.0;
    match.widthMatched = match.amounts.width > 0.0;

    BandLevels both, none;
    for (int band = 0; band < kThirdOctaves; ++band)
        if (profile.whole.midDb[band] && std::isfinite(song.whole.midDb[band])) both[band] = profile.whole.midDb[band];
    const double offsetDb = loudnessOffsetDb(both, match.widthMatched ? profile.whole.sideDb : none, song.whole);
    BandGainsDb midWish{}, sideWish{};
    for (int band = 0; band < kThirdOctaves; ++band) {
        if (!both[band]) continue;
        const double midOff = *both[band] - offsetDb - song.whole.midDb[band];
        midWish[band] = match.midDb[band] = match.amounts.tone * midOff;
        sideWish[band] = midWish[band];
        const auto& side = profile.whole.sideDb[band];
        if (match.widthMatched && side && song.whole.sideDb[band] > song.whole.midDb[band] + tuning.emptySideDb)
            sideWish[band] += match.amounts.width * (*side - offsetDb - song.whole.sideDb[band] - midOff);
    }
    setBounds(match, condition, facts, tuning);
    const double total = totalDb(song.whole);
    const bool anything = match.amounts.tone > 0.0 || match.widthMatched;
    for (int band = 0; band < kThirdOctaves; ++band) {
        if (!both[band] || !anything) continue;
        const double hz = thirdOctaveCentreHz(band);
        match.midDb[band] = std::clamp(midWish[band], match.lowestMidDb[band], match.highestMidDb[band]);
        // A band in which the song ends may go with the one before, no higher.
        if (band > 0 && condition.topHz < 20000.0 && hz / kEdge <= condition.topHz && hz * kEdge > 1.02 * condition.topHz) {
            match.highestMidDb[band] = std::max(0.0, match.midDb[band - 1]);
            match.highestSideDb[band] = std::max(0.0, match.sideDb[band - 1]);
            match.midDb[band] = std::min(match.midDb[band], match.highestMidDb[band]);
        }
        match.goalMidDb[band] = song.whole.midDb[band] + match.midDb[band];
        if (!match.widthMatched || !std::isfinite(song.whole.sideDb[band])) continue;
        if (hz < tuning.bassHz && *match.goalMidDb[band] > total - tuning.bassMattersDb)
            match.highestSideDb[band] = std::min(match.highestSideDb[band], std::max(match.midDb[band], *match.goalMidDb[band] + tuning.bassSideDb - song.whole.sideDb[band]));
        match.sideDb[band] = std::clamp(sideWish[band], match.lowestSideDb[band], match.highestSideDb[band]);
        match.goalSideDb[band] = song.whole.sideDb[band] + match.sideDb[band];
    }
    fillGaps(match.midDb, match.goalMidDb, match.lowestMidDb, match.highestMidDb);
    if (match.widthMatched)
        fillGaps(match.sideDb, match.goalSideDb, match.lowestSideDb, match.highestSideDb);
    else
        match.sideDb = match.midDb;
    return match;
}

double correctMatch(ReferenceMatch& match, const MidSideSpectrum& made, const MatchTuning&) {
    match.made = made;
    const double offsetDb = loudnessOffsetDb(match.goalMidDb, match.goalSideDb, made);
    double sum = 0.0;
    int count = 0;
    const auto correct = [&](BandGainsDb& gains, const BandLevels& goal, const std::array<double, kThirdOctaves>& levels, const BandGainsDb& lowest,
                             const BandGainsDb& highest) {
        for (int band = 0; band < kThirdOctaves; ++band) {
            if (!goal[band] || !std::isfinite(levels[band])) continue;
            const double missing = *goal[band] - offsetDb - levels[band];
            gains[band] = std::clamp(gains[band] + missing, lowest[band], highest[band]);
            sum += missing * missing;
            ++count;
        }
        fillGaps(gains, goal, lowest, highest);
    };
    correct(match.midDb, match.goalMidDb, made.midDb, match.lowestMidDb, match.highestMidDb);
    if (match.widthMatched)
        correct(match.sideDb, match.goalSideDb, made.sideDb, match.lowestSideDb, match.highestSideDb);
    else
        match.sideDb = match.midDb;
    return count > 0 ? std::sqrt(sum / count) : 0.0;
}

std::vector<Step> matchSteps(const ReferenceMatch& match, const StreamSpec& spec, const MatchTuning& tuning) {
    std::vector<Step> steps;
    const ShapeError before = shapeError(match.song.whole, match.profile.whole);
    std::optional<ShapeError> after;
    if (match.made) after = shapeError(*match.made, match.profile.whole);
    const auto step = [&](const char* id, const BandGainsDb& gains, CurveFilter::Channels channels, const std::string& text, const std::optional<double>& was,
                          const std::optional<double>& is) {
        if (!moves(gains, tuning)) return;
        std::vector<Evidence> shown;
        if (was) shown.push_back(evidence("shapeErrorDb", *was, "dB", "song against " + referenceName(match.profile)));
        if (is) shown.push_back(evidence("shapeErrorDb", *is, "dB", "after the limiter, last measured"));
        steps.push_back(makeStep(id, filterParams(gains, match.profile.topHz, channels, spec, tuning), {.rule = id, .text = text, .evidence = shown, .confidence = 0.9}));
    };
    using Channels = CurveFilter::Channels;
    const std::string name = referenceName(match.profile);
    const std::optional<double> midAfter = after ? after->midDb : std::nullopt, sideAfter = after ? after->sideDb : std::nullopt;
    if (!match.widthMatched) {
        step(kReferenceToneId, match.midDb, Channels::both, "The spectrum is brought to that of " + name + ", " + farText(match.amounts.tone) + "; the width stays as it is.",
             before.midDb, midAfter);
        return steps;
    }
    step(kReferenceToneId, match.midDb, Channels::mid, "The middle's spectrum is brought to that of " + name + ", " + farText(match.amounts.tone) + ".", before.midDb, midAfter);
    step(kReferenceWidthId, match.sideDb, Channels::side,
         "The sides are brought to those of " + name + ": their tone " + farText(match.amounts.tone) + ", their level against the middle in each band " +
             farText(match.amounts.width) + ".",
         before.sideDb, sideAfter);
    return steps;
}

std::optional<Step> decideReferenceDynamics(const MasterBrief& brief, const ReferenceMatch& match, const ReferenceDynamicsTuning& tuning) {
    if (match.amounts.dynamics <= 0.0) return std::nullopt;
    Style style = brief.style;
    style.name = referenceName(match.profile);
    style.peakToLoudnessDb[1] = std::max(tuning.leastPlrDb, match.profile.peakToLoudnessDb);
    style.loudnessRangeLu[1] = match.profile.loudnessRangeLu.value_or(style.loudnessRangeLu[1]);
    MasterBrief towards{.programme = brief.programme, .style = style, .condition = brief.condition, .intensity = match.amounts.dynamics,
                        .loudnessLufs = brief.loudnessLufs, .peakToLoudnessDb = brief.peakToLoudnessDb, .targetLufs = brief.targetLufs,
                        .ceilingDbtp = brief.ceilingDbtp};
    // The curve keeps the loudness, so the detector hears the same level after it.
    std::optional<Step> step = decideMasterDynamics(towards, {}, {.mostDb = tuning.mostDb, .perLraLu = tuning.perLraLu});
    if (step) {
        step->id = "reference.dynamics";
        for (Reason& reason : step->because) reason.rule = "reference.dynamics";
    }
    return step;
}

std::optional<Step> decideReferenceSections(const MasterBrief& brief, const ReferenceMatch& match, const ReferenceSectionTuning& tuning) {
    const auto& reference = match.profile.sections;
    if (!brief.soundMayChange() || match.amounts.sections <= 0.0 || !reference || reference->confidence < tuning.leastConfidence) return std::nullopt;
    const auto song = findSections(brief.programme.dynamics.shortTermLufs, static_cast<double>(brief.programme.frames) / brief.programme.spec.sampleRateHz);
    if (!song || song->confidence < tuning.leastConfidence) return std::nullopt;

    double loudestQuiet = -1000.0, quietestLoud = 1000.0;
    for (const Sections::Span& span : song->spans) {
        if (span.loud) quietestLoud = std::min(quietestLoud, span.lufs);
        else loudestQuiet = std::max(loudestQuiet, span.lufs);
    }
    const double wantedDb = match.amounts.sections * (song->contrastLu - reference->contrastLu);
    const double mostUpDb = std::clamp(quietestLoud - loudestQuiet - tuning.apartLu, 0.0, tuning.mostDb);
    const double gainDb = roundDb(std::clamp(wantedDb, -tuning.mostDb, mostUpDb));
    if (std::abs(gainDb) < tuning.leastDb) return std::nullopt;

    GainEnvelope::Params params;
    for (std::size_t i = 1; i < song->spans.size(); ++i) {
        const double at = song->spans[i].startSeconds, half = 0.5 * tuning.fadeSeconds, into = song->spans[i].loud ? 0.0 : gainDb;
        params.points.push_back({roundTo(std::max(0.0, at - half), 0.1), gainDb - into});
        params.points.push_back({roundTo(at + half, 0.1), into});
    }
    const std::string bounded = std::abs(gainDb - wantedDb) > 0.1 ? std::string(" (") + fixed(wantedDb, 1) + " dB would be " + farText(match.amounts.sections) + ")" : "";
    return makeStep("reference.sections", std::move(params),
                    {.rule = "reference.sections",
                     .text = "Loud sections stand " + fixed(song->contrastLu, 1) + " LU over quiet ones, those of " + referenceName(match.profile) + " " +
                             fixed(reference->contrastLu, 1) + ": the quiet ones are " + (gainDb > 0.0 ? "raised" : "lowered") + " by " + fixed(std::abs(gainDb), 1) + " dB" +
                             bounded + ", with " + fixed(tuning.fadeSeconds, 0) + " s from one to the other.",
                     .evidence = {evidence("sectionContrastLu", song->contrastLu, "LU", referenceName(match.profile) + " " + fixed(reference->contrastLu, 1)),
                                  evidence("sectionConfidence", song->confidence, "", "reference " + fixed(reference->confidence, 2))},
                     .confidence = roundTo(std::min(song->confidence, reference->confidence), 0.01)});
}

LoudnessTarget decideReferenceLoudness(const MasterBrief& brief, const ReferenceMatch& match, const LoudnessTarget& own, const ReferenceLoudnessTuning& tuning) {
    const double amount = match.amounts.loudness, lufs = match.profile.integratedLufs;
    if (amount <= 0.0 || brief.condition.silent) return own;
    LoudnessTarget target;
    const double wanted = roundTo(own.integratedLufs + amount * (lufs - own.integratedLufs), 0.01), most = brief.ceilingDbtp - tuning.leastPlrDb;
    target.integratedLufs = std::clamp(wanted, -70.0, std::min(most, 0.0));
    const std::string name = referenceName(match.profile), number = fixed(target.integratedLufs, 1) + " LUFS: ";
    if (wanted > most)
        target.text = number + name + (match.profile.songs.size() == 1 ? " has " : " have ") + fixed(lufs, 1) + ", which leaves the peaks less than " +
                      fixed(tuning.leastPlrDb, 0) + " dB over the loudness; so far no reference is followed.";
    else if (amount < 0.995)
        target.text = number + percent(amount) + " of the way from " + fixed(own.integratedLufs, 1) + " to the loudness of " + name + " (" + fixed(lufs, 1) + " LUFS).";
    else
        target.text = number + "the loudness of " + name + ".";
    return target;
}

}  // namespace tonewright
