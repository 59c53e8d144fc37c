#include "render/mix_renderer.h"

#include <gtest/gtest.h>

#include <mutex>

#include "core/decibels.h"
#include "core/error.h"
#include "tests/support/files.h"
#include "tests/support/signals.h"

namespace tonewright::test {
namespace {

constexpr int kRate = 48000, kFrames = 9600, kClick = 3000;
constexpr float kHeight = 0.1f;

// Passes everything below full scale bit for bit, late by its look-ahead.
Step late(const std::string& id, double ms) { return {.id = id, .params = Limiter::Params{.ceilingDb = 0.0, .lookaheadMs = ms}}; }
Step gain(const std::string& id, double db = 0.0) { return {.id = id, .params = Gain::Params{.gainDb = db}}; }

// A compressor that hears another track and answers its clicks.
Step ducker(const std::string& id, const std::string& key, double lookaheadMs = 0.0) {
    return {.id = id, .params = Compressor::Params{.thresholdDb = -60.0, .ratio = 20.0, .kneeDb = 0.0, .attackMs = 0.1, .lookaheadMs = lookaheadMs}, .key = key};
}

struct Rendered {
    std::vector<float> left, right;
    std::vector<std::vector<float>> stems;  // left
    MixMeasurements measurements;
};

class MixRenderer : public testing::Test {
protected:
    AudioBuffer click(int channels = 1, int at = kClick, int rate = kRate, int frames = kFrames) {
        AudioBuffer audio({static_cast<double>(rate), channels}, frames);
        for (int c = 0; c < channels; ++c) audio.channel(c)[at] = kHeight;
        return audio;
    }

    TrackPlan track(const std::string& id, const AudioBuffer& audio, std::vector<Step> chain = {}) {
        writeFloatWav(folder_ / (id + ".wav"), audio);
        TrackPlan plan;
        plan.id = plan.name = id;
        plan.source = {id + ".wav", "", static_cast<int>(audio.spec().sampleRateHz), audio.spec().channels, audio.numFrames()};
        plan.chain = std::move(chain);
        plan.fader = gain(id + ".fader");
        plan.pan = {.id = id + ".pan", .params = Panner::Params{}};
        return plan;
    }

    static BusPlan bus(const std::string& id, BusKind kind, std::vector<Step> chain) {
        return {.id = id, .name = id, .kind = kind, .chain = std::move(chain), .fader = gain(id + ".fader")};
    }

    static Plan mix(std::vector<TrackPlan> tracks) {
        Plan plan;
        plan.sampleRateHz = kRate;
        plan.frames = kFrames;
        plan.tracks = std::move(tracks);
        return plan;
    }

    Rendered render(const Plan& plan, int blockFrames = 512, int threads = 2) {
        Rendered result;
        result.stems.resize(stemsOf(plan).size());
        WorkPool pool(threads);
        NoProgress progress;
        const MixOutputs outputs{.mix =
                                     [&](ConstBlock block) {
                                         result.left.insert(result.left.end(), block.channels[0], block.channels[0] + block.numFrames);
                                         result.right.insert(result.right.end(), block.channels[1], block.channels[1] + block.numFrames);
                                     },
                                 .stem = [&](int stem, ConstBlock block) {
                                     result.stems[stem].insert(result.stems[stem].end(), block.channels[0], block.channels[0] + block.numFrames);
                                 }};
        result.measurements = renderMix(plan, folder_, blockFrames, outputs, pool, progress);
        return result;
    }

    // All sound in one frame, of this height.
    static void expectClick(const std::vector<float>& samples, int at, double height) {
        ASSERT_EQ(samples.size(), static_cast<std::size_t>(kFrames));
        for (int n = 0; n < kFrames; ++n) ASSERT_NEAR(samples[n], n == at ? height : 0.0, 1e-6) << "frame " << n;
    }

