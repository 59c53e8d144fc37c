#include "report/plan_comparison.h"

#include <gtest/gtest.h>

#include "report/comparison.h"
#include "tests/report/json_schema.h"

namespace tonewright::test {
namespace {

Step gain(const std::string& id, double db) { return {.id = id, .params = Gain::Params{.gainDb = db}, .because = {{.rule = "mix.balance", .text = "Because."}}}; }
Step bell(const std::string& id, double hz, double db) {
    return {.id = id, .params = Equalizer::Params{.bands = {{.type = BandType::bell, .frequencyHz = hz, .gainDb = db, .q = 1.0}}}, .because = {{.rule = "mix.tone", .text = "Boxy."}}};
}

TrackPlan track(const std::string& id, double faderDb) {
    TrackPlan plan;
    plan.id = plan.name = id;
    plan.source.hash = "hash of " + id;
    plan.fader = gain(id + ".fader", faderDb);
    plan.pan = {.id = id + ".pan", .params = Panner::Params{}};
    return plan;
}

Plan band() {
    Plan plan;
    plan.frames = 48000;
    plan.tracks = {track("kick", -3.0), track("bass", -5.0), track("guitar", -8.0), track("keys", -9.0), track("vox", -2.0)};
    plan.tracks[2].chain = {bell("guitar.eq.1", 400.0, -3.0)};
    plan.buses = {{.id = "room", .name = "Room", .kind = BusKind::effect, .chain = {{.id = "room.1", .params = ReverbParams{}}}, .fader = gain("room.fader", 0.0)}};
    plan.tracks[4].sends = {{"room", gain("vox.room", -12.0)}};
    return plan;
}

template <class P>
P& params(Step& step) { return std::get<P>(step.params); }

const StepChange* changeOf(const PlanComparison& comparison, const std::string& stepId) {
    for (const TargetChanges& target : comparison.targets)
        for (const StepChange& change : target.steps)
            if (change.stepId == stepId) return &change;
    return nullptr;
}

TEST(PlanComparison, APlanIsTheSameAsItself) {
    const PlanComparison comparison = comparePlans(band(), band());
    EXPECT_TRUE(comparison.same());
    EXPECT_EQ(comparison.unchangedTracks, 5);
    EXPECT_TRUE(changeLines(comparison, 4).empty());
}

TEST(PlanComparison, ATrackThatIsLouderIsLouderAgainstTheOthers) {
    Plan after = band();
    params<Gain::Params>(after.tracks[4].fader).gainDb += 1.5;
    const PlanComparison comparison = comparePlans(band(), after);
    ASSERT_EQ(comparison.targets.size(), 1u);
    EXPECT_EQ(comparison.targets[0].target, "tracks/vox");
    EXPECT_DOUBLE_EQ(comparison.targets[0].steps[0].relativeDb.value(), 1.5);
    EXPECT_EQ(comparison.commonLevelDb, 0.0);
}

TEST(PlanComparison, WhatAllFadersMovedByIsSaidOnce) {
    Plan after = band();
    for (TrackPlan& track : after.tracks) params<Gain::Params>(track.fader).gainDb -= 4.0;
    params<Gain::Params>(after.tracks[0].fader).gainDb += 1.0;
    const PlanComparison comparison = comparePlans(band(), after);
    EXPECT_DOUBLE_EQ(comparison.commonLevelDb, -4.0);
    ASSERT_EQ(comparison.targets.size(), 1u);
    EXPECT_DOUBLE_EQ(comparison.targets[0].steps[0].relativeDb.value(), 1.0);
    EXPECT_EQ(comparison.unchangedTracks, 4);
}

TEST(PlanComparison, AGainThatMovedFromTheChainToTheFaderChangesNothing) {
    Plan before = band(), after = band();
    before.tracks[1].chain = {gain("bass.gain", 6.0)};
    params<Gain::Params>(after.tracks[1].fader).gainDb += 6.0;
    EXPECT_TRUE(comparePlans(before, after).targets.empty());
}

TEST(PlanComparison, SettingsAreToldWithOldAndNewValueAndReason) {
    Plan after = band();
    params<Equalizer::Params>(after.tracks[2].chain[0]).bands[0].gainDb = -5.5;
    const PlanComparison comparison = comparePlans(band(), after);
    const StepChange* change = changeOf(comparison, "guitar.eq.1");
    ASSERT_TRUE(change);
    EXPECT_EQ(change->kind, ChangeKind::changed);
    EXPECT_EQ(change->aspect, Aspect::tone);
    ASSERT_EQ(change->values.size(), 1u);
    EXPECT_EQ(change->values[0].name, "bands[0].gainDb");
    EXPECT_EQ(change->values[0].before, Json(-3.0));
    EXPECT_EQ(change->values[0].after, Json(-5.5));
    EXPECT_EQ(change->why, "Boxy.");
    EXPECT_NEAR(change->sizeDb, 2.5, 0.1);
    EXPECT_NE(change->before.find("3.0 dB"), std::string::npos);
    EXPECT_NE(change->after.find("5.5 dB"), std::string::npos);
}

TEST(PlanComparison, TheNewReasonIsTold) {
    Plan after = band();
    params<Gain::Params>(after.tracks[4].fader).gainDb += 2.0;
    after.tracks[4].fader.because.push_back({.rule = "mix.note", .text = "You asked for it."});
    EXPECT_EQ(comparePlans(band(), after).targets[0].steps[0].why, "You asked for it.");
}

TEST(PlanComparison, AGainInTheChainIsALevelWithItsOwnReason) {
    Plan after = band();
    after.tracks[4].chain = {gain("vox.note", 2.0)};
    after.tracks[4].chain[0].because = {{.rule = "mix.note", .text = "You asked for it."}};
    const StepChange change = comparePlans(band(), after).targets.at(0).steps.at(0);
    EXPECT_DOUBLE_EQ(change.relativeDb.value(), 2.0);
    EXPECT_EQ(change.why, "You asked for it.");
}

TEST(PlanComparison, StepsTracksAndBusesComeAndGo) {
    Plan after = band();
    after.tracks[2].chain.clear();
    after.tracks[0].chain = {bell("kick.eq.1", 60.0, 2.0)};
    after.tracks[1].mute = gain("bass.mute", 0.0);
    after.tracks.pop_back();
    after.tracks.push_back(track("triangle", -20.0));
    after.buses.clear();
    const PlanComparison comparison = comparePlans(band(), after);
    EXPECT_EQ(changeOf(comparison, "guitar.eq.1")->kind, ChangeKind::removed);
    EXPECT_EQ(changeOf(comparison, "kick.eq.1")->kind, ChangeKind::added);
    EXPECT_EQ(changeOf(comparison, "bass.mute")->aspect, Aspect::playing);
    EXPECT_EQ(changeOf(comparison, "vox")->kind, ChangeKind::removed);
    EXPECT_EQ(changeOf(comparison, "triangle")->kind, ChangeKind::added);
    EXPECT_EQ(changeOf(comparison, "room.1")->kind, ChangeKind::removed);
    EXPECT_EQ(comparison.unchangedTracks, 1);
}

TEST(PlanComparison, ARenamedTrackIsKnownByItsRecording) {
    Plan after = band();
    after.tracks[4].id = after.tracks[4].name = "lead";
    EXPECT_EQ(comparePlans(band(), after).unchangedTracks, 5);
}

TEST(PlanComparison, TheMostAudibleComesFirst) {
    Plan after = band();
    params<Gain::Params>(after.tracks[0].fader).gainDb += 0.5;
    params<Gain::Params>(after.tracks[3].fader).gainDb -= 6.0;
    params<Panner::Params>(after.tracks[2].pan).position = 0.5;
    params<Gain::Params>(after.tracks[4].sends[0].level).gainDb -= 2.0;
    const PlanComparison comparison = comparePlans(band(), after);
    ASSERT_EQ(comparison.targets.size(), 4u);
    const std::vector<std::string> expected = {"keys", "guitar", "vox", "kick"};
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(comparison.targets[i].name, expected[i]);
    const std::vector<std::string> lines = changeLines(comparison, 2);
    ASSERT_EQ(lines.size(), 3u);
    EXPECT_TRUE(lines[0].starts_with("keys: level"));
    EXPECT_EQ(lines[2], "2 smaller changes");
}

TEST(PlanComparison, WhatWasAskedIsCompared) {
    Plan before = band(), after = band();
    before.intent.requests = {{.target = "vocals", .attribute = Attribute::level, .direction = Direction::up}};
    after.style = "metal";
    const PlanComparison comparison = comparePlans(before, after);
    ASSERT_EQ(comparison.song.size(), 2u);
    EXPECT_EQ(comparison.song[0].what, "style");
    EXPECT_EQ(comparison.song[1].what, "request");
    EXPECT_EQ(comparison.song[1].after, "");
}

Analysis sound(double lufs, double tiltDb, double widthDb) {
    Analysis facts;
    facts.spec = {48000.0, 2};
    facts.frames = 480000;
    facts.loudness.integratedLufs = lufs;
    facts.loudness.truePeakDbtp = lufs + 12.0;
    facts.dynamics.peakToLoudnessDb = 12.0;
    for (int band = 0; band < kThirdOctaves; ++band) {
        facts.spectrum.thirdOctaveDb[band] = lufs - 12.0 + tiltDb * (band - 15) / 15.0;
        facts.stereo.thirdOctaveWidthDb[band] = widthDb;
    }
    facts.stereo.widthDb = widthDb;
    return facts;
}

TEST(SoundComparison, SpectraAreComparedAtEqualLoudness) {
    for (const BandChange& band : compareThirdOctaves(sound(-20.0, 0.0, -10.0), sound(-14.0, 0.0, -10.0))) {
        EXPECT_NEAR(band.levelDb.value(), 0.0, 1e-9);
        EXPECT_NEAR(band.widthDb.value(), 0.0, 1e-9);
    }
    const std::vector<std::string> words = soundWords(soundFacts(sound(-20.0, 0.0, -10.0)), soundFacts(sound(-14.0, 0.0, -10.0)));
    ASSERT_EQ(words.size(), 1u);
    EXPECT_EQ(words[0], "6.0 LU louder");
}

TEST(SoundComparison, BrighterAndWiderIsSaid) {
    const std::vector<std::string> words = soundWords(soundFacts(sound(-14.0, 0.0, -10.0)), soundFacts(sound(-14.0, 3.0, -6.0)));
    const auto said = [&](const std::string& start) { return std::any_of(words.begin(), words.end(), [&](const std::string& word) { return word.starts_with(start); }); };
    EXPECT_TRUE(said("brighter"));
    EXPECT_TRUE(said("less deep"));
    EXPECT_TRUE(said("wider"));
    EXPECT_FALSE(said("darker"));
    EXPECT_FALSE(said("denser"));
}

TEST(Comparison, ObeysItsSchema) {
    Plan after = band();
    after.tracks.pop_back();
    after.tracks[2].chain.push_back(bell("guitar.eq.2", 2000.0, 3.0));
    after.style = "rock";
    Comparison comparison{.kind = CompareKind::runs, .before = "a", .after = "b", .plans = comparePlans(band(), after), .sounds = {}, .tracks = {{"vox", "Vox", -3.0, {}}}};
    comparison.sounds.push_back({"sound", soundFacts(sound(-14.0, 0.0, -10.0)), soundFacts(Analysis{}), compareThirdOctaves(sound(-14.0, 0.0, -10.0), sound(-13.0, 1.0, -9.0))});
    const Json document = Json::parse(comparisonJson(comparison).dump(), "compare.json");
    EXPECT_EQ(schemaErrors(comparisonSchema(), document), "");
    EXPECT_EQ(schemaErrors(comparisonSchema(), Json::parse(comparisonJson(Comparison{}).dump(), "compare.json")), "");
    Json extra = document;
    extra.set("surprise", 1);
    EXPECT_NE(schemaErrors(comparisonSchema(), extra), "");
    EXPECT_NE(comparisonText(comparison, false).find("The second is"), std::string::npos);
}

}  // namespace
}  // namespace tonewright::test
