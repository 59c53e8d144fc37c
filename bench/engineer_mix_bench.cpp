#include <benchmark/benchmark.h>

#include <cmath>
#include <random>

#include "engineer/mix/plan_mix.h"

// Deciding a mix after the analysis: 24 tracks of four minutes, on one core.
namespace {

using namespace tonewright;

// A recording whose notes come and go, with its energy around `centreHz`.
Analysis recording(double seconds, double centreHz, double noteSeconds, unsigned seed) {
    std::mt19937 random(seed);
    Analysis facts;
    facts.spec = {48000.0, 1};
    facts.frames = static_cast<std::int64_t>(seconds * 48000.0);
    facts.sketch.frameSeconds = 0.05;
    facts.sketch.frames = static_cast<int>(seconds / 0.05);
    facts.sketch.power.resize(static_cast<std::size_t>(facts.sketch.frames) * kErbBands);
    for (int f = 0; f < facts.sketch.frames; ++f) {
        const double since = std::fmod(f * 0.05, noteSeconds), level = 0.01 * std::exp(-3.0 * since / noteSeconds) * std::uniform_real_distribution(0.5, 1.5)(random);
        for (int band = 0; band < kErbBands; ++band) {
            const double octaves = std::log2(erbCentreHz(band) / centreHz);
            facts.sketch.power[static_cast<std::size_t>(f) * kErbBands + band] = static_cast<float>(level * std::exp2(-2.0 * octaves * octaves) + 1e-9);
        }
    }
    facts.activity = {.firstSoundSeconds = 0.0, .lastSoundSeconds = seconds, .activeShare = 1.0, .silent = false};
    facts.dynamics.rmsDbfs = -22.0;
    facts.loudness.integratedLufs = -22.0;
    facts.spectrum.centroidHz = centreHz;
    for (int band = 0; band < kThirdOctaves; ++band) facts.spectrum.thirdOctaveDb[band] = -30.0 - 6.0 * std::abs(std::log2(thirdOctaveCentreHz(band) / centreHz));
    return facts;
}

void decideAMix(benchmark::State& state) {
    constexpr const char* kRoles[] = {"drums/kick", "drums/snare", "drums/hihat", "drums/tom", "drums/overhead", "drums/overhead", "bass/electric", "guitar/electric-driven",
                                      "guitar/electric", "guitar/acoustic", "keys/piano", "keys/organ", "pad/synth", "synth/lead", "vocals/lead", "vocals/backing"};
    constexpr double kSeconds = 240.0;
    Session session{.sampleRateHz = 48000, .frames = static_cast<std::int64_t>(kSeconds * 48000.0), .tracks = {}, .groups = {}, .warnings = {}};
    std::vector<Analysis> analyses;
    for (int i = 0; i < state.range(0); ++i) {
        Track track;
        track.id = track.name = track.nameKey = "track-" + std::to_string(i);
        track.role = kRoles[i % std::size(kRoles)];
        track.roleConfidence = 0.95;
        track.info.sampleRateHz = 48000;
        track.info.channels = 1;
        track.info.frames = session.frames;
        session.tracks.push_back(track);
        analyses.push_back(recording(kSeconds, 60.0 * std::exp2(0.3 * i), 0.25 + 0.05 * i, static_cast<unsigned>(i)));
    }
    for (auto _ : state) benchmark::DoNotOptimize(planMix({session, analyses, {}}, {}));
}
BENCHMARK(decideAMix)->Arg(8)->Arg(24)->Unit(benchmark::kMillisecond);

}  // namespace
