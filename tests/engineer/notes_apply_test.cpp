#include <gtest/gtest.h>

#include <algorithm>

#include "engineer/notes/apply_notes.h"

namespace tonewright::testing {
namespace {

constexpr int kRate = 48000;

Reason rule() { return {.rule = "mix.test", .text = "as the rules decided", .evidence = {}}; }

// Voice, two guitars, bass, and a stereo piano; a reverb and a delay; the voice has a compressor, a saturator and both sends.
struct Song {
    Session session;
    std::vector<Analysis> analyses;
    std::vector<SongSection> sections = {{"verse", 0.0, 20.0}, {"chorus", 20.0, 40.0}, {"verse", 40.0, 50.0}, {"chorus", 50.0, 60.0}};
    Plan plan;

    Song() {
        plan.sampleRateHz = session.sampleRateHz = kRate;
        plan.frames = session.frames = 60 * kRate;
        add("vox", "Vox", "vocals/lead", 1, 0.0);
        add("gtr-1", "Gtr 1", "guitar/electric", 1, -0.4);
        add("gtr-2", "Gtr 2", "guitar/electric", 1, 0.4);
        add("bass", "Bass DI", "bass/electric", 1, 0.0);
        add("piano", "Piano", "keys/piano", 2, 0.0);
        plan.buses.push_back(bus("return-plate", "Plate", {.id = "return-plate.reverb", .params = ReverbParams{}}));
        plan.buses.push_back(bus("return-delay", "Delay", {.id = "return-delay.delay", .params = Delay::Params{}}));
        TrackPlan& vox = plan.tracks[0];
        vox.chain.push_back({.id = "vox.compress", .params = Compressor::Params{.thresholdDb = -24.0, .ratio = 3.0}, .because = {rule()}});
        vox.chain.push_back({.id = "vox.colour", .params = SaturatorParams{.mix = 0.4}, .because = {rule()}});
        for (const char* to : {"return-plate", "return-delay"}) vox.sends.push_back({to, {.id = std::string("vox.send.") + to, .params = Gain::Params{.gainDb = -14.0}, .because = {rule()}}, {}});
    }

    void add(const std::string& id, const std::string& name, const std::string& role, int channels, double position) {
        Track track;
        track.id = id;
        track.name = name;
        track.role = role;
        track.number = name.back() == '1' ? 1 : name.back() == '2' ? 2 : 0;
        session.tracks.push_back(track);
        Analysis facts;
        facts.dynamics.rmsDbfs = -22.0;
        analyses.push_back(facts);
        TrackPlan made;
        made.id = id;
        made.name = name;
        made.role = role;
        made.source.channels = channels;
        made.fader = {.id = id + ".fader", .params = Gain::Params{.gainDb = -3.0}, .because = {rule()}};
        made.pan = {.id = id + ".pan", .params = Panner::Params{.position = position}, .because = {rule()}};
        plan.tracks.push_back(made);
    }

    static BusPlan bus(const std::string& id, const std::string& name, const Step& effect) {
        BusPlan made;
        made.id = id;
        made.name = name;
        made.kind = BusKind::effect;
        made.chain.push_back(effect);
        made.fader = {.id = id + ".fader", .params = Gain::Params{.gainDb = 0.0}, .because = {rule()}};
        return made;
    }

