#include "engineer/notes/sentence.h"

#include <algorithm>
#include <set>

namespace tonewright {

namespace {

constexpr const char* kSaysWhy = "it says why; nothing is done for it by itself";
constexpr const char* kAsksNothing = "it asks for nothing";
constexpr const char* kNobodyKnows = "?";  // what "it" means after something that was not understood

// One sentence: what clauses take from their neighbours.
class Sentence {
public:
    Sentence(std::vector<Clause> clauses, std::vector<std::string>& spoken) : clauses_(std::move(clauses)), spoken_(spoken) {}

    void read(NoteReading& reading) {
        readBassAsTone();
        for (Clause& clause : clauses_)
            if (!clause.setAside) readClause(clause);
        readOnlyThese();
        for (std::size_t i = 0; i + 1 < clauses_.size(); ++i) openList(i);
        for (std::size_t i = 1; i < clauses_.size(); ++i) carryOn(clauses_[i], clauses_[i - 1]);
        if (isConditional())
            for (Clause& clause : clauses_) refuse(clause, "I cannot tell whether it holds: the sentence has a condition, is taken back, or denies several things at once");
        placeThere();
        shareWhere();
        // Where an earlier sentence was not understood, what has no name in this one may belong to it.
        afterUnread_ = std::ranges::any_of(reading.unread, [](const UnreadNote& unread) { return unread.why != kAsksNothing && unread.why != kSaysWhy; });
        for (std::size_t i = 0; i < clauses_.size(); ++i) complete(i);
        for (std::size_t i = 0; i < clauses_.size(); ++i)
            if (clauses_[i].setAside) judgeReason(i);
        for (Clause& clause : clauses_) tell(clause, reading);
    }

private:
    static void refuse(Clause& clause, const std::string& why) {
        if (clause.why.empty()) clause.why = why;
        clause.changes.clear();
    }

    // "unless it hurts, make it brighter", "neither the bass nor the kick is too loud": what one clause says depends on another.
    bool isConditional() const {
        static const std::set<std::string> kConditions = {"if", "unless", "neither", "whether", "provided", "until", "till", "although", "nor", "ignore", "disregard", "forget", "kidding", "joking", "jk", "nevermind"};
        // "louder, or maybe not"
        const auto takesBack = [](const Clause& clause) {
            return std::ranges::any_of(clause.items, [](const NoteItem& item) { return item.is(WordKind::negation); }) &&
                   std::ranges::all_of(clause.items, [](const NoteItem& item) { return item.is(WordKind::negation) || item.is(WordKind::filler) || item.is(WordKind::stop); });
        };
        return std::ranges::any_of(clauses_, takesBack) || std::ranges::any_of(clauses_, [](const Clause& clause) { return std::ranges::any_of(clause.items, [](const NoteItem& item) { return item.is(WordKind::unknown) && kConditions.contains(item.text); }); });
    }

    // What says why changes nothing only where what it belongs to is complete without it.
    void judgeReason(std::size_t i) {
        static const std::set<WordKind> kChangesIt = {WordKind::section, WordKind::time, WordKind::number, WordKind::sometimes, WordKind::except};
        Clause& reason = clauses_[i];
        Clause* main = i > 0 ? &clauses_[i - 1] : nullptr;
        if (!main || !main->understood() || main->setAside || main->changes.empty()) return refuse(reason, "it belongs to something that I did not understand");
        if (std::ranges::any_of(reason.items, [](const NoteItem& item) { return kChangesIt.contains(item.meaning.kind); }) && main->where.empty()) {
            refuse(*main, "where or how much may stand in what says why");
            return refuse(reason, "I cannot tell what of it is a wish");
        }
    }

