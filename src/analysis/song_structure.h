#pragma once
#include <span>
#include <string>
#include <vector>

#include "analysis/facts.h"
#include "analysis/song.h"

namespace tonewright {

// One track as a voice of the song.
struct SongVoice {
    std::string id;
    const Analysis* analysis = nullptr;   // its sketch and rhythm are used
    double startSeconds = 0.0;            // in the session
    double weight = 1.0;                  // less than 1 for one of several microphones of the same thing
    bool sings = false;                   // carries the words
    bool isDrum = false;
    bool isClick = false;                 // a click track: it counts the beats and is no part of the music
};

// A song with all its beats, for decisions that follow them.
struct SongStructure {
    Song song;
    std::vector<double> beatSeconds;      // from the first to the last, evenly carried on where nothing marks them; at most 20000
    std::vector<int> downbeats;           // indices of beatSeconds; empty if the metre cannot be told
};

// Tempo, metre and sections of the voices together. Every voice counts as loud as any other, so no input gain has a say.
//
//   beats      onsets of all voices in one envelope, its tempo and beats (tempo.h, beat_tracker.h)
//   metre      3 or 4, and where the bar begins: bass, changes of harmony and of what plays fall on its first beat
//   features   of each bar x: how much every voice plays, the sum's spectrum and level, in units of about 6 dB
//   parts      self-similarity: bars are cut where sum over the parts of sum |x - mean|^2 + penalty is least (dynamic
//              programming); the penalty follows how much x wanders from bar to bar, so that noise makes no parts
//   labels     average linkage of the parts' means
//   names      by repetition, level and who sings (song_names.h); none where that does not decide
//
// Bounded: at most 20000 beats and 512 units of one or more bars, however long the song.
SongStructure findSongStructure(std::span<const SongVoice> voices, double durationSeconds);

}  // namespace tonewright
