#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "plan/request.h"

namespace tonewright {

// What a word or phrase of a note can be. The words are those of data/note_words.json.
enum class WordKind {
    target, noun, quality, verb, amount, number, unit, section, time, filler,
    up, down, back, off, out, more, less, tooMuch, too, tooLittle, enough, so, soMuch, negation, dont, no, cannot, hear, understand, wish, need, give,
    some, remove, mute, unmute, soloVerb, keepVerb, keepTail, anything, pan, left, right, centre, mono, hard, first, second, third, be, there, past,
    than, by, above, below, except, sometimes, shouldBe, why, praise, prep, pronoun, hedge, comma, conjunction, disjunction, but, reason, heading, stop, unknown
};

// How a quality is meant where it is only stated: "the bass is boomy" is a complaint, "warm" is praise, "loud" says neither.
enum class QualityValue { neutral, good, bad };

struct NoteMeaning {
    WordKind kind = WordKind::unknown;
    std::string target;                      // target, section: its name
    Attribute attribute = Attribute::level;  // noun, quality, verb
    bool hasAttribute = false;
    int sign = 0;                            // quality, verb: +1 more of the attribute, -1 less
    QualityValue value = QualityValue::neutral;
    bool comparative = false;                // "louder"
    bool bad = false;                        // noun: nobody wants it ("mud")
    bool inverse = false;                    // noun: more of it is less of the attribute ("dynamics")
    bool complaint = false;                  // verb: states a fault ("sticks out")
    bool covers = false;                     // verb: what stands behind it suffers ("drown out")
    bool pitch = false;                      // quality: of a voice or an instrument it can mean the tuning ("flat")
    AmountKind amount = AmountKind::usual;
    double number = 0.0;
};

// The dictionary of notes. A phrase can mean several things ("narrow": a verb, a quality).
class NoteWords {
public:
    static const NoteWords& get();
    explicit NoteWords(std::string_view json);  // throws InputError

    const std::vector<NoteMeaning>* find(const std::string& phrase) const;
    bool knowsWord(const std::string& word) const { return words_.contains(word); }  // as a phrase, or in one
    Attribute attributeAt(double hz) const;  // whose band it is
    int longestPhrase() const { return longest_; }

    // The word that a misspelt one must mean; "" if there is none, or several of different meaning.
    std::string corrected(const std::string& word, const std::set<std::string>& more) const;

private:
    void add(const std::string& phrase, const NoteMeaning& meaning);

    std::map<std::string, std::vector<NoteMeaning>> phrases_;
    std::set<std::string> words_, neverCorrected_;
    std::vector<std::pair<double, Attribute>> bands_;  // up to which frequency each reaches
    int longest_ = 1;
};

// Lower case, no accents, hyphens inside words as spaces, one kind of apostrophe: how phrases and notes are compared.
std::string plainNote(std::string_view text);

}  // namespace tonewright
