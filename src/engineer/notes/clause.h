#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engineer/notes/note_tokens.h"

namespace tonewright {

// What one clause of a note asks for, without its neighbours. A clause says one thing: "guitars wider".
struct Clause {
    std::vector<NoteItem> items;
    WordKind joint = WordKind::stop;      // what stands between it and the clause before: stop, comma, conjunction, disjunction, but

    struct Change {
        Attribute attribute = Attribute::level;
        Direction direction = Direction::up;
    };
    std::vector<std::string> targets, except;
    std::string where;
    std::vector<Change> changes;
    std::optional<Attribute> openNoun;    // a noun without a direction: "and warmth"
    bool openMore = false, openLess = false;  // "more", "less" alone: of what the clause before was about
    AmountKind amount = AmountKind::usual;
    double number = 0.0;
    bool hasAmount = false;
    bool pronoun = false, praise = false, hasVerb = false, prohibits = false, targetFirst = false, isAdjective = false;
    int pointsOnly = 0;                   // "up", "down", and nothing else: +1, -1
    bool ofTheSame = false;          // "more on the vocal": of what was said before, if anything
    bool bareMover = false;          // "push the guitars", "keep the kick": where to may stand at the end of a list
    bool setAside = false;                // it says why ("so the vocal comes through"): nothing is done for it
    bool afterReason = false;             // stands behind such a clause, and may belong to it
    bool attributive = false;             // "dry vocal": a quality that stands before what it is of is wished for
    std::optional<Change> wishIfAttributive;  // "wet in the choruses": a wish too, where one stands before it
    bool placeIsObject = false;           // "lift the chorus": all that is heard there is meant
    bool wishOnly = false;                // "make the kick": what, stands at the end of a list
    bool listed = false;                  // its targets and those before it are one list
    std::string why;                      // why it was not understood; empty: it was

    bool understood() const { return why.empty(); }
    bool onlyTargets() const { return understood() && !targets.empty() && changes.empty() && !openNoun && !openMore && !openLess && !praise; }
    bool empty() const;                   // nothing but filler
    std::string text() const;
};

// Fills in what the items say.
void readClause(Clause& clause);

}  // namespace tonewright