    // "make the kick and the snare louder": one wish for the list.
    void openList(std::size_t i) {
        Clause& clause = clauses_[i];
        if (!clause.wishOnly || clause.understood() || clause.targets.empty()) return;
        std::size_t next = i + 1;
        while (next < clauses_.size() && clauses_[next].onlyTargets() && clauses_[next].joint != WordKind::but) ++next;
        if (next == clauses_.size()) return;
        const Clause& last = clauses_[next];
        if (last.joint == WordKind::but || last.hasVerb || !last.understood() || last.changes.empty() || last.targets.empty() || !last.targetFirst || last.setAside || last.afterReason) return;
        clause.why.clear();
        clause.hasVerb = false;
    }

    // "more bass, less treble": the two ends of the spectrum.
    void readBassAsTone() {
        const auto amounts = [](const Clause& clause) { return std::ranges::any_of(clause.items, [](const NoteItem& item) { return item.is(WordKind::more) || item.is(WordKind::less) || item.is(WordKind::tooMuch); }); };
        const auto names = [](const Clause& clause) { return std::ranges::count_if(clause.items, [](const NoteItem& item) { return item.is(WordKind::target); }); };
        for (std::size_t i = 0; i < clauses_.size(); ++i) {
            if (!amounts(clauses_[i]) || names(clauses_[i]) != 1) continue;
            const auto bass = std::ranges::find_if(clauses_[i].items, [](const NoteItem& item) { return item.is(WordKind::target) && item.text == "bass"; });
            if (bass == clauses_[i].items.end()) continue;
            const bool besides = (i > 0 && ofTone(clauses_[i - 1])) || (i + 1 < clauses_.size() && ofTone(clauses_[i + 1]));
            if (besides) bass->meaning = {.kind = WordKind::noun, .target = {}, .attribute = Attribute::lowEnd, .hasAttribute = true};
        }
    }
    static bool ofTone(const Clause& clause) {
        return std::ranges::none_of(clause.items, [](const NoteItem& item) { return item.is(WordKind::target) || item.is(WordKind::pronoun); }) &&
               std::ranges::any_of(clause.items, [](const NoteItem& item) { return item.is(WordKind::noun) && (item.meaning.attribute == Attribute::brightness || item.meaning.attribute == Attribute::mids || item.meaning.attribute == Attribute::air); });
    }

    // "... so tame them", "clean that up": what was complained of, in other words. It asks for nothing more, and for nothing where the complaint was not understood.
    bool onlySumsUp(std::size_t i) {
        static const std::set<std::string> kVague = {"tame", "tame down", "control", "calm down", "rein in", "fix", "clean up", "clear up", "clean out"};
        Clause& clause = clauses_[i];
        if (i == 0 || !clause.pronoun || !clause.targets.empty() || clause.hasAmount || !clause.where.empty()) return false;
        // "this ringy thing, kill it": the ring goes, not the snare.
        static const std::set<std::string> kRemoves = {"kill", "remove", "get rid of", "eliminate", "lose", "take out", "take away", "ditch"};
        const bool ofASound = clauses_[i - 1].understood() && !clauses_[i - 1].changes.empty() && std::ranges::none_of(clauses_[i - 1].changes, [](const Clause::Change& change) { return change.attribute == Attribute::level || change.direction != Direction::down; });
        const bool vague = std::ranges::any_of(clause.items, [&](const NoteItem& item) { return kVague.contains(item.text) || (ofASound && kRemoves.contains(item.text)); });
        const bool more = std::ranges::any_of(clause.items, [](const NoteItem& item) { return item.is(WordKind::noun) || item.is(WordKind::quality) || item.is(WordKind::up) || item.is(WordKind::down) || item.is(WordKind::negation) || item.is(WordKind::dont); });
        if (!vague || more) return false;
        const Clause& before = clauses_[i - 1];
        if (before.understood() && !before.changes.empty() && !before.setAside) {
            clause.why.clear();
            clause.changes.clear();
            merged_.push_back(i);
        } else {
            refuse(clause, "it belongs to something that I did not understand");
            clause.changes.clear();
        }
        return true;
    }

