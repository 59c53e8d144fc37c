// Time of the limiter and its neighbours for ten seconds of stereo at 44.1 kHz, one core. xRealTime is the figure to read.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <random>

#include "dsp/alignment.h"
#include "dsp/dither.h"
#include "dsp/hum_filter.h"
#include "dsp/limiter.h"
#include "dsp/true_peak_interpolator.h"

using namespace tonewright;

namespace {

constexpr StreamSpec kSpec{44100.0, 2};
constexpr int kFrames = 441000;

AudioBuffer generated(const std::function<double(int frame, int channel)>& value) {
    AudioBuffer audio(kSpec, kFrames);
    for (int c = 0; c < kSpec.channels; ++c)
        for (int n = 0; n < kFrames; ++n) audio.channel(c)[n] = static_cast<float>(value(n, c));
    return audio;
}

// Something like a dense mix: noise falling 6 dB an octave above 400 Hz and a decaying 55 Hz thump twice a second.
AudioBuffer music() {
    std::mt19937 random(1);
    double low[2] = {};
    return generated([&](int n, int c) {
        low[c] += 0.055 * (static_cast<double>(random()) * 0x1p-31 - 1.0 - low[c]);
        const int since = n % 22050;
        return 2.5 * low[c] + 0.8 * std::exp(-since / 4000.0) * std::sin(2.0 * std::numbers::pi * 55.0 * since / 44100.0);
    });
}

AudioBuffer tone(double hz, double peakDb) {
    return generated([=](int n, int) { return std::pow(10.0, peakDb / 20.0) * std::sin(2.0 * std::numbers::pi * hz * n / 44100.0); });
}

void countRealTime(benchmark::State& state) {
    state.counters["xRealTime"] = benchmark::Counter(static_cast<double>(state.iterations()) * kFrames / kSpec.sampleRateHz, benchmark::Counter::kIsRate);
}

template <class P>
void measure(benchmark::State& state, const typename P::Params& params, const AudioBuffer& input) {
    std::vector<float*> pointers(kSpec.channels);
    for (auto _ : state) {
        state.PauseTiming();
        AudioBuffer audio = input;
        P processor(params, kSpec);
        state.ResumeTiming();
        for (int start = 0; start < kFrames; start += 1024) processor.process(audio.block(pointers, start, std::min(1024, kFrames - start)));
        benchmark::DoNotOptimize(audio.channel(0)[kFrames - 1]);
    }
    countRealTime(state);
}

void truePeak(benchmark::State& state, float level) {
    const AudioBuffer input = music();
    std::vector<float> peaks(kFrames);
    for (auto _ : state)
        for (int c = 0; c < kSpec.channels; ++c) {
            TruePeakInterpolator interpolator;
            interpolator.process(input.channel(c).data(), kFrames, level, peaks.data());
            benchmark::DoNotOptimize(peaks.back());
        }
    countRealTime(state);
}

void limiter(benchmark::State& state, const Limiter::Params& params, const AudioBuffer& input) { measure<Limiter>(state, params, input); }
void dither(benchmark::State& state, const Dither::Params& params) { measure<Dither>(state, params, music()); }
void humFilter(benchmark::State& state) { measure<HumFilter>(state, {}, music()); }
void alignment(benchmark::State& state) { measure<Alignment>(state, {.delayFrames = 100.5}, music()); }

BENCHMARK_CAPTURE(limiter, below_the_ceiling, Limiter::Params{.inputGainDb = -20.0}, music())->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(limiter, dense_mix, Limiter::Params{}, music())->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(limiter, dense_mix_6_dB_hotter, Limiter::Params{.inputGainDb = 6.0}, music())->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(limiter, unlinked, Limiter::Params{.inputGainDb = 6.0, .linkTransient = 0.5}, music())->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(limiter, sine_997_Hz_6_dB_over, Limiter::Params{}, tone(997.0, 5.0))->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(limiter, sine_9973_Hz_6_dB_over, Limiter::Params{}, tone(9973.0, 5.0))->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(dither, triangular_24_bits, Dither::Params{})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(dither, improvedE_16_bits, Dither::Params{.bits = 16, .noise = Dither::Noise::improvedE})->Unit(benchmark::kMillisecond);
BENCHMARK(humFilter)->Unit(benchmark::kMillisecond);
BENCHMARK(alignment)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(truePeak, every_interval, 1e-6f)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(truePeak, above_one, 1.0f)->Unit(benchmark::kMillisecond);

}  // namespace
