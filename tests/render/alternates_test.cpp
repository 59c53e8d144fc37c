#include "render/alternates.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/decibels.h"
#include "render/mix_renderer.h"
#include "tests/support/files.h"
#include "tests/support/signals.h"

namespace tonewright::test {
namespace {

constexpr int kRate = 48000, kFrames = 24000;
const std::vector<Alternate> kAll = {Alternate::instrumental, Alternate::acappella, Alternate::tv, Alternate::drumless};

Step gain(const std::string& id, double db = 0.0) { return {.id = id, .params = Gain::Params{.gainDb = db}}; }

Plan withRoles(const std::vector<std::string>& roles) {
    Plan plan;
    for (const std::string& role : roles) {
        TrackPlan track;
        track.id = std::to_string(plan.tracks.size());
        track.role = role;
        plan.tracks.push_back(track);
    }
    return plan;
}

TEST(Alternates, WhatIsNotThereIsSaidInsteadOfWritten) {
    const Plan band = withRoles({"drums/kick", "bass/electric", "guitar/acoustic"});
    for (const AlternateInfo& info : alternatesOf(band, kAll)) {
        SCOPED_TRACE(info.name());
        EXPECT_EQ(info.whyNot.empty(), info.kind == Alternate::drumless);
    }
    for (const AlternateInfo& info : alternatesOf(withRoles({"vocals/lead", "vocals/choir"}), kAll)) {
        SCOPED_TRACE(info.name());
        EXPECT_EQ(info.whyNot.empty(), info.kind == Alternate::tv);
    }
    Plan muted = withRoles({"vocals/lead", "bass/electric"});
    muted.tracks[0].mute = gain("0.mute");
    EXPECT_NE(alternatesOf(muted, {Alternate::acappella})[0].whyNot, "");
    EXPECT_NE(alternatesOf(muted, {Alternate::instrumental})[0].whyNot, "");
}

TEST(Alternates, ATvMixWithoutBackingVocalsIsCalledTheInstrumental) {
    EXPECT_NE(alternatesOf(withRoles({"vocals/lead", "bass/electric"}), kAll)[2].note, "");
    EXPECT_EQ(alternatesOf(withRoles({"vocals/lead", "vocals/backing", "bass/electric"}), kAll)[2].note, "");
}

TEST(Alternates, TheMixIsCarriedInAsFewPartsAsTheVersionsNeed) {
    const Plan plan = withRoles({"vocals/lead", "vocals/backing", "drums/kick", "drums/snare", "bass/electric", "unknown"});
    EXPECT_EQ(partsFor(plan, {}).count, 0);
    EXPECT_EQ(partsFor(plan, {Alternate::instrumental, Alternate::acappella}).count, 2);
    EXPECT_EQ(partsFor(plan, {Alternate::tv, Alternate::instrumental}).count, 3);
    const MixParts parts = partsFor(plan, kAll);
    EXPECT_EQ(parts.count, 4);
    EXPECT_EQ(parts.ofTrack, (std::vector<int>{3, 2, 1, 1, 0, 0}));
    EXPECT_EQ(parts.heard, (std::vector<std::vector<int>>{{0, 1}, {2, 3}, {0, 1, 2}, {0, 2, 3}}));
}

struct Rendered {
    std::vector<float> mix;                    // left, then right of each block
    std::vector<std::vector<float>> versions;  // the same
};

class RenderedAlternates : public testing::Test {
protected:
    TrackPlan track(const std::string& id, const std::string& role, int channels = 1) {
        writeFloatWav(folder_ / (id + ".wav"), noise({kRate, channels}, kFrames, -12.0, id.size() * 7 + id[0]));
        TrackPlan plan;
        plan.id = plan.name = id;
        plan.role = role;
        plan.source = {id + ".wav", "", kRate, channels, kFrames};
        plan.fader = gain(id + ".fader");
        plan.pan = {.id = id + ".pan", .params = Panner::Params{}};
        return plan;
    }

    static BusPlan bus(const std::string& id, BusKind kind, std::vector<Step> chain) {
        return {.id = id, .name = id, .kind = kind, .chain = std::move(chain), .fader = gain(id + ".fader", -2.0)};
    }