    // "too much reverb on the snare, turn it down": it is the reverb.
    bool saysTheSame(std::size_t i) {
        Clause& clause = clauses_[i];
        Clause* before = previous(i);
        if (!before || before->isAdjective || before->changes.size() != 1 || clause.changes.size() != 1 || !clause.pronoun || !clause.targets.empty() || clause.changes.front().attribute != Attribute::level) return false;
        const Clause::Change &earlier = before->changes.front(), &now = clause.changes.front();
        const bool noun = std::ranges::any_of(before->items, [](const NoteItem& item) { return item.is(WordKind::noun); });
        const bool plain = std::ranges::none_of(clause.items, [](const NoteItem& item) { return item.is(WordKind::quality) || item.is(WordKind::noun); });
        const bool it = std::ranges::any_of(clause.items, [](const NoteItem& item) { return item.is(WordKind::pronoun) && (item.text == "it" || item.text == "that" || item.text == "this"); });
        if (!noun || !plain || !it || earlier.attribute == Attribute::level || before->targets.empty()) return false;
        if (earlier.direction != now.direction) {
            refuse(clause, "I cannot tell what \"it\" is");
            return true;
        }
        copyAmount(*before, clause);
        if (before->where.empty()) before->where = clause.where;
        merged_.push_back(i);
        return true;
    }

    // What the clause before says in one part of the song, this one says in another: "dry vocal in the verses, wet in the choruses", "up 1 dB in the verses and 2 dB in the choruses".
    static void carryOn(Clause& clause, const Clause& before) {
        // "make the kick punchy and the snare bright"
        const bool wished = std::ranges::any_of(before.items, [](const NoteItem& item) { return item.is(WordKind::wish) || item.is(WordKind::need); }) && std::ranges::none_of(before.items, [](const NoteItem& item) { return item.is(WordKind::be); });
        if (clause.wishIfAttributive && !clause.hasVerb && clause.joint == WordKind::conjunction && !clause.afterReason && clause.targetFirst && before.understood() && before.isAdjective && !before.changes.empty() && !before.prohibits && wished) {
            clause.why.clear();
            clause.changes = {*clause.wishIfAttributive};
            return;
        }
        if (clause.joint == WordKind::stop || clause.afterReason || !before.understood() || before.setAside || clause.pronoun || !clause.targets.empty() || before.changes.empty()) return;
        const bool elsewhere = !clause.where.empty() && !before.where.empty() && clause.where != before.where;
        if (elsewhere && clause.wishIfAttributive && before.attributive) {
            clause.why.clear();
            clause.changes = {*clause.wishIfAttributive};
            clause.attributive = true;
            clause.targets = before.targets;
        }
        if (!clause.understood() || !clause.changes.empty() || clause.openNoun || clause.openMore || clause.openLess || clause.praise || !elsewhere || before.targets.empty()) return;
        const bool onlyLevel = std::ranges::all_of(before.changes, [](const Clause::Change& change) { return change.attribute == Attribute::level; });
        if (!clause.hasAmount && !(clause.pointsOnly != 0 && onlyLevel)) return;
        clause.changes = before.changes;
        clause.targets = before.targets;
        clause.except = before.except;
        const auto signedNumber = std::ranges::find_if(clause.items, [](const NoteItem& item) { return item.is(WordKind::number) && item.hasSign; });
        if (signedNumber != clause.items.end()) {   // "+2 dB in the verses, -1 dB in the choruses"
            if (!onlyLevel) return refuse(clause, "I cannot tell which way");
            for (Clause::Change& change : clause.changes) change.direction = signedNumber->meaning.number < 0.0 ? Direction::down : Direction::up;
        }
        if (clause.pointsOnly != 0) {
            if (!onlyLevel) return refuse(clause, "it points several ways");
            for (Clause::Change& change : clause.changes) change.direction = clause.pointsOnly > 0 ? Direction::up : Direction::down;
        }
    }

