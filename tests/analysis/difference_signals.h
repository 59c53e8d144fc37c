#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>

#include "core/audio.h"

// A programme that is the same sound at every sample rate, and ways to damage it.
namespace tonewright::test {

// Plucked chords of 12 partials with a noise floor of -80 dB; left and right differ. `seconds` long.
inline AudioBuffer pluckedChords(StreamSpec spec, double seconds) {
    const int frames = static_cast<int>(seconds * spec.sampleRateHz);
    AudioBuffer audio(spec, frames);
    const double floorPeak = 1e-4 * std::sqrt(spec.sampleRateHz / 48000.0);  // the same density at every rate
    constexpr double kRoots[] = {110.0, 146.83, 164.81, 98.0};
    for (int c = 0; c < spec.channels; ++c) {
        std::mt19937_64 random(7 + static_cast<std::uint64_t>(c));
        for (int n = 0; n < frames; ++n) {
            const double t = n / spec.sampleRateHz, beat = std::floor(t / 0.4), since = t - 0.4 * beat;
            const double root = kRoots[static_cast<int>(beat) % 4] * (c == 0 ? 1.0 : 1.5);
            double sum = 0.0;
            for (int h = 1; h <= 12; ++h)
                sum += std::sin(2.0 * std::numbers::pi * h * root * since + h) / h * std::exp(-since * (1.5 + 0.5 * h));
            const double attack = std::min(1.0, since / 0.003);
            const double floor = floorPeak * (static_cast<double>(random() >> 40) * 0x1p-23 - 1.0);
            audio.channel(c)[n] = static_cast<float>(0.35 * attack * sum + floor);
        }
    }
    return audio;
}

inline AudioBuffer withNoise(AudioBuffer audio, double peak, int from = 0, int to = -1) {
    for (int c = 0; c < audio.numChannels(); ++c) {
        std::mt19937_64 random(99 + static_cast<std::uint64_t>(c));
        for (int n = from; n < (to < 0 ? audio.numFrames() : to); ++n)
            audio.channel(c)[n] += static_cast<float>(peak * (static_cast<double>(random() >> 40) * 0x1p-23 - 1.0));
    }
    return audio;
}

template <class Map>
AudioBuffer mapped(AudioBuffer audio, Map&& map) {
    for (int c = 0; c < audio.numChannels(); ++c)
        for (float& sample : audio.channel(c)) sample = static_cast<float>(map(static_cast<double>(sample)));
    return audio;
}

inline AudioBuffer clipped(AudioBuffer audio, double peak) {
    return mapped(std::move(audio), [peak](double x) { return std::clamp(x, -peak, peak); });
}

inline AudioBuffer saturated(AudioBuffer audio, double drive) {
    return mapped(std::move(audio), [drive](double x) { return std::tanh(drive * x) / drive; });
}

// One pole, -3 dB at `hz`.
inline AudioBuffer dulled(AudioBuffer audio, double hz) {
    const double pole = std::exp(-2.0 * std::numbers::pi * hz / audio.spec().sampleRateHz);
    for (int c = 0; c < audio.numChannels(); ++c) {
        double state = 0.0;
        for (float& sample : audio.channel(c)) sample = static_cast<float>(state = pole * state + (1.0 - pole) * sample);
    }
    return audio;
}

// The gain moves by `depthDb` up and down, `hz` times a second.
inline AudioBuffer pumped(AudioBuffer audio, double depthDb, double hz) {
    for (int c = 0; c < audio.numChannels(); ++c)
        for (int n = 0; n < audio.numFrames(); ++n)
            audio.channel(c)[n] *= static_cast<float>(std::pow(10.0, depthDb / 20.0 * std::sin(2.0 * std::numbers::pi * hz * n / audio.spec().sampleRateHz)));
    return audio;
}

// Rounded to `bits`, without dither.
inline AudioBuffer quantised(AudioBuffer audio, int bits) {
    const double steps = std::exp2(bits - 1);
    return mapped(std::move(audio), [steps](double x) { return std::nearbyint(x * steps) / steps; });
}

}  // namespace tonewright::test
