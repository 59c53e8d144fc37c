#include "engineer/master/reference.h"

#include <gtest/gtest.h>

#include "engineer/master/plan_master.h"
#include "tests/engineer/master_support.h"

using namespace tonewright;
using namespace tonewright::testing;

namespace {

constexpr int k100Hz = 7, k1kHz = 17, k10kHz = 27, k16kHz = 29;

// Sloped spectra of middle and sides, at a level.
BalanceFacts balance(double levelDb, double tiltDbPerBand, double sideDb = -10.0) {
    BalanceFacts facts;
    facts.stereo = true;
    for (int band = 0; band < kThirdOctaves; ++band) {
        facts.whole.midDb[band] = levelDb - 1.0 * band + tiltDbPerBand * (band - k1kHz);
        facts.whole.sideDb[band] = facts.whole.midDb[band] + sideDb;
    }
    facts.loud = facts.quiet = facts.whole;
    return facts;
}

ReferenceProfile profileOf(const BalanceFacts& facts, const Analysis& analysis = balancedMix()) { return describeReference("hit.flac", "xxh3:1", analysis, facts); }

ReferenceMatch matchOf(const ReferenceProfile& profile, const BalanceFacts& song, MatchAmounts amounts = {}, double intensity = 1.0, const Analysis& facts = balancedMix()) {
    Intent intent;
    intent.match = amounts;
    intent.intensity = intensity;
    intent.references = {{"hit.flac", "xxh3:1"}};
    return beginMatch(profile, song, facts, findCondition(facts), intent);
}

double error(const ReferenceMatch& match) {  // of the song with the curves on it
    MidSideSpectrum made = match.song.whole;
    for (int band = 0; band < kThirdOctaves; ++band) made.midDb[band] += match.midDb[band];
    return *shapeError(made, match.profile.whole).midDb;
}

bool warns(const std::vector<Warning>& warnings, const std::string& code) {
    return std::any_of(warnings.begin(), warnings.end(), [&](const Warning& warning) { return warning.code == code; });
}

Fault fault(const char* kind) { return {.kind = kind, .severity = Severity::error, .value = 0.0, .unit = "", .text = "", .where = {}}; }

}  // namespace

TEST(Reference, theSpectrumGoesAllTheWayHalfOfItOrNowhere) {
    const BalanceFacts song = balance(-30.0, 0.0), reference = balance(-24.0, 0.4);
    const double before = *shapeError(song.whole, profileOf(reference).whole).midDb;
    EXPECT_LT(error(matchOf(profileOf(reference), song)), 0.05);
    EXPECT_NEAR(error(matchOf(profileOf(reference), song, {.tone = 0.5})), 0.5 * before, 0.05);
    EXPECT_NEAR(error(matchOf(profileOf(reference), song, {}, 0.5)), 0.5 * before, 0.05);
    const ReferenceMatch none = matchOf(profileOf(reference), song, {.tone = 0.0, .width = 0.0});
    EXPECT_FALSE(none.changesTone());
    EXPECT_TRUE(matchSteps(none, {48000.0, 2}).empty());
}

TEST(Reference, theLevelOfNeitherMatters) {
    const ReferenceMatch a = matchOf(profileOf(balance(-24.0, 0.4)), balance(-30.0, 0.0)), b = matchOf(profileOf(balance(-44.0, 0.4)), balance(-60.0, 0.0));
    for (int band = 0; band < kThirdOctaves; ++band) EXPECT_NEAR(a.midDb[band], b.midDb[band], 1e-9);
}

TEST(Reference, widthMovesTheSidesOnlyAndToneKeepsTheWidth) {
    const BalanceFacts song = balance(-30.0, 0.0, -16.0), reference = balance(-30.0, 0.3, -10.0);
    const ReferenceMatch width = matchOf(profileOf(reference), song, {.tone = 0.0});
    EXPECT_NEAR(width.sideDb[k1kHz] - width.midDb[k1kHz], 6.0, 0.01);
    EXPECT_NEAR(width.midDb[k10kHz], width.midDb[k1kHz], 0.01);
    const ReferenceMatch tone = matchOf(profileOf(reference), song, {.width = 0.0});
    EXPECT_EQ(tone.sideDb, tone.midDb);
    const auto steps = matchSteps(tone, {48000.0, 2});
    ASSERT_EQ(steps.size(), 1u);
    EXPECT_EQ(std::get<CurveFilter::Params>(steps[0].params).channels, CurveFilter::Channels::both);
    const auto two = matchSteps(matchOf(profileOf(reference), song), {48000.0, 2});
    ASSERT_EQ(two.size(), 2u);
    EXPECT_EQ(std::get<CurveFilter::Params>(two[0].params).channels, CurveFilter::Channels::mid);
    EXPECT_EQ(std::get<CurveFilter::Params>(two[1].params).channels, CurveFilter::Channels::side);
}