    // "Just vocals and piano in the last chorus": nobody else.
    void readOnlyThese() {
        if (clauses_.empty() || clauses_.front().items.empty() || clauses_.back().where.empty() || clauses_.back().where.starts_with("not ")) return;
        const std::string& first = clauses_.front().items.front().text;
        if (first != "just" && first != "only" && first != "nothing but" && first != "solely") return;
        for (const Clause& clause : clauses_)
            if (!clause.onlyTargets() || clause.hasAmount || (clause.joint != WordKind::stop && clause.joint != WordKind::conjunction && clause.joint != WordKind::comma) || (&clause != &clauses_.back() && !clause.where.empty())) return;
        for (Clause& clause : clauses_) {
            clause.where = clauses_.back().where;
            clause.changes = {{Attribute::solo, Direction::on}};
        }
    }

    // The clause that this one is joined to, if it can be relied on.
    Clause* previous(std::size_t i) {
        if (i == 0 || clauses_[i].joint == WordKind::stop || !clauses_[i - 1].understood() || clauses_[i].afterReason) return nullptr;
        return &clauses_[i - 1];
    }

    bool afterRefusal(std::size_t i) const { return i > 0 && clauses_[i].joint != WordKind::stop && (!clauses_[i - 1].understood() || clauses_[i].afterReason); }

    // "the bridge feels empty, more pads and strings there": the place that was named, also where what was said of it is not understood.
    void placeThere() {
        std::string named;
        for (std::size_t i = 0; i < clauses_.size(); ++i) {
            const bool there = !clauses_[i].items.empty() && clauses_[i].where.empty() && !named.empty() && std::ranges::any_of(clauses_[i].items, [](const NoteItem& item) { return item.text == "there"; });
            if (!clauses_[i].where.empty()) named = clauses_[i].where;
            if (!there) continue;
            clauses_[i].where = named;
            for (std::size_t k = i; k > 0 && clauses_[k].joint == WordKind::conjunction && clauses_[k - 1].where.empty(); --k) clauses_[k - 1].where = named;
        }
    }

    // "in the chorus, vocals up"; "vocals up and guitars down in the chorus".
    void shareWhere() {
        // "from the second chorus on, push the drums": not everywhere, where the place was not understood.
        if (clauses_.empty()) return;
        const Clause& opening = clauses_.front();
        static const std::set<std::string> kWhen = {"when", "while", "whenever", "once", "after", "before", "until", "till", "between", "starting", "where"};
        const bool saysWhere = !opening.items.empty() && ((opening.items.front().is(WordKind::prep) && opening.targets.empty()) || kWhen.contains(opening.items.front().text));
        if (!opening.understood() && saysWhere && !opening.pronoun)
            for (Clause& clause : clauses_)
                if (clause.where.empty()) refuse(clause, "where it should be stands in what I did not understand");
        std::string leading;
        for (Clause& clause : clauses_) {
            const bool place = clause.understood() && !clause.where.empty() && clause.targets.empty() && clause.changes.empty() && !clause.openNoun && !clause.openMore && !clause.openLess && !clause.praise;
            if (place && &clause == &clauses_.front())
                leading = clause.where;
            else if (clause.where.empty())
                clause.where = leading;
        }
        if (!leading.empty()) {
            clauses_.erase(clauses_.begin());
            if (!clauses_.empty()) clauses_.front().joint = WordKind::stop;
            return;
        }
        for (std::size_t i = clauses_.size(); i-- > 1;)
            if (clauses_[i].joint == WordKind::conjunction && !clauses_[i].hasVerb && !clauses_[i].where.empty() && !clauses_[i].where.starts_with("not ") && clauses_[i - 1].where.empty() && clauses_[i - 1].understood() &&
                !clauses_[i].openMore && !clauses_[i].openLess)
                clauses_[i - 1].where = clauses_[i].where;
    }

    // "the left guitar is louder than the right one": "them" is more than what it names.
    static bool compares(const Clause& clause) { return std::ranges::any_of(clause.items, [](const NoteItem& item) { return item.is(WordKind::than); }); }

