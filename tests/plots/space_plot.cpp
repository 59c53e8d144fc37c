#include <gtest/gtest.h>

#include "dsp/delay.h"
#include "dsp/reverb.h"
#include "tests/dsp/room_acoustics.h"
#include "tests/plots/measure.h"
#include "tests/plots/plot.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

constexpr double kRate = 48000.0;
const StreamSpec kStereo{kRate, 2};

}  // namespace

TEST(Plots, delay) {
    // An impulse on the left: each repeat by its energy.
    const Delay::Params pingPong{.timeLeftMs = 250.0, .timeRightMs = 250.0, .feedback = 0.6, .pingPong = true, .lowCutHz = 0.0, .highCutHz = 20000.0};
    AudioBuffer in = impulse(kStereo, 96000);
    in.channel(1)[0] = 1.0f;
    const AudioBuffer out = through(Delay(pingPong, kStereo), in);
    Panel time{"Ping-pong, 250 ms, feedback 0.6", linearAxis("ms", 0.0, 2000.0, 250.0), linearAxis("dB", -40.0, 0.0, 10.0), {}};
    for (int side : {0, 1}) {
        Points repeats;
        for (int n = 0; n < out.numFrames(); ++n)
            if (std::abs(out.channel(side)[n]) > 0.005f) repeats.emplace_back(n / 48.0, gainToDb(std::abs(out.channel(side)[n])));
        ASSERT_GE(repeats.size(), 3u);
        for (std::size_t i = 0; i < 3; ++i) {
            EXPECT_NEAR(repeats[i].first, 250.0 + 250.0 * side + 500.0 * static_cast<double>(i), 0.03) << "every repeat is in time";
            EXPECT_NEAR(repeats[i].second, gainToDb(0.6) * (side + 2.0 * static_cast<double>(i)), 0.05) << "and by the feedback quieter";
        }
        time.lines.push_back({side == 0 ? "left" : "right", repeats, PlotLine::Kind::bars});
    }

    const Delay::Params plain{.timeLeftMs = 200.0, .timeRightMs = 200.0, .feedback = 0.7};
    const AudioBuffer echoes = through(Delay(plain, kStereo), in);
    Panel tone{"Repeats get darker: cuts at 150 Hz and 6 kHz", frequencyAxis(), linearAxis("dB", -40.0, 0.0, 10.0), {}};
    double before = 0.0;
    for (int repeat = 1; repeat <= 4; ++repeat) {
        const std::span<const float> one = echoes.channel(0).subspan(9600 * repeat, 9000);
        tone.lines.push_back({std::to_string(repeat) + ".", over(logSpaced(20.0, 20000.0, 100), [&](double f) { return responseDb(one, f, kRate); })});
        const double loss = responseDb(one, 1000.0, kRate) - responseDb(one, 6000.0, kRate);
        EXPECT_NEAR(loss, 3.01 * repeat, 0.3) << "each passes the cuts once more";
        if (repeat > 1) {
            EXPECT_NEAR(responseDb(one, 1000.0, kRate) - before, gainToDb(0.7), 0.1);
        }
        before = responseDb(one, 1000.0, kRate);
    }
    expectPicture("dsp-delay", drawn("Delay: repeats over time, left and right, and the spectrum of four repeats", {time, tone}));
}

TEST(Plots, reverb) {
    const ReverbParams hall{.type = ReverbType::hall, .decaySeconds = 2.0, .preDelayMs = 0.0, .bassDecayRatio = 1.4, .trebleDecayRatio = 0.5, .highCutHz = 20000.0};
    AudioBuffer in = impulse(kStereo, 3 * 48000);
    in.channel(1)[0] = 0.0f;
    const auto decayOf = [&](const ReverbParams& params) {
        const AudioBuffer out = through(Reverb(params, kStereo), in);
        return std::vector<float>(out.channel(0).begin(), out.channel(0).end());
    };
    const std::vector<float> response = decayOf(hall);
    Panel decay{"A hall's decay per octave", linearAxis("s", 0.0, 2.5, 0.5), linearAxis("dB", -60.0, 0.0, 10.0), {}};
    for (const auto& [name, hz] : {std::pair{"125 Hz", 125.0}, {"1 kHz", 1000.0}, {"8 kHz", 8000.0}}) {
        const std::vector<float> band = octaveBand(response, hz, kRate);
        std::vector<double> left(band.size());
        double sum = 0.0;
        for (std::size_t n = band.size(); n-- > 0;) left[n] = sum += static_cast<double>(band[n]) * band[n];
        decay.lines.push_back({name, over(spaced(0.0, 2.5, 101), [&](double t) { return powerToDb(left[static_cast<std::size_t>(t * kRate)] / left[0]); })});
    }

    Panel times{"T60 per octave: measured, and asked for (dashed)", frequencyAxis(100.0, 10000.0), linearAxis("s", 0.0, 3.0, 0.5), {}};
    const std::vector<double> octaves{125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0};
    ReverbParams room = hall, plate = hall;
    room.type = ReverbType::room, room.decaySeconds = 0.5, room.bassDecayRatio = 1.2, room.trebleDecayRatio = 0.7;
    plate.type = ReverbType::plate, plate.decaySeconds = 1.2, plate.bassDecayRatio = 1.0, plate.trebleDecayRatio = 0.6;
    int colour = 0;
    for (const auto& [name, params] : {std::pair{"hall", hall}, {"plate", plate}, {"room", room}}) {
        const std::vector<float> impulseResponse = params.type == ReverbType::hall ? response : decayOf(params);
        const auto t60 = [&](double hz) { return t60Of(octaveBand(impulseResponse, hz, kRate), kRate, -5.0, -35.0); };
        times.lines.push_back({name, over(octaves, t60), PlotLine::Kind::solid, colour});
        // At a crossover the decibels of a pass are half way, and with them the reciprocals of the times.
        const double bass = params.decaySeconds * params.bassDecayRatio, middle = params.decaySeconds, treble = params.decaySeconds * params.trebleDecayRatio;
        const Points asked{{0.5 * params.bassCrossoverHz, bass},
                           {params.bassCrossoverHz, 2.0 / (1.0 / bass + 1.0 / middle)},
                           {std::sqrt(params.bassCrossoverHz * params.trebleCrossoverHz), middle},
                           {params.trebleCrossoverHz, 2.0 / (1.0 / middle + 1.0 / treble)},
                           {2.0 * params.trebleCrossoverHz, treble}};
        times.lines.push_back({"", asked, PlotLine::Kind::dashed, colour});
        for (const auto& [hz, seconds] : asked) EXPECT_NEAR(t60(hz), seconds, 0.12 * seconds) << name << " at " << hz << " Hz";
        ++colour;
    }
    expectPicture("dsp-reverb", drawn("Reverb: decay of a hall in three octaves, and decay times of hall, plate and room over frequency", {decay, times}));
}
