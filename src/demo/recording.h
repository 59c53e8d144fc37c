#pragma once
#include <array>
#include <filesystem>
#include <vector>

#include "demo/composition.h"
#include "demo/drum_kit.h"
#include "demo/session_plan.h"

// The performances as they stand on a good tape, before anything goes wrong.
namespace tonewright::demo {

using Channels = std::vector<std::vector<float>>;  // planar, equally long

// Everything begins with the song's first frame and is numFrames long, which may be less than the song.

// One drum, mono.
std::vector<float> playDrum(const Composition& song, Drum drum, const std::filesystem::path& soundFont, double sampleRateHz, int numFrames);

// Everything but the drum microphones, at any level. Empty for Sound::nothing and Sound::microphone.
Channels playSound(const Composition& song, Sound sound, int channels, const std::filesystem::path& soundFont, double sampleRateHz,
                   int numFrames);

}  // namespace tonewright::demo
