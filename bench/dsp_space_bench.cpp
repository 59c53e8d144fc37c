// How many seconds of stereo audio at 48 kHz a second of one core makes: items_per_second is "times real time".
#include <benchmark/benchmark.h>

#include "core/audio.h"
#include "dsp/delay.h"
#include "dsp/panner.h"
#include "dsp/reverb.h"
#include "dsp/saturator.h"
#include "dsp/stereo_width.h"
#include "tests/support/signals.h"

using namespace tonewright;

namespace {

template <class P>
void realTime(benchmark::State& state, const typename P::Params& params) {
    const StreamSpec spec{48000.0, 2};
    const AudioBuffer input = test::noise(spec, 48000, -12.0, 1);
    AudioBuffer audio = input;
    P processor(params, spec);
    float* pointers[2];
    for (auto _ : state) {
        for (int c : {0, 1}) std::copy(input.channel(c).begin(), input.channel(c).end(), audio.channel(c).begin());
        for (int start = 0; start < 48000; start += 480) processor.process(audio.block(pointers, start, 480));
        benchmark::DoNotOptimize(audio.channel(0).data());
    }
    state.SetItemsProcessed(state.iterations());
}

void reverb(benchmark::State& state, const Reverb::Params& params) { realTime<Reverb>(state, params); }
void saturator(benchmark::State& state, const Saturator::Params& params) { realTime<Saturator>(state, params); }
void delay(benchmark::State& state, const Delay::Params& params) { realTime<Delay>(state, params); }
void stereoWidth(benchmark::State& state, const StereoWidth::Params& params) { realTime<StereoWidth>(state, params); }
void panner(benchmark::State& state, const Panner::Params& params) { realTime<Panner>(state, params); }

}  // namespace

BENCHMARK_CAPTURE(reverb, room, ReverbParams{.type = ReverbType::room, .decaySeconds = 0.5});
BENCHMARK_CAPTURE(reverb, plate, ReverbParams{.type = ReverbType::plate});
BENCHMARK_CAPTURE(reverb, hallWithAir, ReverbParams{.type = ReverbType::hall, .decaySeconds = 2.4, .dampingHz = 8000.0});
BENCHMARK_CAPTURE(saturator, tape4x, SaturatorParams{.kind = SaturatorKind::tape, .driveDb = 6.0});
BENCHMARK_CAPTURE(saturator, tube8x, SaturatorParams{.kind = SaturatorKind::tube, .driveDb = 12.0});
BENCHMARK_CAPTURE(saturator, softClip16x, SaturatorParams{.kind = SaturatorKind::softClip, .driveDb = 18.0});
BENCHMARK_CAPTURE(delay, echo, Delay::Params{});
BENCHMARK_CAPTURE(stereoWidth, bandsAndMono, (StereoWidth::Params{.lowWidth = 0.5, .highWidth = 1.3, .monoBelowHz = 120.0}));
BENCHMARK_CAPTURE(panner, mono, Panner::Params{.position = 0.3, .source = Panner::Source::mono});
