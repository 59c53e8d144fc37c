#include "engineer/notes/clause_items.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace tonewright {

namespace {

using Items = std::vector<NoteItem>;

bool isTarget(const NoteItem& item) { return item.is(WordKind::target); }
bool isNamed(const NoteItem& item) { return isTarget(item) || item.is(WordKind::pronoun); }

bool any(const Items& items, std::initializer_list<WordKind> kinds) {
    return std::ranges::any_of(items, [&](const NoteItem& item) { return std::ranges::find(kinds, item.meaning.kind) != kinds.end(); });
}

// The first item from `i` on that is no filler; the number of items if there is none.
std::size_t significant(const Items& items, std::size_t i) {
    while (i < items.size() && items[i].is(WordKind::filler)) ++i;
    return i;
}

void erase(Items& items, std::size_t i) { items.erase(items.begin() + static_cast<std::ptrdiff_t>(i)); }

bool quantityBefore(const Items& items, std::size_t i) {
    while (i-- > 0)
        if (!items[i].is(WordKind::filler) && !items[i].is(WordKind::amount))
            return items[i].is(WordKind::more) || items[i].is(WordKind::less) || items[i].is(WordKind::tooMuch) || items[i].is(WordKind::enough) || items[i].is(WordKind::soMuch) ||
                   items[i].is(WordKind::some) || items[i].is(WordKind::tooLittle) || items[i].is(WordKind::give) || items[i].text == "cut" || items[i].text == "reduce";
    return false;
}

// "more bass on the kick" is about the low end of the kick, not about the bass; "more bass than guitar" is.
void readBassAsLowEnd(Items& items) {
    int others = 0;
    for (const NoteItem& item : items) {
        if (item.is(WordKind::than) || item.is(WordKind::above) || item.is(WordKind::below)) break;
        others += isTarget(item) && item.meaning.target != "bass" && item.text != "sub";
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
        const bool isRolledOff = i > 0 && items[i].text == "sub" && std::any_of(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(i), [](const NoteItem& item) { return item.text.starts_with("roll off") || item.text.starts_with("filter") || item.text.starts_with("high pass"); });
        if (!isTarget(items[i]) || (items[i].text != "bass" && items[i].text != "sub") || others == 0 || !(quantityBefore(items, i) || isRolledOff)) continue;
        items[i].meaning = {.kind = WordKind::noun, .target = {}, .attribute = Attribute::lowEnd, .hasAttribute = true};
    }
}

// "warm the bass up", "thin them out": the two halves of a verb around what it is done to.
void joinVerbs(Items& items) {
    static const std::set<std::string_view> kParticles = {"up", "down", "out", "off", "back", "through"};
    for (std::size_t i = 0; i < items.size(); ++i) {
        bool named = false;
        for (std::size_t k = i + 1; k < items.size(); ++k) {
            if (named && kParticles.contains(items[k].text)) {
                const std::vector<NoteMeaning>* meanings = NoteWords::get().find(items[i].text + " " + items[k].text);
                const auto verb = meanings ? std::ranges::find_if(*meanings, [](const NoteMeaning& meaning) { return meaning.kind == WordKind::verb && meaning.hasAttribute; }) : std::vector<NoteMeaning>::const_iterator{};
                const bool isVerb = meanings && verb != meanings->end();
                const bool removes = meanings && meanings->front().kind == WordKind::remove;  // "drop the drums out"
                if (!removes && !isVerb) break;
                items[i].meaning = isVerb ? *verb : meanings->front();
                items[i].text += " " + items[k].text;
                erase(items, k);
                break;
            }
            named |= isNamed(items[k]);
            if (!isNamed(items[k]) && !items[k].is(WordKind::filler)) break;
        }
    }
}

// "shouldn't the guitars be wider": a wish.
void readNegativeQuestion(Items& items) {
    const std::size_t first = significant(items, 0);
    if (first == items.size() || any(items, {WordKind::hear, WordKind::understand, WordKind::too})) return;
    const bool asks = items[first].text == "shouldn't" || items[first].text == "should not" || items[first].text == "couldn't" || items[first].text == "can't";
    const std::size_t next = significant(items, first + 1);
    if (asks && next < items.size() && isNamed(items[next])) {
        items[first].meaning = {.kind = WordKind::wish, .target = {}};
        items[first].text = "should";
    }
}

// "the bass is to loud".
void readToAsToo(Items& items) {
    for (std::size_t i = 0; i + 1 < items.size(); ++i) {
        if (items[i].text == "from" || items[i].is(WordKind::wish) || items[i].is(WordKind::need) || items[i].is(WordKind::verb) || items[i].is(WordKind::pan) || items[i].is(WordKind::quality)) return;
        const NoteItem& next = items[i + 1];
        if (items[i].text != "to" || !next.is(WordKind::quality) || next.meaning.comparative) continue;
        items[i].meaning.kind = WordKind::too;
        items[i].text = "too";
    }
}

// "I want that the bass is deeper", "it should be louder"; elsewhere they are what something is measured by: "louder than I want".
void readWishAtTheStart(Clause& clause) {
    const std::size_t first = significant(clause.items, 0);
    if (first == clause.items.size() || !clause.items[first].is(WordKind::shouldBe)) return;
    NoteItem& item = clause.items[first];
    const bool own = item.text.starts_with("i ") || item.text.starts_with("i'");
    item.meaning.kind = own ? WordKind::need : WordKind::wish;
    if (!own) clause.pronoun = true;
}

// "it isn't that the bass is loud"; "snare top down", where the microphone may be meant.
void refuseWhatHasTwoSenses(Clause& clause) {
    const Items& items = clause.items;
    for (std::size_t i = 0; i + 1 < items.size(); ++i) {
        if (items[i].is(WordKind::negation) && items[i + 1].text == "that" && !(i + 2 < items.size() && items[i + 2].is(WordKind::quality))) clause.why = "it says what is not so";
        const std::string& target = items[i].meaning.target;
        const bool miked = isTarget(items[i]) && (target.starts_with("drums/snare") || target.starts_with("drums/tom") || target.starts_with("drums/kick"));
        if (miked && items[i + 1].is(WordKind::noun) && (items[i + 1].text == "top" || items[i + 1].text == "bottom"))
            clause.why = "\"" + items[i + 1].text + "\" can be a microphone or a part of the sound; use the track's name in quotes";
    }
}

// "hidden behind the guitars": what covers it.
void readBehindAsBy(Items& items) {
    for (std::size_t i = 1; i < items.size(); ++i)
        if (items[i].text == "behind" && items[i - 1].is(WordKind::quality) && items[i - 1].meaning.value == QualityValue::bad) items[i].meaning = {.kind = WordKind::by, .target = {}};
}

// "guitar left louder", "gtr L": which one; "guitar left": to which side. A single letter is a side only there.
void readSidesOfTargets(Clause& clause) {
    Items& items = clause.items;
    // "more reverb on the left guitar": which one, where "on the left" stands in front of it.
    for (std::size_t i = 0; i + 1 < items.size(); ++i)
        if ((items[i].is(WordKind::left) || items[i].is(WordKind::right)) && (items[i].text.starts_with("on the ") || items[i].text.starts_with("to the ")) && !items[i].text.ends_with("side") && isTarget(items[i + 1]) && !any(items, {WordKind::pan}))
            items[i].text = items[i].is(WordKind::left) ? "left" : "right";
    const bool placing = any(items, {WordKind::pan, WordKind::wish, WordKind::need, WordKind::hard});
    const bool acting = any(items, {WordKind::quality, WordKind::verb, WordKind::up, WordKind::down, WordKind::tooMuch, WordKind::too, WordKind::noun, WordKind::mute});
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (!items[i].is(WordKind::left) && !items[i].is(WordKind::right)) continue;
        const bool letter = items[i].text.size() == 1, behindTarget = i > 0 && isTarget(items[i - 1]);
        if (letter && !behindTarget && !(i > 0 && (items[i - 1].is(WordKind::pan) || items[i - 1].is(WordKind::hard) || items[i - 1].text == "to"))) {
            items[i].meaning.kind = WordKind::unknown;
            continue;
        }
        const bool there = (items[i].text == "on the left" || items[i].text == "on the right") && acting && !placing;  // "turn up the guitar on the left"
        if (!behindTarget || (items[i].text != "left" && items[i].text != "right" && !letter && !there)) continue;
        if (!placing && !acting && any(items, {WordKind::more, WordKind::less})) clause.why = "I cannot tell whether \"" + items[i].text + "\" is a place or says which one";
        if (placing || (!acting && !letter) || items[i - 1].meaning.target.find(':') != std::string::npos) continue;
        items[i - 1].meaning.target += items[i].is(WordKind::left) ? ":left" : ":right";
        items[i - 1].text += " " + items[i].text;
        erase(items, i--);
    }
}

