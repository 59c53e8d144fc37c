#include <benchmark/benchmark.h>

#include <algorithm>
#include <vector>

#include "analysis/perceptual_difference.h"
#include "tests/support/signals.h"

// Cost of the perceptual difference per second of audio. Arguments: sample rate, channels.
namespace tonewright {
namespace {

void difference(benchmark::State& state) {
    const StreamSpec spec{static_cast<double>(state.range(0)), static_cast<int>(state.range(1))};
    const int frames = static_cast<int>(spec.sampleRateHz);
    AudioBuffer reference = test::noise(spec, frames, -6.0, 1), damaged = reference;
    for (int c = 0; c < spec.channels; ++c)
        for (float& sample : damaged.channel(c)) sample = std::clamp(sample, -0.4f, 0.4f);
    std::vector<float*> from(spec.channels), to(spec.channels);
    PerceptualDifference meter(spec);
    for (auto _ : state)
        for (int start = 0; start < frames; start += 4096) {
            const int count = std::min(4096, frames - start);
            meter.add(reference.block(from, start, count), damaged.block(to, start, count));
        }
    state.counters["x real time"] = benchmark::Counter(1.0, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(difference)->Args({44100, 1})->Args({44100, 2})->Args({48000, 2})->Args({96000, 2})->Unit(benchmark::kMillisecond);

void construction(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(PerceptualDifference({44100.0, 2}));
}
BENCHMARK(construction)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace tonewright
