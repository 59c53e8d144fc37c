#include <gtest/gtest.h>

#include "engineer/mix/rough.h"
#include "mix_support.h"

// The artist's balance from a rough mix, and what is made of it.
namespace tonewright::testing {
namespace {

constexpr double kSeconds = 20.0;

Band band() {
    Band result;
    result.add("vocal", "vocals/lead", played(kSeconds, 200, 5000, [](double t) { return std::fmod(t, 4.0) < 2.5 ? -20.0 : -200.0; }));
    result.add("guitar", "guitar/electric-driven", played(kSeconds, 150, 6000, steady));
    result.add("bass", "bass/electric", played(kSeconds, 40, 400, [](double t) { return std::fmod(t, 1.0) < 0.7 ? -18.0 : -30.0; }));
    return result;
}

RoughBalance rough(const std::map<std::string, RoughBalance::Place>& tracks) {
    return {.name = "rough.wav", .method = RoughBalance::Method::waveforms, .explainedShare = 1.0, .loudnessLufs = -20.0, .tracks = tracks};
}

TEST(MixRough, FadersAndPansAreThoseOfTheRoughMix) {
    Band session = band();
    const RoughBalance balance = rough({{"vocal", {-3.0, 0.0, 1.0}}, {"guitar", {-15.0, 0.7, 1.0}}, {"bass", {2.0, -0.3, 1.0}}});
    Intent intent;
    intent.intensity = 0.0;  // no tone and dynamics, so that faders and trims are all there is
    const Plan plan = planMix({session.session, session.analyses, session.alignments, &balance}, intent);
    EXPECT_NEAR(levelDb(plan, "vocal") - levelDb(plan, "guitar"), 12.0, 0.4);
    EXPECT_NEAR(levelDb(plan, "bass") - levelDb(plan, "vocal"), 5.0, 0.4);
    for (const TrackPlan& track : plan.tracks) {
        EXPECT_EQ(track.fader.because.front().rule, "mix.rough");
        EXPECT_EQ(std::get<Panner::Params>(track.pan.params).position, track.id == "guitar" ? 0.7 : track.id == "bass" ? -0.3 : 0.0);
    }
}

TEST(MixRough, WhatItDoesNotSayIsDecidedByTheRole) {
    Band session = band();
    const RoughBalance balance = rough({{"vocal", {-3.0, 0.0, 1.0}}, {"bass", {2.0, std::nullopt, 0.9}}, {"guitar", {40.0, 1.0, 0.1}}});
    const Plan plan = planMix({session.session, session.analyses, session.alignments, &balance}, {});
    for (const TrackPlan& track : plan.tracks) EXPECT_EQ(track.fader.because.front().rule, track.id == "guitar" ? "mix.balance" : "mix.rough") << track.id;
    EXPECT_LT(faderDb(plan, "guitar"), 10.0);
}

TEST(MixRough, WhatItLeavesOutDoesNotPlay) {
    Band session = band();
    const RoughBalance balance = rough({{"vocal", {-3.0, 0.0, 1.0}}, {"guitar", {-80.0, 0.0, 0.2}}, {"bass", {2.0, 0.0, 1.0}}});
    const Plan plan = planMix({session.session, session.analyses, session.alignments, &balance}, {});
    for (const TrackPlan& track : plan.tracks) EXPECT_EQ(track.muted(), track.id == "guitar") << track.id;
}

TEST(MixRough, LevelsAloneAreRecoveredFromEnergy) {
    Band session = band();
    Analysis mix = session.analyses.front();
    const double gainsDb[] = {-4.0, -10.0, 3.0};
    std::fill(mix.sketch.power.begin(), mix.sketch.power.end(), 0.0f);
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t k = 0; k < mix.sketch.power.size(); ++k) mix.sketch.power[k] += static_cast<float>(dbToPower(gainsDb[i])) * session.analyses[i].sketch.power[k];
    const RoughBalance balance = balanceFromLevels(session.session, session.analyses, mix, 0);
    EXPECT_GT(balance.explainedShare, 0.98);
    for (std::size_t i = 0; i < 3; ++i) {
        const RoughBalance::Place& place = balance.tracks.at(session.session.tracks[i].id);
        EXPECT_NEAR(place.gainDb, gainsDb[i], 0.3) << i;
        EXPECT_FALSE(place.position);
    }
}

TEST(MixRough, PansFollowThePannersLaws) {
    Band session;
    session.add("mono", "keys/piano", played(kSeconds, 200, 5000, steady));
    session.add("stereo", "keys/piano", played(kSeconds, 200, 5000, steady), 2);
    for (double position : {-0.8, 0.0, 0.45}) {
        const auto mono = Panner::gains({.position = position, .source = Panner::Source::mono});
        const auto stereo = Panner::gains({.position = position, .source = Panner::Source::stereo});
        RoughGains gains{.left = {{{0.5 * (mono.leftFromLeft + mono.leftFromRight), 0.0}}, {{0.5 * stereo.leftFromLeft, 0.0}}, std::nullopt},
                         .right = {{{0.5 * (mono.rightFromLeft + mono.rightFromRight), 0.0}}, std::nullopt, {{0.5 * stereo.rightFromRight, 0.0}}},
                         .explainedShare = 1.0};
        const std::vector<int> channelOf = {0, 1};
        const RoughBalance balance = balanceFromGains(session.session, gains, channelOf);
        for (const char* id : {"mono", "stereo"}) {
            EXPECT_NEAR(balance.tracks.at(id).gainDb, gainToDb(0.5), 1e-6) << id << position;
            EXPECT_NEAR(*balance.tracks.at(id).position, position, 1e-6) << id << position;
        }
    }
}

}  // namespace
}  // namespace tonewright::testing
