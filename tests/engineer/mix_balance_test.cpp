#include <gtest/gtest.h>

#include "core/error.h"
#include "mix_support.h"

namespace tonewright::testing {
namespace {

constexpr double kSeconds = 20.0;
const Intent kPlain{.intensity = 0.0};   // balance alone: no EQ, dynamics or space

Analysis voice() { return played(kSeconds, 200, 5000, steady); }
Analysis keys() { return played(kSeconds, 150, 6000, steady); }

TEST(MixBalance, TheLeadVoiceIsThreeUnderTheWholeWhateverAccompaniesIt) {
    for (const int others : {1, 3, 12}) {
        Band band;
        band.add("vox", "vocals/lead", voice());
        for (int i = 0; i < others; ++i) band.add("keys" + std::to_string(i), i % 2 ? "guitar/electric" : "keys/piano", keys());
        EXPECT_NEAR(predictedLu(band.plan(kPlain), "vox"), -2.6, 0.15) << others;  // -3 when the returns have joined in
    }
}

TEST(MixBalance, AVoiceThatRestsIsMeasuredWhileItSings) {
    Band band;
    band.add("vox", "vocals/lead", played(kSeconds, 200, 5000, [](double t) { return t > 10.0 ? -20.0 : -200.0; }));
    band.add("piano", "keys/piano", keys());
    EXPECT_NEAR(predictedLu(band.plan(kPlain), "vox"), -2.6, 0.3);
}

TEST(MixBalance, ThreeGuitarsAreNotThreeTimesTheGuitar) {
    Band one, three;
    for (Band* band : {&one, &three}) {
        band->add("vox", "vocals/lead", voice());
        band->add("bass", "bass/electric", played(kSeconds, 40, 200, steady));
    }
    one.add("gtr1", "guitar/electric", keys());
    for (const char* id : {"gtr1", "gtr2"}) three.add(id, "guitar/electric", keys()).isDouble = true;
    three.add("gtr3", "guitar/electric-driven", keys()).isDouble = true;
    const double alone = predictedLu(one.plan(kPlain), "gtr1");
    const Plan plan = three.plan(kPlain);
    double together = 0.0;
    for (const char* id : {"gtr1", "gtr2", "gtr3"}) together += dbToPower(predictedLu(plan, id));
    EXPECT_NEAR(powerToDb(together), alone, 1.2);  // three times would be 4.8
}

TEST(MixBalance, ThoseWhoTakeTurnsDoNotShareTheirPlace) {
    Band band;
    band.add("vox", "vocals/lead", voice());
    band.add("early", "keys/piano", played(kSeconds, 150, 6000, [](double t) { return t < 10.0 ? -20.0 : -200.0; }));
    band.add("late", "keys/piano", played(kSeconds, 150, 6000, [](double t) { return t >= 10.0 ? -20.0 : -200.0; }));
    Band both;
    both.add("vox", "vocals/lead", voice());
    both.add("piano", "keys/piano", keys());
    EXPECT_NEAR(predictedLu(band.plan(kPlain), "early"), predictedLu(both.plan(kPlain), "piano"), 0.5);
}

Band kit() {
    Band band;
    const auto drum = [&](const std::string& id, const std::string& role, double lowHz, double highHz, const std::function<double(double)>& level) -> Track& {
        Track& track = band.add(id, role, played(kSeconds, lowHz, highHz, level));
        track.group = "kit";
        return track;
    };
    drum("kick", "drums/kick", 40, 150, hits);
    drum("top", "drums/snare", 150, 4000, [](double t) { return hits(t + 0.25); }).microphone = "top";
    drum("bottom", "drums/snare", 200, 9000, [](double t) { return hits(t + 0.25); }).microphone = "bottom";
    drum("ohl", "drums/overhead", 80, 12000, [](double t) { return -30.0 + 0.3 * hits(t); }).side = "L";
    drum("ohr", "drums/overhead", 80, 12000, [](double t) { return -31.0 + 0.3 * hits(t); }).side = "R";
    band.add("vox", "vocals/lead", voice());
    return band;
}

TEST(MixBalance, TheBottomOfASnareStaysBehindItsTop) {
    const Plan plan = kit().plan(kPlain);
    EXPECT_NEAR(predictedHitsLu(plan, "bottom") - predictedHitsLu(plan, "top"), -6.0, 0.2);
    EXPECT_NE(trackOf(plan, "bottom").fader.because.front().text.find("6 dB behind"), std::string::npos);
}

TEST(MixBalance, ATomIsMeasuredByItsFillsNotByWhatItHearsBetween) {
    const auto tom = [](double bleedDb) {
        return [bleedDb](double t) { return t > 9.0 && t < 10.0 ? -12.0 : bleedDb; };
    };
    Band clean = kit(), spill = kit();
    clean.add("tom", "drums/tom", played(kSeconds, 80, 400, tom(-70.0))).group = "kit";
    spill.add("tom", "drums/tom", played(kSeconds, 80, 400, tom(-30.0))).group = "kit";
    EXPECT_NEAR(predictedHitsLu(clean.plan(kPlain), "tom"), predictedHitsLu(spill.plan(kPlain), "tom"), 0.4);
    // One fill in twenty seconds is not brought to where a drum is that plays all the time.
    EXPECT_LT(predictedHitsLu(clean.plan(kPlain), "tom"), -8.0);
}

TEST(MixBalance, AKickMicrophoneThatIsHardlyPlayedGetsThePlaceOfItsHits) {
    Band band = kit();
    band.add("kick2", "drums/kick", played(kSeconds, 40, 150, [](double t) { return t > 5.0 && t < 5.1 ? -16.0 : -70.0; })).group = "kit";
    const Plan plan = band.plan(kPlain);
    EXPECT_NEAR(predictedHitsLu(plan, "kick2"), predictedHitsLu(plan, "kick"), 0.3);
}

TEST(MixBalance, WithoutOverheadsTheHiHatComesForward) {
    Band with = kit(), without = kit();
    for (Band* band : {&with, &without}) band->add("hat", "drums/hihat", played(kSeconds, 3000, 12000, hits)).group = "kit";
    std::erase_if(without.session.tracks, [](const Track& track) { return track.role == "drums/overhead"; });
    without.analyses.erase(without.analyses.begin() + 3, without.analyses.begin() + 5);
    const auto underKick = [](const Plan& plan) { return predictedLu(plan, "hat") - predictedLu(plan, "kick"); };
    EXPECT_NEAR(underKick(without.plan(kPlain)) - underKick(with.plan(kPlain)), 6.0, 0.3);
}

TEST(MixBalance, ALineStaysBehindAGuitarsAmplifierAndBesideABasssOne) {
    for (const auto& [role, behindDb] : {std::pair{"guitar/electric", 10.0}, std::pair{"bass/electric", 0.0}}) {
        Band band;
        band.add("vox", "vocals/lead", voice());
        for (const char* microphone : {"di", "amp"}) {
            Track& track = band.add(microphone, role, played(kSeconds, 80, microphone[0] == 'd' ? 6000 : 3000, steady));
            track.nameKey = "strat";
            track.microphone = microphone;
        }
        const Plan plan = band.plan(kPlain);
        EXPECT_NEAR(predictedLu(plan, "amp") - predictedLu(plan, "di"), behindDb, 0.2) << role;
        EXPECT_EQ(position(plan, "amp"), position(plan, "di")) << role;
    }
}

TEST(MixBalance, WhereNobodySingsTheMelodyComesForwardAndPadsDoNot) {
    Band band;
    band.add("piano", "keys/piano", keys());
    band.add("pad", "pad/pad", played(kSeconds, 150, 3000, steady));
    band.add("strings", "strings/ensemble", played(kSeconds, 250, 8000, steady));
    band.add("sax", "winds/sax", played(kSeconds, 200, 5000, [](double t) { return std::fmod(t, 10.0) < 6.0 ? -20.0 : -200.0; }));
    const Plan plan = band.plan(kPlain);
    for (const char* other : {"piano", "pad", "strings"}) EXPECT_GT(predictedLu(plan, "sax"), predictedLu(plan, other) + 2.0) << other;
    EXPECT_EQ(position(plan, "sax"), 0.0);
    EXPECT_NE(trackOf(plan, "sax").fader.because.front().text.find("Nobody sings"), std::string::npos);
}

TEST(MixBalance, CymbalsStandForOverheadsOnlyWhereThereIsAKit) {
    const auto overPianoLu = [](std::initializer_list<const char*> others) {
        Band band;
        band.add("piano", "keys/piano", keys());
        band.add("cymbals", "drums/cymbals", played(kSeconds, 3000, 14000, hits));
        for (const char* role : others) band.add(role, role, std::string_view(role) == "drums/overhead" ? played(kSeconds, 80, 12000, hits) : played(kSeconds, 50, 4000, hits));
        const Plan plan = band.plan(kPlain);
        return predictedLu(plan, "cymbals") - predictedLu(plan, "piano");
    };
    const double alone = overPianoLu({}), closeKit = overPianoLu({"drums/kick", "drums/snare"}), wholeKit = overPianoLu({"drums/kick", "drums/snare", "drums/overhead"});
    EXPECT_LT(alone, closeKit - 2.0);
    EXPECT_LT(wholeKit, closeKit - 2.0);
}

TEST(MixBalance, MusicStaysFarUnderTalkButNotUnderASong) {
    const auto underSpeechLu = [](std::initializer_list<const char*> others) {
        Band band;
        // Speaks in the first half; the bed plays on.
        band.add("host", "vocals/speech", played(kSeconds, 200, 5000, [](double t) { return t < 10.0 ? -20.0 : -200.0; }));
        band.add("bed", "mix/submix", keys());
        for (const char* role : others) band.add(role, role, played(kSeconds, 50, 3000, hits));
        const Plan plan = band.plan(kPlain);
        return predictedLu(plan, "host") - predictedLu(plan, "bed");
    };
    EXPECT_NEAR(underSpeechLu({}), 12.0, 0.3);
    EXPECT_LT(underSpeechLu({"bass/electric"}), 6.0);
}

TEST(MixBalance, TheMixLandsWhereItShould) {
    for (Band band : {kit(), [] { Band b; b.add("vox", "vocals/lead", voice()); return b; }()}) {
        const Plan plan = band.plan(kPlain);
        double power = 0.0;
        for (const TrackPlan& track : plan.tracks) power += dbToPower(predictedLu(plan, track.id));
        EXPECT_NEAR(powerToDb(power), 0.0, 2.0);
    }
}

TEST(MixBalance, EveryFaderPanAndSendSaysWhy) {
    Band band = kit();
    band.add("noise", "unknown", keys());
    band.add("gone", "keys/piano", played(kSeconds, 100, 1000, [](double) { return -200.0; }));
    const Plan plan = band.plan();
    for (const TrackPlan& track : plan.tracks) {
        if (track.muted()) {
            EXPECT_FALSE(track.mute->because.front().text.empty());
            EXPECT_TRUE(track.fader.because.empty() && track.pan.because.empty() && track.chain.empty() && track.sends.empty()) << track.id;
            continue;
        }
        EXPECT_GT(track.fader.because.at(0).text.size(), 20u) << track.id;
        EXPECT_GT(track.pan.because.at(0).text.size(), 20u) << track.id;
        for (const Send& send : track.sends) EXPECT_GT(send.level.because.at(0).text.size(), 20u) << track.id;
    }
}

TEST(MixBalance, NothingToMixIsAnErrorAndOneTrackIsAMix) {
    Band silent;
    silent.add("a", "keys/piano", played(kSeconds, 100, 1000, [](double) { return -200.0; }));
    EXPECT_THROW(silent.plan(), InputError);
    EXPECT_THROW(Band().plan(), InputError);
    Band one;
    one.add("a", "unknown", keys());
    EXPECT_NEAR(predictedLu(one.plan(), "a"), 0.0, 0.1);
}

}  // namespace
}  // namespace tonewright::testing
