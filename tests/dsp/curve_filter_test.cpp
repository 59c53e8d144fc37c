#include "dsp/curve_filter.h"

#include "core/decibels.h"
#include "tests/support/laws.h"
#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

using Phase = CurveFilter::Phase;
const std::vector<CurveFilter::Point> kSmile{{60.0, 6.0}, {300.0, -3.0}, {1000.0, 0.0}, {3000.0, -4.0}, {10000.0, 5.0}};

}  // namespace

TEST(CurveFilter, obeysTheProcessorLaws) {
    for (Phase phase : {Phase::minimum, Phase::linear})
        for (int lengthFrames : {100, 4096}) {
            obeysProcessorLaws<CurveFilter>({kSmile, phase, lengthFrames});
            obeysProcessorLaws<CurveFilter>({kSmile, phase, lengthFrames}, {44100.0, 1});
        }
    obeysProcessorLaws<CurveFilter>({});
}

TEST(CurveFilter, aFlatCurveLeavesTheBitsAlone) {
    const AudioBuffer input = noise({48000.0, 2}, 5000, 0.0, 4);
    AudioBuffer output = input;
    CurveFilter filter({{{100.0, 0.0}, {1000.0, 0.0}}}, {48000.0, 2});
    run(filter, output, 0);
    EXPECT_EQ(filter.latencyFrames(), 0);
    EXPECT_TRUE(bitEqual(input, output));
}

TEST(CurveFilter, followsTheDrawnCurveWithBothPhases) {
    for (double sampleRateHz : {44100.0, 48000.0, 96000.0})
        for (Phase phase : {Phase::minimum, Phase::linear}) {
            const CurveFilter filter({kSmile, phase, 8192}, {sampleRateHz, 1});
            for (double hz = 30.0; hz < 20000.0; hz *= 1.07) {
                // The window rounds the curve's corners: by a fraction of a decibel where it bends within a few bins.
                const double tolerance = hz < 150.0 ? 0.4 : 0.1;
                EXPECT_NEAR(filter.responseDb(hz), CurveFilter::curveDb(kSmile, hz), tolerance) << sampleRateHz << " " << hz;
            }
        }
}

TEST(CurveFilter, theCurveIsStraightOverLogFrequencyAndLevelOutside) {
    EXPECT_EQ(CurveFilter::curveDb(kSmile, 1.0), 6.0);
    EXPECT_EQ(CurveFilter::curveDb(kSmile, 60.0), 6.0);
    EXPECT_NEAR(CurveFilter::curveDb(kSmile, std::sqrt(60.0 * 300.0)), 1.5, 1e-12);
    EXPECT_EQ(CurveFilter::curveDb(kSmile, 20000.0), 5.0);
}

TEST(CurveFilter, linearPhaseIsSymmetricAndLateByItsLatency) {
    const StreamSpec spec{48000.0, 1};
    CurveFilter filter({kSmile, Phase::linear, 1000}, spec);
    const std::vector<float>& impulse = filter.impulseResponse();
    for (std::size_t n = 0; n < impulse.size(); ++n) ASSERT_EQ(impulse[n], impulse[impulse.size() - 1 - n]);

    AudioBuffer audio(spec, 8192);
    audio.channel(0)[700] = 1.0f;
    run(filter, audio, 333);
    int loudest = 0;
    for (int n = 0; n < 8192; ++n)
        if (std::abs(audio.channel(0)[n]) > std::abs(audio.channel(0)[loudest])) loudest = n;
    EXPECT_EQ(loudest, 700 + filter.latencyFrames());
}

TEST(CurveFilter, minimumPhaseHasItsEnergyAtTheStartAndTheSmallestDelay) {
    const CurveFilter minimum({kSmile, Phase::minimum, 4096}, {48000.0, 1});
    double head = 0.0, all = 0.0;
    for (std::size_t n = 0; n < minimum.impulseResponse().size(); ++n) {
        const double x = minimum.impulseResponse()[n];
        all += x * x;
        if (n < 100) head += x * x;
    }
    EXPECT_GT(head / all, 0.99);
    // Its phase is the Hilbert transform of its log magnitude: log |h[0]| is the mean of log |H|.
    double meanDb = 0.0;
    constexpr int kGrid = 20000;
    for (int i = 0; i < kGrid; ++i) meanDb += CurveFilter::curveDb(kSmile, 24000.0 * (i + 0.5) / kGrid) / kGrid;
    EXPECT_NEAR(gainToDb(std::abs(minimum.impulseResponse()[0])), meanDb, 0.02);
}

