#include <gtest/gtest.h>

#include "dsp/compressor.h"
#include "dsp/crossover.h"
#include "dsp/de_esser.h"
#include "dsp/dynamic_equalizer.h"
#include "dsp/gate.h"
#include "dsp/limiter.h"
#include "dsp/multiband_compressor.h"
#include "dsp/transient_shaper.h"
#include "tests/plots/measure.h"
#include "tests/plots/plot.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

constexpr double kRate = 48000.0;
const StreamSpec kMono{kRate, 1};

double toneAt(int n, double hz) { return std::sin(2.0 * std::numbers::pi * hz * n / kRate); }
int frameAt(double ms) { return static_cast<int>(std::lround(ms * kRate / 1000.0)); }

// A level that jumps up at fromMs and back at toMs, as a constant: what comes out over what went in is the gain.
AudioBuffer stepped(double quietDb, double loudDb, double fromMs, double toMs, double lengthMs) {
    return made(kMono, frameAt(lengthMs), [=](int n) { return dbToGain(n >= frameAt(fromMs) && n < frameAt(toMs) ? loudDb : quietDb); });
}

Points gainOverTime(const AudioBuffer& in, const AudioBuffer& out, const std::vector<double>& ms) {
    return over(ms, [&](double t) { return gainDbAt(in, out, std::min(frameAt(t), in.numFrames() - 1)); });
}

// Level that leaves where a constant of this level enters for long.
template <class P>
double steadyDb(const typename P::Params& params, double levelDb) {
    const AudioBuffer in = made(kMono, frameAt(1500.0), [&](int) { return dbToGain(levelDb); });
    return gainToDb(through(P(params, kMono), in).channel(0)[in.numFrames() - 1]);
}

// Gain of a component, after things have settled.
double toneGainDb(const AudioBuffer& in, const AudioBuffer& out, double hz) {
    const int from = in.numFrames() / 2;
    return gainToDb(std::abs(componentAt(out.channel(0), hz, kRate, from)) / std::abs(componentAt(in.channel(0), hz, kRate, from)));
}

}  // namespace

TEST(Plots, compressor) {
    Panel curve{"Static curve, threshold -24 dB", linearAxis("level in, dB", -60.0, 0.0, 10.0), linearAxis("level out, dB", -60.0, 0.0, 10.0), {}};
    const std::vector<double> levels = spaced(-60.0, 0.0, 61);
    for (const auto& [name, ratio, knee] : {std::tuple{"2:1, knee 0", 2.0, 0.0}, {"4:1, knee 12", 4.0, 12.0}, {"20:1, knee 6", 20.0, 6.0}}) {
        const Compressor::Params params{.thresholdDb = -24.0, .ratio = ratio, .kneeDb = knee};
        curve.lines.push_back({name, over(levels, [&](double in) { return steadyDb<Compressor>(params, in); })});
        EXPECT_NEAR(steadyDb<Compressor>(params, -4.0) - steadyDb<Compressor>(params, -8.0), 4.0 / ratio, 0.01) << "the slope is 1/ratio";
        EXPECT_NEAR(steadyDb<Compressor>(params, -40.0), -40.0, 1e-4) << "nothing happens below the knee";
    }

    // 12 dB over the threshold at 4:1 are 9 dB of reduction.
    const AudioBuffer in = stepped(-40.0, -12.0, 50.0, 250.0, 800.0);
    Panel time{"Gain: 4:1, attack 10 ms, release 120 ms", linearAxis("ms", 0.0, 800.0, 100.0), linearAxis("dB", -10.0, 0.0, 2.0), {}};
    for (const auto& [name, kind] : {std::pair{"branching", ReleaseKind::branching}, {"decoupled", ReleaseKind::decoupled}, {"adaptive", ReleaseKind::adaptive}}) {
        const Compressor::Params params{.thresholdDb = -24.0, .ratio = 4.0, .kneeDb = 0.0, .attackMs = 10.0, .releaseMs = 120.0, .release = kind};
        const AudioBuffer out = through(Compressor(params, kMono), in);
        time.lines.push_back({name, gainOverTime(in, out, spaced(0.0, 796.0, 200))});
        EXPECT_NEAR(gainDbAt(in, out, frameAt(60.0)), -9.0 * (1.0 - std::exp(-1.0)), kind == ReleaseKind::adaptive ? 0.6 : 0.3) << name << ": 63 % after the attack time";
        if (kind == ReleaseKind::branching) {
            EXPECT_NEAR(gainDbAt(in, out, frameAt(249.0)), -9.0, 0.01);
            EXPECT_NEAR(gainDbAt(in, out, frameAt(370.0)), -9.0 * std::exp(-1.0), 0.1) << "and 37 % left after the release time";
        }
    }
    expectPicture("dsp-compressor", drawn("Compressor: measured static curves, and the gain over time for each kind of release", {curve, time}));
}