    void complete(std::size_t i) {
        Clause& clause = clauses_[i];
        if (clause.setAside) {
            spoken_ = {kNobodyKnows};
            return;
        }
        if (onlySumsUp(i) || saysTheSame(i)) return;
        if (!clause.understood()) {
            // "It" may then mean what was refused, and nothing that was named before.
            const bool noun = std::ranges::any_of(clause.items, [](const NoteItem& item) { return item.is(WordKind::noun); });  // "the vocal reverb ...": it may be the reverb
            if (!clause.pronoun || !clause.targets.empty()) spoken_ = clause.targets.size() == 1 && !compares(clause) && !noun ? clause.targets : std::vector<std::string>{kNobodyKnows};
            return;
        }
        if (clause.praise && !clause.changes.empty()) return refuse(clause, "I cannot tell praise from a wish in it");
        if (clause.praise) {
            // "a bit loud, but it's fine": then nothing is to be changed.
            if (clause.joint == WordKind::but && clause.pronoun && clause.targets.empty() && i > 0 && clauses_[i - 1].understood() && !clauses_[i - 1].changes.empty()) refuse(clauses_[i - 1], "what follows says that it is right as it is");
            remember(clause);
            if (!clause.except.empty()) spoken_ = subject_ = clause.except;   // "all fine apart from the snare, which is too loud"
            return;
        }
        meanTheOthers(clause);
        if (clause.onlyTargets()) return completeTargets(i);
        if (goesOnStating(i)) return refuse(clause, "it belongs to something that I did not understand");
        Clause* before = previous(i);
        // "vocals louder in the chorus and wider": one thing more that is said of them there.
        const bool ofThem = clause.pronoun && clause.targets.empty() && clause.joint != WordKind::stop && i > 0 && !clauses_[i - 1].where.empty() && !clauses_[i - 1].setAside;  // "toms up in the bridge and make them boomier"
        if (ofThem && clause.where.empty() && !clause.changes.empty()) clause.where = clauses_[i - 1].where;
        const bool sameThere = before && clause.joint == WordKind::conjunction && clause.targets.empty() && !clause.pronoun && !clause.hasVerb && !before->where.empty() && !before->targets.empty();
        if (sameThere && clause.where.empty()) clause.where = before->where;
        if (before && before->placeIsObject && clause.targets.empty() && clause.where.empty()) {  // "make the chorus bigger and wider"
            clause.where = before->where;
            clause.placeIsObject = true;
        }
        // "pull the rooms back in the verses and open them up in the choruses": louder, or airier?
        const bool opens = std::ranges::any_of(clause.items, [](const NoteItem& item) { return item.text == "open up"; });
        if (opens && before && std::ranges::any_of(before->changes, [](const Clause::Change& change) { return change.attribute == Attribute::level || change.attribute == Attribute::distance; }))
            return refuse(clause, "\"open up\" can mean louder or airier here");
        // "too narrow, open it up"
        if (opens && before && before->changes.size() == 1 && before->changes.front().attribute == Attribute::width) clause.changes = before->changes;
        // "less reverb on the snare, more on the vocal": of the same.
        if (clause.ofTheSame && clause.joint != WordKind::stop) {
            if (!before) return refuse(clause, clause.changes.front().direction == Direction::up ? "more of what?" : "less of what?");
            if (before->changes.size() == 1 && !before->isAdjective) clause.changes.front().attribute = before->changes.front().attribute;
        }
        // "push the guitars and keys back", "keep kick and bass in the centre": one verb, and the end of the list says where to.
        if (clause.bareMover && i + 1 < clauses_.size() && clauses_[i + 1].joint == WordKind::conjunction && !clauses_[i + 1].hasVerb && clauses_[i + 1].changes.size() == 1 &&
            (clauses_[i + 1].changes.front().attribute == Attribute::pan || clauses_[i + 1].changes.front().attribute == Attribute::distance)) {
            clause.changes = clauses_[i + 1].changes;
            copyAmount(clause, clauses_[i + 1]);
        }
        if (clause.openMore || clause.openLess) {
            if (!before || before->changes.empty()) return refuse(clause, clause.openMore ? "more of what?" : "less of what?");
            for (const Clause::Change& change : before->changes) {
                if (change.direction != Direction::up && change.direction != Direction::down) return refuse(clause, "I cannot tell what it means here");
                clause.changes.push_back({change.attribute, clause.openMore ? Direction::up : Direction::down});
            }
        }
        if (clause.openNoun) {
            if (!before || before->changes.size() != 1 || before->isAdjective) return refuse(clause, "more or less of it?");
            clause.changes.push_back({*clause.openNoun, before->changes.front().direction});
            if (!clause.hasAmount) clause.amount = before->amount;
            if (before->targets.empty()) return refuse(clause, "I cannot tell what it belongs to");
        }
        if (clause.changes.empty()) return completeNothing(i);
        if (before && before->prohibits && clause.targets.empty() && !clause.hasVerb && clause.joint != WordKind::but && !setsAgainst(clause)) {
            clause.prohibits = true;
            for (Clause::Change& change : clause.changes) change.direction = Direction::keep;
        }
        if (clause.targets.empty()) findTargets(i);
        remember(clause);
    }

