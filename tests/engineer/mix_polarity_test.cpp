#include "engineer/mix/polarity.h"

#include <gtest/gtest.h>

#include <random>

#include "analysis/low_end.h"
#include "mix_support.h"

// Which way round recordings that share a low end are played. Their sketches come from words, their waves from noise with a part in common.
namespace tonewright::testing {
namespace {

constexpr double kSeconds = 20.0;
constexpr int kLowRateFrames = 600000;   // long enough for chance to even out

struct Wave {
    std::vector<float> samples;
    Wave() : samples(kLowRateFrames) {}
    Wave& add(unsigned seed, double gain) {
        std::mt19937 engine(seed);
        for (float& sample : samples) sample += static_cast<float>(gain * (static_cast<double>(engine()) / 2147483648.0 - 1.0));
        return *this;
    }
};

// Two basses that share much, a kick that shares some with both the other way round, and a voice that shares nothing.
struct Session4 {
    Band band;
    std::vector<std::vector<float>> waves;

    Session4() {
        band.add("bass-a", "bass/electric", played(kSeconds, 40, 900, steady));
        band.add("bass-b", "bass/synth", played(kSeconds, 40, 700, [](double t) { return std::fmod(t, 2.0) < 1.4 ? -18.0 : -24.0; }));
        band.add("kick", "drums/kick", played(kSeconds, 40, 3000, hits));
        band.add("vox", "vocals/lead", played(kSeconds, 200, 9000, steady));
        waves = {Wave().add(1, 0.6).add(2, 0.3).samples, Wave().add(1, 0.4).add(3, 0.3).samples, Wave().add(1, -0.2).add(4, 0.6).samples, Wave().add(5, 0.5).samples};
    }

    void turn(int track) {
        for (float& sample : waves[track]) sample = -sample;
    }

