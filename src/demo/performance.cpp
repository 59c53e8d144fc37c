#include "demo/performance.h"

#include <algorithm>
#include <cmath>

#include "demo/random.h"

namespace tonewright::demo {

std::vector<PlayedNote> perform(const Composition& song, const Part& part, std::uint64_t seed) {
    Random random(seed);
    std::vector<PlayedNote> played;
    double lastBeat = -1.0, errorMs = 0.0;
    for (const Note& note : part.notes) {
        if (note.startBeat != lastBeat) {
            errorMs = part.feelMs + part.timingMs * random.bell();
            lastBeat = note.startBeat;
        }
        const double start = std::max(0.0, song.timeSeconds(note.startBeat) + (errorMs + note.lateMs) / 1000.0);
        const int velocity = static_cast<int>(std::lround(note.velocity + part.velocitySpread * random.bell()));
        played.push_back({start, start + song.lengthSeconds(note.beats), note.key, std::clamp(velocity, 1, 127), note.syllable});
    }
    std::stable_sort(played.begin(), played.end(), [](const PlayedNote& a, const PlayedNote& b) { return a.startSeconds < b.startSeconds; });
    return played;
}

}  // namespace tonewright::demo
