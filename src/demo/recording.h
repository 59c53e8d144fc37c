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

int durationFrames(const Composition& song, double sampleRateHz);

// One drum, mono, from the song's first frame.
std::vector<float> playDrum(const Composition& song, Drum drum, const std::filesystem::path& soundFont, double sampleRateHz);

// Everything but the drum microphones, at any level. Empty for Sound::nothing and Sound::microphone.
Channels playSound(const Composition& song, Sound sound, int channels, const std::filesystem::path& soundFont, double sampleRateHz);

}  // namespace tonewright::demo
