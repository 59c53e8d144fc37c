#pragma once
#include <cstddef>
#include <functional>
#include <vector>

#include "analysis/alignment_finder.h"
#include "analysis/facts.h"
#include "session/content_roles.h"
#include "session/session.h"

namespace tonewright {

// Which tracks may be one performance heard by several microphones, where no name says so.

// Sets of at least two tracks whose levels rise and fall together: correlation of their levels in dB (sketch, where either sounds,
// floored 40 dB below its loud frames) of at least 0.4 with another track of the set. Only tracks without a group whose
// names left open what they are. Cheap; a common rhythm is enough to be in a set, so the waveforms must be asked next.
std::vector<std::vector<std::size_t>> likelyKin(const Session& session, const std::vector<Analysis>& analyses);

// Whether what the waveforms of two tracks have in common makes them one thing. Close microphones of a kit share little more than
// bleed, so for what may be drums anything found is enough; a drum microphone hears the guitar's amplifier just as well, so
// all others must be alike (whitened correlation 0.3 and more: DI and amplifier, two microphones of a pair).
bool areKin(const Sound& a, const Sound& b, const MicrophoneOffset& found);

// Groups of what belongs together: tracks of the set that `sameSource` joins, directly or through others. Three or more with
// drums among them are a "kit", anything else is "multi-mic": which side a microphone stood on is not heard. Members whose roles no
// name told become what the family that all of them together are likeliest to be has for them. sounds: one for each track.
void groupKin(Session& session, const std::vector<std::size_t>& set, const std::vector<Sound>& sounds, const std::function<bool(std::size_t, std::size_t)>& sameSource);

}  // namespace tonewright