TEST(Reference, theLoopCorrectsWhatTheChainDid) {
    ReferenceMatch match = matchOf(profileOf(balance(-24.0, 0.4)), balance(-30.0, 0.0));
    const BandGainsDb first = match.midDb;
    MidSideSpectrum made;
    for (int band = 0; band < kThirdOctaves; ++band) {
        const double dulled = band > k1kHz ? -2.0 : 0.0;  // a limiter that takes 2 dB of the highs, and all 7 dB louder
        made.midDb[band] = match.song.whole.midDb[band] + match.midDb[band] + dulled + 7.0;
        made.sideDb[band] = match.song.whole.sideDb[band] + match.sideDb[band] + dulled + 7.0;
    }
    EXPECT_GT(correctMatch(match, made), 0.5);
    EXPECT_NEAR((match.midDb[k10kHz] - first[k10kHz]) - (match.midDb[k100Hz] - first[k100Hz]), 2.0, 0.01);
}

TEST(Reference, nothingHappensAboveItsLossyCutOff) {
    Analysis lossy = balancedMix();
    lossy.lossyCutoffHz = 15000.0;
    const ReferenceProfile profile = profileOf(balance(-24.0, 0.4), lossy);
    EXPECT_FALSE(profile.whole.midDb[k16kHz].has_value());
    EXPECT_TRUE(warns(profile.warnings, "reference.lossy"));
    const auto steps = matchSteps(matchOf(profile, balance(-30.0, 0.0)), {48000.0, 2});
    for (const Step& step : steps) {
        const auto& points = std::get<CurveFilter::Params>(step.params).points;
        EXPECT_EQ(CurveFilter::curveDb(points, 19000.0), 0.0);
        EXPECT_EQ(CurveFilter::curveDb(points, 22000.0), 0.0);
        EXPECT_GT(std::abs(CurveFilter::curveDb(points, 12000.0)), 2.0);
    }
}

TEST(Reference, whatTheSongDoesNotHaveIsNotRaised) {
    Analysis lossy = balancedMix();
    lossy.lossyCutoffHz = 13000.0;
    const ReferenceMatch match = matchOf(profileOf(balance(-24.0, 0.6)), balance(-30.0, 0.0), {}, 1.0, lossy);
    EXPECT_LE(match.midDb[k16kHz], 0.0);
    EXPECT_TRUE(warns(match.warnings, "reference.song-empty"));
}

TEST(Reference, theSongsNoiseIsRaisedALittleOnly) {
    Analysis noisy = balancedMix();
    noisy.noise.floorDbfs = -60.0;
    BalanceFacts song = balance(-30.0, 0.0);
    song.floorDb.emplace();
    song.floorDb->fill(-140.0);
    (*song.floorDb)[k10kHz] = song.whole.midDb[k10kHz] - 10.0;
    const ReferenceMatch match = matchOf(profileOf(balance(-24.0, 0.8)), song, {}, 1.0, noisy);
    EXPECT_LE(match.midDb[k10kHz], MatchTuning{}.leastNoisyBoostDb);
    EXPECT_GT(match.midDb[k10kHz + 1], 6.0);
    EXPECT_TRUE(warns(match.warnings, "reference.song-noise"));
}

TEST(Reference, boundsHoldWhateverItAsks) {
    const MatchTuning tuning;
    const ReferenceMatch match = matchOf(profileOf(balance(-24.0, 6.0)), balance(-30.0, 0.0));
    for (int band = 0; band < kThirdOctaves; ++band) {
        EXPECT_LE(match.midDb[band], tuning.mostBoostDb);
        EXPECT_GE(match.midDb[band], -tuning.mostCutDb);
    }
    EXPECT_LE(matchOf(profileOf(balance(-24.0, -6.0)), balance(-30.0, 0.0)).midDb[1], tuning.mostDeepBoostDb);
}

TEST(Reference, faultsOfTheReferenceAreSaidAndNotCopied) {
    const BalanceFacts facts = balance(-24.0, 0.0);
    Analysis mono = balancedMix();
    mono.stereo.dualMono = true;
    EXPECT_FALSE(profileOf(facts, mono).stereo);
    EXPECT_TRUE(warns(profileOf(facts, mono).warnings, "reference.mono"));
    EXPECT_FALSE(matchOf(profileOf(facts, mono), facts).widthMatched);

    Analysis halfSilent = balancedMix();
    halfSilent.faults = {fault("silent-channel")};
    EXPECT_FALSE(profileOf(facts, halfSilent).stereo);

    Analysis inverted = balancedMix();
    inverted.faults = {fault("inverted-channel")};
    const ReferenceProfile turned = profileOf(facts, inverted);
    EXPECT_NEAR(*turned.whole.sideDb[k1kHz] - *turned.whole.midDb[k1kHz], 10.0, 1e-9);
    EXPECT_TRUE(warns(turned.warnings, "reference.channel-inverted"));

    Analysis clipped = balancedMix();
    clipped.faults = {fault("clipping")};
    EXPECT_TRUE(warns(profileOf(facts, clipped).warnings, "reference.clipped"));

    Analysis humming = balancedMix();
    humming.hum = {.found = true, .fundamentalHz = 50.0, .levelDbfs = -20.0, .harmonics = 2};
    BalanceFacts line = facts;
    line.whole.midDb[4] += 20.0;
    EXPECT_NEAR(*profileOf(line, humming).whole.midDb[4], *profileOf(facts).whole.midDb[4], 0.5);
}

