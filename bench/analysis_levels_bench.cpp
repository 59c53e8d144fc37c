#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "analysis/dynamics_meter.h"
#include "analysis/fault_finder.h"
#include "analysis/loudness_meter.h"
#include "analysis/stereo_meter.h"
#include "analysis/true_peak_meter.h"
#include "tests/support/signals.h"

// Cost per second of audio: the time of one iteration is that of one second at 48 kHz. The argument is the number of
// channels.
namespace tonewright {
namespace {

constexpr int kFrames = 48000;

AudioBuffer programme(int channels) {
    AudioBuffer audio = test::noise({48000.0, channels}, kFrames, -6.0, 1);
    double state[64] = {};
    for (int c = 0; c < channels; ++c)  // brownish noise in beats: nearer to music than white noise
        for (int n = 0; n < kFrames; ++n) {
            state[c] += 0.15 * (audio.channel(c)[n] - state[c]);
            audio.channel(c)[n] = static_cast<float>(2.0 * state[c] * (0.1 + 0.9 * std::exp(-static_cast<double>(n % 12000) / 3000.0)));
        }
    return audio;
}

template <class Meter>
void perSecond(benchmark::State& state) {
    const int channels = static_cast<int>(state.range(0));
    AudioBuffer audio = programme(channels);
    std::vector<float*> pointers(channels);
    Meter meter(audio.spec());
    for (auto _ : state)
        for (int start = 0; start < kFrames; start += 4096) meter.add(audio.block(pointers, start, std::min(4096, kFrames - start)));
    state.counters["x real time"] = benchmark::Counter(1.0, benchmark::Counter::kIsIterationInvariantRate);
}

BENCHMARK(perSecond<LoudnessMeter>)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond);
BENCHMARK(perSecond<TruePeakMeter>)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond);
BENCHMARK(perSecond<DynamicsMeter>)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond);
BENCHMARK(perSecond<StereoMeter>)->Arg(2)->Unit(benchmark::kMillisecond);
BENCHMARK(perSecond<FaultFinder>)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tonewright