    Plan plan() const {
        LowEnd lowEnd(4, 48000.0);
        lowEnd.add(waves);
        return planMix({.session = band.session, .analyses = band.analyses, .alignments = band.alignments, .lowEnd = &lowEnd}, {});
    }
};

bool isTurned(const Plan& plan, const std::string& id) {
    bool turned = false;
    for (const Step& step : trackOf(plan, id).chain)
        if (const auto* params = std::get_if<Alignment::Params>(&step.params)) turned = turned != params->invertPolarity;
    return turned;
}

constexpr const char* kIds[] = {"bass-a", "bass-b", "kick", "vox"};

// The voice shares nothing but what chance makes: that adds up the same way too.
TEST(MixPolarity, WhateverWayRoundTracksWereRecordedTheyPlayTheSame) {
    const bool voxAsBass = !isTurned(Session4().plan(), "vox");
    for (int turned = 0; turned < 16; ++turned) {
        Session4 session;
        for (int track = 0; track < 4; ++track)
            if (turned >> track & 1) session.turn(track);
        const Plan plan = session.plan();
        const auto sign = [&](int track) { return ((turned >> track & 1) != 0) != isTurned(plan, kIds[track]); };
        EXPECT_EQ(sign(0), sign(1)) << turned;     // the basses agree
        EXPECT_NE(sign(0), sign(2)) << turned;     // what the kick shares with them is upside down
        EXPECT_EQ(sign(0) == sign(3), voxAsBass) << turned;
    }
}

// What is done to a track, polarity apart.
std::vector<StepParams> treatment(const Plan& plan, const std::string& id) {
    std::vector<StepParams> steps;
    for (const Step& step : trackOf(plan, id).chain)
        if (!std::holds_alternative<Alignment::Params>(step.params)) steps.push_back(step.params);
    return steps;
}

// No fader, no other step knows which way round a recording came: neither what covers the voice nor how loud it must be for that.
TEST(MixPolarity, NothingElseDependsOnIt) {
    Band band;
    const char* ids[] = {"pad-a", "pad-b", "vox"};
    band.add("pad-a", "pad/synth", played(kSeconds, 200, 6000, steady));
    band.add("pad-b", "pad/synth", played(kSeconds, 200, 4000, [](double t) { return std::fmod(t, 2.0) < 1.4 ? -18.0 : -24.0; }));
    band.add("vox", "vocals/lead", played(kSeconds, 200, 9000, [](double t) { return std::fmod(t, 4.0) < 3.0 ? -18.0 : -60.0; }));
    const auto planned = [&](double turn) {
        LowEnd lowEnd(3, 48000.0);
        lowEnd.add(std::vector{Wave().add(1, 0.5).add(2, 0.1).samples, Wave().add(1, turn * 0.5).add(3, turn * 0.1).samples, Wave().add(4, 0.5).samples});
        return planMix({.session = band.session, .analyses = band.analyses, .alignments = band.alignments, .lowEnd = &lowEnd}, {});
    };
    const Plan asRecorded = planned(1.0), turned = planned(-1.0);
    ASSERT_NE(isTurned(turned, "pad-a"), isTurned(turned, "pad-b"));
    std::size_t steps = 0;
    for (const char* id : ids) {
        EXPECT_EQ(trackOf(turned, id).fader.params, trackOf(asRecorded, id).fader.params) << id;
        EXPECT_TRUE(treatment(turned, id) == treatment(asRecorded, id)) << id;
        for (const StepParams& params : treatment(turned, id)) steps += std::holds_alternative<Equalizer::Params>(params) || std::holds_alternative<DynamicEqualizer::Params>(params);
    }
    EXPECT_GE(steps, 1u) << "something must give way to the voice";
}

TEST(MixPolarity, AsFewAsPossibleAreTurned) {
    Session4 session;
    const Plan first = session.plan();
    EXPECT_TRUE(isTurned(first, "kick"));
    for (int track = 0; track < 4; ++track)
        if (isTurned(first, kIds[track])) session.turn(track);
    const Plan plan = session.plan();
    for (const char* id : kIds) EXPECT_FALSE(isTurned(plan, id)) << id;
}

TEST(MixPolarity, TheReasonSaysWithWhomAndHowMuch) {
    Session4 session;
    session.turn(1);
    session.turn(2);
    const Plan plan = session.plan();
    const Step* step = stepOf(trackOf(plan, "bass-b"), "polarity");
    ASSERT_TRUE(step);
    EXPECT_EQ(step->because.front().rule, "mix.polarity");
    EXPECT_NE(step->because.front().text.find("bass-a"), std::string::npos);
    EXPECT_GT(measured(*step, "fullerByDb"), 0.5);
    EXPECT_GT(measured(*step, "fullerOverAllDb"), 0.5);
}

TEST(MixPolarity, WhatHasNothingInCommonIsLeftAlone) {
    Session4 session;
    session.waves = {Wave().add(1, 0.5).samples, Wave().add(2, 0.0005).samples, Wave().add(3, 0.0).samples, Wave().add(4, 0.0).samples};
    const Plan plan = session.plan();
    for (const char* id : {"bass-a", "bass-b", "kick", "vox"}) EXPECT_FALSE(isTurned(plan, id)) << id;
}

// Microphones that the alignment is sure of are one thing: they are turned together, and back together.
TEST(MixPolarity, AlignedMicrophonesTurnTogether) {
    Session4 session;
    for (const char* id : {"bass-a", "bass-b"}) {
        session.band.alignments[id] = {.delayFrames = 0.0, .inverted = std::string(id) == "bass-b", .confidence = 0.9, .reference = "bass-a", .lowAgreement = 1.0};
    }
    for (int track : {0, 1}) session.band.session.tracks[track].group = "basses";
    session.turn(1);
    const Plan plan = session.plan();
    EXPECT_NE(isTurned(plan, "bass-a"), isTurned(plan, "bass-b"));
    EXPECT_TRUE(isTurned(plan, "bass-b") == isTurned(plan, "kick"));
}

// A guitar's microphone that hears the kit alone, one that is played into as well, and the same sound called an effect.
TEST(MixSpill, AMicrophoneThatHearsOnlyTheKitStaysOut) {
    Band band;
    for (const char* role : {"drums/kick", "drums/snare", "drums/overhead"}) band.add(role, role, played(kSeconds, 40, 9000, hits)).group = "kit";
    band.add("spill", "guitar/electric", played(kSeconds, 80, 2500, [](double t) { return std::fmod(t, 1.0) < 0.6 ? -30.0 : -45.0; }));
    band.add("played", "guitar/electric", played(kSeconds, 80, 6000, steady));
    band.add("reverb", "effects/effect", played(kSeconds, 100, 5000, hits));
    const Wave kick = Wave().add(1, 0.5), snare = Wave().add(2, 0.5), overhead = Wave().add(1, 0.2).add(2, 0.2).add(3, 0.1), spill = Wave().add(1, 0.02).add(2, -0.03), with = Wave().add(1, 0.02).add(4, 0.1);
    LowEnd lowEnd(6, 48000.0);
    lowEnd.add(std::vector{kick.samples, snare.samples, overhead.samples, spill.samples, with.samples, spill.samples});
    const Plan plan = planMix({.session = band.session, .analyses = band.analyses, .alignments = band.alignments, .lowEnd = &lowEnd}, {});
    ASSERT_TRUE(trackOf(plan, "spill").mute);
    EXPECT_EQ(trackOf(plan, "spill").mute->because.front().rule, "mix.spill");
    EXPECT_GT(measured(*trackOf(plan, "spill").mute, "spillShare"), 0.9);
    EXPECT_FALSE(trackOf(plan, "played").mute);
    EXPECT_FALSE(trackOf(plan, "reverb").mute);
}

}  // namespace
}  // namespace tonewright::testing
