#include "engineer/notes/note_words.h"

#include <algorithm>
#include <sstream>

#include "core/data.h"
#include "core/text.h"
#include "session/name_text.h"

namespace tonewright {

namespace {

constexpr std::size_t kLeastLength = 5;  // shorter words are one slip from too many others

const std::vector<std::pair<std::string, WordKind>>& grammarWords() {
    static const std::vector<std::pair<std::string, WordKind>> kinds = {
        {"up", WordKind::up}, {"down", WordKind::down}, {"back", WordKind::back}, {"off", WordKind::off}, {"out", WordKind::out},
        {"more", WordKind::more}, {"less", WordKind::less}, {"tooMuch", WordKind::tooMuch}, {"too", WordKind::too}, {"tooLittle", WordKind::tooLittle},
        {"enough", WordKind::enough}, {"so", WordKind::so}, {"soMuch", WordKind::soMuch}, {"not", WordKind::negation}, {"dont", WordKind::dont},
        {"no", WordKind::no}, {"cannot", WordKind::cannot}, {"hear", WordKind::hear}, {"understand", WordKind::understand}, {"wish", WordKind::wish},
        {"need", WordKind::need}, {"give", WordKind::give}, {"some", WordKind::some}, {"remove", WordKind::remove}, {"mute", WordKind::mute},
        {"unmute", WordKind::unmute}, {"soloVerb", WordKind::soloVerb}, {"keepVerb", WordKind::keepVerb}, {"keepTail", WordKind::keepTail},
        {"anything", WordKind::anything}, {"pan", WordKind::pan}, {"left", WordKind::left}, {"right", WordKind::right}, {"centre", WordKind::centre},
        {"mono", WordKind::mono}, {"hard", WordKind::hard}, {"first", WordKind::first}, {"second", WordKind::second}, {"third", WordKind::third},
        {"be", WordKind::be}, {"there", WordKind::there}, {"past", WordKind::past}, {"than", WordKind::than}, {"by", WordKind::by}, {"above", WordKind::above}, {"below", WordKind::below}, {"sometimes", WordKind::sometimes},
        {"except", WordKind::except}, {"shouldBe", WordKind::shouldBe}, {"why", WordKind::why}, {"praise", WordKind::praise}, {"prep", WordKind::prep},
        {"pronoun", WordKind::pronoun}, {"hedge", WordKind::hedge}, {"reason", WordKind::reason}};
    return kinds;
}

template <std::size_t N>
std::vector<std::string> list(const Names<N>& names) {
    return {names.begin(), names.end()};
}

bool oneSlip(const std::string& a, const std::string& b) {
    if (a.size() > b.size()) return oneSlip(b, a);
    if (b.size() - a.size() > 1) return false;
    std::size_t i = 0;
    while (i < a.size() && a[i] == b[i]) ++i;
    if (a.size() < b.size()) return a.substr(i) == b.substr(i + 1);
    if (a.substr(i) == b.substr(i)) return false;
    if (a.substr(i + 1) == b.substr(i + 1)) return true;
    return i + 1 < a.size() && a[i] == b[i + 1] && a[i + 1] == b[i] && a.substr(i + 2) == b.substr(i + 2);
}

// "looouder", "upp": letters that were held, let go; "" if that leads to no word, or to several.
template <class Known>
std::string withoutHeldLetters(const std::string& word, const Known& knows) {
    std::set<std::string> found;
    for (const std::size_t most : {1u, 2u}) {
        std::string shorter;
        for (std::size_t i = 0; i < word.size();) {
            std::size_t end = i;
            while (end < word.size() && word[end] == word[i]) ++end;
            const bool held = end - i >= 3 || (end - i == 2 && end == word.size());
            shorter.append(held ? most : end - i, word[i]);
            i = end;
        }
        if (shorter != word && knows(shorter)) found.insert(shorter);
    }
    return found.size() == 1 ? *found.begin() : "";
}

// Whether two words say the same: "reverb" and "reverby".
bool alike(const std::vector<NoteMeaning>* a, const std::vector<NoteMeaning>* b) {
    if (!a || !b || a->size() != 1 || b->size() != 1) return false;
    const NoteMeaning &x = a->front(), &y = b->front();
    if (x.kind == WordKind::target || y.kind == WordKind::target) return x.kind == y.kind && x.target == y.target;
    return x.hasAttribute && y.hasAttribute && x.attribute == y.attribute && !x.comparative && !y.comparative && !x.inverse && !y.inverse && (x.sign == 0 || y.sign == 0 || x.sign == y.sign);
}

// The words of a group that are listed under names: "targets", "words".
template <class Visit>
void eachGroup(JsonReader& root, const char* key, const Visit& visit) {
    JsonReader groups = root.object(key);
    const Json* all = root.raw(key);
    for (const auto& [name, words] : all->asObject())
        for (const std::string& word : groups.texts(name)) visit(name, word);
    groups.finish();
}

}  // namespace

std::string plainNote(std::string_view text) {
    std::string quoted(text);
    for (const char* apostrophe : {"\u2019", "\u2018", "\u00b4", "`"})
        for (std::size_t at; (at = quoted.find(apostrophe)) != std::string::npos;) quoted.replace(at, std::string(apostrophe).size(), "'");
    for (const char* dash : {"\u2212", "\u2013"})
        for (std::size_t at; (at = quoted.find(dash)) != std::string::npos;) quoted.replace(at, std::string(dash).size(), "-");
    // Accents off word by word: what is neither letter nor digit has a meaning here and stays.
    std::string plain, word;
    const auto flush = [&] {
        plain += lowerAscii(withoutAccents(word));
        word.clear();
    };
    for (std::size_t i = 0; i < quoted.size(); ++i) {
        const unsigned char c = static_cast<unsigned char>(quoted[i]);
        if (std::isalnum(c) || c >= 0x80) {
            word += quoted[i];
            continue;
        }
        flush();
        const bool inside = c == '-' && i > 0 && i + 1 < quoted.size() && std::isalpha(static_cast<unsigned char>(quoted[i - 1])) && std::isalpha(static_cast<unsigned char>(quoted[i + 1]));
        plain += inside ? ' ' : quoted[i];
    }
    flush();
    return plain;
}

const NoteWords& NoteWords::get() {
    static const NoteWords words(embeddedData("note_words.json"));
    return words;
}

NoteWords::NoteWords(std::string_view text) {
    const Json document = Json::parse(text, "note_words.json");
    JsonReader root(document, "$", "note_words.json");
    for (const char* key : {"about", "date", "sources"}) root.raw(key);
    eachGroup(root, "targets", [&](const std::string& name, const std::string& word) { add(word, {.kind = WordKind::target, .target = name}); });
    for (JsonReader& json : root.objects("nouns")) {
        const NoteMeaning meaning{.kind = WordKind::noun, .target = {}, .attribute = static_cast<Attribute>(json.choice("attribute", list(kAttributeNames))),
                                  .hasAttribute = true, .bad = json.flag("bad", false), .inverse = json.flag("inverse", false)};
        for (const std::string& word : json.texts("words")) add(word, meaning);
        json.finish();
    }
    for (JsonReader& json : root.objects("qualities")) {
        NoteMeaning meaning{.kind = WordKind::quality, .target = {}, .attribute = static_cast<Attribute>(json.choice("attribute", list(kAttributeNames))), .hasAttribute = true};
        meaning.sign = json.choice("direction", {"up", "down"}) == 0 ? 1 : -1;
        meaning.value = static_cast<QualityValue>(json.choice("value", {"neutral", "good", "bad"}));
        meaning.pitch = json.flag("pitch", false);
        for (const std::string& word : json.texts("base")) add(word, meaning);
        meaning.comparative = true;
        for (const std::string& word : json.texts("more")) add(word, meaning);
        json.finish();
    }
    for (JsonReader& json : root.objects("verbs")) {
        NoteMeaning meaning{.kind = WordKind::verb, .target = {}};
        const std::string attribute = json.text("attribute");
        meaning.hasAttribute = !attribute.empty();
        if (meaning.hasAttribute) meaning.attribute = static_cast<Attribute>(json.choice("attribute", list(kAttributeNames)));
        meaning.sign = json.choice("direction", {"up", "down"}) == 0 ? 1 : -1;
        meaning.complaint = json.flag("complaint", false);
        meaning.covers = json.flag("covers", false);
        for (const std::string& word : json.texts("words")) add(word, meaning);
        json.finish();
    }
    eachGroup(root, "words", [&](const std::string& name, const std::string& word) {
        const auto kind = std::ranges::find(grammarWords(), name, &std::pair<std::string, WordKind>::first);
        if (kind == grammarWords().end()) root.fail("words", "has \"" + name + "\", which is no kind of word");
        add(word, {.kind = kind->second, .target = {}});
    });
    eachGroup(root, "amounts", [&](const std::string& name, const std::string& word) {
        add(word, {.kind = WordKind::amount, .target = {}, .amount = name == "little" ? AmountKind::little : name == "lot" ? AmountKind::lot : AmountKind::usual});
    });
    JsonReader numbers = root.object("numbers");
    for (const auto& [word, value] : root.raw("numbers")->asObject()) add(word, {.kind = WordKind::number, .target = {}, .number = numbers.number(word, {0.0, 100.0})});
    numbers.finish();
    eachGroup(root, "units", [&](const std::string& name, const std::string& word) { add(word, {.kind = WordKind::unit, .target = name}); });
    eachGroup(root, "sections", [&](const std::string& name, const std::string& word) { add(word, {.kind = WordKind::section, .target = name}); });
    for (JsonReader& json : root.objects("frequencies")) {
        bands_.emplace_back(json.number("belowHz", {20.0, 30000.0}), static_cast<Attribute>(json.choice("attribute", list(kAttributeNames))));
        json.finish();
    }
    if (bands_.empty() || !std::ranges::is_sorted(bands_, {}, &std::pair<double, Attribute>::first)) root.fail("frequencies", "must rise");
    for (const std::string& word : root.texts("filler")) add(word, {.kind = WordKind::filler, .target = {}});
    for (const std::string& word : root.texts("neverCorrected")) neverCorrected_.insert(word);
    for (const auto& [word, kind] : {std::pair{"and", WordKind::conjunction}, {"plus", WordKind::conjunction}, {"or", WordKind::disjunction}, {"nor", WordKind::disjunction}, {"but", WordKind::but},
                                     {"yet", WordKind::but}, {"and then", WordKind::conjunction}, {"whereas", WordKind::but}})
        add(word, {.kind = kind, .target = {}});
    root.finish();
}

void NoteWords::add(const std::string& phrase, const NoteMeaning& meaning) {
    std::stringstream parts(plainNote(phrase));
    std::vector<std::string> words;
    for (std::string word; parts >> word;) words.push_back(word);
    words_.insert(words.begin(), words.end());
    longest_ = std::max(longest_, static_cast<int>(words.size()));
    phrases_[join(words, " ")].push_back(meaning);
}

const std::vector<NoteMeaning>* NoteWords::find(const std::string& phrase) const {
    const auto found = phrases_.find(phrase);
    return found == phrases_.end() ? nullptr : &found->second;
}

Attribute NoteWords::attributeAt(double hz) const {
    for (const auto& [below, attribute] : bands_)
        if (hz < below) return attribute;
    return bands_.back().second;
}

std::string NoteWords::corrected(const std::string& word, const std::set<std::string>& more) const {
    if (neverCorrected_.contains(word)) return "";
    if (const std::string shorter = withoutHeldLetters(word, [&](const std::string& each) { return words_.contains(each); }); word.size() >= 3 && !shorter.empty()) return shorter;
    if (word.size() < kLeastLength) return "";
    std::set<std::string> candidates;
    for (const std::set<std::string>* known : {&words_, &more})
        for (const std::string& candidate : *known)
            if (candidate.size() >= kLeastLength && candidate.front() == word.front() && oneSlip(word, candidate) && !(candidate.size() == word.size() && candidate.compare(0, word.size() - 1, word, 0, word.size() - 1) == 0)) candidates.insert(candidate);
    if (candidates.empty()) return "";  // the first letter is seldom the slip: "dreamy" is not "creamy"; another last letter makes another word: "clicky", "clicks"
    // Several are one if they differ by a plural's s ("guitr"), or say the same.
    const std::string& first = *candidates.begin();
    for (const std::string& other : candidates)
        if (other != first && other != first + "s" && !alike(find(first), find(other))) return "";
    return candidates.rbegin()->size() == word.size() ? *candidates.rbegin() : first;
}

}  // namespace tonewright