TEST(Plots, gate) {
    const Gate::Params params{.thresholdDb = -40.0, .ratio = 4.0, .rangeDb = 30.0, .attackMs = 1.0, .holdMs = 50.0, .releaseMs = 100.0};
    Panel curve{"Static curve, threshold -40 dB", linearAxis("level in, dB", -80.0, -20.0, 10.0), linearAxis("level out, dB", -110.0, -20.0, 10.0), {}};
    const std::vector<double> levels = spaced(-80.0, -20.0, 121);
    for (const auto& [name, ratio] : {std::pair{"2:1", 2.0}, {"4:1", 4.0}, {"10:1", 10.0}}) {
        Gate::Params sharper = params;
        sharper.ratio = ratio;
        curve.lines.push_back({std::string(name) + ", range 30", over(levels, [&](double in) { return steadyDb<Gate>(sharper, in); })});
        EXPECT_NEAR(steadyDb<Gate>(sharper, -41.0) - steadyDb<Gate>(sharper, -42.0), ratio, 0.05) << "so many dB out for one dB in";
        EXPECT_NEAR(steadyDb<Gate>(sharper, -75.0), -105.0, 0.05) << "never more than the range";
        EXPECT_NEAR(steadyDb<Gate>(sharper, -39.0), -39.0, 0.01);
    }

    const AudioBuffer in = stepped(-60.0, -20.0, 50.0, 150.0, 700.0);
    Panel time{"A sound from 50 to 150 ms", linearAxis("ms", 0.0, 700.0, 100.0), linearAxis("gain, dB", -35.0, 0.0, 5.0), {}};
    for (double lookahead : {0.0, 5.0}) {
        Gate::Params ahead = params;
        ahead.lookaheadMs = lookahead;
        const AudioBuffer out = through(Gate(ahead, kMono), in);
        if (lookahead == 0.0) time.lines.push_back({"hold 50, release 100 ms", gainOverTime(in, out, spaced(0.0, 696.0, 175))});
        // The peak detector falls by 0.87 dB a millisecond: from -20 to the closing level of -44 in 28 ms.
        EXPECT_GT(gainDbAt(in, out, frameAt(227.0 - lookahead)), -0.01) << "held";
        EXPECT_LT(gainDbAt(in, out, frameAt(330.0)), -15.0) << "then let go";
        if (lookahead > 0.0) {
            EXPECT_GT(gainDbAt(in, out, frameAt(50.0)), -0.5) << "open before the sound begins";
        }
    }
    expectPicture("dsp-gate", drawn("Gate: measured static curves, and the gain over time around a sound", {curve, time}));
}