    // Lead and backing through one group, all through one reverb, the bass ducked by the kick; latencies everywhere.
    Plan band() {
        Plan plan;
        plan.sampleRateHz = kRate;
        plan.frames = kFrames + 4800;
        plan.tracks = {track("lead", "vocals/lead"), track("choir", "vocals/backing", 2), track("kick", "drums/kick"), track("bass", "bass/electric"), track("guitar", "guitar/acoustic", 2)};
        plan.buses = {bus("vocals", BusKind::group, {}), bus("room", BusKind::effect, {{.id = "room.1", .params = ReverbParams{.mix = 1.0}}, {.id = "room.late", .params = Limiter::Params{.ceilingDb = 0.0, .lookaheadMs = 4.0}}}),
                      bus("echo", BusKind::effect, {{.id = "echo.1", .params = Delay::Params{.mix = 1.0}}})};
        plan.tracks[0].output = plan.tracks[1].output = "vocals";
        for (int i : {0, 1, 2, 4}) plan.tracks[i].sends.push_back({"room", gain(plan.tracks[i].id + ".send", -6.0)});
        plan.tracks[0].sends.push_back({"echo", gain("lead.echo", -8.0)});
        plan.tracks[0].chain = {{.id = "lead.1", .params = Limiter::Params{.ceilingDb = 0.0, .lookaheadMs = 3.0}}};
        return plan;
    }

    static Step glue(const std::string& id) { return {.id = id, .params = Compressor::Params{.thresholdDb = -30.0, .ratio = 4.0, .lookaheadMs = 2.0}}; }

    Rendered render(const Plan& plan, const std::vector<Alternate>& alternates, int blockFrames = 512, int threads = 2) {
        Rendered result;
        result.versions.resize(alternates.size());
        const auto keep = [](std::vector<float>& to, ConstBlock block) {
            for (int n = 0; n < block.numFrames; ++n)
                for (int c = 0; c < 2; ++c) to.push_back(block.channels[c][n]);
        };
        WorkPool pool(threads);
        NoProgress progress;
        MixOutputs outputs;
        outputs.mix = [&](ConstBlock block) { keep(result.mix, block); };
        outputs.alternates = alternates;
        outputs.alternate = [&](int index, ConstBlock block) { keep(result.versions[index], block); };
        renderMix(plan, folder_, blockFrames, outputs, pool, progress);
        return result;
    }

    static double worstDb(const std::vector<float>& a, const std::vector<float>& b, const std::vector<float>& sum) {
        EXPECT_EQ(a.size(), sum.size());
        double worst = 0.0;
        for (std::size_t n = 0; n < sum.size(); ++n) worst = std::max(worst, std::abs(static_cast<double>(a[n]) + (b.empty() ? 0.0 : b[n]) - sum[n]));
        return gainToDb(worst);
    }

