#include <gtest/gtest.h>

#include "dsp/component_equalizer.h"
#include "tests/plots/measure.h"
#include "tests/plots/plot.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

constexpr double kRate = 48000.0;
const StreamSpec kStereo{kRate, 2};

double rmsDbAround(const std::vector<double>& signal, int frame, int half) {
    double sum = 0.0;
    for (int n = frame - half; n < frame + half; ++n) sum += signal[n] * signal[n];
    return powerToDb(sum / (2 * half) + 1e-12);
}

}  // namespace

TEST(Plots, componentEqualizer) {
    // A kick every half second over a bass that holds its note. What +6 dB on the kick adds is the component that was found.
    constexpr int kFrames = 8 * 48000, kHit = 6 * 48000;
    std::vector<double> kick(kFrames), bass(kFrames), found(kFrames);
    for (int n = 0; n < kFrames; ++n) {
        const double t = std::fmod(n / kRate, 0.5);
        kick[n] = 0.4 * std::min(1.0, t / 0.001) * std::exp(-t / 0.05) * std::sin(2.0 * std::numbers::pi * (55.0 * t + 1.5 * (1.0 - std::exp(-t / 0.02))));
        bass[n] = 0.15 * std::sin(2.0 * std::numbers::pi * 82.4 * n / kRate);
    }
    const AudioBuffer in = made(kStereo, kFrames, [&](int n) { return kick[n] + bass[n]; });
    const AudioBuffer out = through(ComponentEqualizer({.gainDb = 6.0}, kStereo), in);
    for (int n = 0; n < kFrames; ++n) found[n] = (static_cast<double>(out.channel(0)[n]) - in.channel(0)[n]) / (dbToGain(6.0) - 1.0);
    Panel time{"The kick that was found in kick and bass", linearAxis("ms from a kick", -100.0, 400.0, 100.0), linearAxis("dB", -60.0, 0.0, 10.0), {}};
    for (const auto& [name, signal] : {std::pair{"kick", &kick}, {"bass", &bass}, {"found", &found}})
        time.lines.push_back({name, over(spaced(-100.0, 400.0, 126), [&](double ms) { return rmsDbAround(*signal, kHit + static_cast<int>(ms * 48.0), 288); })});
    EXPECT_NEAR(rmsDbAround(found, kHit + 960, 960), rmsDbAround(kick, kHit + 960, 960), 4.0) << "most of the kick";
    EXPECT_LT(rmsDbAround(found, kHit + 16800, 480), rmsDbAround(bass, kHit + 16800, 480) - 10.0) << "little of the bass between kicks";

    // One tone from left to right: how far +6 dB on the centre, and on the sides, moves it.
    Panel place{"A tone between the speakers, +6 dB", linearAxis("position", -1.0, 1.0, 0.5), linearAxis("gain, dB", -1.0, 7.0, 1.0), {}};
    const auto gainAt = [&](ComponentEqualizer::Component component, double position) {
        const double angle = (position + 1.0) * std::numbers::pi / 4.0;
        AudioBuffer tone = made(kStereo, 96000, [](int n) { return 0.2 * std::sin(2.0 * std::numbers::pi * 1000.0 * n / kRate); });
        for (float& sample : tone.channel(0)) sample *= static_cast<float>(std::cos(angle));
        for (float& sample : tone.channel(1)) sample *= static_cast<float>(std::sin(angle));
        const AudioBuffer moved = through(ComponentEqualizer({.component = component, .lowHz = 300.0, .highHz = 4000.0, .gainDb = 6.0}, kStereo), tone);
        const auto power = [](const AudioBuffer& audio) {
            return std::norm(componentAt(audio.channel(0), 1000.0, kRate, 48000)) + std::norm(componentAt(audio.channel(1), 1000.0, kRate, 48000));
        };
        return powerToDb(power(moved) / power(tone));
    };
    using enum ComponentEqualizer::Component;
    for (const auto& [name, component] : {std::pair{"centre", centre}, {"sides", sides}})
        place.lines.push_back({name, over(spaced(-1.0, 1.0, 41), [&, c = component](double at) { return gainAt(c, at); })});
    EXPECT_NEAR(gainAt(centre, 0.0), 6.0, 0.1) << "what stands in the middle moves";
    for (double end : {-1.0, 1.0}) EXPECT_NEAR(gainAt(centre, end), 0.0, 0.1) << "what stands at the side does not, also with a trace in the other channel";
    EXPECT_NEAR(gainAt(sides, 0.0), 0.0, 0.1);
    for (double end : {-1.0, 1.0}) EXPECT_NEAR(gainAt(sides, end), 6.0, 0.1);
    expectPicture("dsp-component-equalizer", drawn("Component equalizer: the kick that is found in kick and bass, and the gain of a tone over its place between the speakers", {time, place}));
}