TEST(Plots, limiter) {
    // A click 6 dB over the ceiling on a quiet constant.
    const Limiter::Params params{.ceilingDb = -1.0};
    constexpr double kClickMs = 200.0;
    const AudioBuffer click = made(kMono, frameAt(600.0), [](int n) { return 0.05 + 1.7 * std::exp(-0.5 * std::pow((n - frameAt(kClickMs)) / 6.0, 2.0)); });
    const AudioBuffer limited = through(Limiter(params, kMono), click);
    Panel peak{"A click, 5.9 dB over the ceiling", linearAxis("ms from the click", -20.0, 120.0, 20.0), linearAxis("gain, dB", -7.0, 0.0, 1.0), {}};
    peak.lines.push_back({"", over(spaced(-20.0, 120.0, 281), [&](double t) { return gainDbAt(click, limited, frameAt(kClickMs + t)); })});
    const double needDb = -1.0 - gainToDb(1.75);
    EXPECT_NEAR(gainDbAt(click, limited, frameAt(kClickMs)), needDb, 0.1) << "the peak comes down to the ceiling and no further";
    for (int n = 0; n < frameAt(150.0); ++n) ASSERT_EQ(limited.channel(0)[n], click.channel(0)[n]) << "nothing happens before";
    EXPECT_GT(gainDbAt(click, limited, frameAt(kClickMs + 350.0)), -0.3) << "and little after";
    float highest = 0.0f;
    for (float sample : limited.channel(0)) highest = std::max(highest, std::abs(sample));
    EXPECT_LE(gainToDb(highest), -0.98);

    // A drum of 60 Hz every half second over a bass of 110 Hz; the gain of the bass tells how much it ducks.
    const AudioBuffer music = made(kMono, frameAt(2000.0), [](int n) {
        const double t = std::fmod(n / kRate, 0.5);
        return 0.6 * toneAt(n, 110.0) + 1.2 * std::exp(-t / 0.04) * std::sin(2.0 * std::numbers::pi * 60.0 * t);
    });
    const AudioBuffer out = through(Limiter(params, kMono), music);
    Panel drum{"Drum over bass", linearAxis("ms from a drum", 0.0, 500.0, 100.0), linearAxis("gain, dB", -7.0, 0.0, 1.0), {}};
    drum.lines.push_back({"", over(spaced(0.0, 490.0, 124), [&](double t) {
                              // Where the wave crosses zero its gain cannot be read: the loudest sample within 4 ms.
                              int best = frameAt(1000.0 + t - 2.0);
                              for (int n = best; n < frameAt(1000.0 + t + 2.0); ++n)
                                  if (std::abs(music.channel(0)[n]) > std::abs(music.channel(0)[best])) best = n;
                              return gainDbAt(music, out, best);
                          })});
    for (float sample : out.channel(0)) ASSERT_LE(gainToDb(std::abs(sample)), -0.98);
    EXPECT_GT(gainDbAt(music, out, frameAt(1495.5)), -1.5) << "the bass is back before the next drum";
    expectPicture("dsp-limiter", drawn("Limiter: measured gain around a click, and between drums over a bass", {peak, drum}));
}

