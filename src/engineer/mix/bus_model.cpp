#include "engineer/mix/bus_model.h"

#include <algorithm>

#include "core/decibels.h"
#include "engineer/mix/automation_curve.h"
#include "engineer/mix/dynamics.h"
#include "engineer/mix/together.h"

namespace tonewright {

PannedPower pannedPower(const MixTrack& track) {
    const auto* params = std::get_if<Panner::Params>(&track.plan.pan.params);
    Panner::Params pan = params ? *params : Panner::Params{};
    pan.width = 1.0;   // what it does to the power is in the sketch already
    const Panner::Gains gains = Panner::gains(pan);
    if (pan.source == Panner::Source::mono) return {4.0 * gains.leftFromLeft * gains.leftFromLeft, 4.0 * gains.rightFromLeft * gains.rightFromLeft};
    const double left = dbToPower(std::clamp(track.analysis->stereo.balanceDb, -60.0, 60.0)), share = left / (1.0 + left);
    return {gains.leftFromLeft * gains.leftFromLeft * share, gains.rightFromRight * gains.rightFromRight * (1.0 - share)};
}

std::vector<double> heardOnBus(const MixState& state, std::span<const int> members) {
    const std::size_t steps = static_cast<std::size_t>(state.grid.frames) * TrackSketch::kSteps;
    std::vector<double> left(steps), right(steps);
    for (int i : members) {
        const MixTrack& track = state.tracks[i];
        const std::vector<double> power = track.sketch.stepPower();
        const PannedPower panned = pannedPower(track);
        for (std::size_t s = 0; s < steps; ++s) {
            left[s] += panned.left * power[s];
            right[s] += panned.right * power[s];
        }
    }
    // What their waveforms have in common, frame by frame.
    std::vector<SumPart> parts;
    std::vector<double> apart(state.grid.frames);
    for (int i : members) {
        SumPart part{.track = i, .overTime = std::vector<double>(state.grid.frames, 1.0), .bands = {}};
        part.bands.fill(1.0);
        parts.push_back(std::move(part));
        const std::vector<double> power = state.tracks[i].sketch.framePower();
        for (int f = 0; f < state.grid.frames; ++f) apart[f] += power[f];
    }
    const std::vector<double> together = sumOf(state, parts).framePower();
    for (std::size_t s = 0; s < steps; ++s) {
        const std::size_t f = s / TrackSketch::kSteps;
        left[s] = std::max(left[s], right[s]) * (apart[f] > 0.0 ? together[f] / apart[f] : 1.0);
    }
    return left;
}

std::vector<double> framesOf(std::span<const double> steps) {
    std::vector<double> frames(steps.size() / TrackSketch::kSteps);
    for (std::size_t s = 0; s < frames.size() * TrackSketch::kSteps; ++s) frames[s / TrackSketch::kSteps] += steps[s] / TrackSketch::kSteps;
    return frames;
}

BusEffect effectOf(const BusPlan& bus, const MixState& state, std::span<const int> members) {
    BusEffect effect{.overTime = {}, .bands = {}};
    effect.bands.fill(1.0);
    const std::vector<double> before = heardOnBus(state, members);
    std::vector<double> after = before;
    double gainDb = 0.0;
    std::vector<Step> steps = bus.chain;
    steps.push_back(bus.fader);
    for (const Step& step : steps) {
        if (!step.enabled) continue;
        if (const auto* gain = std::get_if<Gain::Params>(&step.params)) gainDb += gain->gainDb;
        if (const auto* equalizer = std::get_if<Equalizer::Params>(&step.params)) {
            const BandGains gains = bandGains(*equalizer);
            for (int band = 0; band < kErbBands; ++band) effect.bands[band] *= gains[band];
        }
        const auto* compressor = std::get_if<Compressor::Params>(&step.params);
        if (!compressor || !step.key.empty()) continue;
        for (double& power : after) power *= dbToPower(gainDb);
        const std::vector<double> gains = compressionOverTime(after, *compressor, state.grid.frameSeconds / TrackSketch::kSteps);
        for (std::size_t s = 0; s < after.size(); ++s) after[s] *= gains[s] * dbToPower(-gainDb);
    }
    const std::vector<double> in = framesOf(before), out = framesOf(after);
    effect.overTime.resize(in.size());
    for (std::size_t f = 0; f < in.size(); ++f) effect.overTime[f] = dbToPower(gainDb) * (in[f] > 0.0 ? out[f] / in[f] : 1.0);
    return effect;
}

}  // namespace tonewright
