#pragma once
#include <filesystem>
#include <vector>

#include "demo/performance.h"
#include "demo/synth.h"

namespace tonewright::demo {

// The lead singer: a sung line as one mono signal. Two General MIDI sounds (a soft voice and a buzzing wave) follow the
// melody with scoops, late vibrato and swelling dynamics; the buzz goes through the formants of each syllable's vowel
// (table of the Csound manual, alto), consonants and breaths before phrases are shaped noise. Between phrases there is
// exact silence.
std::vector<float> singLead(const std::vector<PlayedNote>& notes, const std::filesystem::path& soundFont, double sampleRateHz, int numFrames);

// Expression for held notes (backing voices, strings): from `from` to `to` (0 ... 127) and back over each chord.
std::vector<Controller> swells(const std::vector<PlayedNote>& notes, double from, double to);

}  // namespace tonewright::demo