TEST(Plots, multibandCompressor) {
    const std::vector<double> hz = logSpaced(20.0, 20000.0, 120);
    // At rest: each band of the crossover, and what the whole leaves of an impulse.
    constexpr int kFrames = 16384;
    Crossover crossover({120.0, 2500.0}, kMono);
    const AudioBuffer click = impulse(kMono, kFrames);
    std::vector<BlockBuffer> buffers;
    for (int b = 0; b < 3; ++b) buffers.emplace_back(1, kFrames);
    std::vector<Block> bands;
    for (BlockBuffer& buffer : buffers) bands.push_back(buffer.block(kFrames));
    const float* input = click.channel(0).data();
    crossover.split({&input, 1, kFrames}, bands.data());
    Panel split{"Three bands and their sum", frequencyAxis(), linearAxis("dB", -48.0, 6.0, 6.0), {}};
    const char* names[] = {"low", "middle", "high"};
    for (int b = 0; b < 3; ++b) {
        const std::span<const float> band(buffers[b].channel(0), kFrames);
        split.lines.push_back({names[b], over(hz, [&](double f) { return responseDb(band, f, kRate); })});
    }
    EXPECT_NEAR(split.lines[0].points[0].second, 0.0, 0.01);
    EXPECT_NEAR(responseDb({buffers[0].channel(0), kFrames}, 120.0, kRate), -6.02, 0.05) << "Linkwitz-Riley: -6 dB at the crossover";
    EXPECT_NEAR(responseDb({buffers[0].channel(0), kFrames}, 480.0, kRate) - responseDb({buffers[0].channel(0), kFrames}, 960.0, kRate), 24.0, 0.5);

    MultibandCompressor::Params params{.bands = {{.upperHz = 120.0, .thresholdDb = -30.0, .ratio = 3.0}, {.upperHz = 2500.0, .thresholdDb = 0.0, .ratio = 2.0}, {.thresholdDb = 0.0, .ratio = 2.0}}};
    const AudioBuffer quiet = made(kMono, kFrames, [](int n) { return n == 0 ? 0.01 : 0.0; });
    const AudioBuffer rest = through(MultibandCompressor(params, kMono), quiet);
    const auto sum = [&](double f) { return responseDb(rest.channel(0), f, kRate) + 40.0; };
    split.lines.push_back({"sum", over(hz, sum)});
    for (double f : hz) ASSERT_NEAR(sum(f), 0.0, 0.01) << "the sum at rest is flat at " << f;

    // Loud bass at 60 Hz; a quiet probe of whole hertz tells the gain at every frequency. Its second half is a whole second.
    Panel working{"While a loud bass sounds", frequencyAxis(), linearAxis("dB", -12.0, 3.0, 3.0), {}};
    const auto withProbe = [](double probeHz) { return made(kMono, 96000, [=](int n) { return 0.25 * toneAt(n, 60.0) + 0.001 * toneAt(n, probeHz); }); };
    Points gains;
    for (double f : logSpaced(20.0, 20000.0, 60)) {
        if (std::abs(f - 60.0) < 14.0) continue;  // beside the bass the probe would beat with it and move the gain
        const double probe = std::fmod(std::round(f), 10.0) == 0.0 ? std::round(f) + 1.0 : std::round(f);  // not on the bass' harmonics
        const AudioBuffer in = withProbe(probe);
        gains.emplace_back(f, toneGainDb(in, through(MultibandCompressor(params, kMono), in), probe));
    }
    working.lines.push_back({"bass band 3:1, others at rest", gains});
    const AudioBuffer loud = withProbe(1000.0);
    const AudioBuffer out = through(MultibandCompressor(params, kMono), loud);
    // An octave below the crossover 16/17 of the tone are in the low band, the rest passes in the middle one. The detector is rms: a
    // sine of peak 0.25 reads -15.05 dB, -15.58 in the band, 14.42 over the threshold; 3:1 takes two thirds of that.
    EXPECT_NEAR(toneGainDb(loud, out, 60.0), gainToDb(16.0 / 17.0 * dbToGain(-14.42 * 2.0 / 3.0) + 1.0 / 17.0), 0.4);
    EXPECT_NEAR(toneGainDb(loud, out, 1000.0), 0.0, 0.1) << "the middle does not move with the bass";
    expectPicture("dsp-multiband-compressor", drawn("Multiband compressor: bands and flat sum of its crossover, and its gain over frequency while a loud bass sounds", {split, working}));
}

