#include "demo/composition.h"

#include <algorithm>
#include <cmath>

#include "demo/notation.h"

namespace tonewright::demo {
namespace {

// The form: a section's chords, and what the singer sings in it.
struct SectionText {
    const char* name;
    const char* chords;
    const char* lead;
};

constexpr const char* kVerseChords = "D | D/F# | G | Bm7 A | D | D/F# | G | Asus4 A";
constexpr const char* kChorusChords = "G | A | F#m7 | Bm7 | Em7 | A | D | D7/F#";

constexpr const char* kVerseLead =
    "r:.5 F#4:.5:na F#4:.5:li E4:.5:ta F#4:1:ma A4:1:so |"
    "A4:1.5:ha G4:.5:no F#4:1:a r:1 |"
    "r:.5 G4:.5:sa G4:.5:mi F#4:.5:la G4:1:ta B4:1:o |"
    "A4:.5:le F#4:1.5:na E4:1:o r:1 |"
    "r:.5 F#4:.5:so F#4:.5:la E4:.5:ti F#4:1:na A4:1:ma |"
    "D5:1.5:ha C#5:.5:le A4:1:o r:1 |"
    "r:.5 B4:.5:na B4:.5:ta A4:.5:se B4:.5:la D5:1:ha B4:.5:no |"
    "A4:2:a r:.5 A4:.5:so B4:.5:la C#5:.5:ti";

constexpr const char* kChorusLead =
    "D5:1.5:ha B4:.5:le D5:1:na E5:1:so |"
    "E5:1:o C#5:1.75:a r:.75 A4:.5:li |"
    "C#5:1.5:sa A4:.5:no C#5:1:la E5:1:ta |"
    "D5:2.25:o r:.75 D5:.5:na E5:.5:la |"
    "F#5:1.5:ha E5:.5:ti D5:1:ma B4:1:no |"
    "E5:1:sa D5:.5:le C#5:1.5:a r:1 |"
    "r:.5 A4:.5:no B4:.5:la C#5:.5:ti D5:1.5:ha E5:.5:le |"
    "D5:2.25:a r:1.75";

constexpr SectionText kForm[] = {
    {"intro", "D | D/F# | G | Asus4 A", "r:4 | r:4 | r:4 | r:4"},
    {"verse", kVerseChords, kVerseLead},
    {"chorus", kChorusChords, kChorusLead},
    {"verse", kVerseChords, kVerseLead},
    {"chorus", kChorusChords, kChorusLead},
    {"outro", "D | G/D | Gm6/D | Dadd9", "r:1 A4:1:na B4:.5:la A4:1.5:ho | r:4 | r:1 Bb4:1:na A4:.5:la G4:1.5:ho | F#4:3.5:a r:.5"},
};

// One bar of the kit, in sixteenths. Cymbals and toms are given where they are played.
struct Groove {
    const char* kick;
    const char* snare;
    const char* hiHat;      // closed
    const char* openHat;
};

constexpr Groove kIntroGroove =  {"................", "................", "X...o...X...o...", "................"};
constexpr Groove kVerseGroove =  {"X.....o.X.......", "....X..g.g..X..g", "X.o.X.o.X.o.X.o.", "................"};
constexpr Groove kVerseTurn =    {"X.....o.X.o...o.", "....X..g.g..X.gg", "X.o.X.o.X.o.X...", "..............o."};
constexpr Groove kChorusGroove = {"X.....X.o.X.....", "....X.....g.X..g", "................", "................"};
constexpr Groove kChorusTurn =   {"X..o..X.o.X...o.", "....X..g..g.X..g", "................", "..............o."};

// A fill replaces the second half of a bar: what each drum plays in sixteenths.
struct Fill {
    const char* snare;
    const char* highTom;
    const char* lowTom;
    const char* floorTom;
    const char* kick;
};
constexpr Fill kFillDown =  {"....X...oo......", "..........Xo....", "............Xo..", "..............XX", "X.......o......."};
constexpr Fill kFillShort = {"....X..g....o.oX", "................", "............o...", ".............oX.", "X.....o.X......."};

constexpr int kKick = 36, kSnare = 38, kClosedHat = 42, kPedalHat = 44, kOpenHat = 46, kHighTom = 50, kLowTom = 47, kFloorTom = 43,
              kCrash = 49, kRide = 51, kTambourine = 54;

// Keys of the D major scale from `key` (or the next scale note below), `steps` away.
int scaleStep(int key, int steps) {
    constexpr bool kInD[12] = {false, true, true, false, true, false, true, true, false, true, false, true};
    while (!kInD[key % 12]) --key;
    for (; steps > 0; --steps)
        do ++key;
        while (!kInD[key % 12]);
    for (; steps < 0; ++steps)
        do --key;
        while (!kInD[key % 12]);
    return key;
}

int keyAtOrAbove(int pitchClass, int lowest) { return lowest + (pitchClass - lowest % 12 + 12) % 12; }

void grid(Part& part, const char* pattern, double barBeat, int key, double beats = 0.25) {
    for (const GridHit& hit : drumGrid(pattern)) part.notes.push_back({barBeat + hit.beat, beats, key, hit.velocity});
}

// Writes all parts, section by section.
class Arranger {
public:
    Composition write() {
        song_.title = "Harbour Lights";
        song_.key = "D major";
        song_.beatsPerMinute = 112.0;
        song_.countInSeconds = 0.1;
        song_.tailSeconds = 3.0;
        definePlayers();
        double beat = 0.0;
        for (const SectionText& text : kForm) {
            const std::vector<ChordSpan> chords = chordChart(text.chords, beat);
            chords_.insert(chords_.end(), chords.begin(), chords.end());
            const double end = chords.back().startBeat + chords.back().beats;
            song_.sections.push_back({text.name, beat, end - beat});
            beat = end;
        }
        for (std::size_t i = 0; i < song_.sections.size(); ++i) writeSection(static_cast<int>(i));
        for (Part* part : {&song_.drums.kick, &song_.drums.snare, &song_.drums.hiHat, &song_.drums.highTom, &song_.drums.lowTom,
                           &song_.drums.floorTom, &song_.drums.crash, &song_.drums.ride, &song_.tambourine, &song_.bass, &song_.rhythmGuitar,
                           &song_.cleanGuitar, &song_.piano, &song_.strings, &song_.lead, &song_.backingLeft, &song_.backingRight})
            std::stable_sort(part->notes.begin(), part->notes.end(), [](const Note& a, const Note& b) { return a.startBeat < b.startBeat; });
        return std::move(song_);
    }

private:
    void definePlayers() {
        DrumParts& kit = song_.drums;
        for (Part* drum : {&kit.kick, &kit.snare, &kit.hiHat, &kit.highTom, &kit.lowTom, &kit.floorTom, &kit.crash, &kit.ride})
            *drum = {.program = 0, .percussion = true, .timingMs = 3.0, .velocitySpread = 6.0};
        kit.snare.feelMs = 4.0;   // a little behind
        kit.hiHat.velocitySpread = 9.0;
        song_.tambourine = {.program = 0, .percussion = true, .timingMs = 5.0, .feelMs = 3.0, .velocitySpread = 8.0};
        song_.bass = {.program = 34, .timingMs = 4.0, .feelMs = 3.0, .velocitySpread = 5.0};
        song_.rhythmGuitar = {.program = 29, .timingMs = 6.0, .velocitySpread = 6.0};
        song_.cleanGuitar = {.program = 27, .timingMs = 5.0, .feelMs = -2.0, .velocitySpread = 7.0};
        song_.piano = {.program = 0, .timingMs = 6.0, .velocitySpread = 6.0};
        song_.strings = {.program = 48, .timingMs = 10.0, .feelMs = -25.0, .velocitySpread = 3.0};  // slow attack: starts early
        song_.lead = {.program = 53, .timingMs = 9.0, .feelMs = 5.0, .velocitySpread = 4.0};
        song_.backingLeft = {.program = 52, .timingMs = 14.0, .velocitySpread = 4.0};
        song_.backingRight = {.program = 52, .timingMs = 14.0, .velocitySpread = 4.0};
    }

