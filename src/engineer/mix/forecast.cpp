#include "engineer/mix/forecast.h"

#include "core/decibels.h"
#include "engineer/mix/automation_curve.h"
#include "engineer/mix/space.h"

namespace tonewright {

MixForecast forecastMix(const MixState& state) {
    MixForecast forecast;
    TrackSketch sum(state.grid);
    for (const MixTrack& track : state.tracks) {
        if (!track.audible()) continue;
        forecast.trackLufs[track.track->id] = state.loudnessOf(track);
        TrackSketch part = track.sketch;
        part.applyGain(powerToDb(track.inSum));
        sum.add(part);
    }
    for (const Step& step : state.mixBus) {
        if (const auto* equalizer = std::get_if<Equalizer::Params>(&step.params)) sum.applyBands(bandGains(*equalizer));
        if (const auto* levels = std::get_if<GainEnvelope::Params>(&step.params)) sum.applyOverTime(envelopeOverTime(*levels, state.grid));
    }
    // Of the returns only the loudness is forecast: they lie too far below to bend the spectrum.
    std::vector<double> power = sum.loudnessPower();
    const std::vector<double> returns = forecastReturns(state, state.intent.intensity).loudnessPower;
    for (std::size_t f = 0; f < power.size(); ++f) power[f] += returns[f];
    forecast.mixLufs = sketchLoudness(power, state.grid.frameSeconds);
    const BandGains spectrum = sum.activeSpectrum();
    for (int band = 0; band < kErbBands; ++band) forecast.erbDb[band] = powerToDb(spectrum[band]);
    return forecast;
}

}  // namespace tonewright
