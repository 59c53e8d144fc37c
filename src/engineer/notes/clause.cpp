#include "engineer/notes/clause.h"

#include <algorithm>
#include <cmath>

#include "core/text.h"

namespace tonewright {

namespace {

// The clause in numbers: which words of each kind it has. Built in one walk.
struct Slots {
    std::vector<const NoteItem*> qualities, nouns, verbs;
    bool up = false, down = false, back = false, off = false, out = false, more = false, less = false, tooMuch = false, too = false, tooLittle = false;
    bool enough = false, so = false, soMuch = false, negation = false, dont = false, no = false, cannot = false, hear = false, understand = false;
    bool wish = false, need = false, give = false, some = false, remove = false, mute = false, unmute = false, solo = false, keepVerb = false, keepTail = false;
    bool pan = false, mono = false, hard = false, be = false, there = false, past = false, than = false, by = false, shouldBe = false, why = false, question = false;
    int left = 0, right = 0, centre = 0;
    bool mend = false, conditional = false;                 // "fix", "clean up": only for what nobody wants
    std::string moverBack;             // the verb that "back" goes with
    const NoteItem* number = nullptr;
    bool negated() const { return negation || dont || no || cannot; }
};

bool isTarget(const NoteItem& item) { return item.is(WordKind::target); }

// Whether the item at `i` stands directly in front of a target, fillers apart.
bool beforeTarget(const std::vector<NoteItem>& items, std::size_t i) {
    for (++i; i < items.size(); ++i)
        if (!items[i].is(WordKind::filler)) return isTarget(items[i]) || items[i].is(WordKind::section);
    return false;
}

bool quantityBefore(const std::vector<NoteItem>& items, std::size_t i) {
    while (i-- > 0)
        if (!items[i].is(WordKind::filler) && !items[i].is(WordKind::amount))
            return items[i].is(WordKind::more) || items[i].is(WordKind::less) || items[i].is(WordKind::tooMuch) || items[i].is(WordKind::enough) || items[i].is(WordKind::soMuch) ||
                   items[i].is(WordKind::some) || items[i].is(WordKind::tooLittle) || items[i].is(WordKind::give) || items[i].text == "cut" || items[i].text == "reduce";
    return false;
}

// "more bass on the kick" is about the low end of the kick, not about the bass.
void readBassAsLowEnd(std::vector<NoteItem>& items) {
    int others = 0;
    for (const NoteItem& item : items) others += isTarget(item) && item.meaning.target != "bass";
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (!isTarget(items[i]) || items[i].text != "bass" || others == 0 || !quantityBefore(items, i)) continue;
        items[i].meaning = {.kind = WordKind::noun, .target = {}, .attribute = Attribute::lowEnd, .hasAttribute = true};
    }
}

std::string ordinal(const NoteItem& item) {
    if (item.is(WordKind::first)) return "1";
    if (item.is(WordKind::second)) return "2";
    return item.text == "last" || item.text == "final" ? "last" : "3";
}

Slots walk(Clause& clause) {
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
                if (!clause.where.empty()) clause.why = "it names two places in the song";
                clause.where = meaning.target + (which.empty() ? "" : " " + which);
                which.clear();
                if (i + 1 < items.size() && items[i + 1].is(WordKind::number) && items[i + 1].unit.empty() && !items[i + 1].hasSign) {
                    clause.where = meaning.target + " " + fixed(items[i + 1].meaning.number, 0);
                    ++i;
                }
                break;
            case WordKind::time:
                if (!clause.where.empty()) clause.why = "it names two places in the song";
                clause.where = item.text;
                break;
            case WordKind::soloVerb: {
                // "the guitar solo", "in the solo": a place; "solo the vocals": a wish.
                const bool place = i > 0 && (isTarget(items[i - 1]) || items[i - 1].is(WordKind::filler) || items[i - 1].is(WordKind::prep));
                if (place)
                    clause.where = "solo";
                else
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
                if (beforeTarget(items, i) && !s.pan && (item.text == "left" || item.text == "right"))
                    which = item.text;
                else
                    ++(meaning.kind == WordKind::left ? s.left : s.right);
                actionSeen = true;
                break;
            case WordKind::quality: s.qualities.push_back(&item); actionSeen = true; break;
            case WordKind::noun: s.nouns.push_back(&item); actionSeen = true; break;
            case WordKind::verb:
                s.verbs.push_back(&item);
                actionSeen = true;
                clause.hasVerb = true;
                if (meaning.covers && targetSeen) toNobody = true;
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
            case WordKind::by:
                if (!s.qualities.empty() || !s.verbs.empty()) toNobody = true;
                else if (i + 1 < items.size() && items[i + 1].is(WordKind::number)) break;
                else clause.why = "I cannot tell what \"" + item.text + "\" means here";
                break;
            case WordKind::back:
                s.back = actionSeen = true;
                for (std::size_t k = i; k-- > 0 && s.moverBack.empty();)
                    if (items[k].is(WordKind::wish) || items[k].is(WordKind::need)) s.moverBack = items[k].text;
                break;
            case WordKind::wish:
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
            case WordKind::negation: s.negation = true; break;
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
    if (s.conditional) s.past = s.be = false;  // "it would be nice if the vocals were louder"
    return s;
}

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

Direction inSign(int sign) { return sign > 0 ? Direction::up : Direction::down; }

// The sign of the words around a quality or noun that point up or down; 0: none or against each other (then `clash`).
int pointing(const Slots& s, bool& clash) {
    int ups = 0, downs = 0;
    (s.up ? ups : downs) += s.up || s.down;
    if (s.up && s.down) clash = true;
    for (const NoteItem* verb : s.verbs)
        if (!verb->meaning.hasAttribute) (verb->meaning.sign > 0 ? ups : downs) += 1;
    if (s.back && (s.moverBack == "pull" || s.moverBack == "dial" || s.moverBack == "turn" || s.moverBack == "take" || s.moverBack == "ride")) ++downs;
    if (ups && downs) clash = true;
    return clash ? 0 : ups ? 1 : downs ? -1 : 0;
}

bool canBeOff(Attribute attribute) {
    return attribute == Attribute::reverb || attribute == Attribute::delay || attribute == Attribute::compression || attribute == Attribute::saturation;
}

void refuse(Clause& clause, const std::string& why) {
    if (clause.why.empty()) clause.why = why;
}

void add(Clause& clause, Attribute attribute, Direction direction) { clause.changes.push_back({attribute, direction}); }

void readQuality(Clause& clause, const Slots& s, const NoteMeaning& quality, const std::string& word) {
    const Attribute attribute = !s.nouns.empty() ? s.nouns.front()->meaning.attribute : quality.attribute;
    const bool stated = s.be || s.why || s.so;
    const auto wanted = [&](int sign) { add(clause, attribute, inSign(sign)); };
    bool clash = false;
    const int points = pointing(s, clash);
    if (clash) return refuse(clause, "it points up and down at once");
    if (points != 0) return refuse(clause, "I cannot tell how \"" + word + "\" goes with up or down");
    if (s.past && !(s.too && !s.negated())) return refuse(clause, "it tells how things were, not how they should be");
    if (s.too || s.tooMuch) {
        if (s.negated()) return refuse(clause, "I cannot tell whether it is right as it is or should change");
        if (quality.comparative) return refuse(clause, "\"too " + word + "\" points nowhere");
        return wanted(-quality.sign);
    }
    if (s.tooLittle) return refuse(clause, "I cannot tell which way");
    if (s.enough || s.shouldBe) {
        if (!s.negated()) return refuse(clause, "it says that it is right as it is");
        return wanted(quality.sign);
    }
    if (s.less) {
        if (quality.comparative || s.negated()) return refuse(clause, "\"less " + word + "\" points both ways");
        return wanted(-quality.sign);
    }
    if (s.than && s.be && !s.wish && !s.need) return refuse(clause, "it compares two things; say what should change");
    if (s.dont && (s.so || s.soMuch) && !quality.comparative) return wanted(-quality.sign);
    if (s.dont || (s.negation && (quality.comparative || s.more || s.keepVerb))) {
        clause.prohibits = true;
        return add(clause, attribute, Direction::keep);
    }
    if (s.more || quality.comparative) {
        if (s.negated()) return refuse(clause, "I cannot tell which way");
        if (stated && !s.wish && !s.need && !s.so) return refuse(clause, "it says how it is, not how it should be");
        if (s.so && !s.wish && !s.need) return refuse(clause, "I cannot tell which way");
        return wanted(quality.sign);
    }
    if ((s.negation || s.no || s.cannot) && (s.so || s.soMuch)) return wanted(-quality.sign);
    if (s.negated()) {
        if (quality.value == QualityValue::good) return wanted(quality.sign);
        if (quality.value == QualityValue::bad && !s.be) return wanted(-quality.sign);
        return refuse(clause, "I cannot tell whether it should change");
    }
    if (s.wish || s.need || s.keepVerb) {
        if (s.keepVerb) return refuse(clause, "I cannot tell whether it should change");
        return wanted(quality.sign);
    }
    if (quality.value == QualityValue::bad) return wanted(-quality.sign);
    if (s.why || (s.so && quality.value == QualityValue::neutral)) return wanted(-quality.sign);
    if (stated) {
        if (quality.value == QualityValue::neutral && clause.hasAmount && clause.amount == AmountKind::little) return wanted(-quality.sign);
        return refuse(clause, "it says how it is; I cannot tell whether it should change");
    }
    if (quality.value == QualityValue::good) return wanted(quality.sign);
    refuse(clause, "\"" + word + "\" can be a wish or a complaint; say more, less or too");
}

void readNoun(Clause& clause, const Slots& s, const NoteItem& item) {
    const NoteMeaning& noun = item.meaning;
    const Attribute attribute = noun.attribute;
    const auto wanted = [&](int sign) { add(clause, attribute, inSign(noun.inverse ? -sign : sign)); };
    const auto gone = [&] {
        if (noun.inverse) return refuse(clause, "I cannot tell which way");
        add(clause, attribute, canBeOff(attribute) ? Direction::off : Direction::down);
    };
    bool clash = false;
    const int points = pointing(s, clash);
    if (clash) return refuse(clause, "it points up and down at once");
    if (s.past && !s.tooMuch) return refuse(clause, "it tells how things were, not how they should be");
    if (s.too && !s.tooMuch) return refuse(clause, "I cannot tell which way");
    if (s.tooMuch) return s.negated() ? refuse(clause, "I cannot tell whether it should change") : wanted(-1);
    if (s.tooLittle) return s.negated() ? refuse(clause, "I cannot tell whether it should change") : wanted(1);
    if (s.enough) return s.negated() ? wanted(1) : refuse(clause, "it says that it is right as it is");
    if (s.soMuch) return s.negated() || s.why ? wanted(-1) : refuse(clause, "I cannot tell which way");
    if (s.dont || (s.negation && (s.more || points > 0))) {
        if (s.hear) return wanted(noun.bad ? -1 : 1);
        if (noun.bad && !s.more && !s.give && points == 0) return wanted(-1);
        if (!s.more && !s.give && points == 0 && !s.less && s.dont && !s.wish && canBeOff(attribute)) return gone();
        clause.prohibits = true;
        return add(clause, attribute, Direction::keep);
    }
    if (s.no) {
        if (s.more || s.less || points != 0) return refuse(clause, "I cannot tell whether it should go or stay as it is");
        if (noun.bad) return wanted(-1);
        if (s.be) return canBeOff(attribute) ? refuse(clause, "I cannot tell whether you miss it") : wanted(1);
        return canBeOff(attribute) ? gone() : refuse(clause, "I cannot tell whether you miss it or want less");
    }
    if (s.cannot) return s.hear || s.understand ? wanted(1) : refuse(clause, "I cannot tell which way");
    if (s.negation) return refuse(clause, "I cannot tell which way");
    if (s.more && s.less) return refuse(clause, "it points up and down at once");
    if (s.less) return points > 0 ? refuse(clause, "it points up and down at once") : wanted(-1);
    if (points != 0) return wanted(points);
    if (s.remove && s.some) return wanted(-1);
    if (s.off && s.some) return wanted(-1);
    if (s.remove || s.off || s.mute) return noun.bad || !canBeOff(attribute) ? wanted(-1) : gone();
    if (s.out && (noun.bad || s.some)) return wanted(-1);
    if (s.out) return canBeOff(attribute) ? gone() : refuse(clause, "I cannot tell how much of it should go");
    if (s.more) return s.be && !s.there && !s.wish && !s.need && !s.give ? refuse(clause, "it says how it is, not how it should be") : wanted(1);
    if (s.there && noun.bad) return wanted(-1);
    if (s.there) return refuse(clause, "it says how it is; say more or less");
    if ((s.give || s.need) && !noun.bad) return s.be && !s.need ? refuse(clause, "it says how it is; say more or less") : wanted(1);
    if (noun.bad) return s.give || s.need || s.wish ? refuse(clause, "I cannot tell whether you want more of it or less") : wanted(-1);
    if (s.number && s.number->hasSign) return wanted(s.number->meaning.number < 0.0 ? -1 : 1);
    if (s.keepVerb) {
        clause.prohibits = true;
        return add(clause, attribute, Direction::keep);
    }
    clause.openNoun = attribute;
}

void readVerb(Clause& clause, const Slots& s, const NoteItem& item) {
    const NoteMeaning& verb = item.meaning;
    if (s.past && !verb.complaint) return refuse(clause, "it tells how things were, not how they should be");
    bool clash = false;
    const int points = pointing(s, clash);
    if (clash || (points != 0 && points != verb.sign)) return refuse(clause, "it points up and down at once");
    if (s.tooMuch || s.too || s.enough || s.tooLittle) {
        if (s.tooMuch && !s.negated()) return add(clause, verb.attribute, inSign(-verb.sign));
        if (s.enough && s.negated()) return add(clause, verb.attribute, inSign(verb.sign));
        return refuse(clause, "I cannot tell which way");
    }
    if (verb.complaint) {
        if (s.negated()) return refuse(clause, "I cannot tell whether it should change");
        if (s.wish || s.need || s.less) {
            // "let the vocals sit on top": a wish; "stop the kick from booming": still a complaint.
            if (s.less) return add(clause, verb.attribute, inSign(-verb.sign));
            if (s.be) return add(clause, verb.attribute, inSign(-verb.sign));
            return refuse(clause, "I cannot tell whether \"" + item.text + "\" is a wish or a complaint");
        }
        return add(clause, verb.attribute, inSign(-verb.sign));
    }
    if (s.less) return add(clause, verb.attribute, inSign(-verb.sign));
    if (s.soMuch && s.negated()) return add(clause, verb.attribute, inSign(-verb.sign));
    if (s.dont && clause.targetFirst && (verb.attribute == Attribute::presence || verb.attribute == Attribute::punch)) return add(clause, verb.attribute, inSign(verb.sign));
    if (s.dont || s.no || s.negation) {
        clause.prohibits = true;
        return add(clause, verb.attribute, Direction::keep);
    }
    if (s.cannot) return refuse(clause, "I cannot tell which way");
    add(clause, verb.attribute, inSign(verb.sign));
}

// A side: "pan the keys left".
void readSide(Clause& clause, const Slots& s) {
    if (s.negated() || s.too || s.past) return refuse(clause, "I cannot tell to which side");
    if ((s.left > 0) + (s.right > 0) + (s.centre > 0) > 1) return refuse(clause, "it names several sides");
    if (s.be && !s.wish && !s.pan && !s.need) return refuse(clause, "it says where it is; say where it should go");
    if (s.hard) {
        clause.hasAmount = true;
        clause.amount = AmountKind::lot;
    }
    if (s.less) return refuse(clause, "I cannot tell to which side");
    add(clause, Attribute::pan, s.left ? Direction::left : s.right ? Direction::right : Direction::centre);
}

// Nothing but a target and words that point: its level.
void readLevel(Clause& clause, const Slots& s) {
    bool clash = false;
    int points = pointing(s, clash);
    if (clash) return refuse(clause, "it points up and down at once");
    const bool named = !clause.targets.empty() || clause.pronoun;
    if (s.unmute) return refuse(clause, "I cannot bring back what the rules left out; change its role with --roles");
    if (s.mute || (s.remove && !s.some) || ((s.out || s.off) && s.wish && points == 0)) {
        if (s.negated()) return clause.prohibits = true, add(clause, Attribute::mute, Direction::keep);
        return named ? add(clause, Attribute::mute, Direction::on) : refuse(clause, "it does not say what");
    }
    if (s.solo) return named && !s.negated() ? add(clause, Attribute::solo, Direction::on) : refuse(clause, "it does not say what");
    if (s.keepVerb || (s.keepTail && (s.wish || s.need))) return named ? add(clause, Attribute::keep, Direction::on) : refuse(clause, "it does not say what");
    if (s.past && !s.tooMuch) return refuse(clause, "it tells how things were, not how they should be");
    if (s.back && points == 0) {
        if (s.moverBack == "bring") return refuse(clause, "\"bring back\" can mean nearer, louder or playing again");
        if (s.negated()) return refuse(clause, "I cannot tell which way");
        return add(clause, Attribute::distance, s.too ? Direction::up : Direction::down);
    }
    if (!named) {
        clause.pointsOnly = points != 0;
        if (s.more != s.less && points == 0 && !s.negated()) {
            clause.openMore = s.more;
            clause.openLess = s.less;
            return;
        }
        return;
    }
    const auto level = [&](int sign) { add(clause, Attribute::level, inSign(sign)); };
    if (s.understand) return s.cannot ? add(clause, Attribute::clarity, Direction::up) : refuse(clause, "I cannot tell which way");
    if (s.tooMuch) return s.negated() ? refuse(clause, "I cannot tell whether it should change") : level(-1);
    if (s.too) return refuse(clause, "too what?");
    if (s.tooLittle) return s.negated() ? refuse(clause, "I cannot tell whether it should change") : level(1);
    if (s.enough) return s.negated() ? level(1) : refuse(clause, "it says that it is right as it is");
    if (s.soMuch) return s.negated() || s.why ? level(-1) : refuse(clause, "I cannot tell which way");
    if (s.dont || (s.negation && points != 0)) {
        if (s.hear) return level(1);
        if (points == 0 && !s.more && !s.less) return refuse(clause, "I cannot tell what should not happen");
        clause.prohibits = true;
        return add(clause, Attribute::level, Direction::keep);
    }
    if (s.cannot) return s.hear ? level(1) : refuse(clause, "I cannot tell which way");
    if (s.negation) return refuse(clause, "I cannot tell which way");
    if (s.no) {
        if (s.more || s.less || points != 0 || s.be) return refuse(clause, "I cannot tell whether it should go or stay");
        return add(clause, Attribute::mute, Direction::on);
    }
    if (s.less) return points > 0 ? refuse(clause, "it points up and down at once") : level(-1);
    if (points != 0) {
        if (s.number && s.number->hasSign && s.number->meaning.number * points < 0.0) return refuse(clause, "the number and the words point in opposite directions");
        return level(points);
    }
    if (s.more) return s.be && !s.there && !s.wish && !s.need ? refuse(clause, "it says how it is, not how it should be") : level(1);
    if (s.hear && (s.need || s.wish)) return level(1);
    if (s.number && s.number->hasSign && !s.be) return level(s.number->meaning.number < 0.0 ? -1 : 1);
    if (s.give || s.need) return refuse(clause, "it does not say what should change");
    if (s.number || clause.hasAmount || s.wish || s.be || s.some) return refuse(clause, "it does not say what should change, or which way");
}

}  // namespace

bool Clause::empty() const {
    return std::ranges::all_of(items, [](const NoteItem& item) { return item.is(WordKind::filler) || item.is(WordKind::stop) || item.is(WordKind::some); });
}

std::string Clause::text() const {
    std::string result;
    for (const NoteItem& item : items)
        if (!item.is(WordKind::stop)) result += (result.empty() ? "" : " ") + (item.is(WordKind::time) ? "at " + item.text : item.text);
    return result;
}

void readClause(Clause& clause) {
    // What stands before "thinks" is who thinks it.
    for (std::size_t i = clause.items.size(); i-- > 0;)
        if (clause.items[i].is(WordKind::hedge)) {
            clause.items.erase(clause.items.begin(), clause.items.begin() + static_cast<std::ptrdiff_t>(i) + 1);
            break;
        }
    readBassAsLowEnd(clause.items);
    Slots s = walk(clause);
    if (!clause.understood()) return;
    narrowTargets(clause);
    if (!clause.understood()) return;
    const auto first = std::ranges::find_if(clause.items, [](const NoteItem& item) { return !item.is(WordKind::filler); });
    if (s.question && first != clause.items.end() && first->is(WordKind::be)) return refuse(clause, "it is a question; say what should change");
    if (s.number) {
        const bool percent = s.number->unit == "percent";
        clause.amount = percent ? AmountKind::percent : AmountKind::decibels;
        clause.number = std::abs(s.number->meaning.number);
        clause.hasAmount = true;
        const bool absolute = std::ranges::any_of(clause.items, [](const NoteItem& item) { return item.text == "at"; });
        if (absolute && !percent) return refuse(clause, "a level to set is not a change; say how much up or down");
    }
    clause.isAdjective = !s.qualities.empty() && s.nouns.empty();
    const auto attributeVerb = std::ranges::find_if(s.verbs, [](const NoteItem* verb) { return verb->meaning.hasAttribute; });
    if (s.mono && s.qualities.empty() && s.nouns.empty()) {
        if (s.negated() || s.too || s.less || s.be) return refuse(clause, "I cannot tell which way");
        add(clause, Attribute::width, Direction::off);
    } else if (!s.nouns.empty() && s.nouns.front()->meaning.bad && !s.qualities.empty() && s.qualities.front()->meaning.value == QualityValue::bad && !s.negated()) {
        add(clause, s.nouns.front()->meaning.attribute, Direction::down);
    } else if (!s.nouns.empty() && !s.qualities.empty() && s.qualities.front()->meaning.attribute != Attribute::level) {
        refuse(clause, "I cannot change how a \"" + s.nouns.front()->text + "\" is in itself, or cannot tell what \"" + s.qualities.front()->text + "\" belongs to");
    } else if (!s.qualities.empty() && (attributeVerb != s.verbs.end())) {
        refuse(clause, "I cannot tell how \"" + (*attributeVerb)->text + "\" and \"" + s.qualities.front()->text + "\" go together");
    } else if (!s.qualities.empty()) {
        if (s.left + s.right + s.centre > 0) return refuse(clause, "it asks for a side and something else at once");
        for (const NoteItem* quality : s.qualities) readQuality(clause, s, quality->meaning, quality->text);
    } else if (attributeVerb != s.verbs.end()) {
        if (!s.nouns.empty() && s.nouns.front()->meaning.attribute != (*attributeVerb)->meaning.attribute && (*attributeVerb)->meaning.attribute != Attribute::harshness)
            return refuse(clause, "I cannot tell how \"" + (*attributeVerb)->text + "\" and \"" + s.nouns.front()->text + "\" go together");
        if (!s.nouns.empty() && (*attributeVerb)->meaning.attribute == Attribute::harshness)
            add(clause, s.nouns.front()->meaning.attribute, s.negated() ? Direction::keep : Direction::down);
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
    for (const Clause::Change& change : clause.changes) {
        const bool whole = std::ranges::any_of(clause.targets, [](const std::string& target) { return target == "mix" || target == "everything"; });
        if (whole && change.direction != Direction::keep && (change.attribute == Attribute::mute || change.attribute == Attribute::solo || change.attribute == Attribute::sustain || change.attribute == Attribute::pan))
            refuse(clause, "that cannot be done to the whole mix");
    }
    if (!clause.understood()) clause.changes.clear();
    const int sign = s.number && s.number->hasSign ? (s.number->meaning.number < 0.0 ? -1 : 1) : 0;
    for (const Clause::Change& change : clause.changes)
        if (sign != 0 && ((change.direction == Direction::up && sign < 0))) {
            clause.changes.clear();
            return refuse(clause, "the number and the words point in opposite directions");
        }
}

}  // namespace tonewright
