#include "engineer/mix/forecast.h"

#include <map>

#include "core/decibels.h"
#include "engineer/mix/automation_curve.h"
#include "engineer/mix/bus_model.h"
#include "engineer/mix/space.h"
#include "engineer/mix/together.h"

namespace tonewright {

MixForecast forecastMix(const MixState& state) {
    MixForecast forecast;
    const SketchGrid& grid = state.grid;
    std::map<std::string, std::vector<int>> members;
    for (std::size_t i = 0; i < state.tracks.size(); ++i)
        if (state.tracks[i].audible()) members[state.tracks[i].plan.output].push_back(static_cast<int>(i));
    // What each track brings to the mix: with what its group's compressors, equalizers and fader make of it.
    std::vector<SumPart> parts;
    for (const BusPlan& bus : state.buses)
        if (bus.kind == BusKind::group && members.contains(bus.id)) {
            const BusEffect effect = effectOf(bus, state, members.at(bus.id));
            for (int i : members.at(bus.id)) parts.push_back({i, effect.overTime, effect.bands});
            members.erase(bus.id);
        }
    BandGains flat;
    flat.fill(1.0);
    for (const auto& [bus, tracks] : members)
        for (int i : tracks) parts.push_back({i, std::vector<double>(grid.frames, 1.0), flat});
    for (SumPart& part : parts) {
        const PannedPower panned = pannedPower(state.tracks[part.track]);
        for (double& gain : part.overTime) gain *= panned.left + panned.right;
        forecast.trackLufs[state.tracks[part.track].track->id] =
            measuredLoudness(state.tracks[part.track].sketch.loudnessPower(), grid.frameSeconds, powerToDb(panned.left + panned.right));
    }
    TrackSketch sum = sumOf(state, parts);
    for (const Step& step : state.mixBus) {
        if (const auto* equalizer = std::get_if<Equalizer::Params>(&step.params)) sum.applyBands(bandGains(*equalizer));
        if (const auto* levels = std::get_if<GainEnvelope::Params>(&step.params)) sum.applyOverTime(envelopeOverTime(*levels, grid));
    }
    std::vector<double> power = sum.loudnessPower();
    const ReturnsForecast returns = forecastReturns(state, state.intent.intensity);
    for (std::size_t f = 0; f < power.size(); ++f) power[f] += returns.loudnessPower[f];
    forecast.mixLufs = measuredLoudness(power, grid.frameSeconds);
    const BandGains spectrum = sum.activeSpectrum();
    for (int band = 0; band < kErbBands; ++band) forecast.erbDb[band] = powerToDb(spectrum[band] + returns.spectrum[band]);
    return forecast;
}

}  // namespace tonewright