    void writeSection(int index) {
        const Section& section = song_.sections[index];
        const int bars = static_cast<int>(section.beats / kBeatsPerBar);
        const bool second = index >= 3;  // verse and chorus the second time: fuller
        for (int bar = 0; bar < bars; ++bar) {
            const double beat = section.startBeat + bar * kBeatsPerBar;
            const bool last = bar == bars - 1;
            if (section.name == "intro") introBar(beat, bar, last);
            if (section.name == "verse") verseBar(beat, bar, last, second);
            if (section.name == "chorus") chorusBar(beat, bar, last);
            if (section.name == "outro") outroBar(beat, bar, last);
        }
        for (const SungNote& note : melody(kForm[index].lead, section.startBeat)) {
            const int velocity = section.name == "chorus" ? 104 : section.name == "outro" ? 80 : 88;
            song_.lead.notes.push_back({note.startBeat, note.beats, note.key, velocity, 0.0, note.syllable});
            if (section.name == "chorus") harmonise(note);
        }
    }

    void introBar(double beat, int bar, bool last) {
        drumBar(kIntroGroove, beat);
        if (last) fill(kFillShort, beat);
        arpeggio(beat, 74);
        if (bar >= 2) {
            pianoPad(beat, 66);
            bassLong(beat, 82);
        }
    }

