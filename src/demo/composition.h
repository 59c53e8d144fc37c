#pragma once
#include <string>
#include <vector>

// The demo's piece: "Harbour Lights", an original song in D major, written as music data and bar by bar rules.
namespace tonewright::demo {

struct Note {
    double startBeat = 0.0;
    double beats = 0.0;
    int key = 0;        // MIDI key; for drums the General MIDI percussion key
    int velocity = 80;  // 1 ... 127
    double lateMs = 0.0;   // behind the beat on purpose: the strings of a strummed chord
    std::string syllable;  // voices only
};

// A line for one sound. How a player departs from the grid belongs to the part.
struct Part {
    int program = 0;            // General MIDI, from 0; for percussion the kit
    bool percussion = false;
    double timingMs = 5.0;      // standard deviation of the timing
    double feelMs = 0.0;        // the whole part ahead (-) or behind (+) the beat
    double velocitySpread = 5.0;
    std::vector<Note> notes;    // by start
};

struct Section {
    std::string name;
    double startBeat = 0.0;
    double beats = 0.0;
};

// The kit is one part a drum, because each is a source in the room of its own.
struct DrumParts {
    Part kick, snare, hiHat, highTom, lowTom, floorTom, crash, ride;
};

struct Composition {
    std::string title, key;
    double beatsPerMinute = 0.0;
    double countInSeconds = 0.0;  // before the first beat, so that nobody who plays early falls off the tape
    double tailSeconds = 0.0;     // the last chord dies away
    std::vector<Section> sections;

    DrumParts drums;
    Part tambourine, bass, rhythmGuitar, cleanGuitar, piano, strings, lead;
    Part backingLeft, backingRight;  // two singers

    double lengthSeconds(double beatCount) const { return beatCount * 60.0 / beatsPerMinute; }
    double timeSeconds(double beat) const { return countInSeconds + lengthSeconds(beat); }
    double beats() const { return sections.back().startBeat + sections.back().beats; }
    double durationSeconds() const { return timeSeconds(beats()) + tailSeconds; }
};

Composition composeSong();

}  // namespace tonewright::demo