    // The plan once the note was carried out.
    Plan with(const std::string& note) const {
        Plan asked = plan;
        asked.intent.notes = {note};
        applyNotes(asked, {.session = session, .analyses = analyses, .sections = sections});
        return asked;
    }
};

const TrackPlan& track(const Plan& plan, const std::string& id) { return *std::ranges::find(plan.tracks, id, &TrackPlan::id); }

// The last step of a type in the chain; fails the test if there is none.
template <class Params>
Params lastOf(const std::vector<Step>& chain) {
    for (auto step = chain.rbegin(); step != chain.rend(); ++step)
        if (const auto* params = std::get_if<Params>(&step->params)) return *params;
    ADD_FAILURE() << "no such step";
    return {};
}

double panOf(const Plan& plan, const std::string& id) { return std::get<Panner::Params>(track(plan, id).pan.params).position; }

// The plan with every step of notes taken out: what bypassing them all leaves.
Plan withoutNotes(Plan plan) {
    const auto fromNote = [](const Step& step) { return step.id.find(".note") != std::string::npos; };
    for (TrackPlan& each : plan.tracks) {
        std::erase_if(each.chain, fromNote);
        std::erase_if(each.sends, [&](const Send& send) { return fromNote(send.level); });
        for (Send& send : each.sends)
            if (send.ride && fromNote(*send.ride)) send.ride.reset();
        if (each.mute && fromNote(*each.mute)) each.mute.reset();
    }
    for (BusPlan& bus : plan.buses) std::erase_if(bus.chain, fromNote);
    std::erase_if(plan.mixBus, fromNote);
    plan.intent = {};
    return plan;
}

TEST(NotesApplied, WhatBecomesStepsOfItsOwnLeavesTheRulesValuesBehindIt) {
    const Song song;
    for (const char* note : {"vocals up 2 dB", "more reverb on the vocals", "no delay on the vocals", "vocals with half as much reverb", "compress the vocals more", "piano wider", "brighter bass", "de-ess the vocals", "bass punchier",
                             "guitars tighter", "distort the bass", "more reverb", "mix warmer", "vocals closer", "mute the piano", "guitars up in the chorus", "more reverb on the vocals in the chorus", "bass bigger"}) {
        const Plan asked = song.with(note);
        ASSERT_FALSE(asked.intent.requests.empty()) << note;
        EXPECT_EQ(asked.intent.requests.front().outcome, RequestOutcome::done) << note << ": " << asked.intent.requests.front().answer;
        Plan before = song.plan;
        before.intent = {};
        EXPECT_FALSE(asked.tracks == song.plan.tracks && asked.buses == song.plan.buses && asked.mixBus == song.plan.mixBus) << note;
        EXPECT_TRUE(withoutNotes(asked) == before) << note;
    }
}

TEST(NotesApplied, EveryStepSaysWhoAskedForIt) {
    const Plan asked = Song().with("vocals up a little and less reverb on the vocals");
    const Step& level = track(asked, "vox").chain.back();
    EXPECT_EQ(level.because.front().rule, "mix.note");
    EXPECT_NE(level.because.front().text.find("vocals up a little"), std::string::npos);
    EXPECT_EQ(track(asked, "vox").sends[0].ride->because.front().rule, "mix.note");
}

TEST(NotesApplied, LevelsMoveByTheAmountAndAllTogetherStayWithinTwelveDecibels) {
    const Song song;
    EXPECT_DOUBLE_EQ(lastOf<Gain::Params>(track(song.with("bass up a little"), "bass").chain).gainDb, 1.0);
    EXPECT_DOUBLE_EQ(lastOf<Gain::Params>(track(song.with("bass down"), "bass").chain).gainDb, -2.0);
    EXPECT_DOUBLE_EQ(lastOf<Gain::Params>(track(song.with("bass way up"), "bass").chain).gainDb, 4.0);
    EXPECT_DOUBLE_EQ(lastOf<Gain::Params>(track(song.with("bass 50% quieter"), "bass").chain).gainDb, -6.0);
    const Plan much = song.with("bass up 50 dB");
    EXPECT_DOUBLE_EQ(lastOf<Gain::Params>(track(much, "bass").chain).gainDb, 12.0);
    const Plan twice = song.with("bass up 10 dB. the bass guitar louder in general by 8 dB");
    double sum = 0.0;
    for (const Step& step : track(twice, "bass").chain) sum += std::get<Gain::Params>(step.params).gainDb;
    EXPECT_LE(sum, 12.0);
}

TEST(NotesApplied, APartOfTheSongOrAllButThatPartMovesAlone) {
    const Song song;
    const auto gainAt = [&](const char* note, double seconds) {
        return GainEnvelope(lastOf<GainEnvelope::Params>(track(song.with(note), "bass").chain), {kRate, 1}).gainDbAt(seconds);
    };
    EXPECT_DOUBLE_EQ(gainAt("bass up in the chorus", 30.0), 2.0);
    EXPECT_DOUBLE_EQ(gainAt("bass up in the chorus", 10.0), 0.0);
    EXPECT_DOUBLE_EQ(gainAt("bass up in the second chorus", 30.0), 0.0);
    EXPECT_DOUBLE_EQ(gainAt("bass up in the second chorus", 55.0), 2.0);
    EXPECT_DOUBLE_EQ(gainAt("bass up, but not in the chorus", 30.0), 0.0);
    EXPECT_DOUBLE_EQ(gainAt("bass up, but not in the chorus", 10.0), 2.0);
    EXPECT_DOUBLE_EQ(gainAt("bass up, but not in the chorus", 45.0), 2.0);
    EXPECT_EQ(song.with("bass up in the bridge").intent.requests.front().outcome, RequestOutcome::notPossible);
    EXPECT_EQ(song.with("brighter bass in the chorus").intent.requests.front().outcome, RequestOutcome::notPossible);
    EXPECT_TRUE(song.with("brighter bass in the chorus").tracks == song.plan.tracks);
}

TEST(NotesApplied, SendsAreRiddenOnTopOfTheRulesLevel) {
    const Song song;
    const auto ride = [&](const char* note, std::size_t send, double seconds) {
        const Plan asked = song.with(note);
        const Send& found = track(asked, "vox").sends[send];
        EXPECT_DOUBLE_EQ(std::get<Gain::Params>(found.level.params).gainDb, -14.0) << note;
        return found.ride ? GainEnvelope(std::get<GainEnvelope::Params>(found.ride->params), {kRate, 2}).gainDbAt(seconds) : 0.0;
    };
    EXPECT_DOUBLE_EQ(ride("more reverb on the vocals", 0, 5.0), 3.0);
    EXPECT_DOUBLE_EQ(ride("more reverb on the vocals", 1, 5.0), 0.0);
    EXPECT_DOUBLE_EQ(ride("a little less delay on the vocals", 1, 5.0), -1.5);
    EXPECT_DOUBLE_EQ(ride("half as much reverb on the vocals", 0, 5.0), -6.0);
    EXPECT_DOUBLE_EQ(ride("no reverb on the vocals", 0, 5.0), -120.0);
    EXPECT_DOUBLE_EQ(ride("more delay on the vocals in the chorus", 1, 30.0), 3.0);
    EXPECT_DOUBLE_EQ(ride("more delay on the vocals in the chorus", 1, 10.0), 0.0);
    const Plan fresh = song.with("more reverb on the bass");
    ASSERT_EQ(track(fresh, "bass").sends.size(), 1u);
    EXPECT_EQ(song.with("less reverb on the bass").intent.requests.front().outcome, RequestOutcome::notPossible);  // there is none
}

TEST(NotesApplied, PlacesMoveTheWayThatWasAskedForAndEndAtTheSides) {
    const Song song;
    EXPECT_LT(panOf(song.with("piano left"), "piano"), 0.0);
    EXPECT_DOUBLE_EQ(panOf(song.with("pan the piano hard right"), "piano"), 1.0);
    EXPECT_DOUBLE_EQ(panOf(song.with("pan guitar 1 20% right"), "gtr-1"), 0.2);
    EXPECT_LT(panOf(song.with("gtr1 more to the left"), "gtr-1"), -0.4);
    EXPECT_DOUBLE_EQ(panOf(song.with("center the guitars"), "gtr-2"), 0.0);
    const Plan wide = song.with("guitars wider");
    EXPECT_LT(panOf(wide, "gtr-1"), -0.4);
    EXPECT_GT(panOf(wide, "gtr-2"), 0.4);
    EXPECT_LT(panOf(song.with("guitars narrower"), "gtr-2"), 0.4);
    EXPECT_GT(lastOf<StereoWidth::Params>(track(song.with("piano wider"), "piano").chain).midWidth, 1.0);
    EXPECT_EQ(song.with("bass wider").intent.requests.front().outcome, RequestOutcome::notPossible);  // one mono track in the centre
    const Plan moved = song.with("piano left");
    EXPECT_EQ(track(moved, "piano").pan.because.back().rule, "mix.test");  // the rules' reason stays behind the note's
}

TEST(NotesApplied, MoreCompressionIsASecondCompressorAndLessALighterFirst) {
    const Song song;
    const Plan more = song.with("compress the vocals more");
    const auto& chain = track(more, "vox").chain;
    ASSERT_EQ(chain.size(), 3u);
    EXPECT_TRUE(chain[0] == track(song.plan, "vox").chain[0]);
    EXPECT_GT(std::get<Compressor::Params>(chain[1].params).ratio, 1.0);
    const auto ratio = [&](const char* note) { return std::get<Compressor::Params>(track(song.with(note), "vox").chain[1].params).ratio; };
    EXPECT_LT(ratio("compress the vocals a little more"), ratio("compress the vocals more"));
    EXPECT_LT(ratio("compress the vocals more"), ratio("compress the vocals a lot more"));
    EXPECT_DOUBLE_EQ(lastOf<Compressor::Params>(track(song.with("less compression on the vocals"), "vox").chain).thresholdDb, -21.0);
    EXPECT_DOUBLE_EQ(lastOf<Compressor::Params>(track(song.with("no compression on the vocals"), "vox").chain).ratio, 1.0);
    EXPECT_EQ(song.with("less compression on the bass").intent.requests.front().outcome, RequestOutcome::notPossible);
    EXPECT_GT(lastOf<Compressor::Params>(track(song.with("compress the bass"), "bass").chain).ratio, 1.0);
}

TEST(NotesApplied, ToneMovesInTheRightDirectionWithinItsBound) {
    const Song song;
    const auto gain = [&](const std::string& note) { return lastOf<Equalizer::Params>(track(song.with(note), "piano").chain).bands.front().gainDb; };
    for (const char* up : {"piano brighter", "piano warmer", "more body on the piano", "more low end on the piano", "more mids on the piano", "airier piano", "more presence on the piano", "clearer piano"}) EXPECT_GT(gain(up), 0.0) << up;
    for (const char* down : {"piano darker", "the piano is muddy", "the piano is boomy", "the piano is boxy", "the piano sounds nasal", "the piano is harsh", "less low end on the piano"}) EXPECT_LT(gain(down), 0.0) << down;
    EXPECT_LE(gain("piano brighter by 40 dB"), 6.0);
}

TEST(NotesApplied, WhatRingsStrikesAndHissesIsShaped) {
    const Song song;
    EXPECT_GT(lastOf<TransientShaper::Params>(track(song.with("punchier bass"), "bass").chain).attackDb, 0.0);
    EXPECT_LT(lastOf<TransientShaper::Params>(track(song.with("tighter bass"), "bass").chain).sustainDb, 0.0);
    EXPECT_GT(lastOf<TransientShaper::Params>(track(song.with("more sustain on the bass"), "bass").chain).sustainDb, 0.0);
    EXPECT_GT(lastOf<DeEsser::Params>(track(song.with("the vocals are sibilant"), "vox").chain).rangeDb, 0.0);
    EXPECT_GT(lastOf<SaturatorParams>(track(song.with("dirtier bass"), "bass").chain).driveDb, lastOf<SaturatorParams>(track(song.with("a little dirtier bass"), "bass").chain).driveDb);
    EXPECT_DOUBLE_EQ(lastOf<SaturatorParams>(track(song.with("less distortion on the vocals"), "vox").chain).mix, 0.2);
}

TEST(NotesApplied, NearerIsLouderMorePresentAndDrier) {
    const Plan asked = Song().with("vocals closer");
    EXPECT_GT(lastOf<Gain::Params>(track(asked, "vox").chain).gainDb, 0.0);
    EXPECT_GT(lastOf<Equalizer::Params>(track(asked, "vox").chain).bands.front().gainDb, 0.0);
    EXPECT_LT(std::get<GainEnvelope::Params>(track(asked, "vox").sends[0].ride->params).points.front().gainDb, 0.0);
}

TEST(NotesApplied, MuteSoloAndKeepTouchWhatTheyName) {
    const Song song;
    EXPECT_TRUE(track(song.with("mute the piano"), "piano").muted());
    const Plan alone = song.with("solo the vocals");
    EXPECT_FALSE(track(alone, "vox").muted());
    EXPECT_TRUE(track(alone, "bass").muted());
    const Plan kept = song.with("don't touch the vocals, everything brighter");
    EXPECT_FALSE(track(kept, "vox").chain[0].enabled);
    EXPECT_EQ(track(kept, "vox").chain.size(), 2u);
    EXPECT_EQ(track(kept, "bass").chain.size(), 1u);
}

TEST(NotesApplied, WhatIsLockedOrTheUsersStaysAndIsSaid) {
    Song song;
    TrackPlan& vox = song.plan.tracks[0];
    vox.fader.locked = vox.pan.locked = vox.chain[0].locked = vox.sends[0].level.locked = true;
    for (const char* note : {"vocals up", "vocals left", "less compression on the vocals", "less reverb on the vocals"}) {
        const Plan asked = song.with(note);
        EXPECT_EQ(asked.intent.requests.front().outcome, RequestOutcome::notPossible) << note;
        EXPECT_NE(asked.intent.requests.front().answer.find("yours and stays"), std::string::npos) << note;
        EXPECT_TRUE(asked.tracks == song.plan.tracks) << note;
    }
}

TEST(NotesApplied, WhatCannotBeDoneIsSaidAndChangesNothing) {
    const Song song;
    for (const char* note : {"more cowbell", "less noise on the vocals", "saxophone up", "pan the piano left by 2 dB", "piano up at the end", "less distortion on the bass", "guitar 7 louder"}) {
        const Plan asked = song.with(note);
        ASSERT_EQ(asked.intent.requests.size(), 1u) << note;
        EXPECT_EQ(asked.intent.requests.front().outcome, RequestOutcome::notPossible) << note;
        EXPECT_FALSE(asked.intent.requests.front().answer.empty()) << note;
        EXPECT_TRUE(asked.tracks == song.plan.tracks && asked.buses == song.plan.buses && asked.mixBus == song.plan.mixBus) << note;
    }
    const Plan refused = song.with("transpose the bass");
    EXPECT_TRUE(refused.intent.requests.empty());
    ASSERT_EQ(refused.intent.unread.size(), 1u);
}

}  // namespace
}  // namespace tonewright::testing
