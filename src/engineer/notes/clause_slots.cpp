#include "engineer/notes/clause_slots.h"

#include <algorithm>
#include <cctype>

#include "core/text.h"
#include "engineer/notes/places.h"

namespace tonewright {

namespace {

bool isTarget(const NoteItem& item) { return item.is(WordKind::target); }

// "not in the chorus", "except in the solo": the place at `i` is where it shall not be.
bool negatedPlace(const std::vector<NoteItem>& items, std::size_t i) {
    while (i-- > 0)
        if (!items[i].is(WordKind::filler) && !items[i].is(WordKind::prep) && !items[i].is(WordKind::first) && !items[i].is(WordKind::second) && !items[i].is(WordKind::third)) return items[i].is(WordKind::negation) || items[i].is(WordKind::except) || items[i].text == "don't";
    return false;
}

// "by 3 dB", "by about 3 dB"
bool numberFollows(const std::vector<NoteItem>& items, std::size_t i) {
    for (++i; i < items.size(); ++i)
        if (!items[i].is(WordKind::filler) && !items[i].is(WordKind::prep)) return items[i].is(WordKind::number);
    return false;
}

// "remove the guitars from the intro": in it.
bool takesOut(const std::vector<NoteItem>& items) {
    return std::ranges::any_of(items, [](const NoteItem& item) { return item.is(WordKind::remove) || item.is(WordKind::mute) || item.is(WordKind::out) || item.is(WordKind::off); });
}

// "from the second chorus on": more than the part at `i`.
bool beginsThere(const std::vector<NoteItem>& items, std::size_t i) {
    while (i-- > 0)
        if (!items[i].is(WordKind::filler) && !items[i].is(WordKind::first) && !items[i].is(WordKind::second) && !items[i].is(WordKind::third)) return items[i].text == "from";
    return false;
}

// "in the second chorus", not "the second chorus".
bool afterPrep(const std::vector<NoteItem>& items, std::size_t i) {
    while (i-- > 0)
        if (!items[i].is(WordKind::filler) && !items[i].is(WordKind::first) && !items[i].is(WordKind::second) && !items[i].is(WordKind::third)) return items[i].is(WordKind::prep) || items[i].is(WordKind::negation) || items[i].is(WordKind::except);
    return false;
}

// Whether the item at `i` stands directly in front of a target, fillers apart.
bool beforeTarget(const std::vector<NoteItem>& items, std::size_t i) {
    for (++i; i < items.size(); ++i)
        if (!items[i].is(WordKind::filler)) return isTarget(items[i]) || items[i].is(WordKind::section);
    return false;
}

std::string ordinal(const NoteItem& item) {
    if (item.is(WordKind::first)) return "1";
    if (item.is(WordKind::second)) return "2";
    return item.text == "last" || item.text == "final" ? "last" : "3";
}

}  // namespace

Slots walkClause(Clause& clause) {
    Slots s;
    std::vector<NoteItem>& items = clause.items;
    bool toExcept = false, toNobody = false;
    std::string which;
    bool targetSeen = false, actionSeen = false;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const NoteItem& item = items[i];
        const NoteMeaning& meaning = item.meaning;
        switch (meaning.kind) {
            case WordKind::target: {
                if (!targetSeen && !actionSeen) clause.targetFirst = true;
                targetSeen = true;
                std::string target = meaning.target;
                if (!which.empty()) target += ":" + which;
                which.clear();
                // "guitar 2"; "vox up 2" and "guitars 2 up" are decibels.
                if (i + 1 < items.size() && items[i + 1].is(WordKind::number) && items[i + 1].unit.empty() && !items[i + 1].hasSign && !item.text.ends_with("s") &&
                    !target.starts_with("track:") && items[i + 1].meaning.number >= 1.0 && items[i + 1].meaning.number <= 9.0 && std::isdigit(static_cast<unsigned char>(items[i + 1].text.front()))) {
                    target += ":" + fixed(items[i + 1].meaning.number, 0);
                    ++i;
                }
                if (toExcept)
                    clause.except.push_back(target);
                else if (!toNobody)
                    clause.targets.push_back(target);
                break;
            }
            case WordKind::section:
                // "in the verses but not in the choruses": the second says nothing new.
                if (negatedPlace(items, i) && !clause.where.empty() && which.empty() && clause.where.substr(0, clause.where.find(' ')) != meaning.target && !s.notThere) break;
                if (!clause.where.empty()) clause.why = "it names two places in the song";
                if (beginsThere(items, i) && !takesOut(items)) clause.why = "I know parts of the song, not what begins with one; give times";
                if (negatedPlace(items, i)) s.notThere = true;
                clause.placeIsObject = !afterPrep(items, i);
                clause.where = meaning.target + (which.empty() ? "" : " " + which);
                which.clear();
                if (i + 1 < items.size() && items[i + 1].is(WordKind::number) && items[i + 1].unit.empty() && !items[i + 1].hasSign) {
                    clause.where = meaning.target + " " + fixed(items[i + 1].meaning.number, 0);
                    ++i;
                }
                break;
            case WordKind::time:
                if (negatedPlace(items, i)) s.notThere = true;
                if (!clause.where.empty() && !(clause.where == "solo" && meaning.target.starts_with(kAtTime))) clause.why = "it names two places in the song";  // "the guitar solo at 2:15"
                clause.where = meaning.target.empty() ? item.text : meaning.target;
                break;
            case WordKind::soloVerb: {
                // "the guitar solo", "in the solo": a place; "solo the vocals": a wish.
                const bool place = i > 0 && (isTarget(items[i - 1]) || items[i - 1].is(WordKind::filler) || items[i - 1].is(WordKind::prep));
                if (place) {
                    clause.where = "solo";
                    items[i].meaning.kind = WordKind::section;
                } else
                    s.solo = true;
                break;
            }
            case WordKind::first: case WordKind::second: case WordKind::third:
                if (beforeTarget(items, i))
                    which = ordinal(item);
                else
                    clause.why = "I cannot tell which one \"" + item.text + "\" means";
                break;
            case WordKind::left: case WordKind::right:
                if (beforeTarget(items, i) && !s.pan && (item.text == "left" || item.text == "right")) {
                    which = item.text;
                    items[i].meaning.kind = WordKind::first;  // says which one, and no side
                } else
                    ++(meaning.kind == WordKind::left ? s.left : s.right);
                actionSeen = true;
                break;
            case WordKind::quality: s.qualities.push_back(&item); actionSeen = true; break;
            case WordKind::noun: s.nouns.push_back(&item); actionSeen = true; break;
            case WordKind::verb:
                s.verbs.push_back(&item);
                actionSeen = true;
                clause.hasVerb = true;
                if (meaning.covers && (targetSeen || clause.pronoun)) toNobody = true;
                break;
            case WordKind::amount:
                if (clause.hasAmount && clause.amount != meaning.amount) clause.why = "it names two different amounts";
                clause.hasAmount = true;
                clause.amount = meaning.amount;
                s.give |= item.text.ends_with(" of");  // "a bit of sparkle"
                break;
            case WordKind::number:
                if (s.number) clause.why = "it has two numbers";
                s.number = &item;
                break;
            case WordKind::unit: clause.why = "\"" + item.text + "\" stands without its number"; break;
            case WordKind::except: toExcept = true; break;
            case WordKind::than: s.than = toNobody = true; break;
            case WordKind::above: case WordKind::below:
                if (!targetSeen && !clause.pronoun) clause.why = "I cannot tell what \"" + item.text + "\" means here";
                (meaning.kind == WordKind::above ? s.above : s.below) = toNobody = true;
                break;
            case WordKind::sometimes: s.sometimes = true; break;
            case WordKind::by:
                if (!s.qualities.empty() || !s.verbs.empty()) toNobody = true;
                else if (numberFollows(items, i)) break;
                else clause.why = "I cannot tell what \"" + item.text + "\" means here";
                break;
            case WordKind::back:
                s.back = actionSeen = true;
                for (std::size_t k = i; k-- > 0 && s.moverBack.empty();)
                    if (items[k].is(WordKind::wish) || items[k].is(WordKind::need)) s.moverBack = items[k].text;
                break;
            case WordKind::wish:
                s.push |= item.text == "push";
                // Behind what it is about, without "should": "the guitars turn harsh".
                if ((item.text == "get" || item.text == "turn" || item.text == "go" || item.text == "come" || item.text == "comes" || item.text == "makes" || item.text == "sit") && targetSeen && !s.wish && !s.need && !s.give) {  // "the vocals get louder": how it is
                    s.be = clause.hasVerb = true;
                    break;
                }
                s.conditional |= item.text.ends_with(" if");
                s.wish = actionSeen = clause.hasVerb = true; break;
            case WordKind::need: s.need = actionSeen = clause.hasVerb = true; break;
            case WordKind::give: s.give = actionSeen = clause.hasVerb = true; break;
            case WordKind::remove:
                (item.text == "fix" || item.text == "stop" || item.text == "clean up" || item.text == "clear up" || item.text == "clean out" ? s.mend : s.remove) = true;
                actionSeen = clause.hasVerb = true;
                break;
            case WordKind::mute: s.mute = actionSeen = clause.hasVerb = true; break;
            case WordKind::unmute: s.unmute = actionSeen = clause.hasVerb = true; break;
            case WordKind::keepVerb: s.keepVerb = actionSeen = clause.hasVerb = true; break;
            case WordKind::pan: s.pan = actionSeen = clause.hasVerb = true; break;
            case WordKind::dont: s.dont = actionSeen = true; break;
            case WordKind::no: s.no = actionSeen = true; break;
            case WordKind::cannot: s.cannot = actionSeen = true; break;
            case WordKind::hear: s.hear = actionSeen = clause.hasVerb = true; break;
            case WordKind::understand: s.understand = actionSeen = clause.hasVerb = true; break;
            case WordKind::be: s.be = true; clause.hasVerb = true; break;
            case WordKind::there: s.there = s.be = actionSeen = clause.hasVerb = true; break;
            case WordKind::up: s.up = actionSeen = true; break;
            case WordKind::down: s.down = actionSeen = true; break;
            case WordKind::off: s.off = actionSeen = true; break;
            case WordKind::out: s.out = actionSeen = true; break;
            case WordKind::more: s.more = actionSeen = true; break;
            case WordKind::less: s.less = actionSeen = true; break;
            case WordKind::tooMuch: s.tooMuch = actionSeen = true; break;
            case WordKind::too: s.too = true; break;
            case WordKind::tooLittle: s.tooLittle = actionSeen = true; break;
            case WordKind::enough: s.enough = true; break;
            case WordKind::so: if (item.text == "so" || s.negated()) s.so = true; break;
            case WordKind::soMuch: s.soMuch = true; break;
            case WordKind::negation:
                s.negation = true;
                s.be |= item.text == "isn't" || item.text == "aren't" || item.text == "ain't" || item.text == "isnt" || item.text == "arent";
                break;
            case WordKind::some: s.some = true; break;
            case WordKind::centre: ++s.centre; actionSeen = true; break;
            case WordKind::mono: s.mono = actionSeen = true; break;
            case WordKind::hard: s.hard = true; break;
            case WordKind::past: s.past = true; break;
            case WordKind::shouldBe: s.shouldBe = true; break;
            case WordKind::why: s.why = true; break;
            case WordKind::keepTail: s.keepTail = true; break;
            case WordKind::anything: clause.targets.push_back("mix"); break;
            case WordKind::praise: clause.praise = true; break;
            case WordKind::pronoun: clause.pronoun = true; break;
            case WordKind::stop: s.question |= item.text == "?"; break;
            case WordKind::unknown: clause.why = "I do not know \"" + item.text + "\""; break;
            case WordKind::hedge: clause.why = "I cannot tell who wants what"; break;
            default: break;
        }
    }
    if (!which.empty()) clause.why = "I cannot tell which one is meant";
    if (s.notThere) {
        clause.where = "not " + clause.where;
        s.negation = s.dont = false;
        if (std::ranges::count_if(items, [](const NoteItem& item) { return item.is(WordKind::negation) || item.is(WordKind::dont) || item.is(WordKind::no) || item.is(WordKind::cannot); }) > 1)
            clause.why = "I cannot tell what is not wanted, and where";
    }
    if (s.conditional) s.past = s.be = false;  // "it would be nice if the vocals were louder"
    return s;
}

}  // namespace tonewright
