#include "report/plain_text.h"

#include <cmath>
#include <vector>

#include "analysis/facts.h"
#include "core/text.h"

namespace tonewright {

namespace {

// Length of the valid UTF-8 sequence at the start of `text`, 0 if it is broken (RFC 3629).
std::size_t sequenceLength(std::string_view text, char32_t& codePoint) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) {
        codePoint = first;
        return 1;
    }
    const std::size_t length = first >= 0xF0 && first <= 0xF4 ? 4 : first >= 0xE0 && first < 0xF0 ? 3 : first >= 0xC2 && first < 0xE0 ? 2 : 0;
    if (length == 0 || text.size() < length) return 0;
    codePoint = first & (0xFFu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return 0;
        codePoint = codePoint << 6 | (byte(i) & 0x3Fu);
    }
    const char32_t smallest = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80;
    const bool surrogate = codePoint >= 0xD800 && codePoint <= 0xDFFF;
    return codePoint < smallest || codePoint > 0x10FFFF || surrogate ? 0 : length;
}

bool isControl(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

bool startsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::size_t columnsOf(std::string_view text) {
    std::size_t count = 0;
    for (char c : text) count += startsCharacter(c);
    return count;
}

}  // namespace

std::string plainText(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        char32_t codePoint = 0;
        const std::size_t length = sequenceLength(text, codePoint);
        if (length == 0)
            result += "\uFFFD";
        else if (isControl(codePoint))
            result += ' ';
        else
            result += text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return result;
}

std::string shortened(const std::string& text, std::size_t columns) {
    if (columnsOf(text) <= columns) return text;
    std::size_t count = 0, cut = 0, lastSpace = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (startsCharacter(text[i]) && ++count == columns) {
            cut = i;
            break;
        }
        if (text[i] == ' ') lastSpace = i;
    }
    if (lastSpace > cut / 2) cut = lastSpace;
    return text.substr(0, cut) + "\u2026";
}

std::string wrapped(const std::string& text, std::size_t indent, std::size_t columns) {
    std::string result, line;
    const std::string margin(indent, ' ');
    std::size_t start = 0;
    while (start < text.size()) {
        std::size_t end = text.find(' ', start);
        if (end == std::string::npos) end = text.size();
        const std::string word = text.substr(start, end - start);
        start = end + 1;
        if (word.empty()) continue;
        if (!line.empty() && indent + columnsOf(line) + 1 + columnsOf(word) > columns) {
            result += margin + line + "\n";
            line.clear();
        }
        line += (line.empty() ? "" : " ") + word;
    }
    if (!line.empty()) result += margin + line + "\n";
    return result;
}

std::string capitalized(std::string text) {
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

std::string shown(double value, int decimals) {
    if (!std::isfinite(value)) return "\u2013";
    const std::string text = fixed(value, decimals);
    return text.front() == '-' ? "\u2212" + text.substr(1) : text;
}

std::string shownSigned(double value, int decimals) {
    const std::string text = shown(value, decimals);
    const bool positive = std::isfinite(value) && value > 0.0 && text.find_first_of("123456789") != std::string::npos;
    return positive ? "+" + text : text;
}

std::string shownEvidence(double value, const std::string& unit) { return shown(value, unit.empty() || std::abs(value) < 1.0 ? 2 : 1); }

std::string measureWords(const std::string& measure) {
    if (measure == "integratedLufs") return "loudness";
    if (measure.starts_with("narrowPeaks.")) return measure.ends_with("steadyDb") ? "peak at least" : "peak";
    std::string name = measure;
    for (const ToneRegionRange& range : kToneRegionRanges) {  // "treble (6.3-12.5 kHz)" of "regions.treble.levelDb"
        const std::string prefix = std::string("regions.") + range.name + ".";
        if (!measure.starts_with(prefix)) continue;
        const bool inKilohertz = range.highHz >= 1000.0;
        const auto number = [&](double hz) { return fixed(inKilohertz ? hz / 1000.0 : hz, inKilohertz && std::fmod(hz, 1000.0) != 0.0 ? 1 : 0); };
        const std::string what = measure.ends_with("loudDb") ? " in loud moments" : measure.ends_with("medianDb") ? " usually" : "";
        return measureWords(range.name) + " (" + number(range.lowHz) + "-" + number(range.highHz) + (inKilohertz ? " kHz)" : " Hz)") + what;
    }
    for (const std::string_view unit : {"Dbtp", "Dbfs", "Lufs", "Frames", "Seconds", "Db", "Lu", "Hz", "Ms"})
        if (name.size() > unit.size() && name.ends_with(unit)) {
            name.resize(name.size() - unit.size());
            break;
        }
    std::string words;
    for (char c : name) {
        const bool capital = c >= 'A' && c <= 'Z';
        if (capital && !words.empty()) words += ' ';
        words += capital ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return name.size() == measure.size() && words.find(' ') == std::string::npos ? measure : words;
}

}  // namespace tonewright
