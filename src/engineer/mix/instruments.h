#pragma once
#include <vector>

#include "engineer/mix/mix_state.h"

namespace tonewright {

// One instrument: all tracks that are microphones, lines or sides of one thing. They share one place in the balance.
using Instrument = std::vector<int>;   // indices of MixState::tracks, the main one first

// Every audible track is in exactly one.
std::vector<Instrument> instrumentsOf(const MixState& state);

// How far a track stands under the main one of its instrument: the bottom of a snare under its top, the line under a guitar's amplifier.
double underMainMicrophoneDb(const MixState& state, const Instrument& instrument, int track);

// Drums that sound for moments and hear the rest of the kit for minutes. Their level is that of their hits: what
// lies between would mislead any mean.
bool isHeardByItsHits(const MixTrack& track);

}  // namespace tonewright
