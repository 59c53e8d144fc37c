#pragma once
#include <optional>
#include <span>
#include <vector>

#include "engineer/mix/mix_state.h"

// How a track's level moves, read from its sketch and its peak envelope: what the rules of dynamics decide on.
namespace tonewright {

// Levels in dB, of the track before its fader.
struct Movement {
    std::vector<double> momentsDb;   // ascending: the moments in which it plays; of a drum, its hits
    double usualDb = kSilentDb;      // in the middle of them; of a drum, the softer third
    double loudDb = kSilentDb;       // exceeded in one of twenty; of a drum, in one of ten
    double loudestDb = kSilentDb;
    double phraseSpreadDb = 0.0;     // loud against usual phrases: P90 - P50 of the level over 0.8 s
    double momentSpreadDb = 0.0;     // loud moments against the phrase that they are in: P95
    double attacksPerSecond = 0.0;   // jumps up by 6 dB or more, per second in which it plays

    double spreadDb() const { return loudDb - usualDb; }
};
Movement movementOf(const MixTrack& track, const SketchGrid& grid);

// Peaks over the loudest 50 ms around them, the median over the moments in which it plays (a drum: over its hits). Near 10 dB for most
// raw recordings; what was limited or driven hard has less. nullopt where it was not measured.
std::optional<double> crestDb(const MixTrack& track, const SketchGrid& grid);

// What a detector that hears the louder channel reads, over the power of both together: 0 dB for mono, -3 dB for two alike.
double detectorDb(const MixTrack& track);

// Which frames of a drum are hits: louder than both neighbours' surroundings, within 15 dB of the loudest, 6 dB over what was before.
std::vector<int> hitFrames(std::span<const double> framePower);

}  // namespace tonewright