    void verseBar(double beat, int bar, bool last, bool second) {
        if (last)
            fill(kFillDown, beat);
        else
            drumBar(bar % 4 == 3 ? kVerseTurn : kVerseGroove, beat);
        if (bar == 0) crash(beat, 104);
        arpeggio(beat, 70);
        mutedGuitar(beat, second ? 84 : 74);
        pianoOffbeats(beat, second ? 76 : 68);
        bassVerse(beat);
        if (second) {
            stringsPad(beat, 62);
            if (bar % 4 >= 2) backingOohs(beat, 66);
        }
    }

    void chorusBar(double beat, int bar, bool last) {
        if (last) {
            fill(kFillDown, beat);
        } else {
            drumBar(bar % 4 == 3 ? kChorusTurn : kChorusGroove, beat);
            for (int eighth = 0; eighth < 8; ++eighth)
                song_.drums.ride.notes.push_back({beat + eighth * 0.5, 0.5, kRide, eighth % 2 == 0 ? 100 : 76});
            for (double at : {1.0, 3.0}) song_.drums.hiHat.notes.push_back({beat + at, 0.25, kPedalHat, 70});
        }
        if (bar % 4 == 0) crash(beat, 116);
        grid(song_.tambourine, "o.g.X.g.o.g.X.gg", beat, kTambourine);
        powerChords(beat, 98);
        strummedGuitar(beat, 78);
        pianoQuarters(beat, 86);
        bassChorus(beat);
        stringsPad(beat, 80);
    }

    void outroBar(double beat, int bar, bool last) {
        if (last) {
            crash(beat, 96);
            song_.drums.kick.notes.push_back({beat, 0.25, kKick, 100});
            constexpr double kRing = 8.5;  // held until the sound has died away
            for (const ChordSpan& span : chordsIn(beat)) {
                strum(song_.cleanGuitar, span.startBeat, kRing, span.chord.voiced(50, 6), 76, 28.0);
                strum(song_.piano, span.startBeat, kRing, span.chord.voiced(57, 5), 70, 18.0);
                song_.piano.notes.push_back({span.startBeat, kRing, 38, 72});
                strum(song_.rhythmGuitar, span.startBeat, kRing, {50, 57, 62}, 82, 14.0);
                song_.bass.notes.push_back({span.startBeat, kRing, 38, 92});
            }
            stringsPad(beat, 64, 6.5);
            return;
        }
        if (bar == 0) crash(beat, 110);
        drumBar(bar == 2 ? kVerseTurn : kVerseGroove, beat);
        arpeggio(beat, 70);
        pianoPad(beat, 68);
        bassLong(beat, 88);
        stringsPad(beat, 68);
        backingOohs(beat, 60);
    }