    // "the drums are perfect, everything else a little quieter": all but the drums. After the voices, or nobody, it is what accompanies them.
    void meanTheOthers(Clause& clause) {
        static const std::set<std::string> kOthers = {"everything else", "all else", "the rest", "other instruments", "everything around them", "everything around it"};
        const bool others = clause.targets == std::vector<std::string>{"instruments"} && std::ranges::any_of(clause.items, [](const NoteItem& item) { return item.is(WordKind::target) && kOthers.contains(item.text); });
        if (!others) return;
        if (spoken_ == std::vector<std::string>{kNobodyKnows}) return refuse(clause, "I cannot tell what the others are");
        const bool afterVoices = std::ranges::all_of(spoken_, [](const std::string& named) { return named.starts_with("vocals"); });
        const bool afterAll = std::ranges::any_of(spoken_, [](const std::string& named) { return named == "mix" || named == "everything" || named == "instruments"; });
        if (afterVoices || afterAll) return;
        clause.targets = {"everything"};
        clause.except.insert(clause.except.end(), spoken_.begin(), spoken_.end());
    }

    // "the vocals sound so warm and clear on this one": more of what was only stated.
    bool goesOnStating(std::size_t i) const {
        const Clause& clause = clauses_[i];
        if (i == 0 || clause.joint != WordKind::conjunction || clauses_[i - 1].understood() || !clause.targets.empty() || !clause.isAdjective || clause.hasVerb) return false;
        return std::ranges::none_of(clause.items, [](const NoteItem& item) { return (item.is(WordKind::quality) && item.meaning.comparative) || item.is(WordKind::more) || item.is(WordKind::less) || item.is(WordKind::too) || item.is(WordKind::wish) || item.is(WordKind::need); });
    }

    // "don't make it louder, just clearer"
    static bool setsAgainst(const Clause& clause) {
        const std::string& first = clause.items.front().text;
        return first == "just" || first == "only" || first == "rather" || first == "simply" || first == "instead" || first == "merely";
    }

