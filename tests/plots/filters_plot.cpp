#include <gtest/gtest.h>

#include "dsp/alignment.h"
#include "dsp/curve_filter.h"
#include "dsp/dc_filter.h"
#include "dsp/equalizer.h"
#include "dsp/hum_filter.h"
#include "dsp/stereo_width.h"
#include "tests/plots/measure.h"
#include "tests/plots/plot.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

template <class P>
std::vector<float> impulseResponseOf(const typename P::Params& params, double rate, int frames) {
    const StreamSpec mono{rate, 1};
    const AudioBuffer response = through(P(params, mono), impulse(mono, frames));
    return {response.channel(0).begin(), response.channel(0).end()};
}

Points response(const std::vector<float>& impulseResponse, const std::vector<double>& hz, double rate) {
    return over(hz, [&](double f) { return responseDb(impulseResponse, f, rate); });
}

}  // namespace

TEST(Plots, equalizer) {
    constexpr double kRate = 48000.0;
    const std::vector<double> hz = logSpaced(20.0, 20000.0, 150);
    Panel shapes{"Every shape", frequencyAxis(), linearAxis("dB", -18.0, 12.0, 6.0), {}};
    const std::vector<std::pair<std::string, EqualizerBand>> bands = {
        {"bell", {.type = BandType::bell, .frequencyHz = 1000.0, .gainDb = 6.0, .q = 1.0}},
        {"shelves", {.type = BandType::lowShelf, .frequencyHz = 150.0, .gainDb = -6.0}},
        {"", {.type = BandType::highShelf, .frequencyHz = 6000.0, .gainDb = 9.0}},
        {"cuts", {.type = BandType::lowCut, .frequencyHz = 60.0, .slopeDbPerOctave = 24}},
        {"", {.type = BandType::highCut, .frequencyHz = 10000.0, .slopeDbPerOctave = 12}},
        {"notch", {.type = BandType::notch, .frequencyHz = 2500.0, .q = 4.0}}};
    const int colours[] = {0, 1, 1, 2, 2, 3};
    for (std::size_t i = 0; i < bands.size(); ++i) {
        const auto measured = impulseResponseOf<Equalizer>({{bands[i].second}}, kRate, 32768);
        shapes.lines.push_back({bands[i].first, response(measured, hz, kRate), PlotLine::Kind::solid, colours[i]});
    }
    const auto at = [&](const EqualizerBand& band, double f) { return responseDb(impulseResponseOf<Equalizer>({{band}}, kRate, 32768), f, kRate); };
    EXPECT_NEAR(at(bands[0].second, 1000.0), 6.0, 0.05) << "a bell's gain is reached at its centre";
    EXPECT_NEAR(at(bands[1].second, 150.0), -3.0, 0.05) << "a shelf has half its decibels at its middle";
    EXPECT_NEAR(at(bands[2].second, 6000.0), 4.5, 0.1);
    EXPECT_NEAR(at(bands[3].second, 60.0), -3.01, 0.05) << "a cut is Butterworth";
    EXPECT_NEAR(at(bands[3].second, 30.0) - at(bands[3].second, 15.0), 24.0, 0.3) << "and as steep as it says";
    EXPECT_LT(at(bands[5].second, 2500.0), -80.0) << "a notch takes its centre away";

    constexpr double kCdRate = 44100.0;
    const EqualizerBand high{.type = BandType::bell, .frequencyHz = 14000.0, .gainDb = 6.0, .q = 1.0};
    const auto measured = impulseResponseOf<Equalizer>({{high}}, kCdRate, 4096);
    const std::vector<double> top = spaced(2000.0, 20000.0, 73);
    const auto inKilohertz = [](Points points) {
        for (auto& point : points) point.first /= 1000.0;
        return points;
    };
    Panel nyquist{"A bell at 14 kHz, sample rate 44.1 kHz", linearAxis("kHz", 2.0, 20.0, 3.0), linearAxis("dB", 0.0, 8.0, 2.0), {}};
    nyquist.lines.push_back({"measured", inKilohertz(response(measured, top, kCdRate))});
    nyquist.lines.push_back({"analogue", inKilohertz(over(top, [&](double f) { return analogueGainDb(high, f); })), PlotLine::Kind::dashed});
    for (double f : {2000.0, 6000.0, 10000.0, 14000.0, 16000.0})
        EXPECT_NEAR(responseDb(measured, f, kCdRate), analogueGainDb(high, f), 0.1) << "the digital curve follows the analogue one at " << f;
    expectPicture("dsp-equalizer", drawn("Equalizer: measured gain over frequency of every band type, and a bell near the Nyquist frequency beside its analogue model", {shapes, nyquist}));
}

