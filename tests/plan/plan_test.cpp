#include <gtest/gtest.h>

#include "core/error.h"
#include "plan/plan.h"
#include "plan/plan_json.h"

using namespace tonewright;

namespace {

Step step(const std::string& id, StepParams params) {
    Step result;
    result.id = id;
    result.params = std::move(params);
    return result;
}

Step bell(const std::string& id, double hz, double gainDb) {
    return step(id, Equalizer::Params{.bands = {{.type = BandType::bell, .frequencyHz = hz, .gainDb = gainDb, .q = 1.2}}});
}

TrackPlan track(const std::string& id) {
    TrackPlan result;
    result.id = id;
    result.name = id;
    result.source = {id + ".wav", "xxh3:0", 48000, 1, 96000};
    result.fader = step(id + ".fader", Gain::Params{.gainDb = -6.0});
    result.pan = step(id + ".pan", Panner::Params{.position = 0.3, .source = Panner::Source::mono});
    return result;
}

Plan example() {
    Plan plan;
    plan.title = "Song";
    plan.frames = 96000;
    plan.tracks = {track("kick"), track("bass")};
    plan.tracks[1].chain = {bell("bass.eq.1", 240.0, -2.5), step("bass.duck", Compressor::Params{})};
    plan.tracks[1].chain[1].key = "kick";
    plan.tracks[1].chain[0].because = {{"mix.masking", "Bass covers the kick.", {{"maskedShare", 0.41, "", "limit 0.25"}}, 0.8}};
    plan.tracks[0].output = "drums";
    plan.tracks[0].sends = {{"plate", step("kick.to.plate", Gain::Params{.gainDb = -12.0}), step("kick.throw", GainEnvelope::Params{.points = {{0.5, 0.0}, {0.6, 6.0}}})}};
    plan.buses = {{"drums", "Drums", BusKind::group, {}, step("drums.fader", Gain::Params{})},
                  {"plate", "Plate", BusKind::effect, {step("plate.reverb", ReverbParams{})}, step("plate.fader", Gain::Params{})}};
    plan.master = {bell("master.eq.1", 8000.0, 1.0), step("master.limiter", Limiter::Params{})};
    plan.warnings = {{"mix.note", "A note."}};
    plan.song = Song{.tempoBpm = 112.0, .tempoConfidence = 0.9, .firstBeatSeconds = 0.1, .beatsPerBar = 4, .metreConfidence = 0.7, .firstDownbeatSeconds = 0.63,
                     .parts = {{.startSeconds = 0.0, .endSeconds = 0.9, .label = "A", .name = "verse", .confidence = 0.8, .levelLu = -1.5, .plays = {"kick", "bass"}},
                               {.startSeconds = 0.9, .endSeconds = 2.0, .label = "B", .name = "", .confidence = 0.4, .levelLu = 1.0, .plays = {"bass"}}},
                     .elements = {{"kick", {{0.0, 0.9}}}, {"bass", {{0.0, 1.2}, {1.5, 2.0}}}}};
    return plan;
}

std::string errorFor(const std::string& from, const std::string& to) {
    std::string text = toJson(example()).dump(-1);
    const auto place = text.find(from);
    EXPECT_NE(place, std::string::npos) << from;
    text.replace(place, from.size(), to);
    try {
        planFromJson(Json::parse(text, "plan.json"), "plan.json");
    } catch (const InputError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST(Plan, RoundTripsThroughJsonUnchanged) {
    const Plan plan = example();
    const std::string text = toJson(plan).dump();
    const Plan again = planFromJson(Json::parse(text, "plan.json"), "plan.json");
    EXPECT_EQ(again, plan);
    EXPECT_EQ(toJson(again).dump(), text);
}

TEST(Plan, EveryKindOfStepRoundTripsWithItsDefaults) {
    const auto check = [](auto params) {
        Plan plan = example();
        plan.master = {step("master.it", params)};
        const Plan again = planFromJson(Json::parse(toJson(plan).dump(), "p"), "p");
        EXPECT_EQ(again.master, plan.master) << plan.master[0].type();
        EXPECT_FALSE(describe(plan.master[0]).empty());
    };
    [&]<std::size_t... I>(std::index_sequence<I...>) { (check(std::variant_alternative_t<I, StepParams>{}), ...); }(
        std::make_index_sequence<std::variant_size_v<StepParams>>());
}

TEST(Plan, MistakesAreNamedWithPathValueAndWhatIsAllowed) {
    const std::string range = errorFor(R"("gainDb":-2.5)", R"("gainDb":-250)");
    EXPECT_NE(range.find("plan.json: $.tracks[1].chain[0].params.bands[0].gainDb is -250; allowed is"), std::string::npos) << range;
    const std::string unknown = errorFor(R"("locked":false)", R"("loked":false)");
    EXPECT_NE(unknown.find("did you mean \"locked\""), std::string::npos) << unknown;
    const std::string type = errorFor(R"("type":"limiter")", R"("type":"limitter")");
    EXPECT_NE(type.find("did you mean \"limiter\""), std::string::npos) << type;
    const std::string wrong = errorFor(R"("enabled":true)", R"("enabled":"yes")");
    EXPECT_NE(wrong.find("is \"yes\"; it must be true or false"), std::string::npos) << wrong;
    const std::string version = errorFor(R"("plan":1)", R"("plan":2)");
    EXPECT_NE(version.find("$.plan is 2; this program reads version 1"), std::string::npos) << version;
    const std::string output = errorFor(R"("output":"drums")", R"("output":"drum")");
    EXPECT_NE(output.find("$.tracks[0].output is \"drum\""), std::string::npos) << output;
    const std::string send = errorFor(R"("to":"plate")", R"("to":"hall")");
    EXPECT_NE(send.find("no return"), std::string::npos) << send;
    const std::string key = errorFor(R"("key":"kick")", R"("key":"bass")"), strange = errorFor(R"("key":"kick")", R"("key":"plate")");
    EXPECT_NE(strange.find("not another track"), std::string::npos) << strange;
    EXPECT_NE(key.find("not another track"), std::string::npos) << key;
    const std::string twice = errorFor(R"("id":"kick.fader")", R"("id":"bass.fader")");
    EXPECT_NE(twice.find("used twice"), std::string::npos) << twice;
    const std::string fader = errorFor(R"({"id":"kick.fader","type":"gain","params":{"gainDb":-6.0})", R"({"id":"kick.fader","type":"limiter","params":{})");
    EXPECT_NE(fader.find("here it must be \"gain\""), std::string::npos) << fader;
}

TEST(Plan, LockedAndUserStepsSurviveANewPlanning) {
    Plan old = example();
    std::get<Equalizer::Params>(old.tracks[1].chain[0].params).bands[0].gainDb = -5.0;
    old.tracks[1].chain[0].locked = true;
    std::get<Gain::Params>(old.tracks[0].fader.params).gainDb = +2.0;
    old.tracks[0].fader.origin = Origin::user;
    Step own = bell("bass.mine", 700.0, 1.0);
    own.origin = Origin::user;
    old.tracks[1].chain.insert(old.tracks[1].chain.begin() + 1, own);

    Plan fresh = example();
    EXPECT_TRUE(keepLockedMix(fresh, old).empty());
    EXPECT_EQ(fresh.tracks[1].chain[0], old.tracks[1].chain[0]);
    EXPECT_EQ(fresh.tracks[0].fader, old.tracks[0].fader);
    ASSERT_EQ(fresh.tracks[1].chain.size(), 3u);
    EXPECT_EQ(fresh.tracks[1].chain[1], own) << "an added step returns to its place in the chain";
    EXPECT_EQ(fresh.tracks[1].fader, example().tracks[1].fader) << "what was not locked is decided anew";

    keepLockedMix(fresh, old);
    EXPECT_EQ(fresh.tracks[1].chain.size(), 3u) << "keeping twice changes nothing";
}

TEST(Plan, ALockOnATrackThatIsGoneIsReported) {
    Plan old = example();
    old.tracks[1].fader.locked = true;
    Plan fresh = example();
    fresh.tracks.pop_back();
    const auto warnings = keepLockedMix(fresh, old);
    ASSERT_EQ(warnings.size(), 1u);
    EXPECT_EQ(warnings[0].code, "plan.lock-lost");
}

TEST(Plan, StepsAreVisitedInSignalOrderWithTheirTargets) {
    std::vector<std::string> seen;
    const Plan plan = example();
    forEachStep(plan, [&](const std::string& target, const Step& s) { seen.push_back(target + ":" + s.id); });
    const std::vector<std::string> expected = {"tracks/kick:kick.fader", "tracks/kick:kick.pan", "tracks/kick:kick.to.plate", "tracks/kick:kick.throw",
                                               "tracks/bass:bass.eq.1", "tracks/bass:bass.duck", "tracks/bass:bass.fader",
                                               "tracks/bass:bass.pan", "buses/drums:drums.fader", "buses/plate:plate.reverb",
                                               "buses/plate:plate.fader", "master:master.eq.1", "master:master.limiter"};
    EXPECT_EQ(seen, expected);
}

TEST(Plan, WithoutASongIsReadAsOneThatDoesNotKnowItsSong) {
    Plan plan = example();
    plan.song.reset();
    const std::string text = toJson(plan).dump(-1);
    EXPECT_EQ(text.find("\"song\""), std::string::npos);
    EXPECT_EQ(planFromJson(Json::parse(text, "old.json"), "old.json"), plan);
}

TEST(Plan, SongIsReadStrictly) {
    EXPECT_NE(errorFor("\"beatsPerBar\":4", "\"beatsPerBar\":40").find("$.song.beatsPerBar"), std::string::npos);
    EXPECT_NE(errorFor("\"label\":\"A\"", "\"lable\":\"A\"").find("lable"), std::string::npos);
    EXPECT_NE(errorFor("\"endSeconds\":1.2", "\"endSeconds\":-0.1").find("endSeconds"), std::string::npos);
}