    // "guitars and keys wider", "turn up the guitars and keys".
    void completeTargets(std::size_t i) {
        Clause& clause = clauses_[i];
        clause.listed = i > 0 && clauses_[i - 1].understood();
        std::size_t next = i + 1;
        while (next < clauses_.size() && clauses_[next].onlyTargets()) ++next;
        const bool follows = next < clauses_.size() && clauses_[next].understood() && clauses_[next].joint != WordKind::but && !clauses_[next].changes.empty();
        // "so the vocal, the piano and the keys come through": a list may go on that says why.
        if (clause.afterReason) {
            for (std::size_t k = i + 1; k <= next && k < clauses_.size(); ++k) refuse(clauses_[k], "it may belong to what says why");
            return refuse(clause, "it may belong to what says why");
        }
        Clause* before = previous(i);
        const bool backward = before && !before->changes.empty() && clause.joint != WordKind::but;
        const bool forward = follows && clauses_[next].targetFirst && !clauses_[next].targets.empty();
        bool goesForward = forward || (follows && clauses_[next].targets.empty() && !backward);
        if (backward && forward) {
            const bool tiedBack = clause.joint != WordKind::comma, tiedForward = clauses_[next].joint != WordKind::comma;
            if (tiedBack == tiedForward) return refuse(clause, "I cannot tell whether it belongs to what stands before or after it");
            goesForward = tiedForward;
        }
        // "drums up, except the hats"
        const auto first = std::ranges::find_if(clause.items, [](const NoteItem& item) { return !item.is(WordKind::filler); });
        if (first != clause.items.end() && first->is(WordKind::except) && !clause.except.empty()) {
            if (!backward || before != &clauses_[i - 1]) return refuse(clause, "I cannot tell from what it is an exception");
            before->except.insert(before->except.end(), clause.except.begin(), clause.except.end());
            merged_.push_back(i);
            return;
        }
        if (goesForward) {
            const Clause& model = clauses_[next];
            clause.changes = model.changes;
            copyAmount(clause, model);
            if (clause.where.empty()) clause.where = model.where;
            clause.prohibits = model.prohibits;
            clauses_[next].listed = true;
            return remember(clause);
        }
        if (!backward) return refuse(clause, afterRefusal(i) ? "it belongs to something that I did not understand" : "it does not say what should change");
        // "everything down except the vocals and the bass"
        if (!before->except.empty()) {
            before->except.insert(before->except.end(), clause.targets.begin(), clause.targets.end());
            clause.targets.clear();
            merged_.push_back(i);
            return;
        }
        clause.changes = before->changes;
        copyAmount(clause, *before);
        if (clause.where.empty()) clause.where = before->where;
        clause.prohibits = before->prohibits;
        remember(clause);
    }

    static void copyAmount(Clause& clause, const Clause& model) {
        if (clause.hasAmount) return;
        clause.hasAmount = model.hasAmount;
        clause.amount = model.amount;
        clause.number = model.number;
    }

    // A clause that changes nothing by itself: ", a little", ", in the chorus".
    void completeNothing(std::size_t i) {
        Clause& clause = clauses_[i];
        Clause* before = previous(i);
        if (clause.where.starts_with("not ") && clause.targets.empty() && i > 0) {
            // Of all that was said before, or of the last? Only one thing leaves no doubt.
            if (i == 1 && before && !before->changes.empty() && before->where.empty()) {
                before->where = clause.where;
                merged_.push_back(i);
                return;
            }
            for (std::size_t k = 0; k < i; ++k) refuse(clauses_[k], "I cannot tell what of it is not meant there");
            return refuse(clause, "I cannot tell what it belongs to");
        }
        // "keys wider but only in the chorus"
        const bool narrows = clause.joint == WordKind::but && setsAgainst(clause) && before && before->where.empty();
        if (before && !before->changes.empty() && (clause.joint == WordKind::comma || narrows) && clause.targets.empty()) {
            if (clause.hasAmount && !before->hasAmount) {
                copyAmount(*before, clause);
                merged_.push_back(i);
                return;
            }
            if (!clause.where.empty() && !clause.hasVerb) {
                before->where = clause.where;
                merged_.push_back(i);
                return;
            }
        }
        if (before && clause.pointsOnly) refuse(*before, "it points several ways");
        refuse(clause, afterRefusal(i) ? "it belongs to something that I did not understand" : "it does not say what should change");
    }

