#include "demo/composition.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "demo/performance.h"

using namespace tonewright::demo;

namespace {

std::vector<const Part*> allParts(const Composition& song) {
    const DrumParts& kit = song.drums;
    return {&kit.kick,      &kit.snare,    &kit.hiHat,        &kit.highTom,     &kit.lowTom,       &kit.floorTom, &kit.crash, &kit.ride,
            &song.tambourine, &song.bass, &song.rhythmGuitar, &song.cleanGuitar, &song.piano, &song.strings, &song.lead, &song.backingLeft,
            &song.backingRight};
}

}  // namespace

TEST(DemoComposition, HasTheFormOfASong) {
    const Composition song = composeSong();
    std::string form;
    for (const Section& section : song.sections) form += section.name + " ";
    EXPECT_EQ(form, "intro verse chorus verse chorus outro ");
    EXPECT_GE(song.durationSeconds(), 75.0);
    EXPECT_LE(song.durationSeconds(), 90.0);
}

TEST(DemoComposition, EveryPartPlaysWithinTheSong) {
    const Composition song = composeSong();
    for (const Part* part : allParts(song)) {
        ASSERT_FALSE(part->notes.empty());
        EXPECT_TRUE(std::is_sorted(part->notes.begin(), part->notes.end(), [](const Note& a, const Note& b) { return a.startBeat < b.startBeat; }));
        for (const Note& note : part->notes) {
            EXPECT_GE(note.startBeat, 0.0);
            EXPECT_LT(note.startBeat, song.beats());
            EXPECT_GT(note.beats, 0.0);
            EXPECT_LE(song.timeSeconds(note.startBeat + note.beats), song.durationSeconds());
            EXPECT_GE(note.key, 28);
            EXPECT_LE(note.key, 96);
            EXPECT_GE(note.velocity, 1);
            EXPECT_LE(note.velocity, 127);
        }
    }
}

TEST(DemoComposition, TheSingerBreathesBetweenPhrases) {
    const Composition song = composeSong();
    int breaths = 0;
    double phraseBeats = 0.0, longest = 0.0;
    for (std::size_t i = 1; i < song.lead.notes.size(); ++i) {
        const Note &before = song.lead.notes[i - 1], &note = song.lead.notes[i];
        const double rest = note.startBeat - before.startBeat - before.beats;
        EXPECT_GE(rest, -1e-9) << "one voice sings one note at a time";
        phraseBeats = rest > 0.4 ? 0.0 : phraseBeats + before.beats;
        longest = std::max(longest, phraseBeats);
        if (rest > 0.4) ++breaths;
        EXPECT_FALSE(note.syllable.empty());
    }
    EXPECT_GE(breaths, 16);
    EXPECT_LE(song.lengthSeconds(longest), 7.0) << "nobody sings longer in one breath";
}

TEST(DemoComposition, TheSnareHasGhostNotesAndABackbeat) {
    const Composition song = composeSong();
    int ghosts = 0, backbeats = 0;
    for (const Note& note : song.drums.snare.notes) {
        const double beat = std::fmod(note.startBeat, 4.0);
        if (note.velocity < 50) ++ghosts;
        if (note.velocity > 100 && (beat == 1.0 || beat == 3.0)) ++backbeats;
    }
    EXPECT_GE(ghosts, 40);
    EXPECT_GE(backbeats, 50);
}

TEST(DemoPerformance, PlaysLikeAPersonAndTheSameEveryTime) {
    const Composition song = composeSong();
    const Part& part = song.drums.snare;
    const std::vector<PlayedNote> once = perform(song, part, 5), again = perform(song, part, 5), other = perform(song, part, 6);
    ASSERT_EQ(once.size(), part.notes.size());
    double sum = 0.0, squares = 0.0;
    bool sameAsOther = true;
    for (std::size_t i = 0; i < once.size(); ++i) {
        EXPECT_EQ(once[i].startSeconds, again[i].startSeconds);
        EXPECT_EQ(once[i].velocity, again[i].velocity);
        sameAsOther = sameAsOther && once[i].startSeconds == other[i].startSeconds;
        const double lateMs = 1000.0 * (once[i].startSeconds - song.timeSeconds(part.notes[i].startBeat));
        sum += lateMs;
        squares += lateMs * lateMs;
    }
    const double count = static_cast<double>(once.size()), mean = sum / count;
    EXPECT_FALSE(sameAsOther);
    EXPECT_NEAR(mean, part.feelMs, 4.0 * part.timingMs / std::sqrt(count));
    EXPECT_NEAR(std::sqrt(squares / count - mean * mean), part.timingMs, 0.25 * part.timingMs);
}