TEST(Plots, curveFilter) {
    constexpr double kRate = 48000.0;
    CurveFilter::Params params{.points = {{60.0, 3.0}, {200.0, -2.0}, {1000.0, 0.0}, {3000.0, 2.5}, {8000.0, -1.5}, {14000.0, 2.0}}};
    const std::vector<double> hz = logSpaced(20.0, 20000.0, 150);
    const auto minimum = impulseResponseOf<CurveFilter>(params, kRate, 8192);
    CurveFilter::Params shortParams = params;
    shortParams.lengthFrames = 512;
    const auto brief = impulseResponseOf<CurveFilter>(shortParams, kRate, 8192);
    Panel gain{"Drawn and measured", frequencyAxis(), linearAxis("dB", -4.0, 4.0, 2.0), {}};
    gain.lines.push_back({"4096 frames", response(minimum, hz, kRate)});
    gain.lines.push_back({"512 frames", response(brief, hz, kRate)});
    gain.lines.push_back({"drawn", over(hz, [&](double f) { return CurveFilter::curveDb(params.points, f); }), PlotLine::Kind::dashed, 4});
    for (double f : {30.0, 60.0, 120.0, 500.0, 2000.0, 5000.0, 12000.0})
        EXPECT_NEAR(responseDb(minimum, f, kRate), CurveFilter::curveDb(params.points, f), 0.15) << "4096 frames follow the curve at " << f;
    EXPECT_GT(std::abs(responseDb(brief, 60.0, kRate) - CurveFilter::curveDb(params.points, 60.0)), 0.3) << "512 frames are too short for the bass";

    // Around the moment of the sound, in dB under the highest sample: what comes before it is pre-ringing.
    CurveFilter::Params linear = params;
    linear.phase = CurveFilter::Phase::linear;
    const StreamSpec mono{kRate, 1};
    constexpr int kAt = 4096;
    Panel time{"Impulse response", linearAxis("ms", -4.0, 4.0, 2.0), linearAxis("dB", -100.0, 0.0, 20.0), {}};
    for (const auto& [name, settings] : {std::pair{"minimum", params}, {"linear", linear}}) {
        const AudioBuffer out = through(CurveFilter(settings, mono), impulse(mono, 2 * kAt, kAt));
        Points envelope;
        for (int block = -24; block < 24; ++block) {
            double peak = 0.0;
            for (int n = 8 * block; n < 8 * block + 8; ++n) peak = std::max(peak, std::abs(static_cast<double>(out.channel(0)[kAt + n])));
            envelope.emplace_back((8 * block + 4) / 48.0, gainToDb(peak));
        }
        if (settings.phase == CurveFilter::Phase::minimum) {
            for (int n = 0; n < kAt; ++n) ASSERT_LT(std::abs(out.channel(0)[n]), 1e-6f) << "minimum phase does not ring before the sound";
        } else {
            for (int n = 1; n < 2000; ++n) ASSERT_NEAR(out.channel(0)[kAt + n], out.channel(0)[kAt - n], 1e-6) << "linear phase rings alike on both sides";
        }
        time.lines.push_back({name, envelope});
    }
    expectPicture("dsp-curve-filter", drawn("Curve filter: measured gain beside the drawn curve, and the impulse responses of both phases", {gain, time}));
}

