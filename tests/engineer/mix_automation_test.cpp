#include "engineer/mix/automation.h"

#include <gtest/gtest.h>

#include <memory>

#include "core/text.h"
#include "engineer/mix/automation_curve.h"
#include "mix_support.h"
#include "tests/support/made_song.h"

// Levels that move with the song. Tracks stand here as the balance would leave them: no fader, no chain.
namespace tonewright::testing {
namespace {

// A mix in the state in which automation finds it.
struct Mixed {
    std::unique_ptr<Band> band = std::make_unique<Band>();
    std::unique_ptr<Deciding> deciding;

    void add(const std::string& id, const std::string& role, Analysis analysis) { band->add(id, role, std::move(analysis)); }

    MixState& make() {
        deciding = std::make_unique<Deciding>(*band);
        return deciding->state;
    }
};

// The singer is even; the band is as loud as it is told.
Mixed sung(const std::function<double(double)>& bandDb, const std::function<double(double)>& voiceDb) {
    Mixed mixed;
    mixed.add("lead", "vocals/lead", played(90.0, 250.0, 5000.0, voiceDb));
    mixed.add("guitar", "guitar/electric", played(90.0, 120.0, 4000.0, bandDb));
    return mixed;
}

// Phrases of four seconds with a second to breathe.
double sungPhrases(double seconds) { return std::fmod(seconds, 5.0) < 4.0 ? -20.0 : -200.0; }

const GainEnvelope::Params& envelope(const Step& step) { return std::get<GainEnvelope::Params>(step.params); }

double loudnessReMix(const MixState& state, int track) { return state.loudnessOf(state.tracks[track]) - state.mixLoudnessLufs(); }

TEST(Ride, HoldsTheVoiceAgainstABandThatMoves) {
    Mixed mixed = sung([](double t) { return t > 30.0 && t < 60.0 ? -17.0 : -23.0; }, sungPhrases);
    MixState& state = mixed.make();
    const double before = worstSectionLu(state), levelBefore = loudnessReMix(state, 0);
    EXPECT_GT(before, 1.5);
    std::vector<MaskingDecision> rides = decideRides(state, 1.0);
    ASSERT_EQ(rides.size(), 1u);
    const Step step = rides[0].step;
    EXPECT_EQ(step.id, "lead.ride");
    EXPECT_EQ(step.because.front().rule, "mix.ride");
    EXPECT_NEAR(measured(step, "worstSectionLu"), before, 0.05);
    append(state, 0, step);
    const double after = worstSectionLu(state);
    EXPECT_LT(after, before - 0.8);
    EXPECT_NE(step.because.front().evidence[2].comparison.find(fixed(after, 1)), std::string::npos);   // what was predicted came
    EXPECT_NEAR(loudnessReMix(state, 0), levelBefore, 0.3);   // the balance holds
    for (const GainEnvelope::Point& point : envelope(step).points) EXPECT_LE(std::abs(point.gainDb), 3.5);
    // Up behind the loud band, down behind the quiet one.
    const GainEnvelope levels(envelope(step), {48000.0, 1});
    EXPECT_GT(levels.gainDbAt(42.0), levels.gainDbAt(12.0) + 1.0);
    EXPECT_GT(levels.gainDbAt(42.0), levels.gainDbAt(77.0) + 1.0);
}

TEST(Ride, BypassedItsMeasureGoesBack) {
    Mixed mixed = sung([](double t) { return t > 30.0 && t < 60.0 ? -17.0 : -23.0; }, sungPhrases);
    MixState& state = mixed.make();
    const double before = worstSectionLu(state);
    const std::vector<MaskingDecision> rides = decideRides(state, 1.0);
    ASSERT_EQ(rides.size(), 1u);
    append(state, 0, rides[0].step);
    EXPECT_LT(worstSectionLu(state), before - 0.8);
    EXPECT_NEAR(worstSectionLu(mixed.make()), before, 1e-9);   // the same song without the step
}

struct Situation {
    const char* what;
    std::function<double(double)> bandDb, voiceDb;
    bool rides;
};

TEST(Ride, SituationsInWords) {
    const auto quick = [](double t) { return std::sin(2.0 * 3.14159265 * 3.0 * t); };
    const Situation situations[] = {
        {"an even band and an even singer", steady, sungPhrases, false},
        {"a band that moves a little", [](double t) { return t > 45.0 ? -19.7 : -20.3; }, sungPhrases, false},
        {"syllables: three a second, 12 dB apart", steady, [&](double t) { return sungPhrases(t) + 6.0 * quick(t); }, false},
        {"a singer who fades in the second half", steady, [](double t) { return sungPhrases(t) - (t > 45.0 ? 6.0 : 0.0); }, true},
        {"a band that doubles in the middle", [](double t) { return t > 30.0 && t < 60.0 ? -16.0 : -22.0; }, sungPhrases, true},
        {"breaths and spill 35 dB under the voice", steady, [](double t) { return std::fmod(t, 5.0) < 4.0 ? -20.0 : -55.0; }, false},
        {"one word in the whole song", steady, [](double t) { return t > 20.0 && t < 21.0 ? -20.0 : -200.0; }, false},
        {"nobody sings", steady, [](double) { return -200.0; }, false},
    };
    for (const Situation& s : situations) {
        SCOPED_TRACE(s.what);
        Mixed mixed = sung(s.bandDb, s.voiceDb);
        EXPECT_EQ(!decideRides(mixed.make(), 1.0).empty(), s.rides);
    }
    Mixed mixed = sung([](double t) { return t > 45.0 ? -16.0 : -22.0; }, sungPhrases);
    EXPECT_TRUE(decideRides(mixed.make(), 0.0).empty()) << "nothing but repair and level was asked for";
}

TEST(Ride, MovesBetweenPhrasesAndSmoothly) {
    Mixed mixed = sung([](double t) { return -20.0 + 5.0 * std::sin(2.0 * 3.14159265 * t / 37.0); }, sungPhrases);
    MixState& state = mixed.make();
    const std::vector<MaskingDecision> rides = decideRides(state, 1.0);
    ASSERT_EQ(rides.size(), 1u);
    const std::vector<GainEnvelope::Point>& points = envelope(rides[0].step).points;
    EXPECT_LE(points.size(), 2u * 18u);   // two a phrase at most
    for (std::size_t i = 1; i < points.size(); ++i) {
        EXPECT_GE(points[i].timeSeconds, points[i - 1].timeSeconds);
        if (points[i].gainDb == points[i - 1].gainDb) continue;
        const double seconds = points[i].timeSeconds - points[i - 1].timeSeconds;
        EXPECT_GE(seconds, 0.3);
        // In the breath: four seconds of singing begin at 0, 5, 10 ...
        EXPECT_GT(std::fmod(points[i - 1].timeSeconds + 0.3, 5.0), 3.9) << points[i - 1].timeSeconds;
    }
}

TEST(Ride, IsTheSameHoweverHotTheTracksWereRecorded) {
    const auto plan = [](double leadDb, double bandDb) {
        Band band;
        band.add("lead", "vocals/lead", played(90.0, 250.0, 5000.0, [=](double t) { return sungPhrases(t) + leadDb; }));
        for (const char* role : {"guitar/electric", "keys/organ", "strings/ensemble"})
            band.add(std::string(roleFamily(role)), role, played(90.0, 120.0, 4000.0, [=](double t) { return (t > 30.0 && t < 60.0 ? -8.0 : -26.0) + bandDb; }));
        band.add("bass", "bass/electric", played(90.0, 50.0, 300.0, [=](double) { return -20.0 - bandDb; }));
        return band.plan();
    };
    const Plan plain = plan(0.0, 0.0), scrambled = plan(-9.0, 7.0);
    const Step *ride = stepOf(trackOf(plain, "lead"), "ride"), *other = stepOf(trackOf(scrambled, "lead"), "ride");
    ASSERT_TRUE(ride && other);
    ASSERT_EQ(envelope(*ride).points.size(), envelope(*other).points.size());
    for (std::size_t i = 0; i < envelope(*ride).points.size(); ++i) {
        EXPECT_NEAR(envelope(*ride).points[i].gainDb, envelope(*other).points[i].gainDb, 0.15);
        EXPECT_NEAR(envelope(*ride).points[i].timeSeconds, envelope(*other).points[i].timeSeconds, 0.051);
    }
}

// 20 s of verse, 20 s of chorus, twice.
Song verseAndChorus(double confidence = 0.8) {
    Song song;
    for (int i = 0; i < 4; ++i)
        song.parts.push_back({.startSeconds = 20.0 * i, .endSeconds = 20.0 * (i + 1), .label = i % 2 ? "B" : "A", .name = i % 2 ? "chorus" : "verse", .confidence = confidence, .levelLu = 0.0, .plays = {}});
    return song;
}

TEST(SectionLift, OnlyWhereTheRecordingDoesNotLift) {
    struct Case {
        const char* what;
        double chorusDb, confidence, liftDb;
    };
    for (const Case& c : {Case{"as loud as the verse", 0.0, 0.8, 0.8}, Case{"quieter than the verse", -3.0, 0.8, 1.0}, Case{"0.6 dB louder", 0.6, 0.8, 0.5}, Case{"3 dB louder", 3.0, 0.8, 0.0},
                          Case{"parts that may be something else", 0.0, 0.4, 0.0}}) {
        SCOPED_TRACE(c.what);
        Mixed mixed;
        mixed.add("guitar", "guitar/electric", played(80.0, 120.0, 4000.0, [&](double t) { return -20.0 + (std::fmod(t, 40.0) >= 20.0 ? c.chorusDb : 0.0); }));
        MixState& state = mixed.make();
        state.song.song = verseAndChorus(c.confidence);
        const std::optional<Step> lift = decideSectionLift(state, 1.0);
        ASSERT_EQ(lift.has_value(), c.liftDb > 0.0);
        if (!lift) continue;
        const GainEnvelope levels(envelope(*lift), {48000.0, 1});
        EXPECT_NEAR(levels.gainDbAt(30.0), c.liftDb, 0.11);
        EXPECT_NEAR(levels.gainDbAt(70.0), c.liftDb, 0.11);
        EXPECT_DOUBLE_EQ(levels.gainDbAt(10.0), 0.0);
        EXPECT_DOUBLE_EQ(levels.gainDbAt(50.0), 0.0);
    }
}

TEST(Solo, LiftsWhatLeadsWhereNobodySings) {
    struct Case {
        const char* what;
        double saxDb;
        bool everywhere, second, sungToo;
        bool lifted;
    };
    for (const Case& c : {Case{"a quiet saxophone", -30.0, false, false, false, true}, Case{"a loud one", -14.0, false, false, false, false}, Case{"one that plays all song", -30.0, true, false, false, false},
                          Case{"two at once", -30.0, false, true, false, false}, Case{"somebody sings over it", -30.0, false, false, true, false}}) {
        SCOPED_TRACE(c.what);
        const auto inSolo = [](double t) { return t >= 40.0 && t < 60.0; };
        Mixed mixed = sung(steady, [&](double t) { return inSolo(t) && !c.sungToo ? -200.0 : sungPhrases(t); });
        mixed.add("sax", "winds/sax", played(90.0, 400.0, 3000.0, [&](double t) { return inSolo(t) || c.everywhere ? c.saxDb : -200.0; }));
        if (c.second) mixed.add("flute", "winds/flute", played(90.0, 400.0, 3000.0, [&](double t) { return inSolo(t) ? c.saxDb : -200.0; }));
        MixState& state = mixed.make();
        state.song.song.parts = {{.startSeconds = 0.0, .endSeconds = 40.0, .label = "A", .name = {}, .plays = {}}, {.startSeconds = 40.0, .endSeconds = 60.0, .label = "B", .name = {}, .plays = {}},
                                 {.startSeconds = 60.0, .endSeconds = 90.0, .label = "A", .name = {}, .plays = {}}};
        const std::vector<MaskingDecision> solos = decideSolos(state, 1.0);
        ASSERT_EQ(solos.size(), c.lifted ? 1u : 0u);
        if (!c.lifted) continue;
        const double before = powerToDb(state.tracks[2].sketch.loudnessPower()[1000]);
        append(state, solos[0].track, solos[0].step);
        EXPECT_NEAR(powerToDb(state.tracks[2].sketch.loudnessPower()[1000]) - before, 2.0, 0.01);   // half of what is missing, 2 dB at most
        EXPECT_EQ(solos[0].step.id, "sax.solo");
    }
}

TEST(PartMute, OnlyWhatOthersLeftOnATrack) {
    // Sings up to 30 s and from 60 s on.
    const auto between = [](double t) { return t >= 30.0 && t < 60.0; };
    const auto own = [&](double t) { return !between(t); };
    struct Case {
        const char* what;
        std::function<double(double)> levelDb;
        bool muted;
    };
    const Case cases[] = {
        {"spill 45 dB under the voice", [&](double t) { return own(t) ? -20.0 : -65.0; }, true},
        {"digital silence", [&](double t) { return own(t) ? -20.0 : -200.0; }, false},
        {"quiet playing 25 dB under", [&](double t) { return own(t) ? -20.0 : -45.0; }, false},
        {"a word in the middle of the spill", [&](double t) { return own(t) || (between(t) && std::fmod(t, 6.0) < 1.0) ? -20.0 : -65.0; }, false},
        {"short rests", [&](double t) { return std::fmod(t, 8.0) < 4.0 ? -20.0 : -65.0; }, false},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.what);
        Mixed mixed = sung(steady, c.levelDb);
        MixState& state = mixed.make();
        std::vector<MaskingDecision> mutes = decidePartMutes(state);
        std::erase_if(mutes, [](const MaskingDecision& d) { return d.track != 0; });
        EXPECT_EQ(!mutes.empty(), c.muted);
    }
}

TEST(PartMute, LeavesTailsAndWords) {
    // A voice that rings on for three seconds after its last note, 12 dB a second, into spill at -70.
    const auto level = [](double t) {
        if (t < 20.0 || t >= 60.0) return -20.0;
        return std::max(-70.0, -20.0 - 12.0 * (t - 20.0));
    };
    Mixed mixed = sung(steady, level);
    MixState& state = mixed.make();
    std::vector<MaskingDecision> mutes = decidePartMutes(state);
    ASSERT_FALSE(mutes.empty());
    ASSERT_EQ(mutes[0].track, 0);
    const GainEnvelope levels(envelope(mutes[0].step), {48000.0, 1});
    for (double t = 0.0; t < 90.0; t += 0.01)
        if (level(t) > -63.0) { ASSERT_DOUBLE_EQ(levels.gainDbAt(t), 0.0) << t; }
    EXPECT_LT(levels.gainDbAt(40.0), -100.0);
    const std::vector<double> before = state.tracks[0].sketch.framePower();
    append(state, 0, mutes[0].step);
    const std::vector<double> after = state.tracks[0].sketch.framePower();
    EXPECT_LT(after[800], 1e-6 * before[800]);   // 40 s
    EXPECT_EQ(after[100], before[100]);
}

TEST(PartMute, NeverTouchesDrumsAndEffects) {
    for (const char* role : {"drums/overhead", "drums/tom", "effects/effect", "mix/submix", "unknown"}) {
        Mixed mixed;
        mixed.add("it", role, played(60.0, 200.0, 5000.0, [](double t) { return t < 20.0 ? -20.0 : -65.0; }));
        EXPECT_TRUE(decidePartMutes(mixed.make()).empty()) << role;
    }
}

// Four sungPhrases of eight seconds, four seconds apart.
double longPhrases(double seconds) { return std::fmod(seconds, 12.0) < 8.0 ? -20.0 : -200.0; }

TEST(Throw, OnlyToADelayThatIsThereAndIntoPauses) {
    for (const bool hasDelay : {true, false}) {
        Mixed mixed = sung(steady, longPhrases);
        MixState& state = mixed.make();
        state.song.song.tempoBpm = 120.0;
        BusPlan echo{.id = "return-echo", .name = "Echo", .kind = BusKind::effect, .chain = {}, .fader = {}};
        if (hasDelay) echo.chain.push_back({.id = "return-echo.delay", .params = Delay::Params{}});
        else echo.chain.push_back({.id = "return-echo.reverb", .params = ReverbParams{}});
        state.buses.push_back(echo);
        state.tracks[0].plan.sends.push_back({"return-echo", {.id = "lead.to.echo", .params = Gain::Params{.gainDb = -20.0}}, std::nullopt});
        decideThrows(state, 1.0);
        const Send& send = state.tracks[0].plan.sends[0];
        ASSERT_EQ(send.ride.has_value(), hasDelay);
        if (!hasDelay) continue;
        const GainEnvelope levels(envelope(*send.ride), {48000.0, 1});
        int thrown = 0;
        for (double end = 8.0; end < 90.0; end += 12.0) {
            const double up = levels.gainDbAt(end - 0.3);
            EXPECT_TRUE(up == 0.0 || up == 6.0) << up;
            thrown += up == 6.0;
            EXPECT_DOUBLE_EQ(levels.gainDbAt(end - 4.0), 0.0);   // the middle of the phrase
        }
        EXPECT_GE(thrown, 2);
        EXPECT_LE(thrown, 3);   // two a minute, a minute and a half
    }
}

TEST(Automation, CurvesAreWhatTheySay) {
    const std::vector<LevelMove> moves = {{2.0, 4.0, 1.5}, {5.0, 8.0, -1.0}, {8.0, 12.0, -1.0}, {12.0, 14.0, 2.0}};
    const GainEnvelope held(heldLevels(moves, 0.4, 1.0), {48000.0, 1});
    EXPECT_DOUBLE_EQ(held.gainDbAt(0.0), 1.5);
    EXPECT_DOUBLE_EQ(held.gainDbAt(3.9), 1.5);
    EXPECT_NEAR(held.gainDbAt(4.5), 0.25, 1e-9);   // half-way in the pause
    EXPECT_DOUBLE_EQ(held.gainDbAt(11.0), -1.0);
    EXPECT_NEAR(held.gainDbAt(12.0), 0.5, 1e-9);   // half-way at the joint
    EXPECT_DOUBLE_EQ(held.gainDbAt(20.0), 2.0);
    const std::vector<LevelMove> mutes = {{0.0, 3.0, -120.0}, {6.0, 9.0, -120.0}};
    const GainEnvelope faded(excursions(mutes, 0.5, 0.1), {48000.0, 1});
    EXPECT_DOUBLE_EQ(faded.gainDbAt(0.0), -120.0);
    EXPECT_DOUBLE_EQ(faded.gainDbAt(3.2), 0.0);
    EXPECT_DOUBLE_EQ(faded.gainDbAt(5.4), 0.0);
    EXPECT_DOUBLE_EQ(faded.gainDbAt(6.0), -120.0);
    const SketchGrid grid{.frameSeconds = 0.05, .frames = 200};
    EXPECT_NEAR(envelopeOverTime(excursions(mutes, 0.5, 0.1), grid)[90], 1.0, 1e-12);
}

}  // namespace
}  // namespace tonewright::testing