    ScratchFolder folder_;
};

TEST_F(RenderedAlternates, InstrumentalAndACappellaSumToTheMixThroughLinearSteps) {
    const Rendered result = render(band(), kAll);
    EXPECT_LT(worstDb(result.versions[0], result.versions[1], result.mix), -120.0);
}

TEST_F(RenderedAlternates, AndThroughCompressorsSaturationAndALimiter) {
    Plan plan = band();
    plan.buses[0].chain = {glue("vocals.1")};
    plan.buses[1].chain.push_back(glue("room.2"));
    plan.mixBus = {glue("mix.1"), {.id = "mix.2", .params = SaturatorParams{.driveDb = 12.0}}, {.id = "mix.3", .params = Limiter::Params{.inputGainDb = 6.0, .ceilingDb = -6.0}}};
    const Rendered result = render(plan, kAll);
    EXPECT_LT(worstDb(result.versions[0], result.versions[1], result.mix), -120.0);
}

TEST_F(RenderedAlternates, EachIsTheMixOfWhatPlaysInIt) {
    const Plan plan = band();
    const Rendered result = render(plan, kAll);
    for (std::size_t v = 0; v < kAll.size(); ++v) {
        Plan alone = plan;
        for (TrackPlan& track : alone.tracks)
            if (!plays(kAll[v], track.role)) track.fader = gain(track.id + ".fader", -120.0);
        for (TrackPlan& track : alone.tracks)
            if (!plays(kAll[v], track.role)) track.sends.clear();
        EXPECT_LT(worstDb(result.versions[v], {}, render(alone, {}).mix), -100.0) << kAlternateNames[v];
    }
}

TEST_F(RenderedAlternates, ThroughABusCompressorTheyKeepTheGainsOfTheWholeMix) {
    // A steady bass far below the threshold is turned down by what the voice does to the bus, in the instrumental too.
    Plan plan = band();
    plan.buses.clear();
    plan.tracks = {plan.tracks[0], plan.tracks[3]};
    plan.tracks[0].chain.clear();
    plan.tracks[0].output = "mix";
    plan.tracks[0].sends.clear();
    plan.tracks[1].fader = gain("bass.fader", -40.0);
    plan.mixBus = {{.id = "mix.1", .params = Compressor::Params{.thresholdDb = -30.0, .ratio = 4.0}}};
    const Rendered result = render(plan, {Alternate::instrumental});
    Plan alone = plan;
    alone.tracks[0].mute = gain("lead.mute");
    const Rendered bass = render(alone, {});
    double with = 0.0, without = 0.0;
    for (std::size_t n = 24000; n < 2 * kFrames; ++n) {
        with += result.versions[0][n] * result.versions[0][n];
        without += bass.mix[n] * bass.mix[n];
    }
    EXPECT_LT(powerToDb(with / without), -6.0);
    double worst = 0.0;  // and by one gain: the bass's own samples, scaled, where the gain stands still for two samples
    for (std::size_t n = 40000; n + 2 < 2 * kFrames; n += 2)
        if (std::abs(bass.mix[n]) > 1e-4f && std::abs(bass.mix[n + 2]) > 1e-4f)
            worst = std::max<double>(worst, std::abs(result.versions[0][n] / bass.mix[n] - result.versions[0][n + 2] / bass.mix[n + 2]));
    EXPECT_LT(worst, 0.01);
}

TEST_F(RenderedAlternates, ThroughASaturatorNothingOfTheVoiceIsLeftInTheInstrumental) {
    Plan plan = band();
    plan.mixBus = {{.id = "mix.1", .params = SaturatorParams{.driveDb = 12.0}}};
    const std::vector<Alternate> versions = {Alternate::instrumental, Alternate::tv};
    const Rendered result = render(plan, versions);
    for (std::size_t v = 0; v < versions.size(); ++v) {
        Plan alone = plan;
        for (TrackPlan& track : alone.tracks)
            if (!plays(versions[v], track.role)) {
                track.fader = gain(track.id + ".fader", -120.0);
                track.sends.clear();
            }
        EXPECT_LT(worstDb(result.versions[v], {}, render(alone, {}).mix), -100.0) << kAlternateNames[v];
    }
    EXPECT_GT(worstDb(result.versions[0], {}, result.versions[1]), -30.0);
}

TEST_F(RenderedAlternates, TheMixIsTheSameBitsWithThemAndWithout) {
    Plan plan = band();
    plan.buses[0].chain = {glue("vocals.1")};
    plan.mixBus = {glue("mix.1"), {.id = "mix.2", .params = SaturatorParams{.driveDb = 6.0}}};
    EXPECT_EQ(render(plan, kAll).mix, render(plan, {}).mix);
}

TEST_F(RenderedAlternates, BlocksAndThreadsChangeNoBit) {
    Plan plan = band();
    plan.buses[0].chain = {glue("vocals.1")};
    plan.mixBus = {glue("mix.1"), {.id = "mix.2", .params = SaturatorParams{.driveDb = 6.0}}};
    const Rendered expected = render(plan, kAll, 8192, 1);
    for (const auto& [blockFrames, threads] : {std::pair{333, 4}, {64, 1}, {65536, 3}}) EXPECT_EQ(render(plan, kAll, blockFrames, threads).versions, expected.versions) << blockFrames;
}

}  // namespace
}  // namespace tonewright::test