TEST(Plots, dcFilter) {
    constexpr double kRate = 8000.0;
    const std::vector<double> hz = logSpaced(1.0, 200.0, 120);
    Axis axis = frequencyAxis(1.0, 200.0);
    Panel gain{"Gain", axis, linearAxis("dB", -30.0, 5.0, 5.0), {}};
    Panel offset{"An offset of 0.1 that sets in at 0 s", linearAxis("s", 0.0, 0.3, 0.05), linearAxis("sample", -0.02, 0.1, 0.02), {}};
    for (int order : {1, 2}) {
        const DcFilter::Params params{.cornerHz = 5.0, .order = order};
        const auto measured = impulseResponseOf<DcFilter>(params, kRate, 16384);
        gain.lines.push_back({order == 1 ? "5 Hz, order 1" : "5 Hz, order 2", response(measured, hz, kRate)});
        EXPECT_NEAR(responseDb(measured, 5.0, kRate), -3.01, 0.02);
        EXPECT_NEAR(responseDb(measured, 1.0, kRate) - responseDb(measured, 0.5, kRate), 6.02 * order, 0.3);
        EXPECT_GT(responseDb(measured, 40.0, kRate), -0.1) << "music stays";

        const StreamSpec mono{kRate, 1};
        const AudioBuffer out = through(DcFilter(params, mono), made(mono, 16000, [](int) { return 0.1; }));
        offset.lines.push_back({order == 1 ? "order 1" : "order 2", over(spaced(0.0, 0.3, 101), [&](double t) { return out.channel(0)[static_cast<int>(t * kRate)]; })});
        EXPECT_LT(std::abs(out.channel(0)[15999]), 1e-6) << "the offset is gone";
    }
    expectPicture("dsp-dc-filter", drawn("DC filter: measured gain over frequency and what it makes of an offset", {gain, offset}));
}

TEST(Plots, humFilter) {
    constexpr double kRate = 4000.0;
    const HumFilter::Params params{.humHz = 50.0, .harmonics = 10, .notchWidthHz = 1.0, .depthDb = 60.0};
    const auto measured = impulseResponseOf<HumFilter>(params, kRate, 20000);
    Panel all{"Ten notches", linearAxis("Hz", 0.0, 600.0, 100.0), linearAxis("dB", -60.0, 0.0, 10.0), {}};
    all.lines.push_back({"", response(measured, spaced(2.0, 600.0, 300), kRate)});
    Panel one{"One of them", linearAxis("Hz", 45.0, 55.0, 1.0), linearAxis("dB", -60.0, 0.0, 10.0), {}};
    one.lines.push_back({"1 Hz wide", response(measured, spaced(45.0, 55.0, 201), kRate)});
    HumFilter::Params wide = params;
    wide.notchWidthHz = 4.0;
    one.lines.push_back({"4 Hz wide", response(impulseResponseOf<HumFilter>(wide, kRate, 20000), spaced(45.0, 55.0, 201), kRate)});
    for (int k = 1; k <= 10; ++k) EXPECT_NEAR(responseDb(measured, 50.0 * k, kRate), -60.0, 1.0) << "harmonic " << k;
    for (double hz : {49.5, 50.5, 299.5, 300.5}) EXPECT_NEAR(responseDb(measured, hz, kRate), -3.01, 0.3) << "as wide as asked at " << hz;
    EXPECT_NEAR(responseDb(measured, 75.0, kRate), 0.0, 0.05) << "what is between the harmonics stays";
    EXPECT_NEAR(responseDb(measured, 50.1, kRate), -14.0, 0.5) << "a hum that is 0.1 Hz off";
    expectPicture("dsp-hum-filter", drawn("Hum filter: measured gain over frequency, and one notch", {all, one}));
}