// "ride the vocal up": what is done, no cymbal.
void readRideAsVerb(Items& items) {
    const std::size_t first = significant(items, 0);
    if (first == items.size() || items[first].text != "ride") return;
    const std::size_t next = significant(items, first + 1);
    if (next < items.size() && isNamed(items[next]) && any(items, {WordKind::up, WordKind::down})) items[first].meaning = {.kind = WordKind::wish, .target = {}};
}

// "clean that up", "keep that": what was spoken of.
void readThatAsPronoun(Items& items) {
    for (std::size_t i = 1; i < items.size(); ++i) {
        if (items[i].text != "that") continue;
        const bool behindVerb = items[i - 1].is(WordKind::verb) || items[i - 1].is(WordKind::wish) || items[i - 1].is(WordKind::remove) || items[i - 1].is(WordKind::keepVerb) || items[i - 1].is(WordKind::mute) || items[i - 1].text == "clean";
        const bool alone = i + 1 == items.size() || items[i + 1].is(WordKind::up) || items[i + 1].is(WordKind::down) || items[i + 1].is(WordKind::out) || items[i + 1].is(WordKind::back) || items[i + 1].is(WordKind::stop) || items[i + 1].is(WordKind::prep);
        if (behindVerb && alone) items[i].meaning = {.kind = WordKind::pronoun, .target = {}};
    }
}

