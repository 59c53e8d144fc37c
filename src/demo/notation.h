#pragma once
#include <string>
#include <string_view>
#include <vector>

// The written language of the demo's score: note names, chord charts, melodies with syllables, drum grids.
// Every function throws std::invalid_argument for text that it does not understand (a fault in the score).
namespace tonewright::demo {

inline constexpr double kBeatsPerBar = 4.0;

// MIDI key of a note name: "C4" is 60, "F#4" 66, "Bb3" 58.
int keyOf(std::string_view name);

// Pitch classes count from C = 0.
struct Chord {
    std::string name;         // as written: "D7/F#"
    int root = 0;
    int bass = 0;             // what stands after the slash, else the root
    std::vector<int> tones;   // root first, upwards

    // The chord's tones as keys from `lowest` upwards, `count` of them, each one the next tone above the last.
    std::vector<int> voiced(int lowest, int count) const;
};

// "D", "Em7", "Asus4", "Dadd9", "Gm6/D": major unless said otherwise.
Chord chordOf(std::string_view name);

struct ChordSpan {
    double startBeat = 0.0;
    double beats = 0.0;
    Chord chord;
};

// Bars divided by '|', the chords of a bar share it evenly: "D | Bm7 A".
std::vector<ChordSpan> chordChart(std::string_view text, double startBeat);

struct SungNote {
    double startBeat = 0.0;
    double beats = 0.0;
    int key = 0;
    std::string syllable;  // an optional consonant and a vowel: "sa", "o"
};

// NOTE:BEATS:SYLLABLE and r:BEATS (rest), bars divided by '|' and checked to be full: "r:1 A4:1.5:ma G4:.5:no F#4:1:a".
std::vector<SungNote> melody(std::string_view text, double startBeat);

// One bar of sixteenths: 'X' accent, 'o' plain, 'g' ghost, '.' nothing.
struct GridHit {
    double beat = 0.0;  // within the bar
    int velocity = 0;
};
std::vector<GridHit> drumGrid(std::string_view bar);

}  // namespace tonewright::demo
