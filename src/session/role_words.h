#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tonewright {

// How much a word says, from least to most (data/role_names.json explains them).
enum class WordStrength { weak, yielding, general, clear };

// All that one word of a file name can mean.
struct WordMeaning {
    std::string role;                                // empty if it names no instrument
    WordStrength strength = WordStrength::weak;
    std::vector<std::string> modifiers;              // "lead", "double", "room" ...
    std::string microphone;
    std::string side;
    bool numbering = false;                          // "take", "audio": the number that follows says nothing

    bool hasRole() const { return !role.empty(); }
};

// A word that other tracks explain.
struct OpenWord {
    std::vector<std::string> means;  // roles, of which the one with the most of its family beside it is meant
    std::string amongVoices;         // the role where nothing but voices is beside it; empty if that says nothing
    std::string amongInstruments;    // the role where instruments and no voices are beside it
    std::string amongChoir;          // the role where two parts of a choir and no instrument are beside it
    std::string ofVoices;            // what it says of a voice: "part" of the song, "lead", "stack"; empty if nothing
};

// The words of data/role_names.json.
class RoleWords {
public:
    static const RoleWords& get();

    // Throws InputError if the text is not as data/role_names.json is.
    explicit RoleWords(std::string_view json);

    // The word as it stands, or without a plural's s. Null if unknown.
    const WordMeaning* find(std::string_view word) const;

    // Null if the word needs no company, or none would help.
    const OpenWord* open(std::string_view word) const;

    // Two or three known words written as one, the last perhaps a side: "kickin", "ohl". Empty if that is not it.
    std::vector<std::string> pieces(std::string_view word) const;

    // The instrument's word one slip away from a long word: "hihhat" is "hihat". Null if there is none.
    const WordMeaning* misspelt(std::string_view word) const;

private:
    WordMeaning& entry(const std::string& word) { return words_[word]; }

    std::map<std::string, WordMeaning, std::less<>> words_;
    std::map<std::string, OpenWord, std::less<>> open_;
};

}  // namespace tonewright
