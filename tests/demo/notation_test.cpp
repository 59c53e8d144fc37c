#include "demo/notation.h"

#include <gtest/gtest.h>

#include <stdexcept>

using namespace tonewright::demo;

TEST(DemoNotation, NoteNamesAreMidiKeys) {
    EXPECT_EQ(keyOf("C4"), 60);
    EXPECT_EQ(keyOf("A4"), 69);
    EXPECT_EQ(keyOf("F#4"), 66);
    EXPECT_EQ(keyOf("Bb3"), 58);
    EXPECT_EQ(keyOf("E1"), 28);
}

TEST(DemoNotation, ChordsHoldTheirTonesAndTheirBass) {
    const Chord slash = chordOf("D7/F#");
    EXPECT_EQ(slash.root, 2);
    EXPECT_EQ(slash.bass, 6);
    EXPECT_EQ(slash.tones, (std::vector<int>{2, 6, 9, 0}));
    EXPECT_EQ(chordOf("Em7").tones, (std::vector<int>{4, 7, 11, 2}));
    EXPECT_EQ(chordOf("Bm7").bass, 11);
    EXPECT_EQ(chordOf("D").voiced(50, 4), (std::vector<int>{50, 54, 57, 62}));
}

TEST(DemoNotation, ChordsShareTheirBar) {
    const auto chart = chordChart("D | Bm7 A", 8.0);
    ASSERT_EQ(chart.size(), 3u);
    EXPECT_EQ(chart[0].beats, 4.0);
    EXPECT_EQ(chart[1].startBeat, 12.0);
    EXPECT_EQ(chart[2].startBeat, 14.0);
    EXPECT_EQ(chart[2].beats, 2.0);
}

TEST(DemoNotation, MelodiesKeepTheirRests) {
    const auto notes = melody("r:1 A4:1.5:ma G4:.5:no F#4:1:a | r:4", 4.0);
    ASSERT_EQ(notes.size(), 3u);
    EXPECT_EQ(notes[0].startBeat, 5.0);
    EXPECT_EQ(notes[1].key, 67);
    EXPECT_EQ(notes[2].syllable, "a");
    EXPECT_EQ(notes[2].startBeat, 7.0);
}

TEST(DemoNotation, AWronglyWrittenScoreIsRefused) {
    EXPECT_THROW(keyOf("H4"), std::invalid_argument);
    EXPECT_THROW(keyOf("C"), std::invalid_argument);
    EXPECT_THROW(chordOf("Dfoo"), std::invalid_argument);
    EXPECT_THROW(chordOf("D/Fx"), std::invalid_argument);
    EXPECT_THROW(melody("A4:1:la", 0.0), std::invalid_argument) << "a bar of one beat";
    EXPECT_THROW(melody("A4:4", 0.0), std::invalid_argument) << "no syllable";
    EXPECT_THROW(drumGrid("x..............."), std::invalid_argument);
    EXPECT_THROW(drumGrid("X..."), std::invalid_argument);
}