TEST(Reference, oneOddSongAmongThreeDecidesNothingAndTheirOrderNeither) {
    ReferenceProfile a = profileOf(balance(-24.0, 0.1)), b = profileOf(balance(-30.0, 0.2)), odd = profileOf(balance(-20.0, 3.0));
    a.songs[0].hash = "1", b.songs[0].hash = "2", odd.songs[0].hash = "3";
    const ReferenceProfile all = averageReferences({a, b, odd}), turned = averageReferences({odd, b, a});
    EXPECT_EQ(toJson(all).dump(), toJson(turned).dump());
    EXPECT_NEAR(*all.whole.midDb[k10kHz] - *all.whole.midDb[k1kHz], *b.whole.midDb[k10kHz] - *b.whole.midDb[k1kHz], 10.0);
    EXPECT_LE(*all.whole.midDb[k10kHz], std::max(*a.whole.midDb[k10kHz], *b.whole.midDb[k10kHz]) + 1e-9);
    EXPECT_EQ(all.songs.size(), 3u);
}

TEST(Reference, aProfileReadsBackAsItWas) {
    const ReferenceProfile profile = profileOf(balance(-24.03, 0.37));
    const Json json = toJson(profile);
    EXPECT_EQ(toJson(referenceProfileFromJson(Json::parse(json.dump(), "p"), "p")).dump(), json.dump());
    Json other = json;
    other.set("referenceProfile", 2);
    EXPECT_THROW(referenceProfileFromJson(other, "p"), InputError);
    EXPECT_THROW(referenceProfileFromJson(Json::object({{"plan", 1}}), "p"), InputError);
    Json torn = json;
    torn.set("whole", Json::object({{"midDb", Json::array()}, {"sideDb", Json::array()}}));
    EXPECT_THROW(referenceProfileFromJson(torn, "p"), InputError);
}

TEST(Reference, thePlanTakesItsLoudnessUnlessOneIsNamed) {
    Analysis loud = balancedMix();
    loud.loudness.integratedLufs = -10.0;
    loud.loudness.truePeakDbtp = -1.0;
    const ReferenceProfile profile = profileOf(balance(-24.0, 0.2), loud);
    const auto planned = [&](MatchAmounts amounts, std::optional<double> asked) {
        Plan plan;
        plan.intent.match = amounts;
        plan.intent.references = {{"hit.flac", ""}};
        plan.intent.integratedLufs = asked;
        const ReferenceMatch match = matchOf(profile, balance(-30.0, 0.0), amounts);
        planMaster(plan, balancedMix(), &match);
        return plan;
    };
    EXPECT_EQ(planned({}, {}).delivery.integratedLufs, -10.0);
    EXPECT_EQ(planned({}, -16.0).delivery.integratedLufs, -16.0);
    const double own = planned({.loudness = 0.0}, {}).delivery.integratedLufs;
    EXPECT_NEAR(planned({.loudness = 0.5}, {}).delivery.integratedLufs, 0.5 * (own - 10.0), 0.02);
    const Plan plan = planned({}, {});
    for (const Step& step : plan.master) EXPECT_TRUE(step.id != "master.tone" && step.id != "master.width");
    EXPECT_TRUE(std::any_of(plan.master.begin(), plan.master.end(), [](const Step& step) { return step.id == kReferenceToneId; }));
}

TEST(Reference, anOverLimitedOneIsNotFollowedToTheEnd) {
    Analysis crushed = balancedMix();
    crushed.loudness.integratedLufs = -3.0;
    crushed.loudness.truePeakDbtp = 0.0;
    const ReferenceProfile profile = profileOf(balance(-24.0, 0.0), crushed);
    EXPECT_TRUE(warns(profile.warnings, "reference.over-limited"));
    Plan plan;
    const ReferenceMatch match = matchOf(profile, balance(-30.0, 0.0));
    planMaster(plan, balancedMix(), &match);
    EXPECT_EQ(plan.delivery.integratedLufs, -7.0);
}
