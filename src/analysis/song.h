#pragma once
#include <string>
#include <vector>

#include "analysis/facts.h"

namespace tonewright {

// A part of a song, from one change of what plays to the next. Times are seconds of the session.
struct SongPart {
    double startSeconds = 0.0, endSeconds = 0.0;
    std::string label;                    // "A", "B" ...: parts that sound alike have the same
    std::string name;                     // one of kSongPartNames, or empty: what it is cannot be told
    double confidence = 0.0;              // 0 ... 1: that the name is right; where there is none, that something begins here
    double levelLu = 0.0;                 // re the song, with every track as loud as any other
    std::vector<std::string> plays;       // ids of the tracks that play in it, in the session's order

    double seconds() const { return endSeconds - startSeconds; }
    bool operator==(const SongPart&) const = default;
};
inline constexpr const char* kSongPartNames[] = {"intro", "verse", "prechorus", "chorus", "bridge", "solo", "break", "outro"};

// When one track plays.
struct SongElement {
    std::string track;                    // id
    std::vector<TimeSpan> spans;          // at most 64, in time order

    bool operator==(const SongElement&) const = default;
};

// What a song is made of. Nothing that was not heard is in it: 0 and empty mean that it cannot be told.
struct Song {
    double tempoBpm = 0.0;                // 0: none
    double tempoConfidence = 0.0;         // 0 ... 1
    double firstBeatSeconds = 0.0;
    int beatsPerBar = 0;                  // 3 or 4; 0: cannot be told
    double metreConfidence = 0.0;         // 0 ... 1
    double firstDownbeatSeconds = 0.0;    // the beginning of the first whole bar
    std::vector<SongPart> parts;          // without gaps, from 0 to the end; empty: nothing plays
    std::vector<SongElement> elements;    // tracks that play

    bool operator==(const Song&) const = default;
};

// "chorus 2" of several, "chorus" of one, "section 3" where it has no name.
std::string partTitle(const Song& song, std::size_t part);

// The part that holds a time; null before the first and after the last.
const SongPart* partAt(const Song& song, double seconds);

}  // namespace tonewright
