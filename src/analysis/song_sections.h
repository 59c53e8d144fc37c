#pragma once
#include <vector>

#include "analysis/song_canvas.h"

namespace tonewright {

// What is heard in each unit (bars, or what stands for them).
struct SongFeatures {
    std::vector<double> edges;                 // seconds; one more than there are units
    bool areBars = false;                      // units are single bars, the first of them whole or a pick-up
    int dims = 0;
    std::vector<double> values;                // [unit * dims + dim], in units of about 6 dB
    std::vector<double> loudness;              // of each unit, K-weighted power of the sum
    std::vector<std::vector<double>> sounding; // [voice][unit]: share of the time within 20 dB of the voice's loud moments
    std::vector<std::vector<double>> activity; // [voice][unit]: 0 ... 1 of what it plays where it plays all the time

    int units() const { return static_cast<int>(edges.size()) - 1; }
    double at(int unit, int dim) const { return values[static_cast<std::size_t>(unit) * dims + dim]; }
    double seconds(int unit) const { return edges[unit + 1] - edges[unit]; }
};

SongFeatures songFeatures(const SongCanvas& canvas, std::vector<double> edges);

struct SongSegment {
    int firstUnit = 0, lastUnit = 0;           // last: one past the end
    int label = 0;                             // equal: they sound alike; 0, 1 ... in order of appearance
    double contrast = 0.0;                     // 0 ... 1: how surely something new begins here
};

// Cuts the units where what is heard changes, and says which pieces are alike. Of two cuts about as good the one that leaves
// parts of four or eight bars wins. Never empty.
std::vector<SongSegment> segmentSong(const SongFeatures& features);

}  // namespace tonewright