    // Everything that may be late at once: tracks, groups, returns and the mix bus, each by another time.
    Plan everythingLate() {
        Plan plan = mix({track("plain", click()), track("late", click(), {late("late.1", 5.0)}),
                         track("later", click(2), {late("later.1", 3.0), late("later.2", 10.0)}), track("grouped", click(), {late("grouped.1", 1.0)}),
                         track("sent", click(2))});
        plan.buses = {bus("group", BusKind::group, {late("group.1", 4.0)}), bus("quick", BusKind::group, {}),
                      bus("return", BusKind::effect, {late("return.1", 7.0)})};
        plan.tracks[3].output = "group";
        plan.tracks[4].output = "quick";
        plan.tracks[4].sends.push_back({"return", gain("sent.send", -6.0)});
        plan.tracks[0].sends.push_back({"return", gain("plain.send", -12.0)});
        plan.mixBus = {late("mix.1", 2.0)};
        return plan;
    }

    ScratchFolder folder_;
};

TEST_F(MixRenderer, EveryPathArrivesAtTheSameFrame) {
    const Rendered result = render(everythingLate());
    expectClick(result.left, kClick, kHeight * (5.0 + dbToGain(-6.0) + dbToGain(-12.0)));
    EXPECT_EQ(result.left, result.right);
}

TEST_F(MixRenderer, StemsArriveThereTooAndSumToTheMix) {
    const Plan plan = everythingLate();
    const Rendered result = render(plan);
    const std::vector<StemInfo> stems = stemsOf(plan);
    for (std::size_t i = 0; i < stems.size(); ++i) {
        const double height = stems[i].kind == StemInfo::Kind::track ? 1.0 : stems[i].kind == StemInfo::Kind::busChange ? 0.0 : dbToGain(-6.0) + dbToGain(-12.0);
        SCOPED_TRACE(stems[i].id);
        expectClick(result.stems[i], kClick, kHeight * height);
    }
}

TEST_F(MixRenderer, StemsOfRealProcessingSumToTheMix) {
    Plan plan = everythingLate();
    for (TrackPlan& track : plan.tracks) writeFloatWav(folder_ / track.source.file, noise({kRate, track.source.channels}, kFrames, -6.0, track.id.size()));
    plan.buses[0].chain.push_back({.id = "group.2", .params = Compressor::Params{.thresholdDb = -30.0, .ratio = 4.0}});
    plan.buses[1].fader = gain("quick.fader", -4.0);
    plan.mixBus.push_back(gain("mix.2", 3.0));
    const Rendered result = render(plan);
    double worst = 0.0;
    for (int n = 0; n < kFrames; ++n) {
        double sum = 0.0;
        for (const auto& stem : result.stems) sum += stem[n];
        worst = std::max(worst, std::abs(sum - result.left[n]));
    }
    EXPECT_LT(gainToDb(worst), -110.0);
}

TEST_F(MixRenderer, BlocksAndThreadsChangeNoBit) {
    Plan plan = everythingLate();
    for (TrackPlan& track : plan.tracks) writeFloatWav(folder_ / track.source.file, noise({kRate, track.source.channels}, kFrames, -6.0, track.id.size()));
    plan.tracks[1].chain.push_back(ducker("late.duck", "later", 3.0));
    const Rendered expected = render(plan, 8192, 1);
    for (const auto& [blockFrames, threads] : {std::pair{16, 1}, {1000, 2}, {333, 4}, {8192, 8}, {65536, 3}}) {
        const Rendered other = render(plan, blockFrames, threads);
        EXPECT_EQ(other.left, expected.left) << blockFrames << " frames, " << threads << " threads";
        EXPECT_EQ(other.stems, expected.stems) << blockFrames << " frames, " << threads << " threads";
        for (std::size_t i = 0; i < expected.measurements.stems.size(); ++i)
            EXPECT_EQ(other.measurements.stems[i].integratedLufs, expected.measurements.stems[i].integratedLufs);
    }
}

TEST_F(MixRenderer, TracksStartWhereThePlanSays) {
    for (int start : {0, 1, 511, 512, 513, 4000}) {
        Plan plan = mix({track("a", click(1, 100))});
        plan.tracks[0].startFrame = start;
        expectClick(render(plan).left, 100 + start, kHeight);
    }
    Plan plan = mix({track("a", click(1, 100))});
    plan.tracks[0].startFrame = kFrames;  // after the end: nothing to hear, nothing wrong
    expectClick(render(plan).left, 0, 0.0);
}

TEST_F(MixRenderer, AResampledTrackStaysInPlace) {
    AudioBuffer slow({24000.0, 1}, kFrames / 2);
    for (int n = 0; n < kFrames / 2; ++n) slow.channel(0)[n] = kHeight * static_cast<float>(std::exp(-std::pow((n - kClick / 2) / 12.0, 2)));
    const Rendered result = render(mix({track("a", slow)}));
    for (int n = kClick - 40; n < kClick + 40; ++n) ASSERT_NEAR(result.left[n], kHeight * std::exp(-std::pow((n - kClick) / 24.0, 2)), 2e-5) << n;
}

TEST_F(MixRenderer, MutedTracksAreNotHeardAndNeedNoFile) {
    Plan plan = mix({track("a", click()), track("b", click())});
    plan.tracks[1].mute = gain("b.mute");
    std::filesystem::remove(folder_ / "b.wav");
    expectClick(render(plan).left, kClick, kHeight);
    EXPECT_EQ(stemsOf(plan).size(), 1u);
    plan.tracks[1].mute->enabled = false;
    EXPECT_THROW(render(plan), InputError);
}

TEST_F(MixRenderer, AKeyedCompressorHearsItsKeyInTimeWhateverTheLatenciesAndTheOrder) {
    // The key clicks where the programme stands still at a constant level; the reduction must begin with the click.
    AudioBuffer steady({kRate, 1}, kFrames);
    for (float& sample : steady.channel(0)) sample = 0.01f;
    AudioBuffer burst({kRate, 1}, kFrames);
    for (int n = kClick; n < kClick + 960; ++n) burst.channel(0)[n] = 0.5f;
    for (double programmeMs : {0.5, 8.0}) {
        for (double keyMs : {0.5, 10.0}) {
            for (bool keyFirst : {true, false}) {
                TrackPlan keyed = track("keyed", steady, {late("keyed.1", programmeMs), ducker("keyed.2", "key")}), key = track("key", burst, {late("key.1", keyMs)});
                const Plan plan = keyFirst ? mix({key, keyed}) : mix({keyed, key});
                const std::vector<float> out = render(plan).stems[keyFirst ? 1 : 0];
                SCOPED_TRACE(testing::Message() << "programme " << programmeMs << " ms, key " << keyMs << " ms, key first " << keyFirst);
                EXPECT_NEAR(out[kClick - 1], 0.01, 2e-4) << "too early";
                EXPECT_LT(out[kClick + 48], 0.005) << "too late";
            }
        }
    }
}

// What feeds a return, or a track, holds the return down while it sounds: at its own time, whatever is late before and behind it.
TEST_F(MixRenderer, KeysOfBusesMeetWhatTheyChangeInTime) {
    AudioBuffer steady({kRate, 1}, kFrames), burst({kRate, 1}, kFrames);
    for (float& sample : steady.channel(0)) sample = 0.01f;
    for (int n = kClick; n < kFrames; ++n) burst.channel(0)[n] = 0.5f;
    for (const double programmeMs : {0.5, 8.0})
        for (const double keyMs : {0.5, 10.0})
            for (const double busMs : {0.5, 6.0})
                for (const bool itself : {true, false}) {
                    Plan plan = mix({track("steady", steady, {late("steady.1", programmeMs)}), track("key", burst, {late("key.1", keyMs)})});
                    plan.tracks[0].sends.push_back({"return", gain("steady.send")});
                    // Hearing itself, the return is fed by the burst as well; hearing the track, it need not be.
                    if (itself) plan.tracks[1].sends.push_back({"return", gain("key.send")});
                    Step duck = ducker("return.duck", itself ? "return" : "key");
                    plan.buses = {bus("return", BusKind::effect, {late("return.1", busMs), duck})};
                    Plan open = plan;
                    open.buses[0].chain[1].enabled = false;
                    const std::vector<float> out = render(plan).stems[2], without = render(open).stems[2];
                    SCOPED_TRACE(testing::Message() << "programme " << programmeMs << " ms, key " << keyMs << " ms, bus " << busMs << " ms, itself " << itself);
                    const auto gainAt = [&](int n) { return out[n] / without[n]; };
                    EXPECT_LT(gainAt(kClick + 48), 0.7 * gainAt(kClick - 1)) << "too late";
                    EXPECT_NEAR(gainAt(kClick - 1), gainAt(kClick - 200), 0.02) << "too early";
                }
}

TEST_F(MixRenderer, KeyedReturnsChangeNoBitWithBlocksAndThreadsAndStemsStillSum) {
    Plan plan = everythingLate();
    for (TrackPlan& track : plan.tracks) writeFloatWav(folder_ / track.source.file, noise({kRate, track.source.channels}, kFrames, -6.0, track.id.size()));
    plan.buses[2].chain.push_back(ducker("return.duck", "return", 2.0));
    plan.buses[0].chain.push_back(ducker("group.duck", "later"));
    const Rendered expected = render(plan, 8192, 1);
    for (const auto& [blockFrames, threads] : {std::pair{16, 1}, {1000, 2}, {333, 4}}) EXPECT_EQ(render(plan, blockFrames, threads).left, expected.left);
    for (int n = 0; n < kFrames; ++n) {
        double sum = 0.0;
        for (const std::vector<float>& stem : expected.stems) sum += stem[n];
        ASSERT_NEAR(sum, expected.left[n], 1e-5) << n;
    }
    plan.tracks[2].mute = gain("later.mute");
    EXPECT_THROW(render(plan), InputError);
}

TEST_F(MixRenderer, KeysOfKeysWork) {
    Plan plan = mix({track("c", click(), {ducker("c.1", "b")}), track("a", click()), track("b", click(), {ducker("b.1", "a")})});
    EXPECT_EQ(render(plan, 64, 3).left, render(plan, 8192, 1).left);
}

TEST_F(MixRenderer, CirclesAndMutedKeysAreErrorsForPeople) {
    Plan circle = mix({track("a", click(), {ducker("a.1", "b")}), track("b", click(), {ducker("b.1", "a")})});
    EXPECT_THROW(render(circle), InputError);
    Plan muted = mix({track("a", click(), {ducker("a.1", "b")}), track("b", click())});
    EXPECT_NO_THROW(render(muted));
    muted.tracks[1].mute = gain("b.mute");
    EXPECT_THROW(render(muted), InputError);
    muted.tracks[0].chain[0].enabled = false;
    EXPECT_NO_THROW(render(muted));
}

TEST_F(MixRenderer, AnotherRecordingThanThePlannedOneIsRefused) {
    const Plan plan = mix({track("a", click())});
    for (const AudioBuffer& other : {click(2), click(1, kClick, 44100), click(1, kClick, kRate, kFrames + 1)}) {
        writeFloatWav(folder_ / "a.wav", other);
        EXPECT_THROW(render(plan), InputError);
    }
}

TEST_F(MixRenderer, ASendRidesInTime) {
    AudioBuffer clicks = click();
    clicks.channel(0)[8000] = kHeight;
    Plan plan = mix({track("sent", clicks)});
    plan.buses = {bus("return", BusKind::effect, {})};
    plan.tracks[0].sends.push_back({"return", gain("sent.send", -6.0), Step{.id = "sent.ride", .params = GainEnvelope::Params{.points = {{0.1, 6.0}, {0.15, -120.0}}}}});
    const auto returned = [&](int blockFrames) {
        const Rendered result = render(plan, blockFrames);
        for (std::size_t i = 0; i < result.stems.size(); ++i)
            if (stemsOf(plan)[i].id == "return") return result.stems[i];
        return std::vector<float>(kFrames);
    };
    const std::vector<float> wet = returned(512);
    EXPECT_NEAR(wet[kClick], kHeight, 1e-6);
    EXPECT_NEAR(wet[8000], 0.0, 1e-6);
    EXPECT_EQ(wet, returned(333));
    plan.tracks[0].sends[0].ride->enabled = false;
    EXPECT_NEAR(returned(512)[8000], kHeight * dbToGain(-6.0), 1e-6);
}

TEST_F(MixRenderer, BypassedStepsDoNothing) {
    Plan plan = mix({track("a", click(), {gain("a.1", -20.0)})});
    plan.tracks[0].chain[0].enabled = false;
    plan.mixBus = {gain("mix.1", 6.0)};
    plan.mixBus[0].enabled = false;
    expectClick(render(plan).left, kClick, kHeight);
    EXPECT_EQ(stemsOf(plan).size(), 1u);
}

}  // namespace
}  // namespace tonewright::test
