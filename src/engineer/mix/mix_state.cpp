#include "engineer/mix/mix_state.h"

#include "engineer/mix/mix_rules.h"

namespace tonewright {

std::vector<double> MixState::mixLoudnessPower() const {
    std::vector<double> sum(grid.frames);
    for (const MixTrack& track : tracks) {
        if (!track.audible()) continue;
        const std::vector<double> power = track.sketch.loudnessPower();
        for (int f = 0; f < grid.frames; ++f) sum[f] += power[f];
    }
    return sum;
}

double MixState::mixLoudnessLufs() const { return sketchLoudness(mixLoudnessPower(), grid.frameSeconds); }

void append(MixTrack& track, Step step) {
    if (const auto* gain = std::get_if<Gain::Params>(&step.params)) track.sketch.applyGain(gain->gainDb);
    if (const auto* equalizer = std::get_if<Equalizer::Params>(&step.params)) track.sketch.applyBands(bandGains(*equalizer));
    if (const auto* compressor = std::get_if<Compressor::Params>(&step.params); compressor && step.key.empty())
        track.sketch.applyOverTime(compressionOverTime(track, *compressor));
    if (const auto* gate = std::get_if<Gate::Params>(&step.params)) track.sketch.applyOverTime(gateOverTime(track, *gate));
    track.plan.chain.push_back(std::move(step));
}

}  // namespace tonewright
