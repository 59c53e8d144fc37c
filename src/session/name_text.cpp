#include "session/name_text.h"

#include <array>
#include <cstdint>

#include "core/text.h"

namespace tonewright {

namespace {

constexpr char32_t kInvalid = 0xFFFFFFFF;

// One code point; kInvalid (and one byte) for malformed UTF-8.
char32_t decode(std::string_view text, std::size_t& position) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(position);
    const int length = first < 0x80 ? 1 : first >= 0xF0 && first < 0xF8 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
    if (length == 0 || first >= 0xF8 || position + length > text.size()) return ++position, kInvalid;
    constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
    char32_t code = length == 1 ? first : first & (0x7F >> length);
    for (int i = 1; i < length; ++i) {
        if ((byte(position + i) & 0xC0) != 0x80) return ++position, kInvalid;
        code = code << 6 | (byte(position + i) & 0x3F);
    }
    const bool surrogate = code >= 0xD800 && code < 0xE000;
    if (code < kSmallest[length] || surrogate || code > 0x10FFFF) return ++position, kInvalid;
    position += length;
    return code;
}

// U+00C0 ... U+017F without their accents; '*' stands for what becomes two letters, ' ' for signs.
constexpr std::string_view kLatin =
    "AAAAAA*CEEEEIIIIDNOOOOO OUUUUY**aaaaaa*ceeeeiiiidnooooo ouuuuy*y"
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi**JjKkkLlLlLlLlLlNnNnNnnNnOoOoOo**RrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
static_assert(kLatin.size() == 0x180 - 0xC0);

std::string_view twoLetters(char32_t code) {
    switch (code) {
        case 0xC6: return "AE";
        case 0xDE: return "TH";
        case 0xDF: return "ss";
        case 0xE6: return "ae";
        case 0xFE: return "th";
        case 0x132: return "IJ";
        case 0x133: return "ij";
        case 0x152: return "OE";
        default: return "oe";
    }
}

// U+0410 ... U+042F, the Russian capitals, as people write them without a Russian keyboard.
constexpr std::array<std::string_view, 32> kRussian = {"A", "B", "V", "G", "D", "E", "Zh", "Z", "I", "Y", "K", "L", "M", "N", "O", "P",
                                                       "R", "S", "T", "U", "F", "Kh", "Ts", "Ch", "Sh", "Shch", "", "Y", "", "E", "Yu", "Ya"};

// Empty for the two signs without a sound.
std::string latinOfRussian(char32_t code) {
    if (code == 0x401 || code == 0x451) return code == 0x401 ? "E" : "e";
    const bool small = code >= 0x430;
    const std::string_view letters = kRussian[code - (small ? 0x430 : 0x410)];
    return small ? lowerAscii(letters) : std::string(letters);
}

bool isSign(char32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xC0) || (code >= 0x2000 && code < 0x2C00) || (code >= 0x3000 && code <= 0x3004) ||
           (code >= 0xE000 && code < 0xF900) || code >= 0x1F000;
}
bool isInvisible(char32_t code) {
    return (code >= 0x300 && code < 0x370) || (code >= 0x200B && code <= 0x200F) || (code >= 0x202A && code <= 0x202E) ||
           (code >= 0x2060 && code <= 0x2069) || (code >= 0xFE00 && code < 0xFE10) || code == 0xFEFF || code == 0xAD;
}

bool isUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isLetter(char c) { return isUpper(c) || (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }
bool isLower(char c) { return isLetter(c) && !isUpper(c); }

// Where a run of letters starts a new word: "HiHat" at 2, "DIBox" at 2; not in "OHs" (a plural).
bool startsWord(std::string_view letters, std::size_t i) {
    if (!isUpper(letters[i])) return false;
    if (isLower(letters[i - 1])) return true;
    const bool lowerFollows = i + 1 < letters.size() && isLower(letters[i + 1]);
    const bool plural = i + 2 == letters.size() && letters[i + 1] == 's';
    return lowerFollows && !plural;
}

}  // namespace

std::string withoutAccents(std::string_view utf8) {
    std::string plain;
    for (std::size_t i = 0; i < utf8.size();) {
        const std::size_t start = i;
        const char32_t code = decode(utf8, i);
        if (code >= 0x20 && code < 0x7F) {
            plain += static_cast<char>(code);
        } else if (code == kInvalid) {
            plain += ' ';
        } else if (code == 0x2019) {  // the typographic apostrophe
            plain += '\'';
        } else if (isInvisible(code)) {
            continue;
        } else if (code >= 0xC0 && code < 0x180) {
            const char letter = kLatin[code - 0xC0];
            if (letter == '*')
                plain += twoLetters(code);
            else
                plain += letter;
        } else if ((code >= 0x410 && code <= 0x44F) || code == 0x401 || code == 0x451) {
            plain += latinOfRussian(code);
        } else if (code >= 0xFF01 && code <= 0xFF5E) {
            plain += static_cast<char>(code - 0xFF01 + '!');
        } else if (isSign(code)) {
            plain += ' ';
        } else {
            plain += utf8.substr(start, i - start);
        }
    }
    return plain;
}

std::string printable(std::string_view bytes) {
    std::string text;
    for (std::size_t i = 0; i < bytes.size();) {
        const std::size_t start = i;
        const char32_t code = decode(bytes, i);
        if (code == kInvalid)
            text += "\xEF\xBF\xBD";
        else if (code < 0x20 || code == 0x7F)
            text += ' ';
        else
            text += bytes.substr(start, i - start);
    }
    return text;
}

std::vector<NameChunk> splitName(std::string_view name) {
    const std::string plain = withoutAccents(name);
    std::vector<NameChunk> chunks;
    for (std::size_t i = 0; i < plain.size();) {
        std::size_t end = i;
        if (isDigit(plain[i])) {
            while (end < plain.size() && isDigit(plain[end])) ++end;
            const std::string digits = plain.substr(i, end - i);
            chunks.push_back({digits, {digits}, true});
        } else if (isLetter(plain[i])) {
            while (end < plain.size() && isLetter(plain[end])) ++end;
            const std::string letters = plain.substr(i, end - i);
            NameChunk chunk{lowerAscii(letters), {}, false};
            std::size_t wordStart = 0;
            for (std::size_t k = 1; k <= letters.size(); ++k)
                if (k == letters.size() || startsWord(letters, k)) {
                    chunk.words.push_back(chunk.text.substr(wordStart, k - wordStart));
                    wordStart = k;
                }
            chunks.push_back(std::move(chunk));
        } else {
            if (plain.compare(i, 2, "'s") == 0 && (i + 2 == plain.size() || !isLetter(plain[i + 2]))) ++end;  // "Tom's" is Tom
            if (plain[i] == '+' || plain[i] == '&') chunks.push_back({"and", {"and"}, false});
            ++end;
        }
        i = end;
    }
    return chunks;
}

std::string slugOf(std::string_view name) {
    constexpr std::size_t kLongest = 48;
    std::string slug;
    for (const char c : lowerAscii(withoutAccents(name))) {
        const bool keep = isDigit(c) || (c >= 'a' && c <= 'z');
        if (keep)
            slug += c;
        else if (!slug.empty() && slug.back() != '-' && static_cast<unsigned char>(c) < 0x80)
            slug += '-';
    }
    if (slug.size() > kLongest) slug.resize(kLongest);
    while (!slug.empty() && slug.back() == '-') slug.pop_back();
    return slug.empty() ? "track" : slug;
}

}  // namespace tonewright