// "turn me up", "put me right up front": who sings.
void readMeAsTheSinger(Items& items) {
    static const std::set<std::string_view> kDone = {"turn", "bring", "push", "pull", "put", "make"};
    for (std::size_t i = 1; i + 1 < items.size(); ++i) {
        if (items[i].text != "me" || !kDone.contains(items[i - 1].text)) continue;
        const NoteItem& next = items[i + 1];
        if (next.is(WordKind::up) || next.is(WordKind::down) || next.is(WordKind::quality) || next.is(WordKind::amount) || next.is(WordKind::back) || next.is(WordKind::more)) items[i].meaning = {.kind = WordKind::target, .target = "vocals/lead"};
    }
}

// "bigger than the others": which they are says nothing more.
void dropTheOthers(Items& items) {
    for (std::size_t i = 0; i + 1 < items.size(); ++i) {
        if (!items[i].is(WordKind::than)) continue;
        const std::size_t next = significant(items, i + 1);
        if (next < items.size() && (items[next].text == "other" || items[next].text == "others" || items[next].text == "rest")) items[next].meaning = {.kind = WordKind::filler, .target = {}};
    }
}

// "de-ess the backing vocals too": as well.
void readTooAsAlso(Items& items) {
    for (std::size_t i = 1; i < items.size(); ++i) {
        if (!items[i].is(WordKind::too) || items[i].text != "too") continue;
        const std::size_t next = significant(items, i + 1);
        if (next == items.size() || items[next].is(WordKind::stop)) items[i].meaning = {.kind = WordKind::filler, .target = {}};
    }
}

// "(nearly) as loud as the vocal", as a wish: louder, up to there. As a statement or a denial it stays what it is.
void readAsLoudAs(Items& items) {
    if (any(items, {WordKind::negation, WordKind::dont, WordKind::no, WordKind::cannot, WordKind::too, WordKind::past})) return;
    if (any(items, {WordKind::be}) && !any(items, {WordKind::wish, WordKind::need})) return;
    for (std::size_t i = 0; i + 3 < items.size(); ++i) {
        if (items[i].text != "as" || !items[i + 1].is(WordKind::quality) || items[i + 2].text != "as") continue;
        const std::size_t next = significant(items, i + 3);
        if (next == items.size() || !isTarget(items[next]) || items[i + 1].meaning.comparative) continue;
        items[i].meaning = {.kind = WordKind::filler, .target = {}};
        items[i + 1].meaning.comparative = true;
        items[i + 2].meaning = {.kind = WordKind::than, .target = {}};
        if (i > 0 && items[i - 1].is(WordKind::unknown) && (items[i - 1].text == "nearly" || items[i - 1].text == "almost")) items[i - 1].meaning = {.kind = WordKind::filler, .target = {}};
    }
}

// "the piano should sit behind the acoustic": further back than it.
void readBehindAsFurtherBack(Items& items) {
    if (!items.empty() && std::ranges::any_of(items, [](const NoteItem& item) { return item.text == "tuck" || item.text == "tuck in"; }))  // "tuck the keys behind the vocal"
        for (NoteItem& item : items)
            if (item.text == "behind") item.meaning = {.kind = WordKind::below, .target = {}};
    if (any(items, {WordKind::be}) || !any(items, {WordKind::wish, WordKind::need})) return;
    for (std::size_t i = 1; i + 1 < items.size(); ++i) {
        const std::size_t next = significant(items, i + 1);
        if (items[i].text != "behind" || next == items.size() || !isTarget(items[next]) || std::none_of(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(i), isNamed)) continue;
        items[i].meaning = {.kind = WordKind::quality, .target = {}, .attribute = Attribute::distance, .hasAttribute = true, .sign = -1, .value = QualityValue::neutral, .comparative = true};
        NoteItem than;
        than.meaning = {.kind = WordKind::than, .target = {}};
        items.insert(items.begin() + static_cast<std::ptrdiff_t>(i) + 1, than);
        return;
    }
}

// "some warmth over the whole mix": on it.
void readOverTheMix(Items& items) {
    for (std::size_t i = 0; i + 1 < items.size(); ++i) {
        const std::size_t next = significant(items, i + 1);
        if (items[i].text == "over" && next < items.size() && isTarget(items[next]) && items[next].meaning.target == "mix" && items[next].text != "everything") items[i].meaning = {.kind = WordKind::prep, .target = {}};
    }
}

}  // namespace

void settleItems(Clause& clause) {
    readRideAsVerb(clause.items);
    readThatAsPronoun(clause.items);
    joinVerbs(clause.items);
    readMeAsTheSinger(clause.items);
    dropTheOthers(clause.items);
    readNegativeQuestion(clause.items);
    refuseWhatHasTwoSenses(clause);
    readToAsToo(clause.items);
    readTooAsAlso(clause.items);
    readWishAtTheStart(clause);
    readAsLoudAs(clause.items);
    readBehindAsFurtherBack(clause.items);
    readOverTheMix(clause.items);
    readBehindAsBy(clause.items);
    readSidesOfTargets(clause);
    readBassAsLowEnd(clause.items);
}

}  // namespace tonewright
