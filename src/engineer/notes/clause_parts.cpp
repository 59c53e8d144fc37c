#include "engineer/notes/clause_parts.h"

#include <algorithm>

namespace tonewright {

namespace {

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

// "dry vocal": the quality stands directly before what it is of.
bool isAttributive(const Clause& clause) {
    for (std::size_t i = 0; i + 1 < clause.items.size(); ++i)
        if (clause.items[i].is(WordKind::quality)) return clause.items[i + 1].is(WordKind::target);
    return false;
}

bool asksPolitely(const Clause& clause) {
    return std::ranges::any_of(clause.items, [](const NoteItem& item) { return item.text == "please" || item.text == "pls" || item.text == "plz"; });
}

}  // namespace

void refuse(Clause& clause, const std::string& why) {
    if (clause.why.empty()) clause.why = why;
}

void addChange(Clause& clause, Attribute attribute, Direction direction) { clause.changes.push_back({attribute, direction}); }

void readQuality(Clause& clause, const Slots& s, const NoteMeaning& quality, const std::string& word) {
    const Attribute attribute = !s.nouns.empty() ? s.nouns.front()->meaning.attribute : quality.attribute;
    const bool stated = s.be || s.why || s.so;
    const auto wanted = [&](int sign) { addChange(clause, attribute, inSign(sign)); };
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
        return addChange(clause, attribute, Direction::keep);
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
    if (word.starts_with("too ") && !s.negated()) return wanted(-quality.sign);  // "too far back", whatever stands with it
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
    if (isAttributive(clause)) {
        // "Bright cymbals", "loud drums" may be what is wrong with them.
        const bool hardlyAComplaint = quality.sign < 0 ? attribute == Attribute::reverb || attribute == Attribute::brightness || attribute == Attribute::width : attribute == Attribute::distance;
        if (hardlyAComplaint || (asksPolitely(clause) && attribute != Attribute::level)) {
            clause.attributive = true;
            return wanted(quality.sign);
        }
    }
    clause.wishIfAttributive = Clause::Change{attribute, inSign(quality.sign)};
    refuse(clause, "\"" + word + "\" can be a wish or a complaint; say more, less or too");
}

void readNoun(Clause& clause, const Slots& s, const NoteItem& item) {
    const NoteMeaning& noun = item.meaning;
    // The gain of a guitar is its distortion.
    const bool driven = item.text == "gain" && !s.number && std::ranges::any_of(clause.targets, [](const std::string& target) { return target.starts_with("guitar") && !target.starts_with("guitar/acoustic"); });
    const Attribute attribute = driven ? Attribute::saturation : noun.attribute;
    const auto wanted = [&](int sign) { addChange(clause, attribute, inSign(noun.inverse ? -sign : sign)); };
    const auto gone = [&] {
        if (noun.inverse) return refuse(clause, "I cannot tell which way");
        addChange(clause, attribute, canBeOff(attribute) ? Direction::off : Direction::down);
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
        return addChange(clause, attribute, Direction::keep);
    }
    if (s.no) {
        if (s.more || s.less || points != 0) return refuse(clause, "I cannot tell whether it should go or stay as it is");
        if (noun.bad) return wanted(-1);
        if (s.be || (s.give && clause.targetFirst)) return canBeOff(attribute) ? refuse(clause, "I cannot tell whether you miss it") : wanted(1);
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
    if (s.there && noun.bad && !s.keepVerb) return wanted(-1);
    if (s.there) return refuse(clause, "it says how it is; say more or less");
    if ((s.give || s.need) && !noun.bad) return s.be && !s.need ? refuse(clause, "it says how it is; say more or less") : wanted(1);
    if (noun.bad && s.keepVerb) return refuse(clause, "I cannot tell whether it should stay");
    if (noun.bad) return s.give || s.need || s.wish ? refuse(clause, "I cannot tell whether you want more of it or less") : wanted(-1);
    if (s.number && s.number->hasSign && clause.targets.empty() && noun.attribute == Attribute::reverb && item.text == "room") return refuse(clause, "\"room\" can be the microphones or the reverb");
    if (s.number && s.number->hasSign) return wanted(s.number->meaning.number < 0.0 ? -1 : 1);
    if (s.keepVerb) {
        clause.prohibits = true;
        return addChange(clause, attribute, Direction::keep);
    }
    if (!noun.bad && !s.be && !s.wish && ((clause.hasAmount && clause.amount == AmountKind::little) || s.some)) return wanted(1);  // "a little distortion on the vocals"
    if (canBeOff(attribute) && asksPolitely(clause)) return wanted(1);  // "delay on the lead guitar please"
    clause.openNoun = attribute;
}

void readVerb(Clause& clause, const Slots& s, const NoteItem& item) {
    const NoteMeaning& verb = item.meaning;
    if (item.text == "pop" && clause.targets.empty()) return refuse(clause, "\"pop\" can mean a style; say what should come forward");
    if (s.past && !verb.complaint) return refuse(clause, "it tells how things were, not how they should be");
    if (s.negation && clause.targetFirst && verb.attribute == Attribute::presence && item.text.find("ing ") != std::string::npos) return addChange(clause, verb.attribute, Direction::up);  // "isn't cutting through"
    if (!verb.complaint && s.be && !s.wish && !s.need && !s.negated() && !s.enough && !s.too && !s.tooMuch && !s.shouldBe) return refuse(clause, "it says how it is, not how it should be");
    bool clash = false;
    const int points = pointing(s, clash);
    if (clash || (points != 0 && points != verb.sign)) return refuse(clause, "it points up and down at once");
    if (s.tooMuch || s.too || s.enough || s.tooLittle) {
        if (s.tooMuch && !s.negated()) return addChange(clause, verb.attribute, inSign(-verb.sign));
        if (s.enough && s.negated()) return addChange(clause, verb.attribute, inSign(verb.sign));
        return refuse(clause, "I cannot tell which way");
    }
    if (verb.complaint) {
        if (s.negated()) return refuse(clause, "I cannot tell whether it should change");
        if (s.wish || s.need || s.less) {
            // "let the vocals sit on top": a wish; "stop the kick from booming": still a complaint.
            if (s.less) return addChange(clause, verb.attribute, inSign(-verb.sign));
            if (s.be) return addChange(clause, verb.attribute, inSign(-verb.sign));
            if (s.need && verb.attribute == Attribute::level && verb.sign > 0) return addChange(clause, Attribute::level, Direction::up);  // "needs to sit on top"
            return refuse(clause, "I cannot tell whether \"" + item.text + "\" is a wish or a complaint");
        }
        return addChange(clause, verb.attribute, inSign(-verb.sign));
    }
    if (s.less) return addChange(clause, verb.attribute, inSign(-verb.sign));
    if (s.soMuch && s.negated()) return addChange(clause, verb.attribute, inSign(-verb.sign));
    if (s.dont && clause.targetFirst && (verb.attribute == Attribute::presence || verb.attribute == Attribute::punch)) return addChange(clause, verb.attribute, inSign(verb.sign));
    if (s.dont || s.no || s.negation) {
        clause.prohibits = true;
        return addChange(clause, verb.attribute, Direction::keep);
    }
    if (s.cannot) return refuse(clause, "I cannot tell which way");
    addChange(clause, verb.attribute, inSign(verb.sign));
}

// A side: "pan the keys left".
void readSide(Clause& clause, const Slots& s) {
    const bool away = std::ranges::any_of(clause.items, [](const NoteItem& item) { return item.text == "from" || item.text == "away" || item.text == "away from"; });
    // "the toms are too far left": back the other way.
    if (s.too && s.be && !s.negated() && !s.past && !s.out && !s.off && !away && !s.number && !s.wish && !s.need && !s.pan && s.centre == 0 && (s.left > 0) != (s.right > 0))
        return addChange(clause, Attribute::pan, s.left > 0 ? Direction::right : Direction::left);
    if (s.negated() || s.too || s.past || s.out || s.off || away) return refuse(clause, "I cannot tell to which side");
    if (s.number && s.number->text == "one") return refuse(clause, "I cannot tell whether a side is meant, or which of several");  // "but the left one more"
    if ((s.left > 0) + (s.right > 0) + (s.centre > 0) > 1) return refuse(clause, "it names several sides");
    if (s.be && !s.wish && !s.pan && !s.need) return refuse(clause, "it says where it is; say where it should go");
    if (s.hard) {
        clause.hasAmount = true;
        clause.amount = AmountKind::lot;
    }
    if (s.less) return refuse(clause, "I cannot tell to which side");
    addChange(clause, Attribute::pan, s.left ? Direction::left : s.right ? Direction::right : Direction::centre);
}

// Nothing but a target and words that point: its level.
void readLevel(Clause& clause, const Slots& s) {
    bool clash = false;
    int points = pointing(s, clash);
    if (clash) return refuse(clause, "it points up and down at once");
    const bool takesAway = s.mute || s.remove || std::ranges::any_of(s.verbs, [](const NoteItem* verb) { return verb->text == "cut" || verb->text == "drop" || verb->text == "trim" || verb->text == "shave"; });
    if (clause.placeIsObject && takesAway && !s.number) return refuse(clause, "a part of the song can be made quieter, not taken out");
    const bool named = !clause.targets.empty() || clause.pronoun;
    if (named && (s.above || s.below)) {
        if (s.negated() || s.too || s.be || s.keepVerb || s.mute || s.remove || s.solo || s.back || s.out || s.off || (s.above && s.below)) return refuse(clause, "it compares two things; say what should change");
        if (points == 0 && !s.more && !s.less && !s.tooMuch && !s.tooLittle && !s.soMuch && !s.enough && !s.hear) return addChange(clause, Attribute::level, s.above ? Direction::up : Direction::down);
        if ((points > 0 && s.below) || (points < 0 && s.above)) return refuse(clause, "it points up and down at once");
    }
    if (s.unmute) return refuse(clause, "I cannot bring back what the rules left out; change its role with --roles");
    if ((s.off || s.out) && (s.wish || !s.verbs.empty()) && named && !s.negated() && points <= 0 && (clause.hasAmount || s.some)) return addChange(clause, Attribute::level, Direction::down);  // "take 2 dB off"
    if ((s.mute || s.remove) && clause.hasAmount) return refuse(clause, "I cannot tell how much of it should go");
    if (s.mute || (s.remove && !s.some) || ((s.out || s.off) && s.wish && points == 0)) {
        if (s.negated()) return clause.prohibits = true, addChange(clause, Attribute::mute, Direction::keep);
        return named ? addChange(clause, Attribute::mute, Direction::on) : refuse(clause, "it does not say what");
    }
    if (s.solo) return named && !s.negated() ? addChange(clause, Attribute::solo, Direction::on) : refuse(clause, "it does not say what");
    clause.bareMover = s.keepVerb && !s.keepTail;
    const bool nothingInParticular = std::ranges::any_of(clause.items, [](const NoteItem& item) { return item.text == "a thing"; });
    if (s.keepVerb && nothingInParticular) return refuse(clause, "it asks for nothing");  // "don't change a thing"
    if (s.keepVerb && !s.keepTail && !s.back && points != 0 && named && !s.negated()) return addChange(clause, Attribute::level, inSign(points));  // "keep the drums down"
    if (s.keepVerb || (s.keepTail && (s.wish || s.need))) return named ? addChange(clause, Attribute::keep, Direction::on) : refuse(clause, "it does not say what");
    if (s.past && !s.tooMuch) return refuse(clause, "it tells how things were, not how they should be");
    if (s.back && points == 0) {
        for (std::size_t i = 0; i + 1 < clause.items.size(); ++i)
            if (clause.items[i].text == "put" && clause.items[i + 1].is(WordKind::back)) return refuse(clause, "\"put back\" can mean farther away or playing again");
        if (s.moverBack == "bring") return refuse(clause, "\"bring back\" can mean nearer, louder or playing again");
        if (s.negated()) return refuse(clause, "I cannot tell which way");
        return addChange(clause, Attribute::distance, s.too ? Direction::up : Direction::down);
    }
    if (!named) {
        clause.pointsOnly = points;
        if (clause.placeIsObject && points != 0) return addChange(clause, Attribute::level, inSign(points));  // "lift the chorus"
        if (s.more != s.less && points == 0 && !s.negated()) {
            clause.openMore = s.more;
            clause.openLess = s.less;
            return;
        }
        return;
    }
    for (std::size_t i = 0; i + 1 < clause.items.size(); ++i)
        clause.ofTheSame |= (clause.items[i].is(WordKind::more) || clause.items[i].is(WordKind::less)) && (clause.items[i + 1].text == "on" || clause.items[i + 1].text == "for") && points == 0;
    const auto level = [&](int sign) { addChange(clause, Attribute::level, inSign(sign)); };
    if (s.understand) return s.cannot ? addChange(clause, Attribute::clarity, Direction::up) : refuse(clause, "I cannot tell which way");
    if (s.tooMuch) return s.negated() ? refuse(clause, "I cannot tell whether it should change") : level(-1);
    if (s.too) return refuse(clause, "too what?");
    if (s.tooLittle) return s.negated() ? refuse(clause, "I cannot tell whether it should change") : level(1);
    if (s.enough) return s.negated() ? level(1) : refuse(clause, "it says that it is right as it is");
    if (s.soMuch) return s.negated() || s.why ? level(-1) : refuse(clause, "I cannot tell which way");
    if (s.dont || (s.negation && points != 0)) {
        if (s.hear) return level(1);
        if (points == 0 && !s.more && !s.less) return refuse(clause, "I cannot tell what should not happen");
        clause.prohibits = true;
        return addChange(clause, Attribute::level, Direction::keep);
    }
    if (s.cannot) return s.hear ? level(1) : refuse(clause, "I cannot tell which way");
    if (s.negation) return refuse(clause, "I cannot tell which way");
    if (s.no) {
        if (s.more || s.less || points != 0 || s.be) return refuse(clause, "I cannot tell whether it should go or stay");
        return addChange(clause, Attribute::mute, Direction::on);
    }
    if (s.less) return points > 0 ? refuse(clause, "it points up and down at once") : level(-1);
    const bool drops = std::ranges::any_of(s.verbs, [](const NoteItem* verb) { return verb->text == "drop"; });
    if (drops && !s.down && !s.number && !clause.hasAmount && !clause.where.empty()) return refuse(clause, "\"drop\" can mean quieter or silent there; say mute or lower");
    if (points != 0) {
        if (s.be && s.out && !s.wish && !s.need) return refuse(clause, "it says how it is; I cannot tell whether it should change");
        if (s.number && s.number->hasSign && s.number->meaning.number * points < 0.0) return refuse(clause, "the number and the words point in opposite directions");
        return level(points);
    }
    if (s.more) return s.be && !s.there && !s.wish && !s.need ? refuse(clause, "it says how it is, not how it should be") : level(1);
    if (s.out && clause.targetFirst && !s.be && !s.wish && !s.need && !s.give && !clause.hasAmount && s.verbs.empty() && !s.some) return addChange(clause, Attribute::mute, Direction::on);  // "organ out in the bridge"
    if (s.hear && (s.need || s.wish)) return level(1);
    if (s.number && s.number->hasSign && !s.be) return level(s.number->meaning.number < 0.0 ? -1 : 1);
    if (s.push && s.nouns.empty()) {
        clause.bareMover = true;
        return level(1);
    }
    if (s.give && s.number && s.number->unit == "db" && !s.be && s.number->meaning.number > 0.0) return level(1);  // "add 2 dB to the piano"
    if (s.need && !s.give && !s.wish && !s.negated() && !s.be && !clause.hasAmount && !s.number && clause.where.empty()) clause.wishOnly = true;
    if (s.give || s.need) return refuse(clause, "it does not say what should change");
    clause.wishOnly = (s.wish || s.need) && !s.negated() && !s.be && !s.more && !s.less && !clause.hasAmount && !s.number && clause.where.empty();
    if (s.number || clause.hasAmount || s.wish || s.be || s.some) return refuse(clause, "it does not say what should change, or which way");
}

}  // namespace tonewright
