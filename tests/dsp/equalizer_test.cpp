#include "dsp/equalizer.h"

#include "core/decibels.h"
#include "tests/support/laws.h"
#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

Equalizer::Band bell(double hz, double gainDb, double q = 1.0) {
    return {.type = BandType::bell, .frequencyHz = hz, .gainDb = gainDb, .q = q};
}

// Worst distance from the analogue curve up to `limitHz`, where the curve itself is above -60 dB.
double worstErrorDb(const Equalizer::Params& params, double sampleRateHz, double limitHz) {
    const Equalizer equalizer(params, {sampleRateHz, 1});
    double worst = 0.0;
    for (int i = 0; i <= 600; ++i) {
        const double hz = 10.0 * std::pow(limitHz / 10.0, i / 600.0), wantedDb = analogueGainDb(params, hz);
        if (wantedDb > -60.0) worst = std::max(worst, std::abs(equalizer.responseDb(hz) - wantedDb));
    }
    return worst;
}

// Gain measured with a steady sine, after a second of settling.
double measuredDb(const Equalizer::Params& params, StreamSpec spec, double hz) {
    const int second = static_cast<int>(spec.sampleRateHz);
    AudioBuffer audio = sine(spec, 2 * second, hz, -20.0);
    const double before = rmsDb(audio, second);
    Equalizer equalizer(params, spec);
    run(equalizer, audio, 512);
    return rmsDb(audio, second) - before;
}

const Equalizer::Params kRich{{
    {.type = BandType::lowCut, .frequencyHz = 60.0, .slopeDbPerOctave = 18},
    {.type = BandType::lowShelf, .frequencyHz = 150.0, .gainDb = 3.0},
    bell(300.0, -4.0, 2.0),
    bell(1000.0, 2.0),
    {.type = BandType::notch, .frequencyHz = 1500.0, .q = 8.0},
    bell(4000.0, 3.0, 0.8),
    {.type = BandType::highShelf, .frequencyHz = 9000.0, .gainDb = -3.0},
    {.type = BandType::highCut, .frequencyHz = 18000.0, .slopeDbPerOctave = 24},
}};

}  // namespace

TEST(Equalizer, obeysTheProcessorLaws) {
    obeysProcessorLaws<Equalizer>({{bell(1000.0, 6.0)}});
    obeysProcessorLaws<Equalizer>(kRich);
    obeysProcessorLaws<Equalizer>(kRich, {44100.0, 1});
    obeysProcessorLaws<Equalizer>(kRich, {96000.0, 3});
    obeysProcessorLaws<Equalizer>({});
}

TEST(Equalizer, bandsThatChangeNothingLeaveTheBitsAlone) {
    const AudioBuffer input = noise({48000.0, 2}, 5000, 0.0, 4);
    AudioBuffer output = input;
    Equalizer::Band off = bell(500.0, 9.0);
    off.enabled = false;
    Equalizer equalizer({{bell(1000.0, 0.0), off, {.type = BandType::highShelf, .gainDb = 0.0}}}, {48000.0, 2});
    run(equalizer, output, 0);
    EXPECT_TRUE(bitEqual(input, output));
}

TEST(Equalizer, bellsFollowTheAnalogueCurveWithinATenthOfADecibelUpTo16kHz) {
    for (double sampleRateHz : {44100.0, 48000.0, 96000.0})
        for (double hz : {20.0, 100.0, 1000.0, 5000.0, 10000.0, 14000.0, 18000.0})
            for (double q : {0.4, 1.0, 3.0, 10.0})
                for (double gainDb : {-6.0, 6.0})
                    EXPECT_LT(worstErrorDb({{bell(hz, gainDb, q)}}, sampleRateHz, 16000.0), 0.1)
                        << sampleRateHz << " Hz, bell at " << hz << ", q " << q << ", " << gainDb << " dB";
}

TEST(Equalizer, shelvesAndCutsFollowTheAnalogueCurve) {
    using Params = Equalizer::Params;
    for (double sampleRateHz : {44100.0, 48000.0, 96000.0})
        for (double hz : {30.0, 200.0, 2000.0, 8000.0, 12000.0}) {
            for (BandType type : {BandType::lowShelf, BandType::highShelf})
                for (double gainDb : {-6.0, 6.0})
                    EXPECT_LT(worstErrorDb(Params{{{.type = type, .frequencyHz = hz, .gainDb = gainDb}}}, sampleRateHz, 16000.0), 0.15)
                        << sampleRateHz << " Hz, shelf at " << hz;
            for (int slope : {6, 12, 18, 24, 48})
                for (BandType type : {BandType::lowCut, BandType::highCut})
                    EXPECT_LT(worstErrorDb(Params{{{.type = type, .frequencyHz = hz, .slopeDbPerOctave = slope}}}, sampleRateHz, 16000.0), 0.4)
                        << sampleRateHz << " Hz, cut " << slope << " at " << hz;
        }
}

