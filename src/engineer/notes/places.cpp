#include "engineer/notes/places.h"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>

#include "core/text.h"

namespace tonewright {

namespace {

using Items = std::vector<NoteItem>;

// A reader of the items from one of them on. What it takes is counted in `at`; nothing is taken where it returns nothing.
class Reader {
public:
    Reader(const Items& items, std::size_t from) : at(from), items_(items) {}

    bool ends() const { return at >= items_.size(); }
    const NoteItem& item() const { return items_[at]; }

    void skipFillers() {
        while (!ends() && item().is(WordKind::filler) && !hasMeaningHere(item().text)) ++at;
    }

    bool takes(std::initializer_list<std::string_view> texts) {
        skipFillers();
        if (ends() || std::ranges::find(texts, std::string_view(item().text)) == texts.end()) return false;
        ++at;
        return true;
    }

    bool takesPrep() {
        skipFillers();
        if (ends() || !item().is(WordKind::prep)) return false;
        ++at;
        return true;
    }

    // "first", "2nd", "last": "1", "2", "last".
    std::string ordinal() {
        skipFillers();
        if (ends()) return "";
        const NoteItem& word = item();
        std::string which = word.is(WordKind::first) ? "1" : word.is(WordKind::second) && word.text != "other" ? "2" : word.is(WordKind::third) ? (word.text == "last" || word.text == "final" ? "last" : "3") : "";
        if (!which.empty()) ++at;
        return which;
    }

    // "the second chorus", "verse 2", "the guitar solo": "chorus 2", "verse 2", "solo".
    std::string section() {
        const std::size_t before = at;
        const std::string which = ordinal();
        skipFillers();
        if (!ends() && item().is(WordKind::target) && at + 1 < items_.size() && items_[at + 1].text == "solo") ++at;
        if (ends() || (!item().is(WordKind::section) && item().text != "solo")) {
            at = before;
            return "";
        }
        std::string name = item().is(WordKind::section) ? item().meaning.target : "solo";
        ++at;
        if (!which.empty()) return name + " " + which;
        if (!ends() && item().is(WordKind::number) && item().unit.empty() && !item().hasSign && std::isdigit(static_cast<unsigned char>(item().text.front()))) {
            name += " " + fixed(item().meaning.number, 0);
            ++at;
        }
        return name;
    }

    // "starts", "comes in", "hits": nothing new after "when the chorus".
    void skipBeginning() {
        static const std::set<std::string_view> kBegins = {"starts", "begins", "comes", "come", "comes in", "come in", "hits", "hit", "kicks", "kick in", "kicks in", "arrives", "enters", "drops", "in", "start", "begin"};
        while (!ends() && kBegins.contains(item().text)) ++at;
    }

    std::size_t at;

private:
    static bool hasMeaningHere(const std::string& text) { return text == "when" || text == "once" || text == "half"; }

