#include <gtest/gtest.h>

#include <algorithm>

#include "../support/signals.h"
#include "dsp/compressor.h"
#include "engineer/mix/dynamics.h"
#include "engineer/mix/space.h"
#include "mix_support.h"

// Which returns a song gets, and what they do to it.
namespace tonewright::testing {
namespace {

constexpr double kSeconds = 30.0;

// A snare on two and four at a tempo.
std::function<double(double)> backbeat(double bpm) {
    return [bpm](double t) {
        const double since = std::fmod(t + 60.0 / bpm, 120.0 / bpm);
        return since < 0.05 ? -12.0 : since < 0.15 ? -22.0 : -200.0;
    };
}
double phrases(double t) { return std::fmod(t, 4.0) < 2.6 ? -20.0 + 3.0 * std::sin(5.0 * t) : -200.0; }

struct Song {
    double bpm = 0.0;      // 0: no tempo is found
    bool sings = true;
    std::string style = "auto";
    double intensity = 1.0;
    bool busy = false;     // something new every tenth of a second
};

Plan planOf(const Song& song) {
    Band band;
    const double bpm = song.bpm > 0.0 ? song.bpm : 100.0, beat = 60.0 / bpm;
    Analysis snare = played(kSeconds, 150, 6000, backbeat(bpm));
    Analysis kick = played(kSeconds, 50, 200, [beat](double t) { return std::fmod(t, beat) < 0.1 ? -20.0 : -200.0; });
    Analysis hat = played(kSeconds, 6000, 14000, [beat](double t) { return std::fmod(t, 0.5 * beat) < 0.05 ? -20.0 : -200.0; });
    if (song.bpm > 0.0)   // else nobody marks a beat that could be found
        for (int eighth = 0; eighth * 0.5 * beat < kSeconds; ++eighth) {
            const float seconds = static_cast<float>(eighth * 0.5 * beat);
            hat.rhythm.onsetSeconds.push_back(seconds);
            if (eighth % 2 == 0) kick.rhythm.onsetSeconds.push_back(seconds);
            if (eighth % 4 == 2) snare.rhythm.onsetSeconds.push_back(seconds);
        }
    band.add("snare", "drums/snare", std::move(snare));
    band.add("kick", "drums/kick", std::move(kick));
    band.add("hat", "drums/hihat", std::move(hat));
    if (song.sings) band.add("vox", "vocals/lead", played(kSeconds, 200, 5000, phrases));
    band.add("choir", "vocals/backing", played(kSeconds, 250, 4000, phrases));
    band.add("strings", "strings/ensemble", played(kSeconds, 150, 4000, steady));
    if (song.busy) band.add("shaker", "drums/percussion", played(kSeconds, 100, 16000, [](double t) { return std::fmod(t, 0.1) < 0.05 ? -8.0 : -50.0; }));
    return band.plan({.style = song.style, .intensity = song.intensity});
}

const BusPlan* busOf(const Plan& plan, const std::string& id) {
    for (const BusPlan& bus : plan.buses)
        if (bus.id == id) return &bus;
    return nullptr;
}
std::string returnsOf(const Plan& plan) {
    std::string names;
    for (const BusPlan& bus : plan.buses)
        if (bus.kind == BusKind::effect) names += bus.id.substr(7) + " ";
    return names;
}
double sendDb(const Plan& plan, const std::string& track, const std::string& bus) {
    for (const Send& send : trackOf(plan, track).sends)
        if (send.to == bus) return std::get<Gain::Params>(send.level.params).gainDb;
    return -200.0;
}

TEST(MixSpace, TheReturnsFollowTempoStyleAndWhoPlays) {
    struct Case {
        const char* situation;
        Song song;
        const char* returns;
    };
    for (const Case& c : {Case{"a slow song with a singer", {.bpm = 80.0}, "plate room hall echo "}, Case{"a fast one", {.bpm = 150.0, .busy = true}, "plate room echo "},
                          Case{"nobody sings", {.bpm = 80.0, .sings = false}, "plate room hall "}, Case{"fast metal", {.bpm = 150.0, .style = "metal"}, "plate room echo "},
                          Case{"fast, and orchestral", {.bpm = 150.0, .style = "orchestral", .busy = true}, "plate room hall "}, Case{"nothing wanted", {.bpm = 80.0, .intensity = 0.0}, ""}})
        EXPECT_EQ(returnsOf(planOf(c.song)), c.returns) << c.situation;
    const std::string unknown = returnsOf(planOf({}));
    EXPECT_EQ(unknown.find("echo"), std::string::npos) << "an echo out of time";
}

TEST(MixSpace, ThePlateHasDiedAwayBeforeTheNextSnare) {
    for (const double bpm : {80.0, 100.0, 120.0, 150.0}) {
        const Plan plan = planOf({.bpm = bpm});
        const auto& plate = std::get<ReverbParams>(busOf(plan, "return-plate")->chain[0].params);
        EXPECT_GE(60.0 * (120.0 / bpm) / plate.decaySeconds, 40.0) << bpm << ": dB that it has fallen by";
        EXPECT_GE(plate.preDelayMs, 30.0);
        EXPECT_LE(plate.preDelayMs, 50.0);
        EXPECT_GE(plate.lowCutHz, 150.0);
        EXPECT_LE(plate.highCutHz, 8000.0);
    }
}

TEST(MixSpace, TheEchoIsInTime) {
    EXPECT_NEAR(std::get<Delay::Params>(busOf(planOf({.bpm = 100.0}), "return-echo")->chain[0].params).timeLeftMs, 450.0, 0.1) << "a dotted eighth";
    EXPECT_NEAR(std::get<Delay::Params>(busOf(planOf({.bpm = 150.0}), "return-echo")->chain[0].params).timeLeftMs, 400.0, 0.1) << "a quarter";
}

TEST(MixSpace, LeadsStandInFrontAndSupportBehind) {
    const Plan plan = planOf({.bpm = 80.0});
    // Drier, after a longer pre-delay, and without the room that pushes others back.
    EXPECT_LT(sendDb(plan, "vox", "return-plate"), sendDb(plan, "choir", "return-plate"));
    EXPECT_LT(sendDb(plan, "vox", "return-room"), -100.0);
    EXPECT_GT(sendDb(plan, "choir", "return-room"), -100.0);
    const auto& plate = std::get<ReverbParams>(busOf(plan, "return-plate")->chain[0].params);
    const auto& room = std::get<ReverbParams>(busOf(plan, "return-room")->chain[0].params);
    const auto& hall = std::get<ReverbParams>(busOf(plan, "return-hall")->chain[0].params);
    EXPECT_GT(plate.preDelayMs, hall.preDelayMs);
    EXPECT_GT(hall.preDelayMs, room.preDelayMs);
    EXPECT_LT(hall.highCutHz, plate.highCutHz);
    EXPECT_GT(room.earlyLevelDb, plate.earlyLevelDb);
}

TEST(MixSpace, TheReturnsStepBackForWhatFeedsThemAsFarAsStated) {
    const Plan plan = planOf({.bpm = 80.0});
    for (const auto& [id, mostDb] : {std::pair{"return-plate", 4.5}, {"return-echo", 8.0}}) {
        const BusPlan* bus = busOf(plan, id);
        ASSERT_EQ(bus->chain.size(), 2u) << id;
        const Step& duck = bus->chain[1];
        EXPECT_EQ(duck.key, id) << "it hears what comes in";
        EXPECT_GT(measured(duck, "reductionPredicted"), 0.5) << id;
        EXPECT_LT(measured(duck, "mostReductionPredicted"), mostDb) << id;
    }
    EXPECT_EQ(busOf(plan, "return-hall")->chain.size(), 1u) << "strings that never rest would keep it down for good";
}

TEST(MixSpace, WhatIsForecastIsWhatIsDecided) {
    Band band;
    band.add("vox", "vocals/lead", played(kSeconds, 200, 5000, phrases));
    band.add("piano", "keys/piano", played(kSeconds, 150, 6000, hits));
    Deciding deciding(band);
    MixState& state = deciding.state;
    const ReturnsForecast forecast = forecastReturns(state, 1.0);
    EXPECT_NEAR(forecast.reMixLu, -14.0, 0.3);
    EXPECT_GT(forecast.addedLu, 0.05);
    EXPECT_LT(forecast.addedLu, 0.5);
    EXPECT_EQ(forecastReturns(state, 0.0).addedLu, 0.0);
    decideSpace(state, 1.0);
    double power = 0.0;
    for (const BusPlan& bus : state.buses) power += dbToPower(measured(bus.chain[0], "returnReMixPredicted"));
    EXPECT_NEAR(powerToDb(power), forecast.reMixLu, 0.7);   // of each with its own gate
}

TEST(MixSpace, FluxKnowsABusySongFromASlowOneAtAnyLevel) {
    const SketchGrid grid = SketchGrid::covering(kSeconds, kFrameSeconds);
    const auto flux = [&](const std::function<double(double)>& levelDb, double gainDb) {
        const Analysis facts = played(kSeconds, 100, 8000, [&](double t) { return levelDb(t) + gainDb; });
        return spectralFlux(TrackSketch(facts.sketch, 0.0, grid), grid);
    };
    EXPECT_NEAR(flux(steady, 0.0), 0.0, 1e-6);
    EXPECT_GT(flux(hits, 0.0), 0.05);
    EXPECT_NEAR(flux(hits, -30.0), flux(hits, 0.0), 1e-6);
}

TEST(MixSpace, AWideStereoRecordingBringsItsOwnSpace) {
    for (const auto& [widthDb, sends] : {std::pair{-6.0, false}, std::pair{-30.0, true}}) {
        Band band;
        band.add("vox", "vocals/lead", played(kSeconds, 200, 5000, phrases));
        Analysis pad = played(kSeconds, 150, 4000, steady);
        pad.stereo.widthDb = widthDb;
        band.add("pad", "pad/synth", std::move(pad), 2);
        const Plan plan = band.plan();
        EXPECT_EQ(!trackOf(plan, "pad").sends.empty(), sends) << widthDb;
        EXPECT_FALSE(trackOf(plan, "vox").sends.empty());
    }
}

}  // namespace
}  // namespace tonewright::testing
