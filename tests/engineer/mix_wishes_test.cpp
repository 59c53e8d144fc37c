#include "engineer/mix/mix_wishes.h"

#include <gtest/gtest.h>

#include "engineer/mood.h"
#include "mix_support.h"

// What --style, --mood and --reference make of a mix.
namespace tonewright::testing {
namespace {

constexpr double kSeconds = 20.0;

Band rockBand() {
    Band band;
    band.add("kick", "drums/kick", played(kSeconds, 40, 5000, hits));
    band.add("snare", "drums/snare", played(kSeconds, 150, 9000, hits));
    band.add("oh", "drums/overhead", played(kSeconds, 300, 16000, hits), 2);
    band.add("bass", "bass/electric", played(kSeconds, 40, 900, steady));
    band.add("gtr-l", "guitar/electric", played(kSeconds, 200, 5000, steady));
    band.add("gtr-r", "guitar/electric", played(kSeconds, 250, 5500, steady));
    band.add("keys", "keys/organ", played(kSeconds, 200, 3000, steady));
    band.add("vox", "vocals/lead", played(kSeconds, 200, 9000, [](double t) { return std::fmod(t, 4.0) < 3.0 ? -14.0 : -200.0; }));
    return band;
}

Intent asking(const std::string& style, const std::string& moods = "", double intensity = 1.0) {
    Intent intent;
    intent.style = style;
    intent.moods = parseMoods(moods);
    intent.intensity = intensity;
    return intent;
}

double against(const Plan& plan, const std::string& id, const std::string& other) { return predictedLu(plan, id) - predictedLu(plan, other); }
double widest(const Plan& plan) { return std::abs(position(plan, "gtr-l")); }
double sends(const Plan& plan) {
    double sum = 0.0;
    for (const TrackPlan& track : plan.tracks)
        for (const Send& send : track.sends) sum += dbToPower(std::get<Gain::Params>(send.level.params).gainDb);
    return powerToDb(sum);
}

ReferenceProfile reference(double bassDb, double sideDb, double plrDb) {
    ReferenceProfile profile;
    profile.songs = {{"hit.wav", "hash", 180.0}};
    profile.peakToLoudnessDb = plrDb;
    const std::array<double, kThirdOctaves> usual = targetSpectrumDb(*findStyle("neutral"));
    for (int band = 0; band < kThirdOctaves; ++band) {
        profile.whole.midDb[band] = usual[band] - 20.0 + (thirdOctaveCentreHz(band) < 200.0 ? bassDb : 0.0);
        profile.whole.sideDb[band] = *profile.whole.midDb[band] + sideDb;
    }
    return profile;
}

TEST(MixWishes, NothingAskedIsNothingMoved) {
    EXPECT_FALSE(mixWishes({}, nullptr).any());
    EXPECT_FALSE(mixWishes(asking("metal", "wide", 0.0), nullptr).any());
    const Plan plan = rockBand().plan();
    forEachStep(plan, [](const std::string&, const Step& step) {
        for (const Reason& reason : step.because) EXPECT_NE(reason.rule, "mix.wish") << step.id;
    });
}

TEST(MixWishes, EveryStyleAndMoodIsKnownAndStaysWithinItsBounds) {
    std::string all;
    for (const Mood& mood : moods()) {
        EXPECT_TRUE(mixWishes(asking("auto", mood.name), nullptr).any()) << mood.name;
        all += (all.empty() ? "" : ",") + mood.name;
    }
    for (const Style& style : styles()) {
        const MixWishes wishes = mixWishes(asking(style.name, all, 2.0), nullptr);
        EXPECT_EQ(mixWishes(asking(style.name), nullptr).any(), style.name != "neutral") << style.name;
        for (const auto& [family, level] : wishes.levelLu) EXPECT_LE(std::abs(level), 2.5) << style.name << family;
        EXPECT_LE(std::abs(wishes.reverbLu), 5.0);
        EXPECT_GE(wishes.width, 0.6);
        EXPECT_LE(wishes.width, 1.4);
        EXPECT_LE(wishes.compression, 1.5);
    }
}

TEST(MixWishes, EachMovesTheMixInItsDirection) {
    const Band band = rockBand();
    const Plan plain = band.plan();
    struct Case {
        const char *style, *mood, *what;
        std::function<double(const Plan&)> measure;
        double least, most;   // change
    };
    const auto guitarsOverKeys = [](const Plan& p) { return against(p, "gtr-l", "keys"); };
    const auto drumsOverKeys = [](const Plan& p) { return against(p, "oh", "keys"); };
    const auto voiceOverKeys = [](const Plan& p) { return against(p, "vox", "keys"); };
    for (const Case& c : std::vector<Case>{{"metal", "", "guitars over keys", guitarsOverKeys, 0.7, 2.5},
                                           {"auto", "punchy", "drums over keys", drumsOverKeys, 0.8, 2.5},
                                           {"folk", "", "drums over keys", drumsOverKeys, -2.5, -0.8},
                                           {"auto", "aggressive", "guitars over keys", guitarsOverKeys, 0.4, 2.0},
                                           {"folk", "", "voice over keys", voiceOverKeys, 0.4, 2.5},
                                           {"metal", "", "voice over guitars", [](const Plan& p) { return against(p, "vox", "gtr-l"); }, -5.0, -1.5},
                                           {"auto", "intimate", "voice over keys", voiceOverKeys, 0.7, 3.0},
                                           {"auto", "intimate", "width", widest, -0.6, -0.05},
                                           {"auto", "intimate", "reverb", sends, -6.0, -1.5},
                                           {"ambient", "", "reverb", sends, 1.5, 7.0}}) {
        const double change = c.measure(band.plan(asking(c.style, c.mood))) - c.measure(plain);
        EXPECT_GE(change, c.least) << c.style << " " << c.mood << ": " << c.what;
        EXPECT_LE(change, c.most) << c.style << " " << c.mood << ": " << c.what;
    }
}

TEST(MixWishes, HalfAMoodIsHalfTheWay) {
    EXPECT_NEAR(mixWishes(asking("auto", "intimate=0.5"), nullptr).levelOf("vocals/lead"), 0.5 * mixWishes(asking("auto", "intimate"), nullptr).levelOf("vocals/lead"), 0.06);
    EXPECT_EQ(mixWishes(asking("auto", "intimate"), nullptr).levelOf("vocals/backing"), 0.0);
}

TEST(MixWishes, WhatMovedSaysThatItWasAskedFor) {
    const Plan plan = rockBand().plan(asking("metal"));
    const auto told = [](const Step& step) { return std::any_of(step.because.begin(), step.because.end(), [](const Reason& reason) { return reason.rule == "mix.wish" && reason.text.find("metal") != std::string::npos; }); };
    EXPECT_TRUE(told(trackOf(plan, "gtr-l").fader));
    EXPECT_FALSE(told(trackOf(plan, "keys").fader));
}

TEST(MixWishes, AReferenceMovesToneWidthAndCompressionTowardsItsOwn) {
    const Style& neutral = *findStyle("neutral");
    const ReferenceProfile bassy = reference(6.0, -4.0, 7.0), lean = reference(-6.0, -20.0, 16.0);
    const MixWishes more = mixWishes({}, &bassy), less = mixWishes({}, &lean);
    EXPECT_GT(more.spectrumDb(neutral)[6], targetSpectrumDb(neutral)[6] + 4.0);   // 80 Hz
    EXPECT_LT(less.spectrumDb(neutral)[6], targetSpectrumDb(neutral)[6] - 4.0);
    EXPECT_NEAR(more.spectrumDb(neutral)[17], targetSpectrumDb(neutral)[17], 0.5);
    EXPECT_GT(more.width, 1.1);
    EXPECT_LT(less.width, 0.9);
    EXPECT_GT(more.compression, 1.1);
    EXPECT_LT(less.compression, 0.9);
    Intent none;
    none.match = {.tone = 0.0, .width = 0.0, .dynamics = 0.0};
    const MixWishes kept = mixWishes(none, &bassy);
    EXPECT_FALSE(kept.targetDb);
    EXPECT_EQ(kept.width, 1.0);
    EXPECT_EQ(kept.compression, 1.0);
}

TEST(MixWishes, TheTiltGoesTowardsTheReference) {
    const Band band = rockBand();
    const auto lowsDb = [&](const ReferenceProfile* profile) {
        const Plan plan = planMix({band.session, band.analyses, band.alignments, nullptr, profile}, {});
        for (const Step& step : plan.mixBus)
            if (step.id == "mix.tilt") return analogueGainDb(std::get<Equalizer::Params>(step.params), 60.0);
        return 0.0;
    };
    const ReferenceProfile bassy = reference(9.0, -10.0, 11.0), lean = reference(-9.0, -10.0, 11.0);
    EXPECT_GT(lowsDb(&bassy), lowsDb(&lean) + 1.0);
}

}  // namespace
}  // namespace tonewright::testing