TEST(Plots, dynamicEqualizer) {
    const DynamicEqualizer::Band cut{.frequencyHz = 1000.0, .q = 1.0, .thresholdDb = -30.0, .ratio = 2.0, .rangeDb = 8.0};
    DynamicEqualizer::Band boost = cut;
    boost.direction = DynamicEqualizer::Direction::boost;
    const auto gainFor = [](const DynamicEqualizer::Band& band, double peakDb, double probeHz) {
        const AudioBuffer in = made(kMono, 48000, [&](int n) { return dbToGain(peakDb) * (toneAt(n, 1000.0) + 0.003 * toneAt(n, probeHz)); });
        return toneGainDb(in, through(DynamicEqualizer({{band}}, kMono), in), probeHz);
    };
    Panel shape{"Gain over frequency, as the band gets louder", frequencyAxis(100.0, 10000.0), linearAxis("dB", -10.0, 2.0, 2.0), {}};
    std::vector<double> probes;  // whole hertz, none of them the tone
    for (double f : logSpaced(100.0, 10000.0, 48)) probes.push_back(std::abs(f - 1000.0) < 12.0 ? 1012.0 : 2.0 * std::round(f / 2.0));
    for (double peakDb : {-40.0, -21.0, -14.0, -3.0}) {
        const std::string name = std::to_string(static_cast<int>(peakDb)) + " dB";
        shape.lines.push_back({name, over(probes, [&](double f) { return gainFor(cut, peakDb, f); })});
    }
    EXPECT_NEAR(gainFor(cut, -40.0, 1020.0), 0.0, 0.01) << "quiet: nothing";
    EXPECT_NEAR(gainFor(cut, -3.0, 1020.0), -8.0, 0.1) << "loud: the range and no more";
    EXPECT_NEAR(gainFor(cut, -3.0, 100.0), 0.0, 0.3) << "far from the band: nothing";

    Panel curve{"Gain at the centre", linearAxis("level in the band, dB rms", -50.0, 0.0, 10.0), linearAxis("dB", -10.0, 10.0, 2.0), {}};
    const std::vector<double> levels = spaced(-50.0, 0.0, 51);
    const auto centre = [&](const DynamicEqualizer::Band& band, double rmsDb) {
        const AudioBuffer in = made(kMono, 48000, [&](int n) { return dbToGain(rmsDb + 3.0103) * toneAt(n, 1000.0); });
        return toneGainDb(in, through(DynamicEqualizer({{band}}, kMono), in), 1000.0);
    };
    curve.lines.push_back({"cut", over(levels, [&](double in) { return centre(cut, in); })});
    curve.lines.push_back({"boost", over(levels, [&](double in) { return centre(boost, in); })});
    EXPECT_NEAR(centre(cut, -20.0), -5.0, 0.2) << "10 dB over at 2:1";
    EXPECT_NEAR(centre(boost, -20.0), 5.0, 0.2);
    expectPicture("dsp-dynamic-equalizer", drawn("Dynamic equalizer: measured gain over frequency at four levels, and gain at the centre over level", {shape, curve}));
}

TEST(Plots, deEsser) {
    const DeEsser::Params params{.frequencyHz = 5500.0, .thresholdDb = -10.0, .rangeDb = 8.0};
    const auto mixed = [](double levelDb, double shareDb, int frames) {  // a vowel at 400 Hz and an S at 9 kHz, by their powers
        const double share = dbToPower(shareDb);
        return made(kMono, frames, [=](int n) { return dbToGain(levelDb) * (std::sqrt(1.0 - share) * toneAt(n, 400.0) + std::sqrt(share) * toneAt(n, 9000.0)); });
    };
    const auto highsGain = [&](double levelDb, double shareDb) {
        const AudioBuffer in = mixed(levelDb, shareDb, 24000);
        return toneGainDb(in, through(DeEsser(params, kMono), in), 9000.0);
    };
    Panel curve{"Gain of the highs, range 8 dB", linearAxis("share of the highs, dB", -20.0, 0.0, 5.0), linearAxis("dB", -10.0, 0.0, 2.0), {}};
    const std::vector<double> shares = spaced(-20.0, -0.1, 41);
    curve.lines.push_back({"at -6 dBFS", over(shares, [&](double share) { return highsGain(-6.0, share); })});
    curve.lines.push_back({"at -40 dBFS", over(shares, [&](double share) { return highsGain(-40.0, share); }), PlotLine::Kind::dashed});
    for (double share : {-15.0, -8.0, -4.0, -1.0}) EXPECT_NEAR(highsGain(-6.0, share), highsGain(-40.0, share), 0.02) << "the same at every level";
    EXPECT_NEAR(highsGain(-20.0, -15.0), 0.0, 0.02) << "a little S is left alone";
    EXPECT_LT(highsGain(-20.0, -0.1), -6.5) << "too much is taken down";

    // A vowel throughout; an S of 120 ms in it.
    const AudioBuffer in = made(kMono, frameAt(400.0), [](int n) {
        const bool s = n >= frameAt(100.0) && n < frameAt(220.0);
        return 0.05 * toneAt(n, 400.0) + (s ? 0.15 : 0.01) * toneAt(n, 9000.0);
    });
    const AudioBuffer out = through(DeEsser(params, kMono), in);
    const auto gainAt = [&](double hz, double ms) {
        const int from = frameAt(ms), to = from + 240;  // 5 ms: two periods of 400 Hz, 45 of 9 kHz
        return gainToDb(std::abs(componentAt(out.channel(0), hz, kRate, from, to)) / std::abs(componentAt(in.channel(0), hz, kRate, from, to)));
    };
    Panel time{"A sung S from 100 to 220 ms", linearAxis("ms", 0.0, 400.0, 50.0), linearAxis("gain, dB", -10.0, 0.0, 2.0), {}};
    time.lines.push_back({"at 9 kHz", over(spaced(5.0, 390.0, 78), [&](double ms) { return gainAt(9000.0, ms); })});
    time.lines.push_back({"at 400 Hz", over(spaced(5.0, 390.0, 78), [&](double ms) { return gainAt(400.0, ms); })});
    EXPECT_LT(gainAt(9000.0, 160.0), -6.0);
    EXPECT_NEAR(gainAt(400.0, 160.0), 0.0, 0.2) << "the vowel is left alone";
    EXPECT_GT(gainAt(9000.0, 390.0), -0.5) << "and the highs come back";
    expectPicture("dsp-de-esser", drawn("De-esser: measured gain of the highs over their share, at two levels, and over time around an S", {curve, time}));
}

