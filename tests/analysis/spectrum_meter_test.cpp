#include "analysis/spectrum_meter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

SpectrumMeter::Result measure(AudioBuffer audio, int blockLength = 1000) {
    SpectralStream stream(audio.spec());
    SpectrumMeter meter(audio.spec(), stream);
    SpectralSink* sinks[] = {&meter};
    std::vector<float*> pointers(audio.numChannels());
    std::mt19937 random(3);
    for (int start = 0; start < audio.numFrames();) {
        const int length = std::min(audio.numFrames() - start, blockLength ? blockLength : static_cast<int>(random() % 3000));
        stream.add(audio.block(pointers, start, length), sinks);
        start += length;
    }
    stream.finish(sinks);
    return meter.result(audio.numFrames() / audio.spec().sampleRateHz);
}

AudioBuffer scaled(AudioBuffer audio, double gainDb) {
    for (int c = 0; c < audio.numChannels(); ++c)
        for (float& sample : audio.channel(c)) sample *= static_cast<float>(dbToGain(gainDb));
    return audio;
}

}  // namespace

TEST(SpectrumMeter, AFullScaleSineInTheMiddleOfAnyThirdOctaveReadsMinus3InItsBandAndNothingElsewhere) {
    for (double rate : {44100.0, 48000.0, 96000.0}) {
        for (int band = 0; band < kThirdOctaves; ++band) {
            const AudioBuffer tone = sine({rate, 1}, static_cast<int>(6 * rate), thirdOctaveCentreHz(band), 0.0, 0.3);
            const SpectrumFacts facts = measure(tone).spectrum;
            EXPECT_NEAR(facts.thirdOctaveDb[band], -3.01, 0.05) << thirdOctaveCentreHz(band) << " Hz at " << rate;
            for (int other = 0; other < kThirdOctaves; ++other) {
                if (std::abs(other - band) < 2) continue;
                // What is heard elsewhere is the tone's start and end.
                EXPECT_LT(facts.thirdOctaveDb[other], band < 6 ? -34.0 : -40.0) << other << " for " << band << " at " << rate;
            }
        }
    }
}

TEST(SpectrumMeter, WhiteNoiseReadsTheoryInThirdOctavesAndErbBands) {
    const double rate = 48000.0;
    const SpectrumFacts facts = measure(noise({rate, 1}, static_cast<int>(120 * rate), 0.0, 5)).spectrum;
    const double densityDb = powerToDb(1.0 / 3.0 / (rate / 2.0));  // uniform noise of peak 1 has power 1/3
    for (int band = 0; band < kThirdOctaves; ++band) {
        const double width = thirdOctaveCentreHz(band) * (std::pow(10.0, 0.05) - std::pow(10.0, -0.05));
        // The estimate's own spread: 4.34 dB / sqrt(bandwidth x seconds).
        const double spread = 4.34 / std::sqrt(width * 120.0);
        EXPECT_NEAR(facts.thirdOctaveDb[band], densityDb + powerToDb(width), 0.05 + 3.0 * spread) << thirdOctaveCentreHz(band);
    }
    for (int band = 0; band < kErbBands; ++band) {
        const double width = erbEdgeHz(band + 1) - erbEdgeHz(band);
        EXPECT_NEAR(facts.erbDb[band], densityDb + powerToDb(width), 0.05 + 3.0 * 4.34 / std::sqrt(width * 120.0)) << erbCentreHz(band);
    }
    EXPECT_NEAR(*facts.centroidHz, 12000.0, 60.0);
    EXPECT_NEAR(*facts.tiltDbPerOctave, 3.01, 0.1);
    EXPECT_NEAR(*facts.rolloffHz, 0.85 * 22387.0, 200.0);  // of what the bands hold
    EXPECT_GT(*facts.flatness, 0.6);
}

