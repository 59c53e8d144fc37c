#pragma once
#include <string>
#include <string_view>

namespace tonewright {

// Text that is safe to print on a terminal: control characters (line ends, escape sequences, also U+0080 ... U+009F, and
// the marks that turn the direction of writing) become spaces, broken UTF-8 becomes U+FFFD.
std::string plainText(std::string_view text);

// At most `columns` characters (code points), the last one an ellipsis if something was cut; cut between words if possible.
std::string shortened(const std::string& text, std::size_t columns);

// Lines of at most `columns` characters, each indented by `indent` spaces and ended with a line end.
std::string wrapped(const std::string& text, std::size_t indent, std::size_t columns = 100);

// The text with its first letter large, if that is an ASCII letter.
std::string capitalized(std::string text);

// A measured value for people: "-14.0", with a true minus sign; a dash for what could not be measured.
std::string shown(double value, int decimals);

// The same with a plus sign for what is above zero.
std::string shownSigned(double value, int decimals);

// A measured value that a decision rests on: two decimals for shares and small values, else one.
std::string shownEvidence(double value, const std::string& unit);

// A measure's name as one would say it: "masked share" of "maskedShare", "true peak" of "truePeakDbtp" (the unit, which
// stands beside the value, is left out).
std::string measureWords(const std::string& measure);

}  // namespace tonewright