TEST(Plots, transientShaper) {
    constexpr double kStrokeMs = 300.0;
    // A struck sound: up in 1 ms, decaying by 60 dB in 0.8 s.
    const auto hit = [](double db) {
        return made(kMono, frameAt(1000.0), [=](int n) {
            const double ms = n / 48.0 - kStrokeMs;
            return dbToGain(db) * (ms < 0.0 ? 1e-4 : std::min(ms, 1.0) * std::exp(-std::max(0.0, ms - 1.0) / 116.0) + 1e-4);
        });
    };
    const AudioBuffer in = hit(-12.0), quiet = hit(-42.0);
    Panel gain{"Gain around a struck sound", linearAxis("ms from the stroke", -100.0, 700.0, 100.0), linearAxis("dB", -8.0, 8.0, 2.0), {}};
    const std::vector<double> ms = spaced(-100.0, 696.0, 200);
    for (const auto& [name, attack, sustain] : {std::tuple{"attack +6", 6.0, 0.0}, {"attack -6", -6.0, 0.0}, {"sustain +6", 0.0, 6.0}, {"sustain -6", 0.0, -6.0}}) {
        const TransientShaper::Params params{.attackDb = attack, .sustainDb = sustain};
        const AudioBuffer out = through(TransientShaper(params, kMono), in), outQuiet = through(TransientShaper(params, kMono), quiet);
        gain.lines.push_back({name, over(ms, [&](double t) { return gainDbAt(in, out, frameAt(t + kStrokeMs)); })});
        for (double t = 0.0; t < 600.0; t += 10.0)
            ASSERT_NEAR(gainDbAt(in, out, frameAt(t + kStrokeMs)), gainDbAt(quiet, outQuiet, frameAt(t + kStrokeMs)), 0.05) << "the same at every level";
        const double early = gainDbAt(in, out, frameAt(kStrokeMs + 5.0)), late = gainDbAt(in, out, frameAt(kStrokeMs + 300.0));
        EXPECT_NEAR(early, attack, 1.0) << name;
        EXPECT_NEAR(late, sustain, 1.5) << name;
    }
    const AudioBuffer steady = made(kMono, frameAt(1500.0), [](int n) { return 0.3 * toneAt(n, 200.0); });
    const AudioBuffer same = through(TransientShaper({.attackDb = 12.0, .sustainDb = 12.0}, kMono), steady);
    EXPECT_NEAR(toneGainDb(steady, same, 200.0), 0.0, 0.05) << "a steady tone has neither";
    expectPicture("dsp-transient-shaper", drawn("Transient shaper: measured gain over time around a struck sound", {gain}));
}
