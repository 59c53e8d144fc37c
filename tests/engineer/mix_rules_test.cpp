#include <gtest/gtest.h>

#include "../support/signals.h"
#include "mix_support.h"

// Each rule in situations that a musician would recognise.
namespace tonewright::testing {
namespace {

constexpr double kSeconds = 20.0;

MixTrack trackOn(Band& band, const SketchGrid& grid) {
    MixTrack track;
    track.track = &band.session.tracks.back();
    track.analysis = &band.analyses.back();
    track.profile = &roleProfile(track.track->role);
    track.plan.id = track.track->id;
    track.sketch = TrackSketch(track.analysis->sketch, 0.0, grid);
    track.recordedPower = track.sketch.framePower();
    track.loudnessLufs = sketchLoudness(track.sketch.loudnessPower(), grid.frameSeconds);
    return track;
}

struct Alone {
    Band band;
    SketchGrid grid = SketchGrid::covering(kSeconds, kFrameSeconds);
    MixTrack track;
    Alone(const std::string& role, Analysis facts) {
        band.add("t", role, std::move(facts));
        track = trackOn(band, grid);
    }
};

double wordy(double t) { return std::fmod(t, 4.0) < 0.5 ? -8.0 : std::fmod(t, 2.0) < 1.5 ? -24.0 : -200.0; }

TEST(MixTone, OnlyAnOctaveThatStandsOutIsCutAndNeverTheBiteOfAnElectricGuitar) {
    struct Case {
        const char *situation, *role;
        double hz, byDb;
        bool cut;
    };
    for (const Case& c : {Case{"a boomy voice", "vocals/lead", 200, 14, true}, Case{"an ordinary voice", "vocals/lead", 200, 0, false}, Case{"a little warm", "vocals/lead", 200, 5, false},
                          Case{"a biting electric guitar", "guitar/electric", 3000, 14, false}, Case{"a kick", "drums/kick", 400, 14, false}}) {
        Alone alone(c.role, played(kSeconds, 100, 8000, steady));
        // What the average voice has (the table of the rule), and more of it around one frequency.
        const double usual[] = {-27.3, -24.6, -21.5, -18.5, -15.8, -13.2, -11.1, -9.9, -9.0, -9.0, -9.8, -10.3, -11.5, -12.6, -14.7, -15.0, -15.3, -17.5, -21.9, -21.4, -21.2, -22.7, -26.4, -34.0};
        auto& spectrum = alone.band.analyses[0].spectrum.thirdOctaveDb;
        spectrum.fill(-90.0);
        for (int i = 0; i < 24; ++i) spectrum[6 + i] = usual[i] + (std::abs(std::log2(thirdOctaveCentreHz(6 + i) / c.hz)) < 0.6 ? c.byDb : 0.0);
        const auto steps = decideTone(alone.track, 1.0);
        EXPECT_EQ(!steps.empty(), c.cut) << c.situation;
        for (const Step& step : steps) {
            const auto& band = std::get<Equalizer::Params>(step.params).bands.at(0);
            EXPECT_LT(std::abs(std::log2(band.frequencyHz / c.hz)), 0.5) << c.situation;
            EXPECT_LT(band.gainDb, 0.0);
            EXPECT_GE(band.gainDb, -3.0);
        }
    }
}

TEST(MixDeEss, OnlyAVoiceWithStrongHighsIsHeldBack) {
    const auto withHighs = [](double shareDb) {
        Analysis facts = played(kSeconds, 200, 4000, steady);
        for (int f = 0; f < facts.sketch.frames; f += 10)  // an s every half second
            for (int band = 0; band < kErbBands; ++band)
                if (erbCentreHz(band) > 6000.0) facts.sketch.power[static_cast<std::size_t>(f) * kErbBands + band] = static_cast<float>(dbToPower(-20.0 + shareDb));
        return facts;
    };
    const auto deEssed = [&](const char* role, double shareDb) {
        const Alone alone(role, withHighs(shareDb));
        return decideDeEss(alone.track, alone.grid).has_value();
    };
    EXPECT_TRUE(deEssed("vocals/lead", -3.0));
    EXPECT_FALSE(deEssed("vocals/lead", -25.0));
    EXPECT_FALSE(deEssed("keys/piano", -3.0));
}

TEST(MixSelection, OnePerformancePlaysOnceAndPairsPlayTogether) {
    const auto take = [] { return played(kSeconds, 150, 6000, wordy); };
    Band band;
    band.add("piano", "keys/piano", take(), 2);
    band.add("piano-mono", "keys/piano", take());
    band.add("click", "utility/click", played(kSeconds, 1000, 3000, hits));
    band.add("left", "guitar/electric", played(kSeconds, 90, 5000, hits)).side = "L";
    band.add("right", "guitar/electric", played(kSeconds, 90, 5000, hits)).side = "R";
    const Plan plan = band.plan();
    EXPECT_FALSE(trackOf(plan, "piano").muted());
    EXPECT_EQ(trackOf(plan, "piano-mono").mute->because[0].rule, "mix.duplicate");
    EXPECT_EQ(trackOf(plan, "click").mute->because[0].rule, "mix.utility");
    EXPECT_FALSE(trackOf(plan, "left").muted() || trackOf(plan, "right").muted());
}

TEST(MixPan, WhatMonoWouldTakeTooMuchFromComesNearerTogether) {
    for (const auto& [lossLu, width] : {std::pair{-1.0, 1.0}, std::pair{-2.4, 1.0}, std::pair{-3.5, 0.79}, std::pair{-6.0, 0.5}}) {
        Band band;
        band.add("vox", "vocals/lead", played(20, 200, 5000, steady));
        Analysis piano = played(20, 150, 6000, steady);
        piano.stereo.monoLossLu = lossLu;
        piano.stereo.widthDb = -2.0;
        band.add("piano", "keys/piano", std::move(piano), 2);
        const Plan plan = band.plan();
        const double found = std::get<Panner::Params>(trackOf(plan, "piano").pan.params).width;
        EXPECT_NEAR(found, width, 0.02) << lossLu;
        // Loudness of middle and sides as it comes out: what mono takes from it now.
        const double sides = (dbToPower(-lossLu) - 1.0) * found * found;
        EXPECT_LE(powerToDb(1.0 + sides), 2.5 + 1e-6) << lossLu;
    }
}

TEST(MixPan, LowsAndLeadInTheMiddleSidesOnTheirSidesTheRestApart) {
    Band band;
    band.add("vox", "vocals/lead", played(kSeconds, 200, 5000, steady));
    band.add("kick", "drums/kick", played(kSeconds, 40, 150, hits));
    band.add("bass", "bass/electric", played(kSeconds, 40, 250, steady));
    band.add("gl", "guitar/electric-driven", played(kSeconds, 90, 5000, hits)).side = "L";
    band.add("gr", "guitar/electric-driven", played(kSeconds, 90, 5000, wordy)).side = "R";
    band.add("one", "keys/organ", played(kSeconds, 200, 4000, steady));
    band.add("two", "guitar/electric-clean", played(kSeconds, 200, 4000, wordy));
    band.add("high", "drums/tom", played(kSeconds, 150, 400, [](double t) { return t > 8 && t < 9 ? -12.0 : -200.0; }));
    band.add("low", "drums/tom", played(kSeconds, 60, 150, [](double t) { return t > 9 && t < 10 ? -12.0 : -200.0; }));
    const Plan plan = band.plan();
    for (const char* centred : {"vox", "kick", "bass"}) EXPECT_EQ(position(plan, centred), 0.0) << centred;
    EXPECT_LE(position(plan, "gl"), -0.7);
    EXPECT_GE(position(plan, "gr"), 0.7);
    EXPECT_LT(position(plan, "one") * position(plan, "two"), 0.0);
    EXPECT_GT(position(plan, "high"), position(plan, "low"));
}

TEST(MixPan, AlikePartsFaceEachOtherHoweverManyStandBetweenThem) {
    for (const bool withOthers : {false, true}) {
        Band band;
        band.add("vox", "vocals/lead", played(kSeconds, 200, 5000, steady));
        if (withOthers) band.add("piano", "keys/piano", played(kSeconds, 100, 3000, steady));
        band.add("one", "guitar/electric-driven", played(kSeconds, 100, 5000, hits));
        band.add("two", "guitar/electric-driven", played(kSeconds, 100, 5000, [](double t) { return hits(t + 0.25); }));
        const Plan plan = band.plan();
        EXPECT_EQ(position(plan, "one"), -position(plan, "two")) << withOthers;
        EXPECT_EQ(std::abs(position(plan, "one")), 0.8) << withOthers;
    }
}

TEST(MixPan, WhatNobodyAnswersStaysNearTheCentre) {
    const auto guitarAt = [](bool answered) {
        Band band;
        band.add("vox", "vocals/lead", played(kSeconds, 200, 5000, steady));
        band.add("guitar", "guitar/acoustic", played(kSeconds, 100, 5000, hits));
        if (answered) band.add("keys", "keys/organ", played(kSeconds, 100, 5000, [](double t) { return hits(t + 0.25); }));
        const Plan plan = band.plan();
        EXPECT_TRUE(answered || trackOf(plan, "guitar").pan.because.front().text.find("nothing on the other side") != std::string::npos);
        return std::abs(position(plan, "guitar"));
    };
    EXPECT_LE(guitarAt(false), 0.25);
    EXPECT_GE(guitarAt(true), 0.5);
}

TEST(MixPan, AnInstrumentThatLeadsStandsBesideTheVoice) {
    Band band;
    band.add("vox", "vocals/lead", played(kSeconds, 200, 5000, steady));
    band.add("lead-gtr", "guitar/electric-driven", played(kSeconds, 100, 5000, hits)).isLead = true;
    band.add("gtr", "guitar/electric-driven", played(kSeconds, 100, 5000, [](double t) { return hits(t + 0.25); }));
    const Plan plan = band.plan();
    EXPECT_LE(std::abs(position(plan, "lead-gtr")), 0.25);
    EXPECT_NE(trackOf(plan, "lead-gtr").pan.because.front().text.find("it leads"), std::string::npos);
}

TEST(MixPan, OneRecordingInAStereoFileIsPlacedAsTheMonoThatItIs) {
    Band band;
    band.add("vox", "vocals/lead", played(kSeconds, 200, 5000, steady));
    band.add("keys", "keys/organ", played(kSeconds, 200, 4000, steady)).channelUse = ChannelUse::right;
    const Plan plan = band.plan();
    const TrackPlan& keys = trackOf(plan, "keys");
    EXPECT_NE(position(plan, "keys"), 0.0);
    EXPECT_EQ(std::get<Panner::Params>(keys.pan.params).source, Panner::Source::mono);
    EXPECT_NE(keys.pan.because.front().text.find("two channels"), std::string::npos);
    EXPECT_EQ(keys.source.channels, 2);
    EXPECT_EQ(keys.source.use, ChannelUse::right);
}

TEST(MixMasking, WhatMattersLessGivesWayWhereTheVoiceLives) {
    Band covered;
    covered.add("vox", "vocals/lead", played(kSeconds, 900, 2500, steady));
    covered.add("pad", "pad/pad", played(kSeconds, 100, 8000, [](double) { return -5.0; }));
    Deciding deciding(covered);
    MixState& state = deciding.state;
    // Two thirds of the pad's strength is elsewhere, so that the voice's bands are not what it lives on.
    BandGains elsewhere;
    for (int band = 0; band < kErbBands; ++band) elsewhere[band] = erbCentreHz(band) < 700.0 ? 10.0 : 1.0;
    state.tracks[1].sketch.applyBands(elsewhere);
    const TrackSketch sum = state.sum();
    EXPECT_GT(maskedShare(state.tracks[0], sum), 0.9);
    const auto decisions = decideMasking(state, 1.0);
    ASSERT_EQ(decisions.size(), 1u);
    EXPECT_EQ(decisions[0].track, 1);
    const auto& cut = std::get<Equalizer::Params>(decisions[0].step.params).bands.at(0);
    EXPECT_GT(cut.frequencyHz, 850.0);
    EXPECT_LT(cut.frequencyHz, 2700.0);
    EXPECT_LT(cut.gainDb, -0.7);
    state.tracks[1].sketch.applyGain(-40.0);
    EXPECT_TRUE(decideMasking(state, 1.0).empty());
    EXPECT_LT(maskedShare(state.tracks[0], state.sum()), 0.01);
}

TEST(MixTilt, AFewInstrumentsAreNotComparedWithReleasedMusic) {
    const auto tilted = [](const Band& band) { return std::ranges::any_of(band.plan().mixBus, [](const Step& step) { return step.id == "mix.tilt"; }); };
    Band band;
    band.add("kick", "drums/kick", played(kSeconds, 40, 300, hits));
    band.add("bass", "bass/electric", played(kSeconds, 40, 300, steady));
    EXPECT_FALSE(tilted(band));
    band.add("piano", "keys/piano", played(kSeconds, 1500, 16000, steady));
    EXPECT_TRUE(tilted(band)) << "three families, and one of them shrill";
}

TEST(MixDuck, TheBassStepsBackForAKickInTheSameOctavesOnly) {
    for (const auto& [kickHz, ducked] : {std::pair{150.0, true}, std::pair{0.0, false}}) {
        Band band;
        band.add("vox", "vocals/lead", played(kSeconds, 200, 5000, steady));
        band.add("kick", "drums/kick", kickHz > 0.0 ? played(kSeconds, 40, kickHz, hits) : played(kSeconds, 1000, 4000, hits));
        band.add("bass", "bass/electric", played(kSeconds, 40, 250, steady));
        const Plan plan = band.plan();
        const Step* duck = stepOf(trackOf(plan, "bass"), "duck");
        EXPECT_EQ(duck != nullptr, ducked);
        EXPECT_TRUE(!duck || duck->key == "kick");
    }
}

TEST(MixSpace, AllReturnsTogetherAreFourteenUnderTheMixAndNothingIsWetAtIntensityZero) {
    Band band;
    band.add("vox", "vocals/lead", played(kSeconds, 200, 5000, steady));
    band.add("snare", "drums/snare", played(kSeconds, 150, 6000, hits));
    band.add("piano", "keys/piano", played(kSeconds, 150, 6000, steady));
    double power = 0.0;
    for (const BusPlan& bus : band.plan().buses)
        if (bus.kind == BusKind::effect) power += dbToPower(measured(bus.chain.at(0), "returnReMixPredicted"));
    EXPECT_NEAR(powerToDb(power), -14.0, 0.5);
    for (const BusPlan& bus : band.plan({.intensity = 0.0}).buses) EXPECT_EQ(bus.kind, BusKind::group);
}

TEST(MixGroups, TwoOfAKindShareAFaderAndOneDoesNot) {
    Band band;
    band.add("vox", "vocals/lead", played(kSeconds, 200, 5000, steady));
    band.add("g1", "guitar/electric", played(kSeconds, 90, 5000, hits));
    band.add("g2", "guitar/acoustic", played(kSeconds, 90, 5000, wordy));
    const Plan plan = band.plan();
    EXPECT_EQ(trackOf(plan, "g1").output, "bus-guitars");
    EXPECT_EQ(trackOf(plan, "g2").output, "bus-guitars");
    EXPECT_EQ(trackOf(plan, "vox").output, "mix");
}

}  // namespace
}  // namespace tonewright::testing
