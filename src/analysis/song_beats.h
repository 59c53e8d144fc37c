#pragma once
#include <span>
#include <vector>

#include "analysis/song_canvas.h"
#include "analysis/song_structure.h"

namespace tonewright {

struct SongBeats {
    double tempoBpm = 0.0, confidence = 0.0;   // 0: no tempo
    std::vector<double> seconds;               // empty without a tempo
};

// The beats that the voices have in common. An onset counts by how much its voice rises there, and more for drums and what
// is plucked or struck; a click track counts alone where there is one.
SongBeats findSongBeats(std::span<const SongVoice> voices, double durationSeconds);

struct SongMetre {
    int beatsPerBar = 0;                       // 3, 4, or 0: cannot be told
    double confidence = 0.0;
    std::vector<int> downbeats;                // indices of the beats
};

// Which beats begin bars: those on which the bass, another harmony or another group of voices enters. The place in the bar
// is followed by a Viterbi search that may begin anew (a bar cut short), at a cost.
SongMetre findSongMetre(const SongCanvas& canvas, const std::vector<double>& beatSeconds);

}  // namespace tonewright
