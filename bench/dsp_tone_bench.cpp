#include <benchmark/benchmark.h>

#include "dsp/compressor.h"
#include "dsp/curve_filter.h"
#include "dsp/de_esser.h"
#include "dsp/dynamic_equalizer.h"
#include "dsp/equalizer.h"
#include "dsp/gate.h"
#include "dsp/multiband_compressor.h"
#include "dsp/transient_shaper.h"
#include "tests/support/signals.h"

// Time for a frame of audio (all channels), block by block, as the renderer runs it.
using namespace tonewright;

namespace {

constexpr int kBlock = 1024, kFrames = 64 * kBlock;

template <class P>
void time(benchmark::State& state, const typename P::Params& params, int channels) {
    const StreamSpec spec{48000.0, channels};
    const AudioBuffer input = test::noise(spec, kFrames, -6.0, 1);
    P processor(params, spec);
    BlockBuffer buffer(channels, kBlock);
    int position = 0;
    for (auto _ : state) {
        for (int c = 0; c < channels; ++c) std::copy_n(input.channel(c).data() + position, kBlock, buffer.channel(c));
        processor.process(buffer.block(kBlock));
        benchmark::DoNotOptimize(buffer.channel(0)[kBlock - 1]);
        position = (position + kBlock) % kFrames;
    }
    state.SetItemsProcessed(state.iterations() * kBlock);
    state.counters["nsPerFrame"] =
        benchmark::Counter(static_cast<double>(state.iterations()) * kBlock * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void equalizer(benchmark::State& state) {
    Equalizer::Params params;
    for (int i = 0; i < state.range(1); ++i) params.bands.push_back({.frequencyHz = 100.0 * (i + 1), .gainDb = i % 2 ? 3.0 : -3.0});
    time<Equalizer>(state, params, static_cast<int>(state.range(0)));
}
BENCHMARK(equalizer)->ArgNames({"channels", "bands"})->ArgsProduct({{1, 2}, {1, 2, 4, 6, 8, 16}});

void equalizerDesign(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(Equalizer({{{.frequencyHz = 3000.0, .gainDb = 3.0}}}, {48000.0, 2}).responseDb(100.0));
}
BENCHMARK(equalizerDesign);

void compressor(benchmark::State& state) {
    time<Compressor>(state, {.thresholdDb = -24.0, .ratio = 4.0, .detector = state.range(1) ? DetectorKind::rms : DetectorKind::peak},
                     static_cast<int>(state.range(0)));
}
BENCHMARK(compressor)->ArgNames({"channels", "rms"})->ArgsProduct({{1, 2}, {0, 1}});

void compressorAtRest(benchmark::State& state) { time<Compressor>(state, {.thresholdDb = 6.0, .ratio = 4.0}, static_cast<int>(state.range(0))); }
BENCHMARK(compressorAtRest)->ArgName("channels")->Arg(1)->Arg(2);

void gate(benchmark::State& state) {
    time<Gate>(state, {.thresholdDb = static_cast<double>(state.range(1)), .rangeDb = 40.0}, static_cast<int>(state.range(0)));
}
BENCHMARK(gate)->ArgNames({"channels", "thresholdDb"})->ArgsProduct({{1, 2}, {-40, -3}});

void multibandCompressor(benchmark::State& state) {
    MultibandCompressor::Params params;
    const double upperHz[] = {120.0, 600.0, 2500.0, 8000.0, 20000.0};
    for (int i = 0; i < state.range(1); ++i) params.bands.push_back({.upperHz = upperHz[i], .thresholdDb = -30.0, .ratio = 2.0});
    time<MultibandCompressor>(state, params, static_cast<int>(state.range(0)));
}
BENCHMARK(multibandCompressor)->ArgNames({"channels", "bands"})->ArgsProduct({{2}, {2, 3, 4, 5}});

void dynamicEqualizer(benchmark::State& state) {
    time<DynamicEqualizer>(state, {{{.thresholdDb = -40.0, .rangeDb = 6.0}}}, static_cast<int>(state.range(0)));
}
BENCHMARK(dynamicEqualizer)->ArgName("channels")->Arg(1)->Arg(2);

void deEsser(benchmark::State& state) { time<DeEsser>(state, {.rangeDb = 6.0}, static_cast<int>(state.range(0))); }
BENCHMARK(deEsser)->ArgName("channels")->Arg(1)->Arg(2);

void transientShaper(benchmark::State& state) {
    time<TransientShaper>(state, {.attackDb = 6.0, .sustainDb = 3.0}, static_cast<int>(state.range(0)));
}
BENCHMARK(transientShaper)->ArgName("channels")->Arg(1)->Arg(2);

void curveFilter(benchmark::State& state) {
    time<CurveFilter>(state, {{{100.0, 3.0}, {5000.0, -3.0}}, CurveFilter::Phase::minimum, static_cast<int>(state.range(1))},
                      static_cast<int>(state.range(0)));
}
BENCHMARK(curveFilter)->ArgNames({"channels", "length"})->ArgsProduct({{2}, {1024, 4096, 16384}});

}  // namespace
