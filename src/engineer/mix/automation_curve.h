#pragma once
#include <span>
#include <vector>

#include "dsp/gain_envelope.h"
#include "engineer/mix/mix_sketch.h"

// Levels that move with the song, as points of a gainEnvelope.
namespace tonewright {

// A stretch of the song at a level of its own.
struct LevelMove {
    double startSeconds = 0.0, endSeconds = 0.0;
    double gainDb = 0.0;
};

// From move to move in straight lines: over the pause between two, but no longer than `longestRamp`, ending where the next
// begins; over `shortestRamp` around the joint where there is no pause. The first and the last level are held to the ends.
// Moves are in time order. Times to 0.01 s, levels to 0.1 dB; points that change nothing are left out.
GainEnvelope::Params heldLevels(std::span<const LevelMove> moves, double shortestRamp, double longestRamp);

// 0 dB but for the moves: each is reached over `fadeIn` seconds before its start and left over `fadeOut` after its end.
GainEnvelope::Params excursions(std::span<const LevelMove> moves, double fadeIn, double fadeOut);

// What an envelope does to a sketch, one power ratio a frame.
std::vector<double> envelopeOverTime(const GainEnvelope::Params& params, const SketchGrid& grid);

}  // namespace tonewright