TEST(Equalizer, analogueCurvesAreWhatTheirNamesSay) {
    EXPECT_NEAR(analogueGainDb(bell(1000.0, 6.0), 1000.0), 6.0, 1e-9);
    // A bell's width is where half the decibels are left: Q = f0 / (upper - lower).
    EXPECT_NEAR(analogueGainDb(bell(1000.0, 6.0, 1.0), 1000.0 * (std::sqrt(1.25) + 0.5)), 3.0, 1e-9);
    EXPECT_NEAR(analogueGainDb(bell(1000.0, 6.0, 1.0), 1000.0 * (std::sqrt(1.25) - 0.5)), 3.0, 1e-9);
    const Equalizer::Band shelf{.type = BandType::lowShelf, .frequencyHz = 200.0, .gainDb = -8.0};
    EXPECT_NEAR(analogueGainDb(shelf, 200.0), -4.0, 1e-9);
    EXPECT_NEAR(analogueGainDb(shelf, 0.01), -8.0, 1e-6);
    EXPECT_NEAR(analogueGainDb(shelf, 2e6), 0.0, 1e-6);
    for (int slope : {6, 12, 18, 24, 30, 36, 42, 48}) {
        const Equalizer::Band cut{.type = BandType::lowCut, .frequencyHz = 100.0, .q = std::sqrt(0.5), .slopeDbPerOctave = slope};
        EXPECT_NEAR(analogueGainDb(cut, 100.0), 10.0 * std::log10(0.5), 1e-9) << slope;
        EXPECT_NEAR(analogueGainDb(cut, 2.0) - analogueGainDb(cut, 1.0), 20.0 * std::log10(2.0) * slope / 6, 0.01) << slope;
    }
}

TEST(Equalizer, soundsAsItsResponseSays) {
    for (double sampleRateHz : {44100.0, 48000.0, 96000.0})
        for (double hz : {40.0, 100.0, 1000.0, 3000.0, 10000.0, 15000.0}) {
            const Equalizer equalizer(kRich, {sampleRateHz, 1});
            EXPECT_NEAR(measuredDb(kRich, {sampleRateHz, 1}, hz), equalizer.responseDb(hz), 2e-3) << sampleRateHz << " " << hz;
        }
}

TEST(Equalizer, channelsAndBandsDoNotDependOnTheLanesTheyRunIn) {
    // Two channels at once, alone, with any number of bands: each section must give what the plain SVF gives.
    for (int count = 1; count <= 19; ++count) {
        Equalizer::Params params;
        for (int i = 0; i < count; ++i) params.bands.push_back(bell(100.0 * (i + 1), i % 2 ? 3.0 : -3.0));
        const AudioBuffer input = noise({48000.0, 2}, 3000, -12.0, 9);
        AudioBuffer stereo = input;
        Equalizer both(params, {48000.0, 2});
        run(both, stereo, 0);
        for (int c = 0; c < 2; ++c) {
            AudioBuffer mono({48000.0, 1}, 3000);
            std::copy_n(input.channel(c).data(), 3000, mono.channel(0).data());
            Equalizer alone(params, {48000.0, 1});
            run(alone, mono, 0);
            EXPECT_EQ(std::memcmp(mono.channel(0).data(), stereo.channel(c).data(), 3000 * sizeof(float)), 0) << count << " bands";

            std::vector<Svf> chain;
            for (const Equalizer::Band& band : params.bands) chain.emplace_back(matched(analogueSections(band)[0], 48000.0));
            double worst = 0.0;
            for (int n = 0; n < 3000; ++n) {
                double y = input.channel(c)[n];
                for (Svf& filter : chain) y = filter(y);
                worst = std::max(worst, std::abs(y - stereo.channel(c)[n]));
            }
            EXPECT_LT(worst, 1e-7) << count << " bands";
        }
    }
}

TEST(Equalizer, aVeryLowAndNarrowBandStaysPrecise) {
    const StreamSpec spec{192000.0, 1};
    const Equalizer equalizer({{bell(20.0, 12.0, 10.0)}}, spec);
    EXPECT_NEAR(equalizer.responseDb(20.0), 12.0, 1e-3);
    EXPECT_NEAR(equalizer.responseDb(1e-3), 0.0, 1e-6);
}

TEST(Equalizer, nothingIsLeftOfADirectCurrentBehindALowCut) {
    AudioBuffer audio({48000.0, 1}, 96000);
    for (float& sample : audio.channel(0)) sample = 0.5f;
    Equalizer equalizer({{{.type = BandType::lowCut, .frequencyHz = 20.0}}}, {48000.0, 1});
    run(equalizer, audio, 512);
    EXPECT_LT(std::abs(audio.channel(0)[95999]), 1e-9f);
}

TEST(Equalizer, refusesParametersOutOfRange) {
    EXPECT_THROW(Equalizer({{bell(0.0, 3.0)}}, {}), std::invalid_argument);
    EXPECT_THROW(Equalizer({{bell(100.0, std::nan(""))}}, {}), std::invalid_argument);
    EXPECT_THROW(Equalizer({{{.type = BandType::lowCut, .slopeDbPerOctave = 13}}}, {}), std::invalid_argument);
}

TEST(Equalizer, paramsSurviveJson) {
    const Json json = fieldsToJson(kRich);
    EXPECT_TRUE(fieldsFromJson<Equalizer::Params>(JsonReader(json, "", "test")) == kRich);
}
