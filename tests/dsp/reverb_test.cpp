#include "dsp/reverb.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "tests/dsp/room_acoustics.h"
#include "tests/support/laws.h"
#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

constexpr ReverbType kTypes[] = {ReverbType::room, ReverbType::plate, ReverbType::hall};

std::string nameOf(ReverbType type) { return std::string(kReverbTypeNames[static_cast<std::size_t>(type)]); }

// Response to one sample on the left, the right, or both.
AudioBuffer impulseResponse(const ReverbParams& params, double rate, double seconds, float left = 1.0f, float right = 1.0f) {
    AudioBuffer audio({rate, 2}, static_cast<int>(seconds * rate));
    audio.channel(0)[0] = left;
    audio.channel(1)[0] = right;
    Reverb reverb(params, audio.spec());
    run(reverb, audio, 4096);
    return audio;
}

// Fully open, no early reflections: the late sound alone.
ReverbParams lateOnly(ReverbType type, double decaySeconds) {
    return {.type = type, .decaySeconds = decaySeconds, .preDelayMs = 0.0, .bassDecayRatio = 1.0, .trebleDecayRatio = 1.0,
            .earlyLevelDb = -60.0, .lowCutHz = 20.0, .highCutHz = 20000.0};
}

}  // namespace

TEST(Reverb, ObeysTheProcessorLaws) {
    for (ReverbType type : kTypes) {
        SCOPED_TRACE(nameOf(type));
        obeysProcessorLaws<Reverb>({.type = type, .dampingHz = 8000.0, .diffusion = 0.7, .modulation = 1.0, .width = 0.8, .mix = 0.6});
    }
    obeysProcessorLaws<Reverb>({.modulation = 0.0}, {44100.0, 1});
    obeysProcessorLaws<Reverb>({.type = ReverbType::room, .preDelayMs = 0.0, .sizeFactor = 0.5}, {96000.0, 2});
}

TEST(Reverb, IsBitIdenticalAtMixZero) {
    const AudioBuffer input = noise({48000.0, 2}, 24000, 0.0, 5);
    AudioBuffer output = input;
    Reverb reverb({.mix = 0.0}, input.spec());
    run(reverb, output, 512);
    EXPECT_TRUE(bitEqual(output, input));
}

TEST(Reverb, DecaysAsAskedInEveryBand) {
    struct Case {
        ReverbParams params;
        double rate;
    };
    const Case cases[] = {
        {{.type = ReverbType::room, .decaySeconds = 0.5, .bassDecayRatio = 1.2, .trebleDecayRatio = 0.7}, 48000.0},
        {{.type = ReverbType::room, .decaySeconds = 0.8, .bassDecayRatio = 0.7, .trebleDecayRatio = 0.5}, 44100.0},
        {{.type = ReverbType::plate, .decaySeconds = 1.5, .bassDecayRatio = 1.0, .trebleDecayRatio = 0.6}, 44100.0},
        {{.type = ReverbType::plate, .decaySeconds = 1.8, .bassDecayRatio = 1.3, .trebleDecayRatio = 1.0}, 96000.0},
        {{.type = ReverbType::hall, .decaySeconds = 2.4, .bassDecayRatio = 1.4, .trebleDecayRatio = 0.5}, 48000.0},
        {{.type = ReverbType::hall, .decaySeconds = 4.0, .bassDecayRatio = 1.0, .trebleDecayRatio = 0.4, .modulation = 1.0}, 96000.0},
    };
    for (Case c : cases) {
        c.params.lowCutHz = 20.0;
        c.params.highCutHz = 20000.0;
        const double longest = c.params.decaySeconds * std::max(1.0, c.params.bassDecayRatio);
        // Both sides from both sources: the mean of four decays, as four microphone places in a room.
        const double length = 0.2 + 0.9 * longest;
        const AudioBuffer fromLeft = impulseResponse(c.params, c.rate, length, 1.0f, 0.0f);
        const AudioBuffer fromRight = impulseResponse(c.params, c.rate, length, 0.0f, 1.0f);
        const std::array<double, 3> hz = {0.5 * c.params.bassCrossoverHz, 1000.0, 2.0 * c.params.trebleCrossoverHz};
        const std::array<double, 3> ratio = {c.params.bassDecayRatio, 1.0, c.params.trebleDecayRatio};
        for (int band = 0; band < 3; ++band) {
            const double asked = c.params.decaySeconds * ratio[band];
            double measured = 0.0;
            for (const AudioBuffer* response : {&fromLeft, &fromRight})
                for (int side : {0, 1}) measured += 0.25 * t60Of(octaveBand(response->channel(side), hz[band], c.rate), c.rate, -5.0, -35.0);
            EXPECT_NEAR(measured / asked, 1.0, 0.08) << nameOf(c.params.type) << " " << hz[band] << " Hz at " << c.rate << ": " << measured
                                                     << " s, asked " << asked;
            RecordProperty(nameOf(c.params.type) + "_" + std::to_string(int(c.rate)) + "_" + std::to_string(int(hz[band])),
                           std::to_string(asked) + " " + std::to_string(measured));
        }
    }
}

