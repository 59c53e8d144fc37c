#include "dsp/dc_filter.h"
#include "dsp/hum_filter.h"
#include "tests/support/laws.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

}  // namespace

TEST(HumFilter, ObeysTheProcessorLaws) {
    obeysProcessorLaws<HumFilter>({});
    obeysProcessorLaws<HumFilter>({.humHz = 60.0, .harmonics = 64, .notchWidthHz = 3.0}, {96000.0, 1});
}

TEST(HumFilter, TakesHumOutAndLeavesTheMusicAlone) {
    for (double rate : {44100.0, 48000.0, 96000.0}) {
        const int settle = static_cast<int>(2.0 * rate), frames = settle + static_cast<int>(rate);
        AudioBuffer hum({rate, 1}, frames);
        for (int harmonic = 1; harmonic <= 10; ++harmonic)
            for (int n = 0; n < frames; ++n)
                hum.channel(0)[n] += static_cast<float>(0.1 / harmonic * std::sin(2.0 * std::numbers::pi * 50.0 * harmonic * n / rate + harmonic));
        AudioBuffer cleanHum = hum;
        HumFilter filter({}, hum.spec());
        run(filter, cleanHum, 512);
        EXPECT_LT(rmsDb(cleanHum, settle) - rmsDb(hum, settle), -30.0) << rate;

        // Third octaves of pink noise: as many points per octave as you like, all of the same power.
        for (double centre = 200.0; centre < 18000.0; centre *= std::pow(10.0, 0.1)) {
            double power = 0.0;
            for (int i = 0; i < 20000; ++i) power += std::norm(filter.response(centre * std::pow(10.0, 0.1 * (i / 20000.0 - 0.5)))) / 20000.0;
            EXPECT_NEAR(powerToDb(power), 0.0, 0.3) << centre << " Hz at " << rate;
        }
    }
}

TEST(HumFilter, HasItsDepthAtTheCentreAndItsWidthAtThreeDecibels) {
    for (double rate : {44100.0, 48000.0, 96000.0}) {
        const HumFilter filter({.humHz = 60.0, .harmonics = 5, .notchWidthHz = 2.0, .depthDb = 40.0}, {rate, 1});
        for (int n = 1; n <= 5; ++n) {
            EXPECT_NEAR(gainToDb(std::abs(filter.response(60.0 * n))), -40.0, 0.1);
            EXPECT_NEAR(gainToDb(std::abs(filter.response(60.0 * n + 1.0))), -3.0, 0.2);
            EXPECT_NEAR(gainToDb(std::abs(filter.response(60.0 * n - 1.0))), -3.0, 0.2);
        }
        EXPECT_NEAR(gainToDb(std::abs(filter.response(1000.0))), 0.0, 0.01);
        EXPECT_NEAR(std::abs(filter.response(0.0)), 1.0, 1e-6);
    }
}

TEST(HumFilter, DoesWhatItsResponseSays) {
    const AudioBuffer input = sine({48000.0, 1}, 5 * 48000, 101.0, -6.0);
    AudioBuffer output = input;
    HumFilter filter({.harmonics = 3}, input.spec());
    run(filter, output, 512);
    EXPECT_NEAR(rmsDb(output, 4 * 48000) - rmsDb(input, 4 * 48000), gainToDb(std::abs(filter.response(101.0))), 0.01);
}

TEST(HumFilter, WithoutDepthOrHarmonicsIsBitTransparent) {
    const AudioBuffer input = noise({48000.0, 2}, 5000, 3.0, 1);
    for (const HumFilter::Params& params : {HumFilter::Params{.harmonics = 0}, HumFilter::Params{.depthDb = 0.0}}) {
        AudioBuffer output = input;
        HumFilter filter(params, input.spec());
        run(filter, output, 512);
        EXPECT_TRUE(bitEqual(input, output));
    }
}

TEST(DcFilter, ObeysTheProcessorLaws) {
    obeysProcessorLaws<DcFilter>({});
    obeysProcessorLaws<DcFilter>({.cornerHz = 20.0, .order = 2}, {44100.0, 1});
}

TEST(DcFilter, TakesOutTheOffsetAndFollowsTheButterworthCurve) {
    for (double rate : {44100.0, 48000.0, 96000.0})
        for (int order : {1, 2}) {
            const DcFilter::Params params{.cornerHz = 5.0, .order = order};
            const DcFilter filter(params, {rate, 1});
            for (double hz : {0.5, 2.0, 5.0, 20.0, 1000.0}) {
                const double expected = -powerToDb(1.0 + std::pow(5.0 / hz, 2 * order));
                EXPECT_NEAR(gainToDb(std::abs(filter.response(hz))), expected, 0.001) << hz;
            }
            AudioBuffer audio = sine({rate, 1}, static_cast<int>(4 * rate), 1000.0, -6.0);
            for (float& sample : audio.channel(0)) sample += 0.05f;
            DcFilter remover(params, audio.spec());
            run(remover, audio, 512);
            double mean = 0.0;
            const int last = static_cast<int>(rate);
            for (int n = 3 * last; n < 4 * last; ++n) mean += audio.channel(0)[n] / rate;
            EXPECT_NEAR(mean, 0.0, 1e-6);
            EXPECT_NEAR(rmsDb(audio, 3 * last), -6.0 - 3.0103, 0.001);
        }
}