    const Items& items_;
};

bool closes(const Items& items, std::size_t i) {
    while (i < items.size() && items[i].is(WordKind::filler)) ++i;
    return i == items.size() || items[i].is(WordKind::comma) || items[i].is(WordKind::stop) || items[i].is(WordKind::but);
}

// "20 seconds", "minute": how long; 0 if it is none.
double length(Reader& reader) {
    static const std::set<std::string_view> kSeconds = {"second", "seconds", "sec", "secs", "s"}, kMinutes = {"minute", "minutes", "min", "mins"};
    const std::size_t before = reader.at;
    double number = 1.0;
    reader.skipFillers();
    if (!reader.ends() && reader.item().is(WordKind::number) && reader.item().unit.empty() && !reader.item().hasSign) {
        number = reader.item().meaning.number;
        ++reader.at;
    } else if (!reader.ends() && reader.item().text == "couple of") {
        number = 2.0;
        ++reader.at;
    }
    if (!reader.ends() && kSeconds.contains(reader.item().text) && !(reader.item().text == "second" && number != 1.0)) return ++reader.at, number;
    if (!reader.ends() && kMinutes.contains(reader.item().text)) return ++reader.at, 60.0 * number;
    reader.at = before;
    return 0.0;
}

// "first 20 seconds", "second half of the bridge".
std::string partOf(Reader& reader) {
    const std::string which = reader.ordinal();
    if (which.empty()) return "";
    if (const double seconds = length(reader); seconds > 0.0) {
        if (which != "1" && which != "last") return "";
        // "of the song" says nothing new; of a part of it is not known here.
        const std::size_t before = reader.at;
        if (reader.takes({"of"}) && !reader.section().empty()) return "";
        reader.at = before;
        return which == "1" ? "0.0-" + fixed(seconds, 1) : "end-" + fixed(seconds, 1);
    }
    if (!reader.takes({"half"})) return "";
    const std::string half = which == "1" ? " half 1" : " half 2";
    const std::size_t before = reader.at;
    if (reader.takes({"of"})) {
        if (const std::string name = reader.section(); !name.empty()) return name + half;
        reader.skipFillers();
        if (!reader.ends() && reader.item().is(WordKind::target) && reader.item().meaning.target == "mix") return ++reader.at, "song" + half;
    }
    reader.at = before;
    return "song" + half;
}

std::string fromThere(Reader& reader) {
    const std::string from = reader.section();
    if (from.empty()) return "";
    if (reader.takes({"on", "onwards", "onward", "on out", "forward"})) return "from " + from;
    if (reader.takes({"until", "till", "to", "through", "up to"})) {
        const std::string to = reader.section();
        return to.empty() ? "" : "from " + from + " until " + to;
    }
    return "";
}

// "all choruses but the first"
std::string allButOne(Reader& reader, const Items& items) {
    std::size_t start = reader.at;
    while (start > 0 && (items[start - 1].text == "the" || items[start - 1].text == "of")) --start;
    if (start == 0 || (items[start - 1].text != "all" && items[start - 1].text != "every" && items[start - 1].text != "each")) return "";
    const std::string name = reader.section();
    if (name.empty() || name.find(' ') != std::string::npos) return "";
    if (!reader.takes({"but", "except", "except for", "apart from", "but not", "other than", "besides"})) return "";
    const std::string which = reader.ordinal();
    reader.takes({"one"});
    return which.empty() || !closes(items, reader.at) ? "" : name + " not " + which;
}

// "in the verses and choruses", "in the intro, the bridge and the outro"
std::string severalParts(Reader& reader, const Items& items) {
    std::string all = reader.section();
    if (all.empty() || all.starts_with("solo")) return "";
    int count = 1;
    for (std::size_t good = reader.at;; good = reader.at, ++count) {
        bool joined = false;
        while (!reader.ends() && (reader.item().is(WordKind::conjunction) || reader.item().is(WordKind::disjunction) || (reader.item().is(WordKind::comma) && !joined))) joined = true, ++reader.at;
        if (joined) reader.takes({"in", "during", "on"});
        const std::string next = joined ? reader.section() : "";
        if (next.empty()) {
            reader.at = good;
            return count > 1 && closes(items, reader.at) ? all : "";
        }
        all += "+" + next;
    }
}

// The place that begins at the reader's item; "" if none does.
std::string placeAt(Reader& reader, const Items& items) {
    const NoteItem& first = reader.item();
    const std::size_t start = reader.at;
    const auto tried = [&](const std::string& place) {
        if (place.empty()) reader.at = start;
        return place;
    };
    if (first.text == "until" || first.text == "till" || first.text == "before" || first.text == "up to" || first.text == "up until") {
        ++reader.at;
        const std::string to = reader.section();
        if (to.empty()) return tried("");
        reader.skipBeginning();
        return "until " + to;
    }
    if (first.text == "after" || first.text == "following") {
        ++reader.at;
        const std::string from = reader.section();
        return tried(from.empty() ? "" : "after " + from);
    }
    if (first.text == "from" || first.text == "starting from" || first.text == "starting at" || first.text == "starting with" || first.text == "between") {
        ++reader.at;
        if (first.text.starts_with("starting")) {
            const std::string from = reader.section();
            return tried(from.empty() ? "" : "from " + from);
        }
        if (first.text == "between") {
            const std::string from = reader.section();
            if (from.empty() || !reader.takes({"and"})) return tried("");
            const std::string to = reader.section();
            return tried(to.empty() ? "" : "after " + from + " until " + to);
        }
        return tried(fromThere(reader));
    }
    if (first.text == "when" || first.text == "once") {
        ++reader.at;
        std::string place = reader.section();
        if (place.empty()) {  // "when the band comes in at the second chorus"
            reader.skipFillers();
            if (reader.ends() || !reader.item().is(WordKind::target)) return tried("");
            ++reader.at;
            const std::size_t verb = reader.at;
            reader.skipBeginning();
            if (reader.at == verb || !(reader.takesPrep() || items[reader.at - 1].text == "in")) return tried("");
            place = reader.section();
            if (place.empty()) return tried("");
        }
        reader.skipBeginning();
        return (first.text == "once" ? "from " : "") + place;
    }
    if (first.is(WordKind::first) || first.is(WordKind::second) || first.is(WordKind::third))
        if (const std::string place = tried(partOf(reader)); !place.empty()) return place;
    if (first.text == "all but" || first.text == "every") {  // "in all but the last chorus"
        ++reader.at;
        if (first.text == "every" && !reader.takes({"but"})) return tried("");
        const std::string out = reader.section();
        const std::size_t space = out.find(' ');
        return tried(space == std::string::npos ? "" : out.substr(0, space) + " not" + out.substr(space));
    }
    if (first.is(WordKind::section))
        if (const std::string place = tried(allButOne(reader, items)); !place.empty()) return place;
    const bool afterPrep = start > 0 && (items[start - 1].is(WordKind::prep) || (items[start - 1].is(WordKind::filler) && start > 1 && (items[start - 2].is(WordKind::prep) || items[start - 2].is(WordKind::filler))));
    if (afterPrep && (first.is(WordKind::section) || first.is(WordKind::first) || first.is(WordKind::second) || first.is(WordKind::third))) return tried(severalParts(reader, items));
    return "";
}

}  // namespace

void readPlaces(std::vector<NoteItem>& items) {
    for (std::size_t i = 1; i < items.size(); ++i)  // "in the second drop", "before drop 2"; "drop the bass" is something else
        if (items[i].text == "drop" && (items[i - 1].is(WordKind::first) || items[i - 1].is(WordKind::second) || items[i - 1].is(WordKind::third))) items[i].meaning = {.kind = WordKind::section, .target = "drop"};
    for (std::size_t i = 0; i < items.size(); ++i) {
        Reader reader(items, i);
        const std::string place = placeAt(reader, items);
        if (place.empty()) continue;
        NoteItem whole;
        whole.meaning = {.kind = WordKind::time, .target = place};
        for (std::size_t k = i; k < reader.at; ++k) whole.text += (k > i ? " " : "") + items[k].text;
        items.erase(items.begin() + static_cast<std::ptrdiff_t>(i), items.begin() + static_cast<std::ptrdiff_t>(reader.at));
        items.insert(items.begin() + static_cast<std::ptrdiff_t>(i), std::move(whole));
    }
}

}  // namespace tonewright
