#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "core/text.h"
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

struct Phrase {
    std::string text, expected;
};

std::vector<Phrase> phrasesOf(const std::string& name) {
    std::ifstream file(std::string(TONEWRIGHT_SOURCE_DIR) + "/tests/engineer/notes/" + name);
    std::vector<Phrase> phrases;
    for (std::string line; std::getline(file, line);) {
        const std::size_t arrow = line.find(" => ");
        if (line.empty() || line.front() == '#' || arrow == std::string::npos) continue;
        std::vector<std::string> parts;
        std::stringstream list(line.substr(arrow + 4));
        for (std::string part; std::getline(list, part, ';');) parts.push_back(part.substr(part.find_first_not_of(' ')));
        std::ranges::sort(parts);
        phrases.push_back({line.substr(0, arrow), join(parts, "; ")});
    }
    return phrases;
}

struct Score {
    int phrases = 0, right = 0;
    std::vector<std::string> wrong;   // asked for something else than was meant
    std::string told;
};

Score scoreOf(const std::string& list) {
    Score score;
    for (const Phrase& phrase : phrasesOf(list)) {
        ++score.phrases;
        const NoteReading reading = readNote(phrase.text);
        const std::string got = inShort(reading);
        if (got == phrase.expected) {
            ++score.right;
            continue;
        }
        score.told += "\"" + phrase.text + "\": " + got + ", meant " + phrase.expected + (reading.unread.empty() ? "" : " (" + reading.unread.front().text + ": " + reading.unread.front().why + ")") + "\n";
        if (got != "refused") score.wrong.push_back(phrase.text);
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

}  // namespace
}  // namespace tonewright::testing