    void findTargets(std::size_t i) {
        Clause& clause = clauses_[i];
        if (clause.pronoun) {
            // "the snare has a strange ring, kill it": the ring, not the snare.
            const bool takesAway = std::ranges::any_of(clause.changes, [](const Clause::Change& change) { return change.attribute == Attribute::mute; }) && std::ranges::any_of(clause.items, [](const NoteItem& item) { return item.is(WordKind::remove); });
            if (takesAway && (afterRefusal(i) || afterUnread_)) return refuse(clause, "I cannot tell whether all of it or something about it should go");
            if (spoken_ == std::vector<std::string>{kNobodyKnows}) return refuse(clause, "I cannot tell what it belongs to");
            // Somebody is the one who sings, if nobody was named.
            const bool somebody = std::ranges::any_of(clause.items, [](const NoteItem& item) { return item.is(WordKind::pronoun) && (item.text == "she" || item.text == "he" || item.text == "her" || item.text == "him"); });
            clause.targets = spoken_.empty() ? std::vector<std::string>{somebody ? "vocals/lead" : "mix"} : spoken_;
            return;
        }
        if (afterRefusal(i)) return refuse(clause, "it belongs to something that I did not understand");
        if (clause.joint != WordKind::stop && !subject_.empty()) {
            clause.targets = subject_;
            return;
        }
        // "wider and darker guitars", "more punch and warmth on the drums"
        for (std::size_t next = i + 1; next < clauses_.size(); ++next) {
            const Clause& later = clauses_[next];
            if (later.joint == WordKind::but) break;
            if (!later.understood()) return refuse(clause, "what it belongs to may stand in what I did not understand");
            const bool alike = clause.isAdjective ? later.isAdjective : later.openNoun.has_value();
            if (later.targets.empty()) {
                if (alike) continue;
                break;
            }
            if (alike && !later.targetFirst) {
                clause.targets = later.targets;
                return;
            }
            if (!later.targetFirst && !later.hasVerb) return refuse(clause, "I cannot tell what it belongs to");
            break;
        }
        for (const Clause::Change& change : clause.changes)
            if (change.attribute == Attribute::mute || change.attribute == Attribute::solo || change.attribute == Attribute::pan || change.attribute == Attribute::distance || change.attribute == Attribute::sustain)
                return refuse(clause, "it does not say what");
        if (afterUnread_ || spoken_ == std::vector<std::string>{kNobodyKnows}) return refuse(clause, "what it belongs to may stand in what I did not understand");
        // S-sounds are a voice's.
        const bool sibilance = clause.changes.front().attribute == Attribute::sibilance;
        clause.targets = {sibilance ? "vocals/lead" : "mix"};
    }

    void remember(const Clause& clause) {
        if (clause.targets.empty() || !clause.understood()) return;
        // Targets that are listed are one subject: "guitars and keys up, and also brighter".
        const bool list = clause.joint != WordKind::stop && clause.listed && !subject_.empty();
        if (!list) subject_.clear();
        subject_.insert(subject_.end(), clause.targets.begin(), clause.targets.end());
        spoken_ = subject_;
    }

    void tell(const Clause& clause, NoteReading& reading) const {
        if (std::ranges::find(merged_, static_cast<std::size_t>(&clause - clauses_.data())) != merged_.end()) return;
        if (!clause.understood()) {
            reading.unread.push_back({clause.text(), clause.why});
            return;
        }
        if (clause.setAside) {
            reading.unread.push_back({clause.text(), kSaysWhy});
            return;
        }
        if (clause.praise) {
            reading.unread.push_back({clause.text(), kAsksNothing});
            return;
        }
        for (const std::string& target : clause.targets)
            for (const Clause::Change& change : clause.changes) {
                Request request{.target = target, .except = clause.except, .attribute = change.attribute, .direction = change.direction, .amount = clause.amount, .number = clause.number};
                request.where = clause.where;
                request.text = clause.text();
                reading.requests.push_back(std::move(request));
            }
    }

    std::vector<Clause> clauses_;
    std::vector<std::string>& spoken_;       // what "it" means; kNobodyKnows
    bool afterUnread_ = false;
    std::vector<std::string> subject_;       // of this sentence
    std::vector<std::size_t> merged_;        // clauses that only completed others
};

}  // namespace

void readSentence(std::vector<Clause> clauses, std::vector<std::string>& spoken, NoteReading& reading) { Sentence(std::move(clauses), spoken).read(reading); }

}  // namespace tonewright