TEST(SpectrumMeter, FlatnessTellsTonesFromNoise) {
    EXPECT_LT(*measure(sine({48000.0, 1}, 96000, 1000.0, -6.0)).spectrum.flatness, 0.01);
}

TEST(SpectrumMeter, TheFactsAreTheSameBitsHoweverTheStreamIsCut) {
    const AudioBuffer audio = noise({44100.0, 2}, 3 * 44100 + 77, -3.0, 9);
    const SpectrumMeter::Result a = measure(audio, 100000000), b = measure(audio, 0), c = measure(audio, 1);
    for (const auto* other : {&b, &c}) {
        EXPECT_EQ(a.spectrum.thirdOctaveDb, other->spectrum.thirdOctaveDb);
        EXPECT_EQ(a.thirdOctaveWidthDb, other->thirdOctaveWidthDb);
        EXPECT_EQ(a.sketch.power, other->sketch.power);
        EXPECT_EQ(a.spectrum.centroidHz, other->spectrum.centroidHz);
    }
}

// Bursts of noise of different lengths and levels, with a faint hiss between them.
static AudioBuffer phrases(StreamSpec spec) {
    AudioBuffer audio = noise(spec, static_cast<int>(20 * spec.sampleRateHz), -12.0, 21);
    const int frames = audio.numFrames();
    for (int c = 0; c < spec.channels; ++c)
        for (int n = 0; n < frames; ++n) {
            const double t = n / spec.sampleRateHz;
            const double gain = std::fmod(t, 3.0) < 1.0 ? 1.0 : std::fmod(t, 7.0) < 0.2 ? 0.05 : 1e-4;
            audio.channel(c)[n] *= static_cast<float>(gain * (c == 1 ? 0.5 : 1.0));
        }
    return audio;
}

TEST(SpectrumMeter, ScalingTheInputMovesTheLevelsByThatGainAndNothingElse) {
    const AudioBuffer audio = phrases({48000.0, 2});
    const SpectrumMeter::Result before = measure(audio);
    for (double gainDb : {-20.0, -7.3, 12.0}) {
        const SpectrumMeter::Result after = measure(scaled(audio, gainDb));
        for (int band = 0; band < kThirdOctaves; ++band) {
            EXPECT_NEAR(after.spectrum.thirdOctaveDb[band], before.spectrum.thirdOctaveDb[band] + gainDb, 1e-3);
            EXPECT_NEAR(after.thirdOctaveWidthDb[band], before.thirdOctaveWidthDb[band], 1e-3);
        }
        EXPECT_NEAR(*after.spectrum.centroidHz, *before.spectrum.centroidHz, 0.1);
        EXPECT_NEAR(*after.spectrum.flatness, *before.spectrum.flatness, 1e-4);
        EXPECT_NEAR(*after.spectrum.tiltDbPerOctave, *before.spectrum.tiltDbPerOctave, 1e-4);
        EXPECT_EQ(after.activeShare, before.activeShare);
    }
}

TEST(SpectrumMeter, PausesDoNotPullTheLevelsDown) {
    const double rate = 48000.0;
    AudioBuffer audio = noise({rate, 1}, static_cast<int>(40 * rate), -6.0, 2);
    const SpectrumFacts full = measure(audio).spectrum;
    for (int n = 0; n < audio.numFrames(); ++n)
        if (std::fmod(n / rate, 10.0) >= 5.0) audio.channel(0)[n] *= 1e-3f;  // hiss, 60 dB down
    const SpectrumMeter::Result half = measure(audio);
    EXPECT_NEAR(half.activeShare, 0.5, 0.02);
    // The rows at the edges of the passages are half full at most: 4 dB / sqrt(width x time) of spread below.
    for (int band = 10; band < kThirdOctaves; ++band) EXPECT_NEAR(half.spectrum.thirdOctaveDb[band], full.thirdOctaveDb[band], 0.5) << band;
}

