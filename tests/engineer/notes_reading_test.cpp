#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <tuple>

#include "core/text.h"
#include "engineer/notes/note_targets.h"
#include "engineer/notes/read_notes.h"

namespace tonewright::testing {
namespace {

// "vocals level up little @chorus", as the lists of phrases have it.
std::string inShort(const Request& request) {
    std::string text = request.target + " " + std::string(kAttributeNames[static_cast<std::size_t>(request.attribute)]) + " " + std::string(kDirectionNames[static_cast<std::size_t>(request.direction)]);
    const auto number = [&](const char* unit) {
        std::string shown = fixed(request.number, 2);
        while (shown.ends_with('0')) shown.pop_back();
        if (shown.ends_with('.')) shown.pop_back();
        return " " + shown + unit;
    };
    if (request.amount == AmountKind::little) text += " little";
    if (request.amount == AmountKind::lot) text += " lot";
    if (request.amount == AmountKind::decibels) text += number("dB");
    if (request.amount == AmountKind::percent) text += number("%");
    if (!request.where.empty()) text += " @" + request.where;
    return text;
}

std::string inShort(const NoteReading& reading) {
    std::vector<std::string> parts;
    for (const Request& request : reading.requests) parts.push_back(inShort(request));
    std::ranges::sort(parts);
    return parts.empty() ? "refused" : join(parts, "; ");
}

std::string sorted(const std::string& parts) {
    std::vector<std::string> all;
    std::stringstream list(parts);
    for (std::string part; std::getline(list, part, ';');) all.push_back(part.substr(part.find_first_not_of(' ')));
    std::ranges::sort(all);
    return join(all, "; ");
}

struct Phrase {
    std::string text, expected;
    std::vector<std::string> readings;  // each that is right
};

std::vector<Phrase> phrasesOf(const std::string& name) {
    std::ifstream file(std::string(TONEWRIGHT_SOURCE_DIR) + "/tests/engineer/notes/" + name);
    std::vector<Phrase> phrases;
    for (std::string line; std::getline(file, line);) {
        const std::size_t arrow = line.find(" => ");
        if (line.empty() || line.front() == '#' || arrow == std::string::npos) continue;
        Phrase phrase{line.substr(0, arrow), line.substr(arrow + 4), {}};
        std::string rest = phrase.expected;
        for (std::size_t at; (at = rest.find(" or ")) != std::string::npos; rest = rest.substr(at + 4)) phrase.readings.push_back(sorted(rest.substr(0, at)));
        phrase.readings.push_back(sorted(rest));
        phrases.push_back(std::move(phrase));
    }
    return phrases;
}

struct Score {
    int phrases = 0, right = 0;
    std::vector<std::string> wrong;   // asked for something else than was meant
    std::string told;
};

TrackNames tracksOfTheBlindLists() {
    Session session;
    for (const char* name : {"Gtr 1", "Gtr 2", "Vox 1", "Vox2", "OH L", "OH R"}) {
        Track track;
        track.id = "t" + std::to_string(session.tracks.size() + 1);
        track.name = name;
        session.tracks.push_back(track);
    }
    return trackNames(session);
}

// Wrong is what asks for something that is in no right reading. What asks for less than was meant has said what it left out.
Score scoreOf(const std::string& list, const TrackNames& tracks = {}) {
    Score score;
    for (const Phrase& phrase : phrasesOf(list)) {
        ++score.phrases;
        const NoteReading reading = readNote(phrase.text, tracks);
        const std::string got = inShort(reading);
        if (std::ranges::find(phrase.readings, got) != phrase.readings.end()) {
            ++score.right;
            continue;
        }
        score.told += "\"" + phrase.text + "\": " + got + ", meant " + phrase.expected + (reading.unread.empty() ? "" : " (" + reading.unread.front().text + ": " + reading.unread.front().why + ")") + "\n";
        const bool partly = std::ranges::any_of(phrase.readings, [&](const std::string& meant) {
            return !reading.unread.empty() && std::ranges::all_of(reading.requests, [&](const Request& request) { return ("; " + meant + ";").find("; " + inShort(request) + ";") != std::string::npos; });
        });
        if (got != "refused" && !partly) score.wrong.push_back(phrase.text);
    }
    return score;
}

TEST(NotesReading, TheDevelopmentListIsReadAsMeant) {
    const Score score = scoreOf("development.txt");
    ASSERT_GT(score.phrases, 150);
    EXPECT_EQ(score.right, score.phrases) << score.told;
}

TEST(NotesReading, OfTheHeldOutListNineOfTenAreReadAsMeantAndNothingElseIsDone) {
    const Score score = scoreOf("held_out.txt");
    ASSERT_GT(score.phrases, 150);
    EXPECT_GE(score.right, 0.95 * score.phrases) << score.told;
    EXPECT_TRUE(score.wrong.empty()) << score.told;
}

// Lists that the grammar had not been tried on when they were written; docs/notes.md has how, and what they scored at first sight.
TEST(NotesReading, OfTheBlindListsNineOfTenAreReadAsMeantAndNothingElseIsDone) {
    for (const char* list : {"blind_first.txt", "blind_second.txt", "blind_third.txt", "blind_fourth.txt", "blind_sixth.txt"}) {
        const double right = std::string(list) == "blind_sixth.txt" ? 0.85 : 0.9;
        const Score score = scoreOf(list, tracksOfTheBlindLists());
        ASSERT_GE(score.phrases, 60) << list;
        EXPECT_GE(score.right, right * score.phrases) << list << "\n" << score.told;
        EXPECT_TRUE(score.wrong.empty()) << list << "\n" << score.told;
    }
}

TEST(NotesReading, TracksAreKnownByNumberFileNameIdAndQuotes) {
    Session session;
    for (const auto& [id, name, file] : {std::tuple{"kick-in", "01_Kick In", "01_Kick In.wav"}, {"bass-up", "Bass Up", "Bass Up.wav"}, {"gtr1", "gtr1", "gtr1.wav"}, {"gtr-2", "GTR_02", "GTR_02.wav"}}) {
        Track track;
        track.id = id;
        track.name = name;
        track.path = std::string("takes/") + file;
        session.tracks.push_back(track);
    }
    const TrackNames tracks = trackNames(session);
    const auto read = [&](const std::string& note) { return inShort(readNote(note, tracks)); };
    EXPECT_EQ(read("01_Kick In.wav up 2 dB"), "track:kick-in level up 2dB");
    EXPECT_EQ(read("01_kick in down"), "track:kick-in level down");
    EXPECT_EQ(read("\"Bass Up\" down"), "track:bass-up level down");
    EXPECT_EQ(read("bass up"), "bass level up");
    EXPECT_EQ(read("gtr1 brighter and GTR_02 darker"), "track:gtr-2 brightness down; track:gtr1 brightness up");
    EXPECT_EQ(read("gtr 2 to the left"), "track:gtr-2 pan left");
    EXPECT_EQ(read("gtr3 up"), "guitar:3 level up");
    EXPECT_EQ(read("OH up, oh well"), "drums/overhead level up");
    EXPECT_EQ(read("oh, more reverb"), "refused");
    EXPECT_EQ(read("guitar left up, gtr R down"), "guitar:left level up; guitar:right level down");
    EXPECT_EQ(read("guitar left"), "guitar pan left");
    EXPECT_EQ(read("kick-2, snare+1"), "drums/snare level up 1dB");  // a track's name or -2 dB: said
}

TEST(NotesReading, ExceptionsAreKeptOut) {
    const auto exceptions = [](const char* note) {
        const NoteReading reading = readNote(note);
        return reading.requests.empty() ? std::vector<std::string>{"nothing"} : reading.requests.back().except;
    };
    EXPECT_EQ(exceptions("drums up 1 dB, except the hats"), std::vector<std::string>{"drums/hihat"});
    EXPECT_EQ(exceptions("the drums are perfect, everything else could be a little quieter"), std::vector<std::string>{"drums"});
    EXPECT_EQ(exceptions("roll off the sub on everything but kick and bass"), (std::vector<std::string>{"drums/kick", "bass"}));
    EXPECT_EQ(exceptions("vocals up, everything else down"), std::vector<std::string>{});
    EXPECT_EQ(readNote("the frobnicator is fine, everything else up").requests.size(), 0u);
}

TEST(NotesReading, WhatIsDeniedNeverTurnsIntoARequest) {
    for (const char* note : {"the vocals aren't harsh", "it isn't that the bass is loud", "the host is quieter than the guest", "make the singer less flat", "keep the snare under the vocal", "get the piano out of the middle",
                             "kick snare louder below", "wow, the vocals sound so warm and clear on this one", "more zorp. turn it down", "the intro is too long", "unless it hurts, make it brighter", "neither the bass nor the kick is too loud", "the vocals get louder in the chorus"})
        EXPECT_TRUE(readNote(note).requests.empty()) << note << ": " << inShort(readNote(note));
    for (const char* note : {"more cowbell, just kidding", "try it with the pads louder, or maybe not", "make the vocals louder and quieter at the same time", "the left guitar is louder than the right one, even them out"})
        EXPECT_TRUE(readNote(note).requests.empty()) << note << ": " << inShort(readNote(note));
    EXPECT_EQ(inShort(readNote("less reverb on the snare, more on the lead vocal")), "drums/snare reverb down; vocals/lead reverb up");
    EXPECT_EQ(inShort(readNote("push the guitars and keys back")), "guitar distance down; keys distance down");
    EXPECT_EQ(inShort(readNote("keep kick and bass in the center")), "bass pan centre; drums/kick pan centre");
    EXPECT_EQ(inShort(readNote("the bridge feels zorp, more pads and strings there")), "pad level up @bridge; strings level up @bridge");
    EXPECT_EQ(inShort(readNote("vocals are drowning in reverb")), "vocals reverb down");
    EXPECT_EQ(inShort(readNote("keys wider but only in the chorus")), "keys width up @chorus");
    EXPECT_EQ(inShort(readNote("horn stabs need more bite")), "brass presence up");
    EXPECT_EQ(inShort(readNote("guitars down, but not in the chorus")), "guitar level down @not chorus");
    EXPECT_EQ(inShort(readNote("vocals brighter but not harsher")), "vocals brightness up; vocals harshness keep");
    EXPECT_EQ(inShort(readNote("vocals up and bass down, but not in the chorus")), "refused");
    EXPECT_EQ(inShort(readNote("from the second chorus on, push the drums")), "drums level up @from chorus 2");
    EXPECT_EQ(inShort(readNote("everything is perfect apart from the snare, which is too loud")), "drums/snare level down");
    EXPECT_EQ(inShort(readNote("mix is too narrow, open it up")), "mix width up");
    EXPECT_EQ(inShort(readNote("please don't change the vocals")), "vocals keep on");
    EXPECT_EQ(inShort(readNote("I wouldn't mind a little more cello")), "strings/solo:cello level up little");
    EXPECT_EQ(inShort(readNote("verses more laid back, choruses more aggressive")), "mix energy down @verse; mix energy up @chorus");
    EXPECT_EQ(inShort(readNote("add a slapback echo to the vocals")), "vocals delay up");
    EXPECT_EQ(inShort(readNote("take 2 dB off the guitars")), "guitar level down 2dB");
}

}  // namespace
}  // namespace tonewright::testing
