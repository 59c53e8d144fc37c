#include <gtest/gtest.h>

#include "dsp/channel_matrix.h"
#include "dsp/fade.h"
#include "dsp/gain.h"
#include "dsp/gain_envelope.h"
#include "dsp/panner.h"
#include "dsp/trim.h"
#include "tests/plots/measure.h"
#include "tests/plots/plot.h"

using namespace tonewright;
using namespace tonewright::test;

TEST(Plots, gain) {
    const StreamSpec mono{48000.0, 1};
    Panel levels{"Level out over level in", linearAxis("in, dBFS", -60.0, 0.0, 10.0), linearAxis("out, dBFS", -60.0, 10.0, 10.0), {}};
    for (const auto& [name, gainDb] : {std::pair{"+6 dB", 6.0}, {"0 dB", 0.0}, {"-12 dB", -12.0}}) {
        const auto out = [&](double in) {
            return gainToDb(through(Gain({.gainDb = gainDb}, mono), made(mono, 8, [&](int) { return dbToGain(in); })).channel(0)[7]);
        };
        levels.lines.push_back({name, over(spaced(-60.0, 0.0, 31), out)});
        for (double in : {-60.0, -30.0, 0.0}) EXPECT_NEAR(out(in), in + gainDb, 1e-4);
    }
    expectPicture("dsp-gain", drawn("Gain: measured level out over level in for three gains", {levels}));
}

TEST(Plots, pan) {
    const StreamSpec stereo{48000.0, 2};
    const AudioBuffer ones = made(stereo, 4, [](int) { return 1.0; });
    std::vector<Panel> panels;
    for (const auto& [title, source] : {std::pair{"A mono track: equal power", Panner::Source::mono}, {"A stereo track: balance", Panner::Source::stereo}}) {
        Panel panel{title, linearAxis("position", -1.0, 1.0, 0.5), linearAxis("dB", -30.0, 5.0, 5.0), {}};
        const auto gainDb = [&](double position, int side) {
            return gainToDb(std::abs(through(Panner({.position = position, .source = source}, stereo), ones).channel(side)[3]) + 1e-9);
        };
        for (int side : {0, 1}) panel.lines.push_back({side == 0 ? "left" : "right", over(spaced(-1.0, 1.0, 81), [&](double at) { return gainDb(at, side); })});
        for (double at : {-0.8, -0.3, 0.0, 0.5, 0.9}) {
            const double left = gainDb(at, 0), right = gainDb(at, 1);
            if (source == Panner::Source::mono) {
                EXPECT_NEAR(dbToPower(left) + dbToPower(right), 1.0, 1e-5) << "as loud everywhere";
            } else {
                EXPECT_NEAR(std::max(left, right), 0.0, 1e-5) << "never louder than it was";
            }
        }
        EXPECT_NEAR(gainDb(0.0, 0), source == Panner::Source::mono ? -3.0103 : 0.0, 1e-3);
        EXPECT_LT(gainDb(-1.0, 1), -100.0) << "at the end the other side is silent";
        panels.push_back(panel);
    }
    expectPicture("dsp-pan", drawn("Pan: measured gains of both sides over the position", panels));
}

TEST(Plots, gainEnvelope) {
    const StreamSpec mono{48000.0, 1};
    const GainEnvelope::Params params{{{0.5, 0.0}, {1.0, 3.0}, {2.0, 3.0}, {2.5, -6.0}, {3.5, -6.0}, {3.5, 0.0}}};
    const AudioBuffer in = made(mono, 4 * 48000, [](int) { return 0.25; }), out = through(GainEnvelope(params, mono), in);
    const auto at = [&](double seconds) { return gainDbAt(in, out, std::min(in.numFrames() - 1, static_cast<int>(std::lround(seconds * 48000.0)))); };
    Panel panel{"Gain over time", linearAxis("s", 0.0, 4.0, 0.5), linearAxis("dB", -8.0, 4.0, 2.0), {}};
    panel.lines.push_back({"", over(spaced(0.0, 4.0, 161), at)});
    for (const auto& [seconds, db] : {std::pair{0.2, 0.0}, {0.75, 1.5}, {1.5, 3.0}, {2.25, -1.5}, {3.0, -6.0}, {3.6, 0.0}})
        EXPECT_NEAR(at(seconds), db, 0.01) << "straight lines in dB, at " << seconds;
    for (int n = 3 * 48000 + 24001; n < in.numFrames(); ++n) ASSERT_EQ(out.channel(0)[n], in.channel(0)[n]) << "0 dB is bit for bit";
    expectPicture("dsp-gain-envelope", drawn("Gain envelope: measured gain over time between six points", {panel}));
}

