#pragma once
#include <filesystem>
#include <vector>

#include "core/audio.h"
#include "demo/performance.h"

namespace tonewright::demo {

// A change of the sound between notes.
struct Controller {
    enum class Kind { expression, pan, bendCents };
    double seconds = 0.0;
    Kind kind = Kind::expression;
    double value = 0.0;  // expression and pan 0 ... 127 (64 is the middle), bend -200 ... 200 cents
};

struct Performance {
    int program = 0;          // General MIDI, from 0; the kit if percussion
    bool percussion = false;
    double keyboardPan = 0.0;  // 0 ... 63: how far to the left the lowest keys stand, and the highest to the right
    std::vector<PlayedNote> notes;
    std::vector<Controller> controllers;  // for the whole part; not together with keyboardPan
};

// The soundfont that plays the demo: `wanted`, or the one of Debian's package timgm6mb-soundfont if `wanted` is empty.
// Throws InputError that names the package if there is none, or if the file is no soundfont.
std::filesystem::path findSoundFont(const std::filesystem::path& wanted);

// Plays a part offline through FluidSynth, without reverb or chorus, as two channels. Notes start on the
// synthesiser's grid of 64 frames. The same arguments give the same samples; may be called from several threads.
AudioBuffer renderPerformance(const Performance& performance, const std::filesystem::path& soundFont, double sampleRateHz, int numFrames);

}  // namespace tonewright::demo