TEST(SpectrumMeter, WidthIsSidePowerOverMidPowerPerBand) {
    const StreamSpec spec{48000.0, 2};
    AudioBuffer audio = sine(spec, 3 * 48000, 1000.0, -6.0);
    const AudioBuffer high = sine(spec, 3 * 48000, 6309.6, -6.0);
    for (int n = 0; n < audio.numFrames(); ++n) {  // mid at 1 kHz; at 6.3 kHz side 6 dB below mid
        audio.channel(0)[n] += 1.5f * high.channel(0)[n];
        audio.channel(1)[n] += 0.5f * high.channel(0)[n];
    }
    const SpectrumMeter::Result result = measure(audio);
    EXPECT_NEAR(result.thirdOctaveWidthDb[25], -6.02, 0.05);  // 10^3.8
    EXPECT_LT(result.thirdOctaveWidthDb[17], -60.0);          // 10^3
}

TEST(SpectrumMeter, TheSketchKeepsTheEnergyAndItsTime) {
    const double rate = 48000.0;
    AudioBuffer audio({rate, 2}, static_cast<int>(10 * rate));
    const AudioBuffer burst = noise({rate, 2}, static_cast<int>(0.5 * rate), 0.0, 4);
    for (int c = 0; c < 2; ++c) std::copy(burst.channel(c).begin(), burst.channel(c).end(), audio.channel(c).begin() + static_cast<int>(6 * rate));
    const SpectrumMeter::Result result = measure(audio);
    EXPECT_EQ(result.sketch.frames, 200);
    double energy = 0.0, inside = 0.0;
    for (int f = 0; f < 200; ++f)
        for (int b = 0; b < kErbBands; ++b) {
            energy += result.sketch.at(f, b) * 0.05;
            if (f >= 119 && f <= 131) inside += result.sketch.at(f, b) * 0.05;
        }
    const double share = (erbEdgeHz(kErbBands) - erbEdgeHz(0)) / 24000.0;
    EXPECT_NEAR(energy, 2.0 / 3.0 * 0.5 * share, 0.005);
    EXPECT_GT(inside, 0.995 * energy);
}

TEST(SpectrumMeter, LongRecordingsHaveCoarserRowsOfTheSameEnergy) {
    const double rate = 8000.0;
    const int seconds = 8192 * 3 / 40;  // three quarters of the rows after one doubling
    const SpectrumMeter::Result result = measure(noise({rate, 1}, static_cast<int>(seconds * rate), 0.0, 8));
    EXPECT_NEAR(result.sketch.frameSeconds, 0.1, 1e-12);
    EXPECT_EQ(result.sketch.frames, seconds * 10);
    const double width = thirdOctaveCentreHz(17) * (std::pow(10.0, 0.05) - std::pow(10.0, -0.05));
    EXPECT_NEAR(result.spectrum.thirdOctaveDb[17], powerToDb(width / 4000.0 / 3.0), 0.1);
}

TEST(SpectrumMeter, SilenceHasNoSpectrumAndNoActivity) {
    const SpectrumMeter::Result result = measure(AudioBuffer({48000.0, 2}, 48000));
    EXPECT_FALSE(result.spectrum.centroidHz || result.spectrum.flatness || result.spectrum.tiltDbPerOctave || result.spectrum.rolloffHz);
    for (double level : result.spectrum.thirdOctaveDb) EXPECT_EQ(level, kSilentDb);
    EXPECT_EQ(result.activeShare, 0.0);
}

TEST(SpectrumMeter, NotANumberDoesNotPoisonTheFacts) {
    AudioBuffer audio = sine({48000.0, 1}, 48000, 1000.0, -6.0);
    audio.channel(0)[1000] = std::numeric_limits<float>::quiet_NaN();
    audio.channel(0)[2000] = std::numeric_limits<float>::infinity();
    EXPECT_NEAR(measure(audio).spectrum.thirdOctaveDb[17], -9.01, 0.3);
}