    // --- drums

    void drumBar(const Groove& groove, double beat) {
        grid(song_.drums.kick, groove.kick, beat, kKick);
        grid(song_.drums.snare, groove.snare, beat, kSnare);
        grid(song_.drums.hiHat, groove.hiHat, beat, kClosedHat);
        grid(song_.drums.hiHat, groove.openHat, beat, kOpenHat, 0.5);
    }

    void fill(const Fill& fill, double beat) {
        grid(song_.drums.kick, fill.kick, beat, kKick);
        grid(song_.drums.snare, fill.snare, beat, kSnare);
        grid(song_.drums.highTom, fill.highTom, beat, kHighTom, 1.0);
        grid(song_.drums.lowTom, fill.lowTom, beat, kLowTom, 1.0);
        grid(song_.drums.floorTom, fill.floorTom, beat, kFloorTom, 1.5);
        grid(song_.drums.hiHat, "X...o...........", beat, kClosedHat);
    }

    void crash(double beat, int velocity) { song_.drums.crash.notes.push_back({beat, 4.0, kCrash, velocity}); }

    // --- bass

    int bassKey(const Chord& chord) const { return keyAtOrAbove(chord.bass, 28); }  // from the open E string

    const Chord& chordAt(double beat) const {
        const Chord* found = &chords_.back().chord;
        for (const ChordSpan& span : chords_)
            if (span.startBeat <= beat + 1e-9 && beat + 1e-9 < span.startBeat + span.beats) found = &span.chord;
        return *found;
    }

    std::vector<ChordSpan> chordsIn(double beat) const {
        std::vector<ChordSpan> found;
        for (const ChordSpan& span : chords_)
            if (span.startBeat >= beat - 1e-9 && span.startBeat < beat + kBeatsPerBar - 1e-9) found.push_back(span);
        return found;
    }

    // The scale note beside the next chord's bass note, on the side from which the line comes.
    int passingNote(int from, double nextBeat) const {
        const int next = bassKey(chordAt(nextBeat));
        if (next == from) return scaleStep(from, -1);
        return scaleStep(next, from < next ? -1 : +1);
    }

    void bassNote(double beat, double beats, int key, int velocity) { song_.bass.notes.push_back({beat, beats, key, velocity}); }

    void bassVerse(double beat) {
        for (const ChordSpan& span : chordsIn(beat)) {
            const int root = bassKey(span.chord);
            const double start = span.startBeat, end = start + span.beats;
            bassNote(start, 1.3, root, 100);
            if (span.beats > 2.0) {
                bassNote(start + 1.5, 0.45, root, 84);
                bassNote(start + 2.0, 0.9, root, 96);
                bassNote(start + 3.0, 0.45, keyAtOrAbove(span.chord.tones[2], root), 84);
            }
            bassNote(end - 0.5, 0.45, passingNote(root, end), 80);
        }
    }

    void bassChorus(double beat) {
        for (const ChordSpan& span : chordsIn(beat)) {
            const int root = bassKey(span.chord);
            const int eighths = static_cast<int>(span.beats * 2.0);
            for (int i = 0; i < eighths; ++i) {
                int key = root;
                if (i == 3) key = root + 12;
                if (i == eighths - 2) key = keyAtOrAbove(span.chord.tones[2], root);
                if (i == eighths - 1) key = passingNote(key, span.startBeat + span.beats);
                bassNote(span.startBeat + i * 0.5, 0.44, key, i % 2 == 0 ? 104 : 90);
            }
        }
    }

