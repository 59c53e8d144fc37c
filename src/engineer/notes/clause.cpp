#include "engineer/notes/clause.h"

#include <algorithm>
#include <cmath>

#include "engineer/notes/clause_account.h"
#include "engineer/notes/clause_items.h"
#include "engineer/notes/clause_parts.h"
#include "engineer/notes/places.h"

namespace tonewright {

namespace {

// Two targets where one was expected: the wider one is only where the other is heard.
void narrowTargets(Clause& clause) {
    std::vector<std::string>& targets = clause.targets;
    std::erase_if(targets, [&](const std::string& target) { return targets.size() > 1 && (target == "mix" || target == "everything"); });
    if (targets.size() < 2) {
        if (targets.empty() && !clause.except.empty()) targets = {"everything"};
        return;
    }
    if (targets.size() == 2 && targets[0].starts_with(targets[1] + "/")) {
        targets.pop_back();
        return;
    }
    if (targets.size() == 2 && targets[0] == targets[1]) {
        targets.pop_back();
        return;
    }
    clause.why = "it names several instruments, and I cannot tell what each has to do with it";
}

// A part of the spectrum: what a quality or verb with it is about is the same there.
bool isRegion(const NoteItem& noun) {
    const Attribute a = noun.meaning.attribute;
    return !noun.meaning.bad && !noun.meaning.inverse && (a == Attribute::lowEnd || a == Attribute::body || a == Attribute::mids || a == Attribute::presence || a == Attribute::brightness || a == Attribute::air);
}

// "fizzy up top", "the low end is muddy", "tighter low end": the noun says only where in the spectrum. False if it is nothing of the kind.
bool readQualityOfRegion(Clause& clause, const Slots& s) {
    if (s.nouns.size() != 1 || s.qualities.size() != 1 || !(isRegion(*s.nouns.front()) || s.nouns.front()->text.ends_with(" Hz"))) return false;
    const NoteMeaning &quality = s.qualities.front()->meaning, &noun = s.nouns.front()->meaning;
    const bool spectral = quality.attribute == Attribute::mud || quality.attribute == Attribute::boom || quality.attribute == Attribute::boxiness || quality.attribute == Attribute::nasality || quality.attribute == Attribute::harshness;
    const bool tightness = quality.attribute == Attribute::tightness && noun.attribute == Attribute::lowEnd;
    const bool fullness = (quality.attribute == Attribute::body || quality.attribute == Attribute::size) && noun.attribute == Attribute::lowEnd;
    const bool atFrequency = s.nouns.front()->text.ends_with(" Hz") && quality.value == QualityValue::bad && quality.sign > 0;  // "muddy around 300 Hz"
    if (!atFrequency && !(spectral && quality.value == QualityValue::bad) && !tightness && !fullness) return false;
    Slots bare = s;  // "up top"
    bare.nouns.clear();
    const auto at = std::ranges::find_if(clause.items, [&](const NoteItem& item) { return &item == s.nouns.front(); });
    if (at != clause.items.begin() && std::prev(at)->is(WordKind::up)) bare.up = false;
    NoteMeaning meant = quality;
    if (fullness || atFrequency) meant.attribute = noun.attribute;
    readQuality(clause, bare, meant, s.qualities.front()->text);
    return true;
}

// "the vocals get lost at times": uneven, rather than too quiet everywhere.
void readSometimes(Clause& clause, const Slots& s) {
    if (!s.sometimes || clause.changes.empty()) return;
    const bool uneven = clause.changes.size() == 1 && clause.changes.front().attribute == Attribute::level && (s.too || s.tooMuch || std::ranges::any_of(s.verbs, [](const NoteItem* verb) { return verb->meaning.complaint; }) ||
                        std::ranges::any_of(s.qualities, [](const NoteItem* quality) { return quality->meaning.value == QualityValue::bad; })) && clause.changes.front().direction != Direction::keep;
    if (!uneven) return refuse(clause, "I cannot tell when; name a part of the song, or times");
    clause.changes = {{Attribute::compression, Direction::up}};
}

// "set it at -6 dB", but not "3 dB at 2 kHz".
bool numberFollows(const Clause& clause, const char* word) {
    for (std::size_t i = 0; i + 1 < clause.items.size(); ++i)
        if (clause.items[i].text == word && clause.items[i + 1].is(WordKind::number)) return true;
    return false;
}

// "down to 70 %": by 30. A place is where it is.
void readShareToReach(Clause& clause) {
    for (const Clause::Change& change : clause.changes) {
        if (change.attribute == Attribute::pan) return;
        const bool shrinks = change.direction == Direction::down && clause.number < 100.0, grows = change.direction == Direction::up && clause.number > 100.0;
        if (!shrinks && !grows) return refuse(clause, "I cannot tell how much of it should be left");
    }
    clause.number = std::abs(100.0 - clause.number);
}

}  // namespace

bool Clause::empty() const {
    return std::ranges::all_of(items, [](const NoteItem& item) { return item.is(WordKind::filler) || item.is(WordKind::stop) || item.is(WordKind::some); });
}

std::string Clause::text() const {
    std::string result;
    for (const NoteItem& item : items)
        if (!item.is(WordKind::stop) && !item.text.empty()) result += (result.empty() ? "" : " ") + (item.is(WordKind::time) && (item.meaning.target.empty() || item.meaning.target.starts_with(kAtTime)) ? "at " + item.text : item.text);
    return result;
}

void readClause(Clause& clause) {
    // What stands before "thinks" is who thinks it.
    for (std::size_t i = clause.items.size(); i-- > 0;)
        if (clause.items[i].is(WordKind::hedge)) {
            const auto denies = [](const NoteItem& item) { return item.is(WordKind::negation) || item.is(WordKind::dont) || item.is(WordKind::no) || item.is(WordKind::cannot) || item.is(WordKind::past) || item.text == "nobody"; };
            if (i + 1 == clause.items.size() || (i + 2 == clause.items.size() && clause.items.back().is(WordKind::stop))) return refuse(clause, "I cannot tell who wants what");
            if (std::any_of(clause.items.begin(), clause.items.begin() + static_cast<std::ptrdiff_t>(i), denies)) return refuse(clause, "I cannot tell who wants what");
            clause.items.erase(clause.items.begin(), clause.items.begin() + static_cast<std::ptrdiff_t>(i) + 1);
            break;
        }
    settleItems(clause);
    if (!clause.understood()) return;
    Slots s = walkClause(clause);
    if (!clause.understood()) return;
    narrowTargets(clause);
    if (!clause.understood()) return;
    const auto bathes = std::ranges::find_if(clause.items, [](const NoteItem& item) { return item.is(WordKind::tooMuch) && item.text.ends_with(" in"); });
    if (bathes != clause.items.end() && !s.be && clause.joint != WordKind::stop) return refuse(clause, "I cannot tell whether \"" + bathes->text + "\" is a wish or a complaint");
    // "make the second verse more intimate": all of it. In a list it may be what the sentence is about.
    if (clause.placeIsObject && clause.where == "solo" && clause.targets.empty() && !clause.pronoun) return refuse(clause, "I cannot tell which instrument plays the solo");
    if (clause.placeIsObject && clause.joint == WordKind::stop && clause.targets.empty() && !clause.pronoun && !clause.where.empty() && (s.wish || s.need || s.be || !s.verbs.empty() || !s.qualities.empty())) clause.targets = {"mix"};
    else clause.placeIsObject = false;
    if (s.than && std::ranges::any_of(clause.targets, [](const std::string& target) { return target == "mix" || target == "everything"; }) && clause.where.empty()) return refuse(clause, "everything cannot be measured by what is in it");
    const auto first = std::ranges::find_if(clause.items, [](const NoteItem& item) { return !item.is(WordKind::filler); });
    if (s.question && first != clause.items.end() && first->is(WordKind::be)) return refuse(clause, "it is a question; say what should change");
    if (s.number) {
        const bool percent = s.number->unit == "percent";
        clause.amount = percent ? AmountKind::percent : AmountKind::decibels;
        clause.number = std::abs(s.number->meaning.number);
        // "guitars L/R 100": how far, not how many decibels.
        const bool sides = s.left + s.right > 0 || std::ranges::any_of(s.verbs, [](const NoteItem* verb) { return verb->meaning.hasAttribute && verb->meaning.attribute == Attribute::width; });
        if (s.number->unit.empty() && sides && clause.number >= 10.0 && clause.number <= 100.0) clause.amount = AmountKind::percent;
        clause.hasAmount = true;
        constexpr double kMostDb = 24.0;  // that anyone would mean without saying so
        if (clause.amount == AmountKind::decibels && s.number->unit.empty() && clause.number > kMostDb) return refuse(clause, "I cannot tell what the number is of");
        const bool absolute = numberFollows(clause, "at");
        if (absolute && !percent) return refuse(clause, "a level to set is not a change; say how much up or down");
    }
    clause.isAdjective = !s.qualities.empty() && s.nouns.empty();
    const auto attributeVerb = std::ranges::find_if(s.verbs, [](const NoteItem* verb) { return verb->meaning.hasAttribute; });
    ReadBy by = ReadBy::level;
    if (s.mono && s.qualities.empty() && s.nouns.empty()) {
        if (s.negated() || s.too || s.less || s.be) return refuse(clause, "I cannot tell which way");
        addChange(clause, Attribute::width, Direction::off);
        by = ReadBy::mono;
    } else if (!s.nouns.empty() && s.nouns.front()->meaning.bad && !s.qualities.empty() && s.qualities.front()->meaning.value == QualityValue::bad && !s.negated()) {
        addChange(clause, s.nouns.front()->meaning.attribute, Direction::down);
    } else if (readQualityOfRegion(clause, s)) {
    } else if (!s.nouns.empty() && !s.qualities.empty() && s.qualities.front()->meaning.attribute != Attribute::level) {
        refuse(clause, "I cannot change how a \"" + s.nouns.front()->text + "\" is in itself, or cannot tell what \"" + s.qualities.front()->text + "\" belongs to");
    } else if (s.qualities.size() == 1 && attributeVerb != s.verbs.end() && !s.negated() && !s.qualities.front()->meaning.pitch && (*attributeVerb)->meaning.attribute == s.qualities.front()->meaning.attribute &&
               (*attributeVerb)->meaning.sign == s.qualities.front()->meaning.sign && s.qualities.front()->meaning.comparative && !(*attributeVerb)->meaning.complaint) {
        readVerb(clause, s, **attributeVerb);  // "spread them wider"
    } else if (!s.qualities.empty() && (attributeVerb != s.verbs.end())) {
        refuse(clause, "I cannot tell how \"" + (*attributeVerb)->text + "\" and \"" + s.qualities.front()->text + "\" go together");
    } else if (!s.qualities.empty()) {
        if (s.left + s.right + s.centre > 0) return refuse(clause, "it asks for a side and something else at once");
        for (const NoteItem* quality : s.qualities) readQuality(clause, s, quality->meaning, quality->text);
    } else if (attributeVerb != s.verbs.end()) {
        const NoteMeaning& verb = (*attributeVerb)->meaning;
        const bool region = s.nouns.size() == 1 && isRegion(*s.nouns.front());
        if (region && verb.covers && verb.complaint) {  // "the guitars mask the vocal in the mids"
            if (s.negated() || s.too || s.tooMuch || s.less || s.wish || s.need) return refuse(clause, "I cannot tell which way");
            addChange(clause, s.nouns.front()->meaning.attribute, Direction::down);
        } else if (region && verb.attribute == Attribute::tightness && s.nouns.front()->meaning.attribute == Attribute::lowEnd) {  // "tighten the low end"
            readVerb(clause, s, **attributeVerb);
        } else if (!s.nouns.empty() && s.nouns.front()->meaning.attribute != (*attributeVerb)->meaning.attribute && (*attributeVerb)->meaning.attribute != Attribute::harshness)
            return refuse(clause, "I cannot tell how \"" + (*attributeVerb)->text + "\" and \"" + s.nouns.front()->text + "\" go together");
        else if (!s.nouns.empty() && (*attributeVerb)->meaning.attribute == Attribute::harshness)
            addChange(clause, s.nouns.front()->meaning.attribute, s.negated() ? Direction::keep : Direction::down);
        else
            readVerb(clause, s, **attributeVerb);
        if (s.hard) clause.amount = AmountKind::lot;
    } else if (s.left + s.right + s.centre > 0 && s.nouns.empty()) {
        readSide(clause, s);
    } else if (!s.nouns.empty()) {
        if (s.left + s.right + s.centre > 0) return refuse(clause, "it asks for a side and something else at once");
        for (const NoteItem* noun : s.nouns) readNoun(clause, s, *noun);
        if (s.nouns.size() > 1) refuse(clause, "it names several things at once");
    } else if (!clause.praise) {
        readLevel(clause, s);
    }
    if (by != ReadBy::mono && !clause.praise)
        by = !s.qualities.empty() ? ReadBy::quality : attributeVerb != s.verbs.end() ? ReadBy::verb : !s.nouns.empty() ? ReadBy::noun : s.left + s.right + s.centre > 0 ? ReadBy::side : ReadBy::level;
    accountForAll(clause, by);
    readSometimes(clause, s);
    for (const NoteItem* quality : s.qualities)
        if (quality->meaning.pitch && std::ranges::any_of(clause.targets, [](const std::string& target) { return target != "mix" && target != "everything" && !target.starts_with("drums"); }))
            refuse(clause, "\"" + quality->text + "\" can mean the tuning, which I cannot change; say it in other words");
    for (const Clause::Change& change : clause.changes) {
        const bool whole = std::ranges::any_of(clause.targets, [](const std::string& target) { return target == "mix" || target == "everything"; });
        if (whole && clause.except.empty() && change.direction != Direction::keep && (change.attribute == Attribute::mute || change.attribute == Attribute::solo || change.attribute == Attribute::sustain || change.attribute == Attribute::pan))
            refuse(clause, "that cannot be done to the whole mix");
    }
    if (clause.amount == AmountKind::percent && clause.hasAmount && numberFollows(clause, "to")) readShareToReach(clause);
    if (!clause.understood()) clause.changes.clear();
    const int sign = s.number && s.number->hasSign ? (s.number->meaning.number < 0.0 ? -1 : 1) : 0;
    for (const Clause::Change& change : clause.changes)
        if (sign != 0 && ((change.direction == Direction::up && sign < 0))) {
            clause.changes.clear();
            return refuse(clause, "the number and the words point in opposite directions");
        }
}

}  // namespace tonewright
