// Cost of the spectral half of the analysis, per second of mono audio at 48 kHz.
#include <benchmark/benchmark.h>

#include "analysis/analyzer.h"
#include "analysis/spectrum_meter.h"
#include "tests/support/signals.h"

using namespace tonewright;

namespace {

constexpr int kSeconds = 20, kBlock = 4096;

AudioBuffer music(int channels) { return test::noise({48000.0, channels}, kSeconds * 48000, -6.0, 1); }

template <class Add>
void feed(AudioBuffer& audio, Add&& add) {
    std::vector<float*> pointers(audio.numChannels());
    for (int start = 0; start < audio.numFrames(); start += kBlock)
        add(audio.block(pointers, start, std::min(kBlock, audio.numFrames() - start)));
}

void perSecond(benchmark::State& state) {
    state.counters["ms/s"] = benchmark::Counter(static_cast<double>(state.iterations()) * kSeconds / 1000.0,
                                                benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void spectralStreamAlone(benchmark::State& state) {
    AudioBuffer audio = music(static_cast<int>(state.range(0)));
    for (auto _ : state) {
        SpectralStream stream(audio.spec());
        feed(audio, [&](ConstBlock block) { stream.add(block, {}); });
        stream.finish({});
    }
    perSecond(state);
}

void spectrumMeter(benchmark::State& state) {
    AudioBuffer audio = music(static_cast<int>(state.range(0)));
    for (auto _ : state) {
        SpectralStream stream(audio.spec());
        SpectrumMeter meter(audio.spec(), stream);
        SpectralSink* sinks[] = {&meter};
        feed(audio, [&](ConstBlock block) { stream.add(block, sinks); });
        stream.finish(sinks);
        benchmark::DoNotOptimize(meter.result(kSeconds));
    }
    perSecond(state);
}

void analyze(benchmark::State& state, const AnalysisOptions& options) {
    AudioBuffer audio = music(static_cast<int>(state.range(0)));
    for (auto _ : state) {
        Analyzer analyzer(audio.spec(), options);
        feed(audio, [&](ConstBlock block) { analyzer.add(block); });
        benchmark::DoNotOptimize(analyzer.result());
    }
    perSecond(state);
}

void wholeAnalyzer(benchmark::State& state) { analyze(state, {}); }
void trackOfASession(benchmark::State& state) { analyze(state, {.truePeak = false, .key = false}); }

}  // namespace

BENCHMARK(spectralStreamAlone)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond);
BENCHMARK(spectrumMeter)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond);
BENCHMARK(wholeAnalyzer)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond);
BENCHMARK(trackOfASession)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond);
