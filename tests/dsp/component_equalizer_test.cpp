#include "dsp/component_equalizer.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/kick_and_bass.h"
#include "tests/support/laws.h"
#include "tests/support/part_change.h"

namespace tonewright::test {

namespace {

using Component = ComponentEqualizer::Component;
constexpr StreamSpec kStereo{44100.0, 2};

AudioBuffer stereoOf(const std::vector<float>& left, const std::vector<float>& right, int tail) {
    AudioBuffer audio(kStereo, static_cast<int>(left.size()) + tail);
    std::copy(left.begin(), left.end(), audio.channel(0).begin());
    std::copy(right.begin(), right.end(), audio.channel(1).begin());
    return audio;
}

// The component of a mix and of its parts under the same masks, and the parts as late as it is and in the same band.
struct Split {
    std::vector<float> mix, first, second, firstBand, secondBand;
};

Split splitKick(const KickAndBass& song) {
    KickSplitter splitter({song.sampleRateHz, 3}, 30.0, 160.0, 1);
    const int chunk = splitter.chunkFrames(), frames = static_cast<int>(song.kick.size());
    std::vector<std::vector<float>> in(3, std::vector<float>(chunk)), out(6, std::vector<float>(chunk));
    const float* inputs[] = {in[0].data(), in[1].data(), in[2].data()};
    float* kicks[] = {out[0].data(), out[1].data(), out[2].data()};
    float* bands[] = {out[3].data(), out[4].data(), out[5].data()};
    Split split;
    for (int start = 0; start < frames + splitter.delayFrames(); start += chunk) {
        for (int n = 0; n < chunk; ++n) {
            in[1][n] = start + n < frames ? song.kick[start + n] : 0.0f;
            in[2][n] = start + n < frames ? song.bass[start + n] : 0.0f;
            in[0][n] = in[1][n] + in[2][n];
        }
        splitter.process(inputs, kicks, bands);
        int i = 0;
        for (auto* part : {&split.mix, &split.first, &split.second}) part->insert(part->end(), out[i].begin(), out[i].end()), ++i;
        i = 4;
        for (auto* part : {&split.firstBand, &split.secondBand}) part->insert(part->end(), out[i].begin(), out[i].end()), ++i;
    }
    return split;
}

}  // namespace

TEST(ComponentEqualizer, ObeysTheLaws) {
    for (Component component : {Component::percussive, Component::sustained}) {
        obeysProcessorLaws<ComponentEqualizer>({.component = component, .gainDb = 6.0});
        obeysProcessorLaws<ComponentEqualizer>({.component = component, .gainDb = -12.0}, {44100.0, 1});
        obeysProcessorLaws<ComponentEqualizer>({.component = component, .gainDb = 3.0}, {8000.0, 2});
    }
    for (Component component : {Component::centre, Component::sides}) {
        obeysProcessorLaws<ComponentEqualizer>({.component = component, .lowHz = 200.0, .highHz = 8000.0, .gainDb = 3.0});
        obeysProcessorLaws<ComponentEqualizer>({.component = component, .lowHz = 200.0, .highHz = 16000.0, .gainDb = -6.0}, {96000.0, 2});
    }
}

TEST(ComponentEqualizer, ZeroGainPassesTheBitsAtOnce) {
    for (Component component : {Component::percussive, Component::sustained, Component::centre, Component::sides}) {
        AudioBuffer audio = noise(kStereo, 20000, -6.0, 3);
        const AudioBuffer before = audio;
        ComponentEqualizer processor({.component = component, .gainDb = 0.0}, kStereo);
        run(processor, audio, 512);
        EXPECT_EQ(processor.latencyFrames(), 0);
        EXPECT_TRUE(bitEqual(audio, before));
    }
}

TEST(ComponentEqualizer, ComponentsOfABandAddUpToIt) {
    // Raising both components of a band by the same gain raises the band, whatever went to which: late by the latency, a tone
    // in its middle comes out so much louder and nothing else.
    struct Case { Component one, other; double lowHz, highHz, toneHz; };
    for (const Case& c : {Case{Component::percussive, Component::sustained, 30.0, 160.0, 80.0}, Case{Component::centre, Component::sides, 200.0, 8000.0, 1234.0}}) {
        const int frames = 4 * 44100;
        const AudioBuffer input = sine(kStereo, frames, c.toneHz, -12.0);
        std::vector<double> sum(frames);
        int latency = 0;
        for (Component component : {c.one, c.other}) {
            AudioBuffer audio = input;
            ComponentEqualizer processor({.component = component, .lowHz = c.lowHz, .highHz = c.highHz, .gainDb = 6.0205999}, kStereo);
            run(processor, audio, 441);
            latency = processor.latencyFrames();
            for (int n = 0; n < frames; ++n) sum[n] += audio.channel(0)[n];
        }
        double worst = 0.0;  // x + c1 + x + c2 = 3 x
        for (int n = latency + 44100; n < frames; ++n) worst = std::max(worst, std::abs(sum[n] - 3.0 * input.channel(0)[n - latency]));
        EXPECT_LT(gainToDb(worst), -12.0 - 60.0) << c.toneHz;
    }
}

TEST(ComponentEqualizer, RefusesWhatItCannotSplit) {
    EXPECT_THROW(ComponentEqualizer({.component = Component::percussive, .highHz = 400.0}, kStereo), std::invalid_argument);
    EXPECT_THROW(ComponentEqualizer({.component = Component::percussive, .lowHz = 100.0, .highHz = 90.0}, kStereo), std::invalid_argument);
    EXPECT_THROW(ComponentEqualizer({.component = Component::centre, .lowHz = 200.0, .highHz = 8000.0, .gainDb = 1.0}, {44100.0, 1}), std::invalid_argument);
}

// The bar: the kick moves by 3 dB, the bass by less than 0.7 dB. Measured in the band that they share, on what the masks of
// the mix do to each part, and by projecting the processed mix on both parts.
TEST(ComponentEqualizer, KickMovesWithoutTheBassOnAnyOfAFamily) {
    std::vector<double> caught;
    for (std::uint64_t seed = 9000; seed < 9012; ++seed) {
        const KickAndBass song = kickAndBass(seed);
        const Split split = splitKick(song);
        const PartChange change = partChange(split.firstBand, split.secondBand, split.mix, split.first, split.second, 3.0);
        caught.push_back(change.caught);
        EXPECT_GT(change.excess, 0.0) << seed;
        EXPECT_LT(std::abs(change.otherFrozenDb), 0.7) << seed;
        EXPECT_LT(std::abs(change.otherProjectedDb), 0.7) << seed;
    }
    std::sort(caught.begin(), caught.end());
    EXPECT_GT(caught[caught.size() / 2], 0.4) << "what is not caught cannot be moved";
}

TEST(ComponentEqualizer, BassAloneKeepsItsLevel) {
    for (std::uint64_t seed = 40; seed < 44; ++seed) {
        const KickAndBass song = kickAndBass(seed, {.seconds = 10.0, .noKick = true});
        AudioBuffer audio = stereoOf(song.bass, song.bass, 0);
        ComponentEqualizer processor({.component = Component::percussive, .gainDb = 5.0}, kStereo);
        const double before = rmsDb(audio, 0, audio.numFrames() - processor.latencyFrames());
        run(processor, audio, 1024);
        EXPECT_NEAR(rmsDb(audio, processor.latencyFrames()), before, 0.7) << seed;
    }
}

// Voice-like sound in the middle, different sounds on both sides.
TEST(ComponentEqualizer, CentreMovesWithoutTheSides) {
    const int frames = 6 * 44100;
    Dice dice(5);
    std::vector<float> voice(frames), left(frames), right(frames);
    for (int second = 0; second < 6; ++second)
        for (int part = 0; part < 4; ++part) {
            const double at = second + 0.25 * part;
            detail::addNote(voice, at, dice.between(180.0, 400.0), 0.22, false, 1.0, 0.02, 44100.0, dice);
            detail::addNote(left, at, dice.between(110.0, 300.0), 0.25, true, 0.7, 0.003, 44100.0, dice);
            detail::addNote(right, at, dice.between(110.0, 300.0), 0.25, true, 0.7, 0.003, 44100.0, dice);
        }
    CentreSplitter splitter({44100.0, 6}, 150.0, 8000.0);
    const int chunk = splitter.chunkFrames();
    std::vector<std::vector<float>> in(6, std::vector<float>(chunk)), out(3, std::vector<float>(chunk)), all(3);
    const float* inputs[6];
    float* outputs[3] = {out[0].data(), out[1].data(), out[2].data()};
    for (int c = 0; c < 6; ++c) inputs[c] = in[c].data();
    for (int start = 0; start + chunk <= frames; start += chunk) {
        for (int n = 0; n < chunk; ++n) {
            in[2][n] = in[3][n] = voice[start + n];   // the middle alone
            in[4][n] = left[start + n];               // the sides alone
            in[5][n] = right[start + n];
            in[0][n] = in[2][n] + in[4][n];
            in[1][n] = in[3][n] + in[5][n];
        }
        splitter.process(inputs, outputs, nullptr);
        for (int i = 0; i < 3; ++i) all[i].insert(all[i].end(), out[i].begin(), out[i].end());
    }
    const auto late = [&](const std::vector<float>& x) {
        std::vector<float> y(all[0].size());
        const int delay = splitter.delayFrames() - chunk;
        for (std::size_t n = delay; n < y.size(); ++n) y[n] = x[n - delay];
        return y;
    };
    const std::vector<float> v = late(voice), l = late(left), r = late(right);
    const auto change = partChange(v, l, all[0], all[1], all[2], 2.0);
    EXPECT_GT(change.caught, 0.6);
    // Each side's energy with the centre's leak of both added to each.
    const double e = change.excess, own = dot(l, l) + dot(r, r);
    const double moved = 2.0 * e * (dot(all[2], l) + dot(all[2], r)) + 2.0 * e * e * dot(all[2], all[2]);
    EXPECT_LT(10.0 * std::log10(1.0 + moved / own), 0.7);
}

}  // namespace tonewright::test
