#include "engineer/notes/clause_account.h"

#include <algorithm>

#include "engineer/notes/clause_parts.h"

namespace tonewright {

namespace {

using K = WordKind;

// What says who, where, how much and which, and what is read before the change is: the same for all.
const std::set<K> kEverywhere = {K::target, K::except, K::pronoun, K::anything, K::section, K::time, K::first, K::second, K::third, K::number, K::amount, K::sometimes, K::filler, K::prep,
                                 K::stop,   K::be,     K::there,   K::past,     K::than,    K::by,   K::above, K::below,  K::why,   K::shouldBe, K::praise, K::wish, K::need, K::give};
const std::set<K> kDegrees = {K::more, K::less, K::too, K::tooMuch, K::tooLittle, K::enough, K::so, K::soMuch};
const std::set<K> kDenials = {K::negation, K::dont, K::no, K::cannot};

std::set<K> together(std::initializer_list<std::set<K>> sets) {
    std::set<K> all;
    for (const std::set<K>& each : sets) all.insert(each.begin(), each.end());
    return all;
}

// "fix the harsh guitars", "stop the kick from booming": taking away what nobody wants.
bool takesAwayAFault(const Clause& clause) {
    return std::ranges::any_of(clause.items, [](const NoteItem& item) { return (item.is(K::quality) && item.meaning.value == QualityValue::bad) || (item.is(K::verb) && item.meaning.complaint); });
}

}  // namespace

const std::set<WordKind>& lookedAt(ReadBy by) {
    static const std::set<K> mono = together({kEverywhere, {K::mono, K::pan, K::more, K::hard}});
    static const std::set<K> side = together({kEverywhere, {K::left, K::right, K::centre, K::hard, K::pan, K::more, K::less, K::too, K::keepVerb, K::out, K::off}, kDenials});
    static const std::set<K> quality = together({kEverywhere, kDegrees, kDenials, {K::quality, K::noun, K::keepVerb, K::some, K::up, K::down, K::verb}});
    static const std::set<K> noun = together({kEverywhere, kDegrees, kDenials, {K::noun, K::up, K::down, K::verb, K::back, K::remove, K::off, K::out, K::mute, K::some, K::hear, K::understand, K::keepVerb, K::quality}});
    static const std::set<K> verb = together({kEverywhere, kDegrees, kDenials, {K::verb, K::noun, K::up, K::down, K::hard}});
    static const std::set<K> level = together({kEverywhere, kDegrees, kDenials, {K::up, K::down, K::verb, K::back, K::off, K::out, K::mute, K::unmute, K::remove, K::some, K::soloVerb, K::keepVerb, K::keepTail, K::hear, K::understand}});
    switch (by) {
        case ReadBy::mono: return mono;
        case ReadBy::side: return side;
        case ReadBy::quality: return quality;
        case ReadBy::noun: return noun;
        case ReadBy::verb: return verb;
        case ReadBy::level: break;
    }
    return level;
}

void accountForAll(Clause& clause, ReadBy by) {
    if (!clause.understood()) return;
    const std::set<K>& known = lookedAt(by);
    for (const NoteItem& item : clause.items) {
        if (known.contains(item.meaning.kind) ) continue;
        if (item.is(K::pan) && !clause.changes.empty() && clause.changes.front().attribute == Attribute::width) continue;  // "panned too wide"
        if (item.is(K::remove) && (by == ReadBy::quality || by == ReadBy::verb) && takesAwayAFault(clause)) continue;
        return refuse(clause, "I cannot tell what \"" + item.text + "\" has to do with it");
    }
}

}  // namespace tonewright
