#include "analysis/song_structure.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/decibels.h"
#include "tests/support/made_song.h"

namespace tonewright {
namespace {

using testing::FormPart;
using testing::MadeSong;
using testing::SongPlayers;

SongStructure structureOf(const SongPlayers& players) { return findSongStructure(players.voices(), players.durationSeconds); }

std::string names(const Song& song) {
    std::string text;
    for (std::size_t i = 0; i < song.parts.size(); ++i) text += (i ? ", " : "") + partTitle(song, i);
    return text;
}

// Share of the form's boundaries that were found within half a second, and of the found ones that are some.
void expectBoundaries(const SongPlayers& players, const Song& song) {
    for (std::size_t i = 1; i + 1 < players.boundaries.size(); ++i) {
        double nearest = 1e9;
        for (std::size_t p = 1; p < song.parts.size(); ++p) nearest = std::min(nearest, std::abs(song.parts[p].startSeconds - players.boundaries[i]));
        EXPECT_LT(nearest, 0.5) << "the part that begins at " << players.boundaries[i] << " s";
    }
}

struct Case {
    std::string what;
    MadeSong song;
    std::string names;
    std::size_t parts;
};

TEST(SongStructure, FindsTempoMetreAndForm) {
    const std::vector<Case> cases = {
        {"a song in four", {}, "intro, verse 1, chorus 1, verse 2, chorus 2, bridge, chorus 3, outro", 8},
        {"slow", {.bpm = 72.0}, "intro, verse 1, chorus 1, verse 2, chorus 2, bridge, chorus 3, outro", 8},
        {"fast", {.bpm = 156.0, .form = {{"intro", 8}, {"verse", 16}, {"chorus", 16}, {"verse", 16}, {"chorus", 16}, {"outro", 8}}}, "intro, verse 1, chorus 1, verse 2, chorus 2, outro", 6},
        {"in three", {.bpm = 132.0, .beatsPerBar = 3}, "intro, verse 1, chorus 1, verse 2, chorus 2, bridge, chorus 3, outro", 8},
        {"players who drift", {.driftShare = 0.03}, "intro, verse 1, chorus 1, verse 2, chorus 2, bridge, chorus 3, outro", 8},
        {"parts of odd length", {.form = {{"intro", 5}, {"verse", 7}, {"chorus", 9}, {"verse", 7}, {"chorus", 9}, {"outro", 5}}}, "intro, verse 1, chorus 1, verse 2, chorus 2, outro", 6},
        {"a late beginning", {.startSeconds = 7.3}, "intro, verse 1, chorus 1, verse 2, chorus 2, bridge, chorus 3, outro", 8},
        {"with a solo", {.form = {{"intro", 4}, {"verse", 8}, {"chorus", 8}, {"verse", 8}, {"chorus", 8}, {"solo", 8}, {"chorus", 8}, {"outro", 4}}},
         "intro, verse 1, chorus 1, verse 2, chorus 2, solo, chorus 3, outro", 8},
        {"with a break", {.form = {{"verse", 8}, {"chorus", 8}, {"verse", 8}, {"chorus", 8}, {"break", 8}, {"chorus", 8}}}, "verse 1, chorus 1, verse 2, chorus 2, break, chorus 3", 6},
        {"played unevenly", {.noiseDb = 4.0}, "intro, verse 1, chorus 1, verse 2, chorus 2, bridge, chorus 3, outro", 8},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.what);
        const SongPlayers players(c.song);
        const SongStructure found = structureOf(players);
        const double octave = found.song.tempoBpm / c.song.bpm;
        EXPECT_NEAR(std::min({std::abs(octave - 1.0), std::abs(octave - 2.0), std::abs(octave - 0.5)}), 0.0, 0.01 + 0.5 * c.song.driftShare) << found.song.tempoBpm;
        EXPECT_EQ(found.song.beatsPerBar, c.song.beatsPerBar);
        int right = 0;
        for (int b : found.downbeats)
            for (std::size_t k = 0; k < players.beatSeconds.size(); k += static_cast<std::size_t>(c.song.beatsPerBar))
                right += std::abs(players.beatSeconds[k] - found.beatSeconds[b]) < 0.06;
        std::string layout = "tempo " + std::to_string(found.song.tempoBpm) + ", " + std::to_string(found.downbeats.size()) + " bars:";
        for (const SongPart& part : found.song.parts) layout += " " + std::to_string(part.startSeconds);
        SCOPED_TRACE(layout);
        EXPECT_GE(right, 0.9 * static_cast<double>(found.downbeats.size()));
        expectBoundaries(players, found.song);
        EXPECT_EQ(found.song.parts.size(), c.parts);
        EXPECT_EQ(names(found.song), c.names);
        EXPECT_DOUBLE_EQ(found.song.parts.front().startSeconds, 0.0);
        EXPECT_NEAR(found.song.parts.back().endSeconds, players.durationSeconds, 0.01);
        for (std::size_t i = 1; i < found.song.parts.size(); ++i) EXPECT_DOUBLE_EQ(found.song.parts[i].startSeconds, found.song.parts[i - 1].endSeconds);
    }
}

TEST(SongStructure, InputLevelsHaveNoSay) {
    SongPlayers players({});
    const SongStructure before = structureOf(players);
    double gainDb = -11.0;
    for (const char* id : {"kick", "snare", "hihat", "bass", "guitar", "lead", "backing", "pad"}) {
        for (float& power : players.track(id).sketch.power) power *= static_cast<float>(dbToPower(gainDb));
        gainDb += 3.1;
    }
    EXPECT_EQ(structureOf(players).song, before.song);
}

TEST(SongStructure, PlacesTracksInTheSessionsTime) {
    SongPlayers players({});
    const Song before = structureOf(players).song;
    std::vector<SongVoice> voices = players.voices();
    for (SongVoice& voice : voices) voice.startSeconds = 3.0;
    const Song late = findSongStructure(voices, players.durationSeconds + 3.0).song;
    ASSERT_EQ(late.parts.size(), before.parts.size());
    for (std::size_t i = 1; i < late.parts.size(); ++i) EXPECT_NEAR(late.parts[i].startSeconds, before.parts[i].startSeconds + 3.0, 0.1);
}

TEST(SongStructure, SaysWhereEveryElementPlays) {
    const SongPlayers players({});
    const Song song = structureOf(players).song;
    const auto plays = [&](std::size_t part, const std::string& id) { return std::ranges::find(song.parts[part].plays, id) != song.parts[part].plays.end(); };
    EXPECT_FALSE(plays(0, "lead"));   // intro: a pick-up is not playing in it
    EXPECT_TRUE(plays(0, "kick"));
    EXPECT_TRUE(plays(1, "lead"));
    EXPECT_FALSE(plays(1, "backing"));
    EXPECT_TRUE(plays(2, "backing"));
    for (const SongElement& element : song.elements)
        if (element.track == "backing") {
            ASSERT_EQ(element.spans.size(), 3u);   // three choruses
            EXPECT_NEAR(element.spans[0].startSeconds, players.boundaries[2], 0.5);
            EXPECT_NEAR(element.spans[0].endSeconds, players.boundaries[3], 0.5);
        }
}

TEST(SongStructure, NamesNothingThatCannotBeTold) {
    {
        SCOPED_TRACE("one part, however long");
        const Song song = structureOf(SongPlayers({.form = {{"verse", 40}}})).song;
        ASSERT_EQ(song.parts.size(), 1u);
        EXPECT_EQ(partTitle(song, 0), "section 1");
    }
    {
        SCOPED_TRACE("nobody sings");
        const SongPlayers players({});
        std::vector<SongVoice> voices = players.voices();
        for (SongVoice& voice : voices) voice.sings = false;
        for (const SongPart& part : findSongStructure(voices, players.durationSeconds).song.parts)
            EXPECT_TRUE(part.name.empty() || part.name == "intro" || part.name == "outro") << part.name;
    }
    {
        SCOPED_TRACE("half a minute");
        for (const SongPart& part : structureOf(SongPlayers({.form = {{"verse", 6}, {"chorus", 6}}})).song.parts) EXPECT_TRUE(part.name.empty()) << part.name;
    }
}

TEST(SongStructure, SilenceAndNothingHaveNoStructure) {
    EXPECT_EQ(findSongStructure({}, 100.0).song, Song{});
    Analysis silence;
    silence.sketch.frames = 2000;
    silence.sketch.power.assign(2000u * kErbBands, 0.0f);
    const std::vector<SongVoice> voices = {{.id = "silent", .analysis = &silence}};
    EXPECT_EQ(findSongStructure(voices, 100.0).song, Song{});
}

TEST(SongStructure, HasNoTempoWhereNothingIsPlayedInTime) {
    Analysis pad;
    pad.sketch.frames = 2400;
    pad.sketch.power.assign(2400u * kErbBands, 1e-3f);
    unsigned state = 7;
    for (int i = 0; i < 60; ++i) {
        state = state * 1664525u + 1013904223u;
        pad.rhythm.onsetSeconds.push_back(static_cast<float>(120.0 * state / 4294967296.0));
        for (int band = 0; band < kErbBands; ++band)
            for (int f = 0; f < 6; ++f) pad.sketch.power[static_cast<std::size_t>(std::min(2399, static_cast<int>(pad.rhythm.onsetSeconds.back() / 0.05f) + f)) * kErbBands + band] += 2e-3f;
    }
    std::ranges::sort(pad.rhythm.onsetSeconds);
    const std::vector<SongVoice> voices = {{.id = "pad", .analysis = &pad}};
    const Song song = findSongStructure(voices, 120.0).song;
    EXPECT_LT(song.tempoConfidence, 0.35);   // not sure enough to play on
    EXPECT_EQ(song.beatsPerBar, 0);
    EXPECT_EQ(song.parts.size(), 1u);
}

TEST(SongStructure, ClickTrackCountsTheBeats) {
    MadeSong made{.bpm = 97.0, .drums = false, .form = {{"verse", 8}, {"chorus", 8}, {"verse", 8}}};
    const SongPlayers players(made);
    Analysis click;
    click.sketch.frames = static_cast<int>(players.durationSeconds / 0.05);
    click.sketch.power.assign(static_cast<std::size_t>(click.sketch.frames) * kErbBands, 0.0f);
    click.rhythm.percussiveness = 1.0;
    for (double t : players.beatSeconds) {
        click.rhythm.onsetSeconds.push_back(static_cast<float>(t));
        click.sketch.power[static_cast<std::size_t>(std::min<double>(click.sketch.frames - 1, t / 0.05)) * kErbBands + 25] = 0.1f;
    }
    std::vector<SongVoice> voices = players.voices();
    voices.push_back({.id = "click", .analysis = &click, .isClick = true});
    const SongStructure found = findSongStructure(voices, players.durationSeconds);
    EXPECT_NEAR(found.song.tempoBpm, 97.0, 0.5);
    for (const SongElement& element : found.song.elements) EXPECT_NE(element.track, "click");
}

TEST(SongStructure, StaysBoundedHoweverLong) {
    std::vector<FormPart> form;
    for (int i = 0; i < 60; ++i) form.insert(form.end(), {{"verse", 16}, {"chorus", 16}});
    const SongPlayers players({.bpm = 160.0, .form = form});   // 48 minutes
    const SongStructure found = structureOf(players);
    EXPECT_LE(found.beatSeconds.size(), 20000u);
    EXPECT_LE(found.song.parts.size(), 512u);
    for (const SongElement& element : found.song.elements) EXPECT_LE(element.spans.size(), 64u);
}

}  // namespace
}  // namespace tonewright
