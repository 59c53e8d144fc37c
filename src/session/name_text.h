#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace tonewright {

// Text in file names made plain: accents off ("Flügel", composed or not, is "Flugel"; "ß" is "ss"), full-width letters
// narrow, Russian letters Latin ones ("Бочка" is "Bochka"), symbols, emoji and invalid bytes spaces. Other scripts stay as
// they are. Capitals stay.
std::string withoutAccents(std::string_view utf8);

// The text for people and for JSON: line breaks and other control characters become spaces, broken UTF-8 becomes U+FFFD.
std::string printable(std::string_view bytes);

// A file name in pieces, in lower case: split at everything that is neither a letter nor a digit, between letters and
// digits, and where capitals show a new word. "+" and "&" become the word "and".
struct NameChunk {
    std::string text;                // "kickin", "2"
    std::vector<std::string> words;  // the same, by its capitals: {"kick", "in"}
    bool isNumber = false;

    bool operator==(const NameChunk&) const = default;
};
std::vector<NameChunk> splitName(std::string_view name);

// "Snare Top" -> "snare-top": [a-z0-9-], at most 48 characters; "track" where nothing is left.
std::string slugOf(std::string_view name);

}  // namespace tonewright