    void bassLong(double beat, int velocity) {
        for (const ChordSpan& span : chordsIn(beat)) {
            const double end = span.startBeat + span.beats;
            bassNote(span.startBeat, span.beats - 0.6, bassKey(span.chord), velocity);
            bassNote(end - 0.5, 0.45, passingNote(bassKey(span.chord), end), velocity - 14);
        }
    }

    // --- guitars

    // One stroke over the keys in order, `spreadMs` from the first to the last string.
    static void strum(Part& part, double beat, double beats, const std::vector<int>& keys, int velocity, double spreadMs) {
        for (std::size_t i = 0; i < keys.size(); ++i)
            part.notes.push_back({beat, beats, keys[i], velocity, spreadMs * static_cast<double>(i) / static_cast<double>(keys.size())});
    }

    // Picked eighths up and down the chord, each string ringing on a little.
    void arpeggio(double beat, int velocity) {
        constexpr int kString[8] = {0, 2, 3, 4, 5, 4, 3, 2};
        for (int i = 0; i < 8; ++i) {
            const double at = beat + i * 0.5;
            const std::vector<int> strings = chordAt(at).voiced(50, 6);
            song_.cleanGuitar.notes.push_back({at, 1.2, strings[kString[i]], i % 4 == 0 ? velocity + 12 : velocity});
        }
    }

    // Down- and upstrokes in eighths with a rest before the backbeat.
    void strummedGuitar(double beat, int velocity) {
        constexpr double kStrokes[] = {0.0, 1.0, 1.5, 2.5, 3.0, 3.5};
        for (double at : kStrokes) {
            std::vector<int> strings = chordAt(beat + at).voiced(54, 5);
            const bool up = at != std::floor(at);
            if (up) std::reverse(strings.begin(), strings.end());
            strum(song_.cleanGuitar, beat + at, 0.45, strings, up ? velocity - 12 : velocity, up ? 9.0 : 14.0);
        }
    }

    static std::vector<int> powerChord(const Chord& chord) {
        const int root = keyAtOrAbove(chord.bass == chord.root ? chord.root : chord.bass, 40);
        // Over a bass that is the chord's third, root and third sound better than a fifth from outside the chord.
        if (chord.bass != chord.root) return {root, keyAtOrAbove(chord.root, root), root + 12};
        return {root, root + 7, root + 12};
    }

    void powerChords(double beat, int velocity) {
        for (const ChordSpan& span : chordsIn(beat)) {
            const std::vector<int> keys = powerChord(span.chord);
            strum(song_.rhythmGuitar, span.startBeat, 1.4, keys, velocity, 8.0);
            if (span.beats <= 2.0) continue;
            strum(song_.rhythmGuitar, span.startBeat + 1.5, 1.4, keys, velocity - 8, 8.0);
            strum(song_.rhythmGuitar, span.startBeat + 3.0, 0.9, keys, velocity - 5, 8.0);
        }
    }

    // Palm-muted eighths: short, with the weight on the beat.
    void mutedGuitar(double beat, int velocity) {
        for (int i = 0; i < 8; ++i) {
            const double at = beat + i * 0.5;
            const int root = powerChord(chordAt(at))[0];
            strum(song_.rhythmGuitar, at, i == 7 ? 0.4 : 0.2, {root, root + 12}, i % 2 == 0 ? velocity : velocity - 16, 4.0);
        }
    }

    // --- keys and strings

    // The chord around middle C, in the inversion nearest to the one before: hands that do not jump.
    std::vector<int> nearVoicing(const Chord& chord) {
        std::vector<int> best;
        double bestDistance = 1e9, bestCentre = 0.0;
        for (int lowest = 55; lowest <= 64; ++lowest) {
            const std::vector<int> keys = chord.voiced(lowest, 3);
            if (keys[0] != lowest) continue;
            double centre = 0.0;
            for (int key : keys) centre += key / 3.0;
            const double distance = std::abs(centre - pianoCentre_);
            if (distance < bestDistance) {
                bestDistance = distance;
                bestCentre = centre;
                best = keys;
            }
        }
        pianoCentre_ = 0.7 * bestCentre + 0.3 * 63.0;  // follows, but drifts home
        return best;
    }

