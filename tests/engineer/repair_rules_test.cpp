#include <gtest/gtest.h>

#include "engineer/repair/repair_rules.h"
#include "mix_support.h"

namespace tonewright::testing {
namespace {

// One track of a session, as the repair rules meet it.
struct Case {
    Band band;
    MixTrack track;

    explicit Case(const std::string& role, Analysis facts) {
        band.add("t", role, std::move(facts));
        band.add("reference", "drums/overhead", played(10.0, 80, 12000, steady));
        track.track = &band.session.tracks[0];
        track.analysis = &band.analyses[0];
        track.profile = &roleProfile(role);
        track.loudnessLufs = -30.0;
    }
    std::optional<Step> aligned(double delayFrames, bool inverted, double confidence) {
        band.alignments = {{"t", {.delayFrames = delayFrames, .inverted = inverted, .confidence = confidence, .reference = "reference"}}};
        return decideAlignment(track, {band.session, band.analyses, band.alignments});
    }
};

Analysis drum() { return played(10.0, 60, 6000, hits); }

TEST(RepairTrim, EveryTrackStartsFromOneLoudness) {
    Case quiet("bass/electric", drum());
    EXPECT_EQ(std::get<Gain::Params>(decideTrim(quiet.track)->params).gainDb, 7.0);
    quiet.track.loudnessLufs = kSilentDb;
    EXPECT_FALSE(decideTrim(quiet.track));
}

TEST(RepairAlignment, AMicrophoneIsMovedByWhatWasFound) {
    Case snare("drums/snare", drum());
    const auto step = snare.aligned(-84.98, true, 0.9);
    ASSERT_TRUE(step);
    EXPECT_EQ(std::get<Alignment::Params>(step->params), (Alignment::Params{.delayFrames = -84.98, .invertPolarity = true}));
    EXPECT_NE(step->because[0].text.find("upside down"), std::string::npos);
}

TEST(RepairAlignment, AFaintTraceIsFollowedToo_WithADoubtThatIsSpoken) {
    Case kick("drums/kick", drum());
    EXPECT_NE(kick.aligned(40.0, false, 0.1)->because[0].text.find("listen"), std::string::npos);
    EXPECT_EQ(kick.aligned(40.0, false, 0.6)->because[0].text.find("listen"), std::string::npos);
    EXPECT_FALSE(kick.aligned(40.0, false, 0.01));
}

TEST(RepairAlignment, WhatIsInLineStays) {
    Case kick("drums/kick", drum());
    EXPECT_FALSE(kick.aligned(0.01, false, 1.0));
    EXPECT_FALSE(decideAlignment(kick.track, {kick.band.session, kick.band.analyses, {}}));
}

TEST(RepairAlignment, ARoomStandsEightMillisecondsBehind) {
    Case room("drums/room", drum());
    EXPECT_NEAR(std::get<Alignment::Params>(room.aligned(-100.0, false, 1.0)->params).delayFrames, -100.0 + 0.008 * 48000.0, 0.01);
}

TEST(RepairDc, OnlyAnOffsetThatCostsHeadroomIsTakenOut) {
    for (const auto& [shareDb, cured] : {std::pair{-20.0, true}, std::pair{-34.0, true}, std::pair{-36.0, false}, std::pair{-60.0, false}}) {
        Case track("guitar/electric", drum());
        track.band.analyses[0].dcOffset[0] = dbToGain(track.band.analyses[0].dynamics.rmsDbfs + shareDb);
        EXPECT_EQ(decideDc(track.track).has_value(), cured) << shareDb;
    }
}

TEST(RepairHum, HumIsNotchedAtWhatWasMeasuredAndOnlyThen) {
    Case guitar("guitar/electric", drum());
    EXPECT_FALSE(decideHum(guitar.track));
    guitar.band.analyses[0].hum = {.found = true, .fundamentalHz = 49.97, .levelDbfs = -55.0, .harmonics = 6};
    const auto params = std::get<HumFilter::Params>(decideHum(guitar.track)->params);
    EXPECT_EQ(params.humHz, 49.97);
    EXPECT_EQ(params.harmonics, 6);
}

struct NoiseCase {
    const char* situation;
    const char* role;
    double floorDbfs, snrDb, activeShare;
    bool cured;
};
TEST(RepairNoise, OnlyNoiseThatIsHeardInPausesIsTurnedDown) {
    for (const NoiseCase& c : {NoiseCase{"a noisy vocal with pauses", "vocals/lead", -60.0, 35.0, 0.6, true},
                               NoiseCase{"a clean vocal", "vocals/lead", -90.0, 65.0, 0.6, false},
                               NoiseCase{"a noisy guitar that never rests", "guitar/electric", -60.0, 35.0, 1.0, false},
                               NoiseCase{"noise as loud as the music", "guitar/electric", -30.0, 8.0, 0.6, false},
                               NoiseCase{"a room microphone", "drums/room", -60.0, 35.0, 0.6, false},
                               NoiseCase{"an effect that is noise", "effects/effect", -60.0, 35.0, 0.6, false}}) {
        Case track(c.role, drum());
        track.band.analyses[0].noise = {.floorDbfs = c.floorDbfs, .signalToNoiseDb = c.snrDb};
        track.band.analyses[0].activity.activeShare = c.activeShare;
        const auto step = decideNoise(track.track);
        EXPECT_EQ(step.has_value(), c.cured) << c.situation;
        // It opens above the noise and below the music, both as they are after the trim (7 dB up).
        if (step) {
            const double threshold = std::get<Gate::Params>(step->params).thresholdDb;
            EXPECT_GT(threshold, c.floorDbfs + 7.0 + 10.0);
            EXPECT_LT(threshold, c.floorDbfs + 7.0 + c.snrDb - 10.0);
        }
    }
}

TEST(RepairLowCut, RumbleIsCutButNeverTheInstrument) {
    for (const auto& [rumbleDb, cut] : {std::pair{-58.0, true}, std::pair{-75.0, false}, std::pair{-35.0, false}}) {
        Case guitar("guitar/electric", played(10.0, 100, 6000, steady));
        for (int band = 0; band < kThirdOctaves; ++band)
            if (thirdOctaveCentreHz(band) < 60.0) guitar.band.analyses[0].spectrum.thirdOctaveDb[band] = rumbleDb;
        EXPECT_EQ(decideLowCut(guitar.track).has_value(), cut) << rumbleDb;
    }
    Case bass("bass/electric", played(10.0, 30, 200, steady));
    EXPECT_FALSE(decideLowCut(bass.track));
}

}  // namespace
}  // namespace tonewright::testing
