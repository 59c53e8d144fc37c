#pragma once
#include <cmath>
#include <complex>
#include <functional>
#include <numbers>
#include <utility>
#include <vector>

#include "core/audio.h"
#include "core/decibels.h"

// Measurements by running processors. All pass the latency, so that frame n of a result belongs to frame n of the input.
namespace tonewright::test {

using Points = std::vector<std::pair<double, double>>;

inline AudioBuffer made(StreamSpec spec, int frames, const std::function<double(int)>& sample) {
    AudioBuffer audio(spec, frames);
    for (int c = 0; c < spec.channels; ++c)
        for (int n = 0; n < frames; ++n) audio.channel(c)[n] = static_cast<float>(sample(n));
    return audio;
}

// Any processor that is ready, and any input.
template <class P>
AudioBuffer through(P&& processor, const AudioBuffer& input) {
    const int latency = processor.latencyFrames(), frames = input.numFrames();
    AudioBuffer audio(input.spec(), frames + latency), output(input.spec(), frames);
    for (int c = 0; c < input.numChannels(); ++c) std::copy(input.channel(c).begin(), input.channel(c).end(), audio.channel(c).begin());
    std::vector<float*> pointers(input.numChannels());
    processor.process(audio.block(pointers, 0, frames + latency));
    for (int c = 0; c < input.numChannels(); ++c) std::copy(audio.channel(c).begin() + latency, audio.channel(c).end(), output.channel(c).begin());
    return output;
}

// The component of a signal at a frequency, over [from, to): amplitude and phase. Exact for whole periods.
inline std::complex<double> componentAt(std::span<const float> signal, double hz, double rate, int from = 0, int to = -1) {
    if (to < 0) to = static_cast<int>(signal.size());
    const std::complex<double> step = std::polar(1.0, -2.0 * std::numbers::pi * hz / rate);
    std::complex<double> turn = std::polar(1.0, -2.0 * std::numbers::pi * hz / rate * from), sum = 0.0;
    for (int n = from; n < to; ++n) {
        sum += static_cast<double>(signal[n]) * turn;
        turn *= step;
    }
    return 2.0 * sum / static_cast<double>(to - from);
}

inline double responseDb(std::span<const float> impulseResponse, double hz, double rate) {
    return gainToDb(std::abs(componentAt(impulseResponse, hz, rate)) * static_cast<double>(impulseResponse.size()) / 2.0);
}

inline AudioBuffer impulse(StreamSpec spec, int frames, int at = 0) {
    return made(spec, frames, [at](int n) { return n == at ? 1.0 : 0.0; });
}

// Evenly over a logarithmic or linear range.
inline std::vector<double> logSpaced(double from, double to, int count) {
    std::vector<double> values;
    for (int i = 0; i < count; ++i) values.push_back(from * std::pow(to / from, static_cast<double>(i) / (count - 1)));
    return values;
}

inline std::vector<double> spaced(double from, double to, int count) {
    std::vector<double> values;
    for (int i = 0; i < count; ++i) values.push_back(from + (to - from) * i / (count - 1));
    return values;
}

inline Points over(const std::vector<double>& at, const std::function<double(double)>& value) {
    Points points;
    for (double x : at) points.emplace_back(x, value(x));
    return points;
}

// Gain from frame to frame, output over input, of a signal that is nowhere zero.
inline double gainDbAt(const AudioBuffer& before, const AudioBuffer& after, int frame, int channel = 0) {
    return gainToDb(std::abs(static_cast<double>(after.channel(channel)[frame]) / before.channel(channel)[frame]));
}

}  // namespace tonewright::test