TEST(CurveFilter, convolvesLikeTheTextbookSum) {
    for (Phase phase : {Phase::minimum, Phase::linear}) {
        const StreamSpec spec{48000.0, 2};
        const AudioBuffer input = noise(spec, 3000, -6.0, 8);
        AudioBuffer output = input;
        CurveFilter filter({kSmile, phase, 300}, spec);
        run(filter, output, 0);
        const std::vector<float>& h = filter.impulseResponse();
        const int partition = filter.latencyFrames() - (phase == Phase::linear ? static_cast<int>(h.size()) / 2 : 0);
        for (int n = 0; n < 3000; ++n) {
            double sum = 0.0;
            for (int k = 0; k < static_cast<int>(h.size()); ++k)
                if (n - partition - k >= 0) sum += static_cast<double>(h[k]) * input.channel(1)[n - partition - k];
            ASSERT_NEAR(output.channel(1)[n], sum, 3e-6) << n;
        }
    }
}

TEST(CurveFilter, refusesCurvesThatGoBack) {
    EXPECT_THROW(CurveFilter({{{1000.0, 3.0}, {500.0, 0.0}}}, {}), std::invalid_argument);
    EXPECT_THROW(CurveFilter({{{1000.0, 99.0}}}, {}), std::invalid_argument);
    EXPECT_THROW(CurveFilter({.lengthFrames = 5}, {}), std::invalid_argument);
}

TEST(CurveFilter, onMidOrSideObeysTheProcessorLaws) {
    for (auto channels : {CurveFilter::Channels::mid, CurveFilter::Channels::side}) {
        obeysProcessorLaws<CurveFilter>({kSmile, Phase::minimum, 1000, channels});
        obeysProcessorLaws<CurveFilter>({kSmile, Phase::minimum, 1000, channels}, {44100.0, 1});
    }
}

TEST(CurveFilter, onTheMiddleTheSidesPassLateAndOnTheSidesTheMiddle) {
    const StreamSpec spec{48000.0, 2};
    const AudioBuffer input = noise(spec, 6000, -6.0, 5);
    for (auto channels : {CurveFilter::Channels::mid, CurveFilter::Channels::side}) {
        const bool onMid = channels == CurveFilter::Channels::mid;
        AudioBuffer output = input;
        CurveFilter filter({kSmile, Phase::minimum, 1000, channels}, spec);
        run(filter, output, 0);
        const int late = filter.latencyFrames();
        double changed = 0.0;
        for (int n = late; n < 6000; ++n) {
            const auto mid = [&](const AudioBuffer& audio, int at) { return 0.5 * (audio.channel(0)[at] + audio.channel(1)[at]); };
            const auto side = [&](const AudioBuffer& audio, int at) { return 0.5 * (audio.channel(0)[at] - audio.channel(1)[at]); };
            const double midOff = mid(output, n) - mid(input, n - late), sideOff = side(output, n) - side(input, n - late);
            ASSERT_NEAR(onMid ? sideOff : midOff, 0.0, 1e-6);
            changed = std::max(changed, std::abs(onMid ? midOff : sideOff));
        }
        EXPECT_GT(changed, 0.01);
    }
}

TEST(CurveFilter, midOfAMonoStreamIsAllOfItAndItsSideIsNothing) {
    const StreamSpec mono{48000.0, 1};
    const AudioBuffer input = noise(mono, 6000, -6.0, 6);
    AudioBuffer both = input, mid = input, side = input;
    CurveFilter onBoth({kSmile, Phase::minimum, 1000}, mono), onMid({kSmile, Phase::minimum, 1000, CurveFilter::Channels::mid}, mono),
        onSide({kSmile, Phase::minimum, 1000, CurveFilter::Channels::side}, mono);
    run(onBoth, both, 0);
    run(onMid, mid, 0);
    run(onSide, side, 0);
    EXPECT_TRUE(bitEqual(both, mid));
    EXPECT_TRUE(bitEqual(input, side));
    EXPECT_EQ(onSide.latencyFrames(), 0);
    EXPECT_THROW(CurveFilter({kSmile, Phase::minimum, 1000, CurveFilter::Channels::mid}, {48000.0, 4}), std::invalid_argument);
}