TEST(Reverb, DampingShortensTheTopAsInAir) {
    ReverbParams params = lateOnly(ReverbType::hall, 2.0);
    params.dampingHz = 5000.0;
    const AudioBuffer response = impulseResponse(params, 48000.0, 2.2);
    EXPECT_NEAR(t60Of(octaveBand(response.channel(0), 1000.0, 48000.0), 48000.0, -5.0, -35.0), 2.0, 0.16);
    EXPECT_NEAR(t60Of(octaveBand(response.channel(0), 13000.0, 48000.0), 48000.0, -5.0, -35.0), 0.5, 0.05);
}

TEST(Reverb, TheDesignedDecayIsStableForEverySettingAndExactForUsualOnes) {
    for (double seconds : {0.1, 1.0, 20.0})
        for (double bass : {0.3, 0.7, 1.6, 2.5})
            for (double treble : {0.1, 0.4, 1.0, 1.5})
                for (double bassHz : {60.0, 250.0, 500.0})
                    for (double trebleHz : {1500.0, 4000.0, 10000.0}) {
                        const double rate = bassHz == 60.0 ? 192000.0 : 44100.0;
                        const ReverbParams params{.decaySeconds = seconds, .bassDecayRatio = bass, .trebleDecayRatio = treble,
                                                  .bassCrossoverHz = bassHz, .trebleCrossoverHz = trebleHz};
                        const std::string setting = fieldsToJson(params).dump(-1);
                        const ReverbDecay decay(params, reverbGeometry(params.type, 1.0, rate).lineFrames, rate);
                        const double slowest = seconds * std::max({1.0, bass, treble});
                        for (double hz = 5.0; hz < 0.49 * rate; hz *= 1.3) {
                            for (int line : {0, 15}) ASSERT_LT(decay.gainAt(line, hz), 1.0) << hz << " Hz of " << setting;
                            ASSERT_LT(decay.t60At(hz), 2.3 * slowest) << hz << " Hz of " << setting;
                        }
                        if (seconds < 1.0 || bass > 2.0 || bass < 0.5 || treble < 0.2 || treble > 1.2 || bassHz * 8.0 > trebleHz) continue;
                        EXPECT_NEAR(decay.t60At(0.5 * bassHz) / (seconds * bass), 1.0, 0.01) << setting;
                        EXPECT_NEAR(decay.t60At(std::sqrt(bassHz * trebleHz)) / seconds, 1.0, 0.01) << setting;
                        EXPECT_NEAR(decay.t60At(std::min(2.0 * trebleHz, 0.4 * rate)) / (seconds * treble), 1.0, 0.01) << setting;
                    }
}

TEST(Reverb, BecomesDenseAsFastAsItsTypeShould) {
    // Abel & Huang 2006: 1 is Gaussian noise. Each type reaches 0.9 within its time and stays near it.
    const double limitMs[] = {20.0, 20.0, 30.0};
    for (ReverbType type : kTypes) {
        const AudioBuffer response = impulseResponse(lateOnly(type, 2.0), 48000.0, 1.2);
        for (int c : {0, 1}) {
            const double ms = 1000.0 * denseAfterSeconds(response.channel(c), 48000.0, 0.9);
            EXPECT_LT(ms, limitMs[static_cast<int>(type)]) << nameOf(type);
            RecordProperty(nameOf(type) + std::to_string(c), std::to_string(ms));
            for (double t : {0.2, 0.4, 0.8}) EXPECT_GT(echoDensity(response.channel(c), 48000.0, t), 0.85) << nameOf(type) << " at " << t << " s";
        }
    }
}

