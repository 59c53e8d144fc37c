#pragma once
#include <array>
#include <map>
#include <string>

#include "engineer/mix/mix_state.h"

namespace tonewright {

// What a mix that was decided on sketches should measure when it is rendered.
struct MixForecast {
    double mixLufs = kSilentDb;
    std::map<std::string, double> trackLufs;       // by id, with chain and fader; those that play
    std::array<double, kErbBands> erbDb{};         // of the mix over its active parts, as SpectrumFacts::erbDb
};
MixForecast forecastMix(const MixState& state);

}  // namespace tonewright
