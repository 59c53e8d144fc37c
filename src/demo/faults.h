#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "demo/session_plan.h"

// What goes wrong in a home recording, with exact numbers.
namespace tonewright::demo {

// Each harmonic's share of a hum, in dB against the fundamental: a transformer's odd-heavy comb.
struct Harmonic {
    int number;
    double levelDb;
};
std::span<const Harmonic> humHarmonics();

// Adds harmonics of hum.hz whose sum has the RMS hum.levelDbfs.
void addHum(std::span<float> sound, const Hum& hum, double sampleRateHz);

// Adds white hiss and low rumble, each of exactly its RMS over the whole sound. Channels take different seeds.
void addNoiseFloor(std::span<float> sound, const NoiseFloor& noise, std::uint64_t seed, double sampleRateHz);

// Rounds to the grid of `bits` with triangular dither of two steps' width and clips at the largest positive value, on
// both sides. Returns the number of frames that clipped.
std::int64_t convert(std::span<float> sound, int bits, std::uint64_t seed);

}  // namespace tonewright::demo