TEST(Reverb, DiffusionZeroLeavesSingleEchoes) {
    ReverbParams params = lateOnly(ReverbType::hall, 2.0);
    params.diffusion = 0.0;
    const AudioBuffer response = impulseResponse(params, 48000.0, 0.5);
    EXPECT_LT(echoDensity(response.channel(0), 48000.0, 0.03), 0.2);
}

TEST(Reverb, NoToneRingsOn) {
    // In each third-octave the tail's spectrum is compared with that of Gaussian noise, whose highest of N lines of mean 1
    // stands near ln N + 0.6. And the late decay is the early one: no mode outlives the others.
    for (ReverbType type : kTypes) {
        const double seconds = type == ReverbType::room ? 0.6 : type == ReverbType::plate ? 1.5 : 2.4;
        const AudioBuffer response = impulseResponse(lateOnly(type, seconds), 48000.0, 1.4 * seconds);
        double worstCrest = 0.0, worstRatio = 1.0;
        for (double hz = 125.0; hz < 11000.0; hz *= std::pow(2.0, 1.0 / 3.0))
            for (int c : {0, 1}) worstCrest = std::max(worstCrest, crestOverNoise(response.channel(c), 48000.0, 0.2 * seconds, 0.7 * seconds, hz));
        for (double hz = 125.0; hz < 10000.0; hz *= 2.0) {
            const auto band = octaveBand(response.channel(0), hz, 48000.0);
            worstRatio = std::max(worstRatio, t60Of(band, 48000.0, -40.0, -65.0) / t60Of(band, 48000.0, -5.0, -30.0));
        }
        RecordProperty(nameOf(type) + "Crest", std::to_string(worstCrest));
        RecordProperty(nameOf(type) + "Late", std::to_string(worstRatio));
        EXPECT_LT(worstCrest, 2.0) << nameOf(type);
        EXPECT_LT(worstRatio, 1.2) << nameOf(type);
    }
}

TEST(Reverb, TheSidesAreIndependentEvenFromAMonoSource) {
    for (ReverbType type : kTypes) {
        const AudioBuffer response = impulseResponse(lateOnly(type, 2.0), 48000.0, 1.5);
        for (double hz : {250.0, 1000.0, 4000.0}) {
            const double r = correlation(octaveBand(response.channel(0), hz, 48000.0), octaveBand(response.channel(1), hz, 48000.0), 4800, 72000);
            EXPECT_LT(std::abs(r), 0.2) << nameOf(type) << " " << hz;
        }
    }
}

TEST(Reverb, WidthGoesFromMonoToIndependent) {
    ReverbParams params = lateOnly(ReverbType::plate, 1.0);
    params.width = 0.0;
    const AudioBuffer mono = impulseResponse(params, 48000.0, 0.5);
    for (int n = 0; n < 24000; ++n) ASSERT_EQ(mono.channel(0)[n], mono.channel(1)[n]);
    params.width = 0.5;
    const AudioBuffer half = impulseResponse(params, 48000.0, 0.5);
    const double r = correlation({half.channel(0).begin(), half.channel(0).end()}, {half.channel(1).begin(), half.channel(1).end()}, 2400, 24000);
    EXPECT_NEAR(r, (1.0 - 0.25) / (1.0 + 0.25), 0.1);
}

TEST(Reverb, TheReturnIsAsLoudForEveryDecaySizeAndType) {
    // Pink-like: noise through the octaves 125 Hz ... 8 kHz, the same input for all.
    double lowest = 1e9, highest = -1e9;
    for (ReverbType type : kTypes)
        for (double seconds : {0.3, 2.0})
            for (double size : {0.6, 1.5})
                for (double early : {-60.0, 0.0}) {
                    const ReverbParams params{.type = type, .decaySeconds = seconds, .sizeFactor = size, .earlyLevelDb = early, .lowCutHz = 20.0, .highCutHz = 20000.0};
                    const AudioBuffer response = impulseResponse(params, 48000.0, 0.3 + 1.5 * seconds);
                    double pink = 0.0;
                    int octaves = 0;
                    for (double hz = 125.0; hz <= 8000.0; hz *= 2.0, ++octaves)
                        for (int c : {0, 1}) pink += energyBetween(response.channel(c), hz / std::numbers::sqrt2, hz * std::numbers::sqrt2, 48000.0);
                    const double db = powerToDb(pink / octaves / 2.0);
                    lowest = std::min(lowest, db);
                    highest = std::max(highest, db);
                }
    RecordProperty("lowestDb", std::to_string(lowest));
    RecordProperty("highestDb", std::to_string(highest));
    EXPECT_LT(highest - lowest, 3.0);
    EXPECT_NEAR(0.5 * (lowest + highest), 0.0, 1.0) << "and that loudness is the input's";
}

