#include "demo/drum_kit.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/decibels.h"
#include "demo/fractional_delay.h"

namespace tonewright::demo {
namespace {

constexpr double kInaudibleDb = -66.0;
constexpr double kBleedCutoffHz = 7000.0;   // off the microphone's axis the top is lost
constexpr double kWiresCutoffHz = 700.0;    // the microphone underneath hears mostly what is above
constexpr double kSkinUnderneath = 0.35;    // and this much of the rest

// One pole, y[n] = y[n-1] + a (x[n] - y[n-1]).
double onePole(double cutoffHz, double sampleRateHz) { return 1.0 - std::exp(-2.0 * std::numbers::pi * cutoffHz / sampleRateHz); }

std::vector<float> lowPassed(std::span<const float> in, double cutoffHz, double sampleRateHz) {
    const double a = onePole(cutoffHz, sampleRateHz);
    std::vector<float> out(in.size());
    double state = 0.0;
    for (std::size_t n = 0; n < in.size(); ++n) {
        state += a * (in[n] - state);
        if (std::abs(state) < 1e-12) state = 0.0;  // ends in true silence
        out[n] = static_cast<float>(state);
    }
    return out;
}

bool owns(const Microphone& microphone, Drum drum) {
    return microphone.owns.empty() || std::find(microphone.owns.begin(), microphone.owns.end(), drum) != microphone.owns.end();
}

double directGain(const Microphone& microphone, Drum drum) {
    // Never closer than 5 cm: a skin is no point.
    const double metres = std::max(0.05, distanceMetres(microphone.position, drumSources()[drum].position));
    return dbToGain(drumSources()[drum].levelDb - (owns(microphone, drum) ? 0.0 : microphone.rejectionDb)) / metres;
}

}  // namespace

double distanceMetres(const Position& a, const Position& b) { return std::hypot(a.x - b.x, a.y - b.y, a.z - b.z); }

const std::array<DrumSource, numDrums>& drumSources() {
    static const std::array<DrumSource, numDrums> sources = {{{"kick", {0.0, 0.45, 0.30}, -2.0},
                                                              {"snare", {0.0, 0.0, 0.65}, 2.5},
                                                              {"hi-hat", {-0.45, 0.05, 0.90}, 0.5},
                                                              {"high tom", {-0.18, 0.50, 0.85}},
                                                              {"low tom", {0.22, 0.50, 0.85}},
                                                              {"floor tom", {0.55, -0.05, 0.60}},
                                                              {"crash", {-0.55, 0.55, 1.15}, 3.0},
                                                              {"ride", {0.70, 0.35, 1.00}, 3.0}}};
    return sources;
}

Hearing hear(const Microphone& microphone, Drum drum, double sampleRateHz) {
    double loudest = 0.0;
    for (int other = 0; other < numDrums; ++other) loudest = std::max(loudest, directGain(microphone, static_cast<Drum>(other)));
    Hearing hearing;
    hearing.delayFrames = distanceMetres(microphone.position, drumSources()[drum].position) / kSpeedOfSound * sampleRateHz;
    hearing.gain = directGain(microphone, drum);
    if (hearing.gain < loudest * dbToGain(kInaudibleDb)) hearing.gain = 0.0;
    hearing.bleed = !owns(microphone, drum);
    return hearing;
}

std::vector<float> recordKit(const Microphone& microphone, const std::array<std::span<const float>, numDrums>& drums, double sampleRateHz) {
    std::vector<float> sound(drums[0].size());
    for (int index = 0; index < numDrums; ++index) {
        const Drum drum = static_cast<Drum>(index);
        const Hearing hearing = hear(microphone, drum, sampleRateHz);
        if (hearing.gain == 0.0) continue;
        const FractionalDelay delay(hearing.delayFrames);
        if (hearing.bleed) {
            delay.add(lowPassed(drums[drum], kBleedCutoffHz, sampleRateHz), static_cast<float>(hearing.gain), sound);
        } else if (microphone.underneath) {
            // -(x - (1 - s) lowpass(x)): the other side of the skin moves the other way.
            delay.add(drums[drum], static_cast<float>(-hearing.gain), sound);
            delay.add(lowPassed(drums[drum], kWiresCutoffHz, sampleRateHz), static_cast<float>(hearing.gain * (1.0 - kSkinUnderneath)), sound);
        } else {
            delay.add(drums[drum], static_cast<float>(hearing.gain), sound);
        }
    }
    return sound;
}

}  // namespace tonewright::demo
