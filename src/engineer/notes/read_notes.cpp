#include "engineer/notes/read_notes.h"

#include <algorithm>
#include <regex>
#include <set>

#include "core/error.h"
#include "core/text.h"
#include "engineer/notes/clause.h"
#include "engineer/notes/places.h"
#include "engineer/notes/sentence.h"

namespace tonewright {

namespace {

constexpr std::size_t kLongestNote = 2000;

bool divides(const NoteItem& item) {
    return item.is(WordKind::comma) || item.is(WordKind::conjunction) || item.is(WordKind::disjunction) || item.is(WordKind::but) || item.is(WordKind::stop);
}

// "but not in the chorus" leaves a place out, "but not harsher" forbids: the word at `i` begins a clause of its own.
bool forbids(const std::vector<NoteItem>& items, std::size_t i) {
    if (items[i].is(WordKind::dont) && items[i].text.starts_with("without ")) return true;  // "hit harder without getting louder"
    if (items[i].text != "but not") return false;
    for (++i; i < items.size(); ++i)
        if (!items[i].is(WordKind::filler) && !items[i].is(WordKind::prep))
            return !items[i].is(WordKind::target) && !items[i].is(WordKind::pronoun) && !items[i].is(WordKind::section) && !items[i].is(WordKind::time) && !items[i].is(WordKind::first) &&
                   !items[i].is(WordKind::second) && !items[i].is(WordKind::third);
    return false;
}

// "Drums: kick up, snare darker": what stands before the colon is the whole whose parts are named, or else what the sentence is about; "Chorus: drums up": where it all is.
void readHeading(const std::vector<NoteItem>& items, std::size_t i, Clause& clause, std::vector<Clause>& sentence) {
    clause.items.pop_back();
    const auto meant = [](const Clause& c, WordKind kind) { return std::ranges::count_if(c.items, [&](const NoteItem& item) { return item.is(kind); }); };
    const bool onlyNames = std::ranges::all_of(clause.items, [](const NoteItem& item) {
        return item.is(WordKind::filler) || item.is(WordKind::prep) || item.is(WordKind::target) || item.is(WordKind::section) || item.is(WordKind::time) || item.is(WordKind::first) || item.is(WordKind::second) ||
               item.is(WordKind::third) || item.is(WordKind::number);
    });
    if (!sentence.empty() || !onlyNames) return;
    const auto targets = meant(clause, WordKind::target), places = meant(clause, WordKind::section) + meant(clause, WordKind::time);
    if (targets == 0 && places == 1) {
        sentence.push_back(clause);
        clause = {};
        clause.joint = WordKind::comma;
        return;
    }
    if (targets != 1 || places != 0) return;
    for (std::size_t k = i + 1; k < items.size() && !divides(items[k]); ++k)
        if (items[k].is(WordKind::target)) clause = {};
}

// "the beat is too loud bring it down": a complaint, and what to do about it, without a comma.
bool runsOn(const std::vector<NoteItem>& items, std::size_t i, const Clause& before) {
    const NoteItem& item = items[i];
    const bool imperative = item.is(WordKind::wish) || item.is(WordKind::verb) || item.is(WordKind::remove) || item.is(WordKind::mute);
    if (!imperative || item.meaning.complaint || i == 0 || i + 1 == items.size() || !items[i + 1].is(WordKind::pronoun) || !(items[i - 1].is(WordKind::quality) || items[i - 1].is(WordKind::up) || items[i - 1].is(WordKind::down))) return false;
    return std::ranges::any_of(before.items, [](const NoteItem& each) { return each.is(WordKind::target); });
}

// "more bass less treble": two wishes without a comma.
bool goesOnWithMore(const std::vector<NoteItem>& items, std::size_t i, const Clause& before) {
    const auto isNamed = [](const NoteItem& item) { return item.is(WordKind::target) || item.is(WordKind::noun); };
    if ((!items[i].is(WordKind::more) && !items[i].is(WordKind::less)) || i + 1 == items.size() || !isNamed(items[i + 1])) return false;
    const auto first = std::ranges::find_if(before.items, [](const NoteItem& item) { return item.is(WordKind::more) || item.is(WordKind::less); });
    return first != before.items.end() && first->meaning.kind != items[i].meaning.kind && std::any_of(first, before.items.end(), isNamed);
}

// "guitars down so the vocal can come through": from the word at `i` on the clause says why. Not where it opens a sentence, and not in "so loud", "so turn it down".
bool givesReason(const std::vector<NoteItem>& items, std::size_t i, const Clause& before) {
    const auto holds = [&](std::initializer_list<WordKind> kinds) {
        return std::ranges::any_of(before.items, [&](const NoteItem& item) { return std::ranges::find(kinds, item.meaning.kind) != kinds.end(); });
    };
    std::size_t next = i + 1;
    while (next < items.size() && items[next].is(WordKind::filler) && items[next].text != "there") ++next;
    if (next == items.size()) return false;
    if (items[i].text == "so") {
        const bool somebody = items[next].is(WordKind::target) || items[next].is(WordKind::pronoun) || items[next].is(WordKind::section) || items[next].text == "there" || items[next].is(WordKind::first) ||
                              items[next].is(WordKind::second) || items[next].is(WordKind::third) || (next > i + 1 && (items[i + 1].text == "i" || items[i + 1].text == "we" || items[i + 1].text == "you" || items[i + 1].text == "that"));
        return somebody && !before.empty() && !holds({WordKind::dont, WordKind::negation});
    }
    if (items[i].text == "as" && items[next].is(WordKind::pronoun) && holds({WordKind::target}) && holds({WordKind::up, WordKind::down, WordKind::verb, WordKind::quality})) return true;  // "vocals up as they are buried"
    if (!items[i].is(WordKind::reason) || before.empty()) return false;
    // "needs to give", "I want to let": what is wanted, not why.
    if (items[i].text.starts_with("to ")) {
        const NoteItem& last = before.items.back();
        return holds({WordKind::target, WordKind::pronoun}) && !last.is(WordKind::need) && !last.is(WordKind::wish) && !last.is(WordKind::hedge);
    }
    return true;
}

std::vector<std::vector<Clause>> sentencesOf(const std::vector<NoteItem>& items) {
    std::vector<std::vector<Clause>> sentences(1);
    Clause clause;
    const auto close = [&] {
        if (!clause.empty()) sentences.back().push_back(clause);
    };
    for (std::size_t i = 0; i < items.size(); ++i) {
        const NoteItem& item = items[i];
        if (forbids(items, i)) {
            close();
            clause = {};
            clause.joint = sentences.back().empty() ? WordKind::stop : WordKind::but;
            clause.items.push_back(item);
            if (!item.is(WordKind::dont)) clause.items.back().meaning = {.kind = WordKind::negation, .target = {}};
            continue;
        }
        if (!clause.setAside && (goesOnWithMore(items, i, clause) || runsOn(items, i, clause))) {
            close();
            clause = {};
            clause.joint = WordKind::comma;
        }
        // "the bass isn't loud enough and neither is the kick": the same of it.
        if (item.text == "neither" && clause.empty() && !sentences.back().empty() && i + 2 < items.size() && items[i + 1].is(WordKind::be) &&
            std::ranges::any_of(sentences.back().back().items, [](const NoteItem& each) { return each.is(WordKind::negation) || each.is(WordKind::dont) || each.is(WordKind::cannot); })) {
            ++i;
            continue;
        }
        // "mono in the intro, then open up wide": one thing after the other.
        if (item.text == "then" && !clause.empty() && !clause.setAside && i + 1 < items.size() && !divides(items[i + 1])) {
            close();
            clause = {};
            clause.joint = WordKind::conjunction;
            continue;
        }
        // "the bass is boomy so turn it down": what follows from it.
        if (item.text == "so" && !clause.empty() && !clause.setAside && i + 1 < items.size() &&
            (items[i + 1].is(WordKind::wish) || items[i + 1].is(WordKind::verb) || items[i + 1].is(WordKind::remove) || items[i + 1].is(WordKind::mute) || items[i + 1].is(WordKind::keepVerb) || items[i + 1].is(WordKind::give)) && items[i + 1].text != "be") {
            close();
            clause = {};
            clause.joint = WordKind::conjunction;
            continue;
        }
        if (!clause.setAside && givesReason(items, i, clause)) {
            close();
            clause = {};
            clause.setAside = true;
            clause.joint = sentences.back().empty() ? WordKind::stop : WordKind::conjunction;
        }
        // Where it opens the sentence, a reason is a statement like any other: "because the bass is boomy, cut the lows".
        const bool opensWithWhy = item.is(WordKind::reason) && clause.empty() && sentences.back().empty() && (item.text == "because" || item.text == "since" || item.text == "cos" || item.text == "cuz" || item.text == "cause");
        // What says why goes on to the next comma: "so the vocal and the piano come through".
        if (!divides(item) || (clause.setAside && (item.is(WordKind::conjunction) || item.is(WordKind::disjunction)))) {
            clause.items.push_back(item);
            if (opensWithWhy) clause.items.back().meaning = {.kind = WordKind::filler, .target = {}};
            if (item.is(WordKind::heading)) readHeading(items, i, clause, sentences.back());
            continue;
        }
        if (item.is(WordKind::stop)) clause.items.push_back(item);
        const bool nothing = clause.empty();
        close();
        if (item.is(WordKind::stop)) {
            sentences.emplace_back();
            clause = {};
            continue;
        }
        // ", and": the word says more than the comma.
        const WordKind joint = nothing && item.is(WordKind::comma) ? clause.joint : item.meaning.kind;
        const bool behindReason = !sentences.back().empty() && (sentences.back().back().setAside || sentences.back().back().afterReason);
        clause = {};
        clause.afterReason = behindReason;
        clause.joint = sentences.back().empty() ? WordKind::stop : joint;
    }
    close();
    return sentences;
}

bool opposite(Direction a, Direction b) {
    if (a == b) return false;
    const auto raises = [](Direction d) { return d == Direction::up; };
    if ((raises(a) && (b == Direction::down || b == Direction::off || b == Direction::keep)) || (raises(b) && (a == Direction::down || a == Direction::off || a == Direction::keep))) return true;
    const auto side = [](Direction d) { return d == Direction::left || d == Direction::right || d == Direction::centre; };
    return (side(a) && side(b)) || (a == Direction::keep) != (b == Direction::keep);
}

// A wish to leave what was to be changed a moment ago.
bool takesBack(const std::string& text) {
    static const std::regex kLeaves("^(?:no |nah |actually |wait |hmm |ok |well |then |just |but |on second thought |rather )*(?:leave|keep) (?:it|them|that|those|him|her)\\b");
    return std::regex_search(text, kLeaves);
}

// What is asked twice in one note counts once, the more exact one; what contradicts itself does not count at all.
void settle(NoteReading& reading) {
    std::vector<Request>& requests = reading.requests;
    std::vector<bool> gone(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i)
        for (std::size_t k = i + 1; k < requests.size(); ++k) {
            Request &a = requests[i], &b = requests[k];
            // "crank the hats? no, actually leave them"
            if (a.target == b.target && b.attribute == Attribute::keep && a.attribute != Attribute::keep && takesBack(b.text)) {
                if (!gone[i]) reading.unread.push_back({a.text + " / " + b.text, "the second takes back the first"});
                gone[i] = gone[k] = true;
                continue;
            }
            if (a.target != b.target || a.attribute != b.attribute || a.where != b.where) continue;
            if (opposite(a.direction, b.direction)) {
                if (!gone[k]) reading.unread.push_back({a.text + " / " + b.text, "one contradicts the other"});
                gone[i] = gone[k] = true;
            } else if (!gone[i] && a.direction == b.direction) {
                if (a.amount == AmountKind::usual || (a.amount != AmountKind::decibels && b.amount == AmountKind::decibels)) {
                    a.amount = b.amount;
                    a.number = b.number;
                }
                gone[k] = true;
            }
        }
    std::vector<Request> kept;
    for (std::size_t i = 0; i < requests.size(); ++i)
        if (!gone[i]) kept.push_back(std::move(requests[i]));
    requests = std::move(kept);
}

}  // namespace

NoteReading readNote(const std::string& note, const TrackNames& tracks) {
    if (note.size() > kLongestNote) throw UsageError("--note has " + std::to_string(note.size()) + " characters; at most " + std::to_string(kLongestNote) + " are read. Give several notes");
    NoteReading reading;
    ReadItems read = readItems(note, tracks);
    readPlaces(read.items);
    reading.corrections = std::move(read.corrections);
    std::vector<std::string> spoken;
    for (std::vector<Clause>& clauses : sentencesOf(read.items)) readSentence(std::move(clauses), spoken, reading);
    settle(reading);
    if (reading.requests.empty() && reading.unread.empty()) reading.unread.push_back({note, "it asks for nothing that I know"});
    return reading;
}

}  // namespace tonewright