TEST(Reverb, HasNoDc) {
    const AudioBuffer response = impulseResponse({.type = ReverbType::hall, .decaySeconds = 1.0, .bassDecayRatio = 2.5}, 48000.0, 4.0);
    for (int c : {0, 1}) EXPECT_LT(std::abs(std::accumulate(response.channel(c).begin(), response.channel(c).end(), 0.0)), 1e-4);
}

TEST(Reverb, StartsAfterThePreDelay) {
    const AudioBuffer response = impulseResponse({.type = ReverbType::plate, .preDelayMs = 50.0}, 48000.0, 0.2);
    const auto first = std::find_if(response.channel(0).begin(), response.channel(0).end(), [](float x) { return x != 0.0f; });
    const double ms = static_cast<double>(first - response.channel(0).begin()) / 48.0;
    EXPECT_GE(ms, 50.0);
    EXPECT_LT(ms, 55.0);
}

TEST(Reverb, EarlyReflectionsHaveTheirLevelAndTheirPlace) {
    ReverbParams with = lateOnly(ReverbType::hall, 2.0);
    with.earlyLevelDb = 0.0;
    with.modulation = 0.0;
    ReverbParams without = with;
    without.earlyLevelDb = -60.0;
    const AudioBuffer both = impulseResponse(with, 48000.0, 3.0), late = impulseResponse(without, 48000.0, 3.0);
    for (int c : {0, 1}) {
        // Early alone: the difference, with the late sound scaled by sqrt(1/2).
        double power = 0.0, after = 0.0;
        for (int n = 0; n < both.numFrames(); ++n) {
            const double early = both.channel(c)[n] - late.channel(c)[n] * std::sqrt(0.5);
            (n < 0.115 * 48000 ? power : after) += early * early;
        }
        EXPECT_NEAR(powerToDb(power), -3.0, 0.5);
        EXPECT_LT(powerToDb(after / power), -40.0);
    }
}

TEST(Reverb, TheTailEndsInExactZerosAndTheNextSoundIsAsInAFreshReverb) {
    const StreamSpec spec{48000.0, 2};
    const ReverbParams params{.type = ReverbType::room, .decaySeconds = 0.2, .trebleDecayRatio = 1.0, .modulation = 0.0};
    Reverb reverb(params, spec);
    AudioBuffer burst = noise(spec, 4800, 0.0, 3);
    run(reverb, burst, 512);
    AudioBuffer tail(spec, 48000 * 3);
    run(reverb, tail, 0);
    int last = -1;
    for (int n = 0; n < tail.numFrames(); ++n)
        if (tail.channel(0)[n] != 0.0f || tail.channel(1)[n] != 0.0f) last = n;
    EXPECT_GT(last, 4800);
    EXPECT_LT(last, 48000 * 2) << "300 dB at 60 dB per 0.22 s";

    AudioBuffer again = noise(spec, 24000, 0.0, 4), fresh = again;
    run(reverb, again, 512);
    Reverb other(params, spec);
    run(other, fresh, 512);
    EXPECT_TRUE(bitEqual(again, fresh)) << "without modulation nothing is left of the past";
}

TEST(Reverb, RefusesWhatItCannotDo) {
    EXPECT_THROW(Reverb({.decaySeconds = 0.0}, {}), std::invalid_argument);
    EXPECT_THROW(Reverb({}, {48000.0, 3}), std::invalid_argument);
}

TEST(ReverbGeometry, LinesShareNoPeriod) {
    for (ReverbType type : kTypes)
        for (double size : {0.5, 1.0, 2.0}) {
            const auto lines = reverbGeometry(type, size, 44100.0).lineFrames;
            for (int a = 0; a < kReverbLines; ++a)
                for (int b = 0; b < a; ++b) EXPECT_EQ(std::gcd(lines[a], lines[b]), 1);
            EXPECT_GT(*std::min_element(lines.begin(), lines.end()), 4 * kReverbChunk);
        }
}