TEST(Plots, alignment) {
    constexpr double kRate = 48000.0;
    const StreamSpec mono{kRate, 1};
    constexpr int kFrames = 1024, kAt = 400;
    // A band-limited click, so that it has a shape between the frames.
    const auto click = made(mono, kFrames, [](int n) { return std::exp(-0.5 * std::pow((n - kAt) / 2.0, 2.0)); });
    Panel shape{"A click", linearAxis("frames", -10.0, 10.0, 5.0), linearAxis("sample", -1.0, 1.0, 0.5), {}};
    const auto placed = [&](double delay, bool invert) {
        // The renderer drops latencyFrames(); through() does the same.
        return through(Alignment({.delayFrames = delay, .invertPolarity = invert}, mono), click);
    };
    for (const auto& [name, delay, invert] : {std::tuple{"before", 0.0, false}, {"2.5 later", 2.5, false}, {"4 earlier, inverted", -4.0, true}}) {
        const AudioBuffer out = placed(delay, invert);
        shape.lines.push_back({name, over(spaced(-10.0, 10.0, 21), [&](double n) { return out.channel(0)[kAt + static_cast<int>(std::lround(n))]; })});
        for (int n = -10; n <= 10; ++n)
            ASSERT_NEAR(out.channel(0)[kAt + n], (invert ? -1.0 : 1.0) * std::exp(-0.5 * std::pow((n - delay) / 2.0, 2.0)), 2e-5) << name;
    }

    const std::vector<double> hz = spaced(1000.0, 24000.0, 93);
    Panel error{"Error of a fraction", linearAxis("kHz, sample rate 48 kHz", 0.0, 24.0, 4.0), linearAxis("dB under the sound", -140.0, 0.0, 20.0), {}};
    for (double delay : {0.5, 0.1}) {
        const AudioBuffer out = through(Alignment({.delayFrames = delay}, mono), impulse(mono, kFrames, kAt));
        const auto errorDb = [&](double f) {
            const std::complex<double> got = componentAt(out.channel(0), f, kRate) * (kFrames / 2.0);
            return gainToDb(std::abs(got - std::polar(1.0, -2.0 * std::numbers::pi * f / kRate * (kAt + delay))));
        };
        Points line;
        for (double f : hz) line.emplace_back(f / 1000.0, errorDb(f));
        error.lines.push_back({delay == 0.5 ? "half a frame" : "a tenth", line});
        for (double f = 100.0; f < 0.45 * kRate; f += 500.0) ASSERT_LT(errorDb(f), -100.0) << f;
    }
    expectPicture("dsp-alignment", drawn("Alignment: a click moved by parts of a frame, and the error over frequency", {shape, error}));
}

TEST(Plots, stereoWidth) {
    constexpr double kRate = 48000.0;
    const StreamSpec stereo{kRate, 2};
    Panel side{"Gain of the side", frequencyAxis(), linearAxis("dB", -24.0, 6.0, 6.0), {}};
    Panel mid{"Gain of the middle", frequencyAxis(), linearAxis("dB", -24.0, 6.0, 6.0), {}};
    const std::vector<double> hz = logSpaced(20.0, 20000.0, 120);
    for (const auto& [name, params] : {std::pair{"narrow lows, wide highs", StereoWidth::Params{.lowWidth = 0.5, .highWidth = 1.5}},
                                       {"mono below 120 Hz", StereoWidth::Params{.monoBelowHz = 120.0}}}) {
        AudioBuffer sideOnly = impulse(stereo, 16384), midOnly = impulse(stereo, 16384);
        sideOnly.channel(1)[0] = -1.0f;
        const AudioBuffer s = through(StereoWidth(params, stereo), sideOnly), m = through(StereoWidth(params, stereo), midOnly);
        const auto gain = [&](double f) { return responseDb(s.channel(0), f, kRate); };
        side.lines.push_back({name, over(hz, gain)});
        mid.lines.push_back({name, over(hz, [&](double f) { return responseDb(m.channel(0), f, kRate); })});
        if (params.monoBelowHz > 0.0) {
            EXPECT_NEAR(gain(120.0), -3.01, 0.02);
            EXPECT_NEAR(gain(30.0) - gain(15.0), 12.0, 0.2) << "12 dB an octave";
        } else {
            EXPECT_NEAR(gain(30.0), -6.02, 0.1);
            EXPECT_NEAR(gain(1000.0), 0.0, 0.1);
            EXPECT_NEAR(gain(250.0), powerToDb(0.5 * (0.25 + 1.0)), 0.05) << "the power mean at the crossover";
            EXPECT_NEAR(gain(19000.0), gainToDb(1.5), 0.1);
        }
        for (int n = 0; n < 16384; ++n) ASSERT_EQ(m.channel(0)[n], midOnly.channel(0)[n]) << "the middle, and so mono, is untouched";
    }
    expectPicture("dsp-stereo-width", drawn("Stereo width: measured gain of side and middle over frequency", {side, mid}));
}