TEST(Plots, fade) {
    const StreamSpec mono{48000.0, 1};
    constexpr int kFrames = 48000;
    const AudioBuffer in = made(mono, kFrames + 10, [](int) { return 0.5; });
    Panel linear{"A fade-in of one second", linearAxis("s", 0.0, 1.0, 0.2), linearAxis("gain", 0.0, 1.0, 0.2), {}};
    Panel decibels{"The same in dB", linearAxis("s", 0.0, 1.0, 0.2), linearAxis("dB", -60.0, 0.0, 10.0), {}};
    for (const auto& [curve, half] : {std::pair{Fade::Curve::linear, 0.5}, {Fade::Curve::equalPower, std::numbers::sqrt2 / 2.0}, {Fade::Curve::smooth, 0.5}, {Fade::Curve::exponential, 0.03162}}) {
        const AudioBuffer out = through(Fade({.inFrames = kFrames, .inCurve = curve}, mono), in);
        const auto gain = [&](double t) { return out.channel(0)[static_cast<int>(std::lround(t * kFrames))] / 0.5; };
        const std::string name(Fade::kCurveNames[static_cast<std::size_t>(curve)]);
        linear.lines.push_back({name, over(spaced(0.0, 1.0, 81), gain)});
        decibels.lines.push_back({name, over(spaced(0.01, 1.0, 81), [&](double t) { return gainToDb(gain(t)); })});
        EXPECT_NEAR(gain(0.5), half, 1e-3) << name << " half way";
        EXPECT_NEAR(gain(1.0), 1.0, 1e-6);
        EXPECT_LT(gain(0.0), 1.1e-3);
    }
    expectPicture("dsp-fade", drawn("Fade: measured gain of the four curves over time", {linear, decibels}));
}

TEST(Plots, trim) {
    constexpr double kRate = 8000.0;
    const StreamSpec mono{kRate, 1};
    constexpr int kFrames = 32000, kStart = 8000, kKept = 16000;
    const AudioBuffer in = made(mono, kFrames, [](int n) { return 0.2 * (n + 1) / 8000.0; });  // a ramp tells where each frame comes from
    const Trim::Params params{.startSeconds = 1.0, .endSeconds = 3.0};
    const AudioBuffer out = through(Trim(params, mono), in);
    for (int n = 0; n < kKept; ++n) ASSERT_EQ(out.channel(0)[n], in.channel(0)[n + kStart]);
    for (int n = kKept; n < kFrames; ++n) ASSERT_EQ(out.channel(0)[n], 0.0f);
    EXPECT_EQ(Trim::remainingFrames(params, kRate, kFrames), kKept);
    Panel panel{"A ramp, trimmed to 1 ... 3 s", linearAxis("s", 0.0, 4.0, 0.5), linearAxis("sample", 0.0, 0.8, 0.2), {}};
    for (const auto& [name, audio] : {std::pair{"before", &in}, {"after", &out}})
        panel.lines.push_back({name, over(spaced(0.0, 3.99, 134), [&](double t) { return audio->channel(0)[static_cast<int>(std::lround(t * kRate))]; })});
    expectPicture("dsp-trim", drawn("Trim: a ramp before and after", {panel}));
}

TEST(Plots, channelMatrix) {
    const StreamSpec stereo{48000.0, 2};
    const auto faulty = [&](double rightGain) {
        AudioBuffer audio = made(stereo, 64, [](int n) { return 0.25 + 0.001 * n; });
        for (float& sample : audio.channel(1)) sample *= static_cast<float>(rightGain);
        return audio;
    };
    const auto monoDb = [](const AudioBuffer& audio) { return gainToDb(std::abs(0.5 * (static_cast<double>(audio.channel(0)[9]) + audio.channel(1)[9])) / (0.25 + 0.009) + 1e-9); };
    Panel panel{"Level in mono, the right channel mended", linearAxis("gain of the right channel", -1.0, 1.0, 0.5), linearAxis("dB", -30.0, 5.0, 5.0), {}};
    const auto mended = [&](double gain) { return through(ChannelMatrix({.rightFromRight = 1.0 / gain}, stereo), faulty(gain)); };
    std::vector<double> gains = spaced(-1.0, 1.0, 41);
    gains.erase(gains.begin() + 15, gains.begin() + 26);  // what is 12 dB down is beyond the matrix' gains
    panel.lines.push_back({"before", over(spaced(-1.0, 1.0, 41), [&](double gain) { return monoDb(faulty(gain)); })});
    panel.lines.push_back({"after", over(gains, [&](double gain) { return monoDb(mended(gain)); })});
    EXPECT_LT(monoDb(faulty(-1.0)), -100.0) << "inverted: nothing left in mono";
    for (double gain : {-1.0, -0.5, 0.5, 0.7079}) EXPECT_NEAR(monoDb(mended(gain)), 0.0, 1e-4);

    const AudioBuffer in = faulty(0.3);
    const ChannelMatrix::Params swap{.leftFromLeft = 0.0, .leftFromRight = 1.0, .rightFromLeft = 1.0, .rightFromRight = 0.0};
    const AudioBuffer swapped = through(ChannelMatrix(swap, stereo), in), copied = through(ChannelMatrix({.rightFromLeft = 1.0, .rightFromRight = 0.0}, stereo), in);
    for (int n = 0; n < 64; ++n) {
        ASSERT_EQ(swapped.channel(0)[n], in.channel(1)[n]);
        ASSERT_EQ(swapped.channel(1)[n], in.channel(0)[n]);
        ASSERT_EQ(copied.channel(1)[n], in.channel(0)[n]);
    }
    expectPicture("dsp-channel-matrix", drawn("Channel matrix: level in mono over the gain of a faulty right channel, before and after", {panel}));
}
