// How many seconds of stereo audio at 44.1 kHz a second of one core makes: items_per_second is "times real time".
#include <benchmark/benchmark.h>

#include "dsp/component_equalizer.h"
#include "tests/support/kick_and_bass.h"

using namespace tonewright;

namespace {

void component(benchmark::State& state, const ComponentEqualizer::Params& params) {
    const StreamSpec spec{44100.0, 2};
    const auto song = test::kickAndBass(1, {.seconds = 10.0});
    AudioBuffer input(spec, static_cast<int>(song.kick.size())), audio = input;
    for (int n = 0; n < input.numFrames(); ++n) {
        input.channel(0)[n] = song.kick[n] + song.bass[n];
        input.channel(1)[n] = song.kick[n] + 0.8f * song.bass[n];
    }
    ComponentEqualizer processor(params, spec);
    float* pointers[2];
    for (auto _ : state) {
        for (int c : {0, 1}) std::copy(input.channel(c).begin(), input.channel(c).end(), audio.channel(c).begin());
        for (int start = 0; start < audio.numFrames(); start += 441) processor.process(audio.block(pointers, start, std::min(441, audio.numFrames() - start)));
        benchmark::DoNotOptimize(audio.channel(0).data());
    }
    state.SetItemsProcessed(10 * state.iterations());
}

}  // namespace

BENCHMARK_CAPTURE(component, percussive, ComponentEqualizer::Params{.gainDb = 4.0});
BENCHMARK_CAPTURE(component, centre, ComponentEqualizer::Params{.component = ComponentEqualizer::Component::centre, .lowHz = 200.0, .highHz = 8000.0, .gainDb = 2.0});
BENCHMARK_CAPTURE(component, sides, ComponentEqualizer::Params{.component = ComponentEqualizer::Component::sides, .lowHz = 200.0, .highHz = 8000.0, .gainDb = 2.0});
