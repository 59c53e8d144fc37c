#include "session/name_words.h"

#include <algorithm>

#include "session/roles.h"

namespace tonewright {

namespace {

struct Piece {
    std::string text;
    bool isNumber;
};

bool isKnown(const std::string& word, const RoleWords& dictionary) { return dictionary.find(word) != nullptr; }

// Capitals divide "SnareTop" well and "SNtop" badly: they are followed if that gives known words.
std::vector<Piece> piecesOf(const std::vector<NameChunk>& chunks, const RoleWords& dictionary) {
    std::vector<Piece> pieces;
    for (const NameChunk& chunk : chunks) {
        const bool byCapitals = chunk.words.size() > 1 && !isKnown(chunk.text, dictionary) &&
                                (std::ranges::any_of(chunk.words, [&](const std::string& w) { return w.size() > 1 && isKnown(w, dictionary); }) ||
                                 dictionary.pieces(chunk.text).empty());
        if (byCapitals)
            for (const std::string& word : chunk.words) pieces.push_back({word, false});
        else
            pieces.push_back({chunk.text, chunk.isNumber});
    }
    return pieces;
}

// The longest known word made of several pieces from `start`; 0 if there is none.
std::size_t joinedLength(const std::vector<Piece>& pieces, std::size_t start, const RoleWords& dictionary, std::string& word) {
    constexpr std::size_t kMostPieces = 4, kShortestLetters = 4;
    std::string joined = pieces[start].text;
    std::size_t best = 0;
    bool hasNumber = pieces[start].isNumber;
    const bool startsWithSide = joined == "l" || joined == "r";  // "L Vox" is no "lvox"
    const bool startsWithLetter = joined.size() == 1 && !hasNumber;
    // A letter belongs to a word of the same family, as in "E Gtr"; "P Ads" are not pads.
    const auto isOfOneFamily = [&](const std::string& second, const std::string& both) {
        const WordMeaning *part = dictionary.find(second), *whole = dictionary.find(both);
        return part && part->hasRole() && roleFamily(part->role) == roleFamily(whole->role);
    };
    for (std::size_t n = 2; n <= kMostPieces && start + n <= pieces.size() && !startsWithSide; ++n) {
        joined += pieces[start + n - 1].text;
        hasNumber = hasNumber || pieces[start + n - 1].isNumber;
        if ((joined.size() >= kShortestLetters || hasNumber) && isKnown(joined, dictionary) && (!startsWithLetter || hasNumber || isOfOneFamily(pieces[start + 1].text, joined))) {
            best = n;
            word = joined;
        }
    }
    return best;
}

}  // namespace

std::vector<NameWord> wordsOf(const std::vector<NameChunk>& chunks, const RoleWords& dictionary) {
    const std::vector<Piece> pieces = piecesOf(chunks, dictionary);
    std::vector<NameWord> words;
    for (std::size_t i = 0; i < pieces.size();) {
        std::string joined;
        if (const std::size_t length = joinedLength(pieces, i, dictionary, joined)) {
            words.push_back({.text = joined, .meaning = dictionary.find(joined)});
            i += length;
            continue;
        }
        const Piece& piece = pieces[i++];
        if (const WordMeaning* meaning = dictionary.find(piece.text)) {
            words.push_back({.text = piece.text, .meaning = meaning, .isNumber = piece.isNumber});
        } else if (piece.isNumber) {
            words.push_back({.text = piece.text, .isNumber = true});
        } else if (const auto inside = dictionary.pieces(piece.text); !inside.empty()) {
            for (const std::string& word : inside) words.push_back({.text = word, .meaning = dictionary.find(word), .takenApart = true});
        } else {
            const WordMeaning* meant = dictionary.misspelt(piece.text);
            words.push_back({.text = piece.text, .meaning = meant, .misspelt = meant != nullptr});
        }
    }
    return words;
}

}  // namespace tonewright
