#include "engineer/mix/mix_state.h"

#include <algorithm>

#include "core/decibels.h"
#include "engineer/mix/automation_curve.h"
#include "engineer/mix/dynamics.h"
#include "engineer/mix/gate.h"
#include "engineer/mix/mix_rules.h"
#include "engineer/mix/unmask.h"

namespace tonewright {

TrackSketch MixState::sum() const {
    TrackSketch sum(grid);
    for (const MixTrack& track : tracks)
        if (track.audible()) sum.add(track.sketch);
    return sum;
}

std::vector<double> MixState::mixLoudnessPower() const {
    std::vector<double> sum(grid.frames);
    for (const MixTrack& track : tracks) {
        if (!track.audible()) continue;
        const std::vector<double> power = track.sketch.loudnessPower();
        for (int f = 0; f < grid.frames; ++f) sum[f] += track.inSum * power[f];
    }
    return sum;
}

bool MixState::isTalk() const {
    constexpr int kMostBeds = 2;
    int speakers = 0, beds = 0;
    for (int i : byContent) {
        const std::string family = tracks[i].family();
        if (tracks[i].track->role == "vocals/speech") ++speakers;
        else if (family == "vocals" || family == "drums" || family == "bass") return false;
        else beds += family != "effects";
    }
    return speakers > 0 && beds <= kMostBeds;
}

double MixState::mixLoudnessLufs() const { return sketchLoudness(mixLoudnessPower(), grid.frameSeconds); }

void append(MixState& state, int index, Step step) {
    MixTrack& track = state.tracks[index];
    const double frameSeconds = state.grid.frameSeconds, stepSeconds = frameSeconds / TrackSketch::kSteps;
    const auto key = std::ranges::find_if(state.tracks, [&](const MixTrack& t) { return t.track->id == step.key; });
    if (const auto* gain = std::get_if<Gain::Params>(&step.params)) track.sketch.applyGain(gain->gainDb);
    if (const auto* equalizer = std::get_if<Equalizer::Params>(&step.params)) track.sketch.applyBands(bandGains(*equalizer));
    if (const auto* compressor = std::get_if<Compressor::Params>(&step.params)) {
        // The detector hears its track, or the key's, before the fader.
        const MixTrack& heard = key == state.tracks.end() ? track : *key;
        std::vector<double> power = heard.sketch.stepPower();
        for (double& p : power) p *= dbToPower(detectorDb(heard) - heard.faderDb);
        track.sketch.applyOverSteps(compressionOverTime(power, *compressor, stepSeconds));
    }
    if (const auto* shaper = std::get_if<TransientShaper::Params>(&step.params)) track.sketch.applyOverSteps(shapingOverTime(track.sketch.stepPeaks(), *shaper, stepSeconds));
    if (const auto* dynamic = std::get_if<DynamicEqualizer::Params>(&step.params); dynamic && key != state.tracks.end()) {
        TrackSketch heard = key->sketch;
        heard.applyGain(-key->faderDb);
        track.sketch.applyOverTimeAndBands(dynamicGains(*dynamic, heard, frameSeconds));
    }
    if (const auto* envelope = std::get_if<GainEnvelope::Params>(&step.params)) track.sketch.applyOverTime(envelopeOverTime(*envelope, state.grid));
    if (const auto* gate = std::get_if<Gate::Params>(&step.params)) track.sketch.applyOverSteps(gateOverTime(track, *gate, stepSeconds));
    if (const auto* deEsser = std::get_if<DeEsser::Params>(&step.params)) track.sketch.applyOverTimeAndBands(deEssing(*deEsser, track.sketch, frameSeconds).gains);
    track.plan.chain.push_back(std::move(step));
}

}  // namespace tonewright
