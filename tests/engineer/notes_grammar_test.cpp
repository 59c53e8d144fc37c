#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "core/text.h"
#include "engineer/notes/read_notes.h"

namespace tonewright::testing {
namespace {

struct Said {
    std::string words, means;
};

const std::vector<Said> kTargets = {{"vocals", "vocals"}, {"lead vocal", "vocals/lead"}, {"kick", "drums/kick"}, {"snare", "drums/snare"}, {"bass", "bass"}, {"acoustic guitar", "guitar/acoustic"}, {"keys", "keys"},
                                    {"strings", "strings"}, {"backing vocals", "vocals/backing"}, {"drums", "drums"}, {"sax", "winds/sax"}, {"left guitar", "guitar:left"}};
const std::vector<Said> kComparatives = {{"louder", "level up"}, {"quieter", "level down"}, {"brighter", "brightness up"}, {"darker", "brightness down"}, {"wider", "width up"}, {"narrower", "width down"}, {"warmer", "warmth up"},
                                         {"drier", "reverb down"}, {"wetter", "reverb up"}, {"punchier", "punch up"}, {"tighter", "tightness up"}, {"closer", "distance up"}, {"further away", "distance down"}, {"clearer", "clarity up"},
                                         {"fatter", "body up"}, {"thinner", "body down"}, {"smoother", "harshness down"}, {"airier", "air up"}, {"dirtier", "saturation up"}, {"bigger", "size up"}};
const std::vector<Said> kNouns = {{"reverb", "reverb"}, {"delay", "delay"}, {"low end", "lowEnd"}, {"presence", "presence"}, {"punch", "punch"}, {"compression", "compression"}, {"air", "air"}, {"warmth", "warmth"}, {"mids", "mids"}, {"volume", "level"}};
const std::vector<Said> kPlaces = {{"", ""}, {" in the chorus", "chorus"}, {" in the second verse", "verse 2"}, {" until the bridge", "until bridge"}, {" from the first chorus on", "from chorus 1"}, {" in the last 20 seconds", "end-20.0"},
                                   {" between 1:00 and 1:30", "60.0-90.0"}, {" in all choruses but the first", "chorus not 1"}, {" except in the intro", "not intro"}, {" in the verses and choruses", "verse+chorus"}};

std::string inShort(const Request& r) {
    return r.target + " " + std::string(kAttributeNames[static_cast<std::size_t>(r.attribute)]) + " " + std::string(kDirectionNames[static_cast<std::size_t>(r.direction)]) + (r.where.empty() ? "" : " @" + r.where);
}

std::string inShort(const NoteReading& reading) {
    std::vector<std::string> parts;
    for (const Request& request : reading.requests) parts.push_back(inShort(request));
    std::ranges::sort(parts);
    return join(parts, "; ");
}

std::string filled(std::string frame, const std::string& target, const std::string& quality) {
    for (const auto& [hole, words] : {std::pair{std::string("T"), target}, {std::string("Q"), quality}})
        if (const std::size_t at = frame.find("{" + hole + "}"); at != std::string::npos) frame.replace(at, 3, words);
    return frame;
}

// Every phrase the lists and frames above make, with what it means.
std::vector<Said> plainWishes() {
    std::vector<Said> all;
    for (const Said& target : kTargets)
        for (const Said& place : kPlaces) {
            const std::string where = place.means.empty() ? "" : " @" + place.means;
            for (const Said& quality : kComparatives)
                for (const char* frame : {"{T} {Q}", "make the {T} {Q}", "the {T} should be {Q}", "could you get the {T} {Q}", "I'd like the {T} {Q}", "the {T} needs to be {Q}"})
                    all.push_back({filled(frame, target.words, quality.words) + place.words, target.means + " " + quality.means + where});
            for (const Said& noun : kNouns) {
                for (const char* frame : {"more {Q} on the {T}", "give the {T} more {Q}", "the {T} needs more {Q}", "add some {Q} to the {T}", "increase the {Q} on the {T}"})
                    all.push_back({filled(frame, target.words, noun.words) + place.words, target.means + " " + noun.means + " up" + where});
                for (const char* frame : {"less {Q} on the {T}", "reduce the {Q} on the {T}", "there's too much {Q} on the {T}", "the {T} has too much {Q}"})
                    all.push_back({filled(frame, target.words, noun.words) + place.words, target.means + " " + noun.means + " down" + where});
            }
            for (const auto& [frame, direction] : {std::pair{"turn the {T} up", "up"}, {"turn down the {T}", "down"}, {"{T} up", "up"}, {"bring the {T} down", "down"}, {"the {T} is too loud", "down"}, {"I can't hear the {T}", "up"}})
                all.push_back({filled(frame, target.words, "") + place.words, target.means + " level " + direction + where});
        }
    return all;
}

TEST(NotesGrammar, EveryTargetAttributeDirectionPlaceAndFrameIsReadExactly) {
    int phrases = 0, wrong = 0;
    std::string told;
    for (const Said& said : plainWishes()) {
        ++phrases;
        const NoteReading reading = readNote(said.words);
        if (inShort(reading) == said.means && reading.unread.empty()) continue;
        if (++wrong <= 25) told += "\"" + said.words + "\": " + inShort(reading) + ", meant " + said.means + (reading.unread.empty() ? "" : " (" + reading.unread.front().why + ")") + "\n";
    }
    ASSERT_GT(phrases, 20000);
    EXPECT_EQ(wrong, 0) << told;
}

// Words that turn, bind or blur what is asked, put at every place of a phrase that is read: what comes out must not be the plain request without a word.
TEST(NotesGrammar, AWordThatTurnsOrBindsThePhraseIsNeverPassedOver) {
    const std::vector<std::string> turning = {"don't", "not", "never", "unless it hurts", "if", "instead of", "the zorp", "zorp", "unless", "whenever he sings", "without", "hardly", "as long as", "or not", "rather than", "nobody wants", "only if it helps", "neither"};
    int phrases = 0, passedOver = 0;
    std::string told;
    const std::vector<std::string> plain = {"make the vocals louder", "turn the kick up", "more reverb on the snare", "less low end on the bass", "vocals brighter in the chorus", "pan the keys left", "tighten the bass", "give the sax more presence",
                                            "the drums are too loud", "bring the guitars down 2 dB", "mute the strings in the intro", "add some delay to the lead vocal", "the piano needs more air", "widen the keys", "de-ess the vocals", "strings up until the bridge",
                                            "take 2 dB off the guitars", "put the piano in the middle", "the snare is harsh", "push the drums back", "guitars and keys wider", "just vocals in the intro", "lift the chorus", "dry vocals in the verses",
                                            "cut 400 Hz on the toms", "kick as loud as the snare", "tighten the low end of the bass"};
    for (const std::string& phrase : plain) {
        const std::string meant = inShort(readNote(phrase));
        ASSERT_FALSE(meant.empty()) << phrase;
        std::vector<std::string> words;
        std::stringstream list(phrase);
        for (std::string word; list >> word;) words.push_back(word);
        for (const std::string& turn : turning)
            for (std::size_t at = 0; at <= words.size(); ++at) {
                std::vector<std::string> turned = words;
                turned.insert(turned.begin() + static_cast<std::ptrdiff_t>(at), turn);
                ++phrases;
                const NoteReading reading = readNote(join(turned, " "));
                if (inShort(reading) != meant || !reading.unread.empty()) continue;
                if (++passedOver <= 40) told += "\"" + join(turned, " ") + "\": " + inShort(reading) + "\n";
            }
    }
    ASSERT_GT(phrases, 2500);
    EXPECT_EQ(passedOver, 0) << told;
}

TEST(NotesGrammar, PlacesAreReadInEveryForm) {
    for (const auto& [words, where] : {std::pair{"mute the organ until the bridge", "until bridge"}, {"bass quieter before the first chorus", "until chorus 1"}, {"keys up after the bridge", "after bridge"},
                                       {"from the second chorus on, keys up", "from chorus 2"}, {"keys up between the first chorus and the bridge", "after chorus 1 until bridge"}, {"keys up in the first minute", "0.0-60.0"},
                                       {"keys up for the last 10 seconds", "end-10.0"}, {"keys up in the first half of the bridge", "bridge half 1"}, {"keys up in the second half of the song", "song half 2"},
                                       {"keys up at 2:15", "at 135.0"}, {"keys up when the chorus hits", "chorus"}, {"keys up in all but the last chorus", "chorus not last"}, {"keys up, but not in the last chorus", "not chorus last"},
                                       {"keys up in the intro, the bridge and the outro", "intro+bridge+outro"}, {"Chorus: keys up", "chorus"}}) {
        const NoteReading reading = readNote(words);
        ASSERT_EQ(reading.requests.size(), 1u) << words << ": " << (reading.unread.empty() ? "" : reading.unread.front().why);
        EXPECT_EQ(reading.requests.front().where, where) << words;
        EXPECT_TRUE(reading.unread.empty()) << words;
    }
    for (const char* note : {"keys up when he sings", "for the last 8 bars, drums louder", "keys up in the first 20 seconds of the bridge", "keys up since the bridge"}) EXPECT_TRUE(readNote(note).requests.empty()) << note;
}

TEST(NotesGrammar, WhatSaysWhyIsSetAsideAndSaid) {
    for (const auto& [words, means] : {std::pair{"guitars down so the vocal can come through", "guitar level down"}, {"guitars down so the vocal and the piano can breathe", "guitar level down"},
                                       {"pull the guitars down to make room for the vocal", "guitar level down"}, {"vocals up because I can't hear them", "vocals level up"}, {"guitars wider instead of louder", "guitar width up"}}) {
        const NoteReading reading = readNote(words);
        EXPECT_EQ(inShort(reading), means) << words;
        ASSERT_EQ(reading.unread.size(), 1u) << words;
        EXPECT_NE(reading.unread.front().why.find("nothing is done for it"), std::string::npos) << words;
    }
    // Where or how much may stand in it, or what it belongs to says nothing by itself.
    for (const char* note : {"vocals up so they cut through in the chorus", "the vocals so they cut through", "guitars so the vocal comes through", "instead of the vocals"}) EXPECT_TRUE(readNote(note).requests.empty()) << note;
    EXPECT_EQ(inShort(readNote("guitars down so the vocal, the piano and the keys come through")), "guitar level down");
}

}  // namespace
}  // namespace tonewright::testing
