#pragma once
#include <span>
#include <vector>

#include "analysis/facts.h"

namespace tonewright {

struct SongVoice;

// The voices in time, each at the same loudness.
struct SongCanvas {
    double frameSeconds = 0.05;           // at most 8192 frames
    int frames = 0;
    std::vector<float> sum;               // [frame * kErbBands + band]: power of all voices
    std::vector<float> tonal;             // the same without drums
    std::vector<std::vector<float>> voices;   // [voice][frame]: power re the voice's loud moments
    std::vector<double> weights;          // of the voices; 0: silent, or a click

    int frameAt(double seconds) const;    // clamped
};

// A voice's loud moments: the mean of its frames within 20 dB of the loudest. 0: silent.
double loudPower(const Sketch& sketch);

SongCanvas songCanvas(std::span<const SongVoice> voices, double durationSeconds);

}  // namespace tonewright
