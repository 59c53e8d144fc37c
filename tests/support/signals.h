#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>

#include "core/audio.h"
#include "core/decibels.h"

// Test signals. Everything is deterministic; randomness takes a seed.
namespace tonewright::test {

inline AudioBuffer sine(StreamSpec spec, int frames, double hz, double peakDb, double phase = 0.0) {
    AudioBuffer audio(spec, frames);
    const double peak = dbToGain(peakDb), step = 2.0 * std::numbers::pi * hz / spec.sampleRateHz;
    for (int c = 0; c < spec.channels; ++c)
        for (int n = 0; n < frames; ++n) audio.channel(c)[n] = static_cast<float>(peak * std::sin(step * n + phase));
    return audio;
}

// White, uniform, up to peakDb; channels are independent.
inline AudioBuffer noise(StreamSpec spec, int frames, double peakDb, std::uint64_t seed) {
    AudioBuffer audio(spec, frames);
    std::mt19937_64 random(seed);
    const float peak = static_cast<float>(dbToGain(peakDb));
    for (int c = 0; c < spec.channels; ++c)
        for (float& sample : audio.channel(c))  // raw bits: same numbers with every standard library
            sample = peak * (static_cast<float>(random() >> 40) * 0x1p-23f - 1.0f);
    return audio;
}

inline float peakOf(const AudioBuffer& audio) {
    float peak = 0.0f;
    for (int c = 0; c < audio.spec().channels; ++c)
        for (float sample : audio.channel(c)) peak = std::max(peak, std::abs(sample));
    return peak;
}

inline double rmsDb(const AudioBuffer& audio, int from = 0, int to = -1, int channel = 0) {
    if (to < 0) to = audio.numFrames();
    double sum = 0.0;
    for (int n = from; n < to; ++n) sum += static_cast<double>(audio.channel(channel)[n]) * audio.channel(channel)[n];
    return powerToDb(sum / (to - from));
}

}  // namespace tonewright::test