    void pianoPad(double beat, int velocity) {
        for (const ChordSpan& span : chordsIn(beat)) {
            strum(song_.piano, span.startBeat, span.beats * 0.97, nearVoicing(span.chord), velocity, 10.0);
            song_.piano.notes.push_back({span.startBeat, span.beats * 0.97, keyAtOrAbove(span.chord.bass, 40), velocity - 6});
        }
    }

    void pianoOffbeats(double beat, int velocity) {
        for (double at : {0.0, 1.5, 2.5}) {
            const Chord& chord = chordAt(beat + at);
            strum(song_.piano, beat + at, at == 0.0 ? 1.3 : 0.8, nearVoicing(chord), at == 0.0 ? velocity + 6 : velocity, 6.0);
            if (at == 0.0) song_.piano.notes.push_back({beat, 1.4, keyAtOrAbove(chord.bass, 40), velocity});
        }
    }

    void pianoQuarters(double beat, int velocity) {
        for (int i = 0; i < 4; ++i) {
            const Chord& chord = chordAt(beat + i);
            strum(song_.piano, beat + i, 0.85, nearVoicing(chord), i % 2 == 0 ? velocity : velocity - 8, 5.0);
            const int low = keyAtOrAbove(chord.bass, 36);
            song_.piano.notes.push_back({beat + i, 0.9, i % 2 == 0 ? low : low + 12, velocity - 4});
        }
        const Chord& chord = chordAt(beat + 3.5);
        song_.piano.notes.push_back({beat + 3.5, 0.4, chord.voiced(71, 1)[0], velocity - 6});
    }

    void stringsPad(double beat, int velocity, double beats = 0.0) {
        for (const ChordSpan& span : chordsIn(beat)) {
            const double length = (beats > 0.0 ? beats : span.beats) * 0.98;
            std::vector<int> keys = span.chord.voiced(59, 3);
            keys.push_back(span.chord.voiced(74, 1)[0]);  // the violins above
            keys.push_back(keyAtOrAbove(span.chord.bass, 43));
            for (int key : keys) song_.strings.notes.push_back({span.startBeat, length, key, velocity});
        }
    }

    // --- voices

    // Under the tune: the next chord tone at least a third below, and the one below that.
    void harmonise(const SungNote& note) {
        const Chord& chord = chordAt(note.startBeat);
        int upper = note.key - 3;
        while (std::find(chord.tones.begin(), chord.tones.end(), upper % 12) == chord.tones.end()) --upper;
        int lower = upper - 3;
        while (std::find(chord.tones.begin(), chord.tones.end(), lower % 12) == chord.tones.end()) --lower;
        if (note.beats < 1.0) return;  // long notes only: the choir answers, it does not chatter
        song_.backingLeft.notes.push_back({note.startBeat, note.beats, upper, 84});
        song_.backingRight.notes.push_back({note.startBeat, note.beats, lower, 80});
    }

    void backingOohs(double beat, int velocity) {
        for (const ChordSpan& span : chordsIn(beat)) {
            const std::vector<int> keys = span.chord.voiced(62, 2);
            song_.backingLeft.notes.push_back({span.startBeat, span.beats * 0.9, keys[1], velocity});
            song_.backingRight.notes.push_back({span.startBeat, span.beats * 0.9, keys[0], velocity});
        }
    }

    Composition song_;
    std::vector<ChordSpan> chords_;
    double pianoCentre_ = 63.0;
};

}  // namespace

Composition composeSong() { return Arranger().write(); }

}  // namespace tonewright::demo
