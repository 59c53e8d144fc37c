#pragma once
#include <span>
#include <vector>

#include "engineer/mix/mix_state.h"

// Groups on sketches: what reaches them, and what their chains do.
namespace tonewright {

// Power of each of the panner's two outputs for a track of power 1.
struct PannedPower {
    double left = 0.5, right = 0.5;
};
PannedPower pannedPower(const MixTrack& track);

// What a group's compressors hear, step by step: the louder channel of the sum of these tracks (together.h).
std::vector<double> heardOnBus(const MixState& state, std::span<const int> members);

// Means of the steps of each frame.
std::vector<double> framesOf(std::span<const double> steps);

// What a chain of a group makes of its sum: power ratios by frame and by band.
struct BusEffect {
    std::vector<double> overTime;
    BandGains bands;
};
BusEffect effectOf(const BusPlan& bus, const MixState& state, std::span<const int> members);

}  // namespace tonewright
