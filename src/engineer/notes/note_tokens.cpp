#include "engineer/notes/note_tokens.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <regex>
#include <set>
#include <sstream>

#include "core/text.h"
#include "engineer/notes/places.h"
#include "session/role_words.h"

namespace tonewright {

namespace {

double seconds(const std::string& minutes, const std::string& rest) { return 60.0 * std::atof(minutes.c_str()) + std::atof(rest.c_str()); }

double small(const std::string& word) {
    static const std::vector<std::string> kWords = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight"};
    return static_cast<double>(std::ranges::find(kWords, word) - kWords.begin());
}

// Every match of the expression replaced by what `write` makes of it.
template <class Write>
std::string replaced(const std::string& text, const std::regex& expression, const Write& write) {
    std::string result;
    auto from = text.cbegin();
    for (std::sregex_iterator match(text.begin(), text.end(), expression), end; match != end; ++match) {
        result.append(from, (*match)[0].first);
        result += " " + write(*match) + " ";
        from = (*match)[0].second;
    }
    return result.append(from, text.cend());
}

// Times become one word, "@70-90" in seconds; ranges of numbers their middle; what divides sentences stands alone.
std::vector<std::string> rawTokens(const std::string& plain) {
    static const std::string kTime = R"((\d{1,3}):(\d\d(?:\.\d+)?))";
    static const std::regex kSpan("(?:from |between |at )?\\s*" + kTime + R"(\s*(?:-|to|and|until|till)\s*)" + kTime);
    static const std::regex kAfter("(?:(?:after|from|starting (?:at|from)|past) " + kTime + "(?: on\\b| onwards?| to the end)?|" + kTime + "(?: on\\b| onwards?| to the end))");
    static const std::regex kMoment("(?:at |around |about )*" + kTime + "\\b");
    static const std::regex kUntil("(?:until|till|before|up to) " + kTime);
    static const std::regex kRange(R"((\d+(?:\.\d+)?)\s*(?:-|to|or)\s*(\d+(?:\.\d+)?)\s*(db|%|percent))");
    static const std::regex kBand(R"(\b(\d+(?:\.\d+)?)\s*(?:(?:khz|hz|k)?\s*(?:-|to|and)\s*(\d+(?:\.\d+)?)\s*)?(khz|hz|hertz|kilohertz|k)\b)");
    static const std::regex kWordRange("\\b(one|two|three|four|five|six) (?:to|or|and) (two|three|four|five|six|seven|eight) (db|decibels?|percent)\\b");
    static const std::regex kOneOrTwo("\\b(?:a|one|1) ?(?:db|decibels?) or (?:two|2)\\b"), kOrSo("(db|decibels?|%|percent) or so\\b"), kOneDb("\\b(half |quarter of )?(?:an?|one|about an?) (?:full |whole |good |solid )?(db|decibel)\\b"), kBothSides("\\bl ?/ ?r\\b"), kAboutLike("\\blike (?=(?:\\d|a |half|twice|one |two |three |four |five |six ))");
    // Shares of what there is: "half as much", "twice as loud", "cut in half".
    static const std::regex kHalfLess("\\bhalf as (?:much|many)\\b|\\bhalf (?:of )?what it is(?: now)?\\b|\\b(?:half|halve) the (?=(?:reverb|verb|delay|echo|ambience|room|compression|distortion|saturation|volume|level)\\b)");
    static const std::regex kTwiceMore("\\b(?:twice|double|two times) as (?:much|many)\\b|\\b(?:twice|double) the (?=(?:reverb|verb|delay|echo|ambience|room|compression|distortion|saturation)\\b)");
    static const std::regex kHalfQuieter("\\bhalf as loud\\b|\\b(?:twice|double|two times) as (?:quiet|soft)\\b"), kTwiceLouder("\\b(?:twice|double|two times) as loud\\b");
    static const std::regex kInHalf("\\b(?:in|by) half\\b(?! a\\b)");
    // "choruses 2 and 3", "only in the right speaker", "the second chorus bigger than the first".
    static const std::regex kTwoSections("\\b(verse|chorus|bridge|pre-?chorus)(?:s|es)? (\\d|one|two|three|four) (?:and|&) (\\d|two|three|four|five)\\b");
    static const std::regex kOnlySide("\\bonly (?:in|on|from|out of|through) (?:the |my )?(left|right)(?: speaker| side| ear| channel| headphone)?\\b"), kSpeaker("\\b(?:in|on|from|to) (?:the |my )?(left|right) (?:speaker|ear|channel|headphone)\\b");
    static const std::regex kThanTheFirst("((?:make|want|should|could|needs? to|has to|have) [^.;!?]*\\b\\w+er|(?:first|second|third|last|final) (?:verse|chorus|bridge) (?:should|could|needs? to|has to) [^.;!?]*\\b\\w+er) than the (?:first|second|third|last|other|previous)s?(?: one| ones)?\\b");
    // "cut the bass below 40": hertz, not decibels.
    static const std::regex kBareHertz("\\b(below|under|above|beneath|over|around) ([2-9]\\d|[1-9]\\d{2,4})\\b(?!\\s*(?:[.:]\\d|db|%|percent|hz|khz|k\\b|bpm|bars?\\b|beats?\\b|sec|min|lufs|lu\\b))");
    // "not a fan of the reverb", "kick's too subby", "piano -> left", "don't you think the kick is too quiet?".
    static const std::regex kDislike("\\b(?:(?:i'm |im |i am )?not (?:a |much of a )?(?:big |huge |great )?fan of|i (?:really |just )?(?:can't stand|cant stand|hate|dislike|don't (?:really )?like)) the (?=(?:\\w+ )?(?:reverb|verb|echo|echoes|delay|distortion|compression|sibilance|harshness|boominess|mud|noise|hiss|hum)\\b)");
    static const std::regex kContraction("\\b([a-z]{3,})'s (too|so|way too|a bit too|a little too|not|getting|kind of|kinda)\\b"), kOwnSpace("\\b(?:its|their|his|her|an|some) own (?:space|place|room|pocket)\\b"), kArrow("\\s*(?:->|=>)\\s*"), kDontYouThink("\\bdon't you think(?: that)?\\b");
    static const std::regex kAndAHalf("\\b(?:a|one|(\\d+)) (?:db|decibels?) and a half\\b"), kBarePoint("([+-])\\.(\\d)");
    static const std::regex kNumberedList("^\\s*1[.)]\\s"), kAnyListNumber("(^|[\\s,;.])\\d[.)]\\s+");
    static const std::regex kListNumber(R"((^|\n)\s*(?:\d+[.)]|[-*])\s+)");
    static const std::regex kToken(R"(@~?[\d.]+-?[\d.]*|#\d+|"[^"]*"|[a-z]+-\d+(?![\d.,]*\s*(?:db|%|percent))|[+-]?\d+(?:[.,]\d+)?(?=db|%|[^\w:]|$)|\d+:\d+|db\b|%|[^\s.,;!?:()\n"&/%+-]+|[.,;!?:\n&/+])");
    const std::string entries = std::regex_search(plain, kNumberedList) ? replaced(plain, kAnyListNumber, [](const std::smatch&) { return std::string("\n"); }) : plain;
    std::string text = replaced(entries, kListNumber, [](const std::smatch& m) { return m[1].str(); });
    text = replaced(text, kSpan, [](const std::smatch& m) { return "@" + fixed(seconds(m[1], m[2]), 1) + "-" + fixed(seconds(m[3], m[4]), 1); });
    text = replaced(text, kAfter, [](const std::smatch& m) { return "@" + (m[1].matched ? fixed(seconds(m[1], m[2]), 1) : fixed(seconds(m[3], m[4]), 1)) + "-"; });
    text = replaced(text, kUntil, [](const std::smatch& m) { return "@0.0-" + fixed(seconds(m[1], m[2]), 1); });
    text = replaced(text, kMoment, [](const std::smatch& m) { return "@~" + fixed(seconds(m[1], m[2]), 1); });
    // Frequencies become one word too, "#400".
    text = replaced(text, kBand, [](const std::smatch& m) {
        const double kilo = m[3].str().starts_with('k') ? 1000.0 : 1.0, low = std::atof(m[1].str().c_str()), high = m[2].matched ? std::atof(m[2].str().c_str()) : low;
        return "#" + fixed(kilo * std::sqrt(low * high), 0);
    });
    text = replaced(text, kTwoSections, [](const std::smatch& m) { return m[1].str() + " " + m[2].str() + " and " + m[1].str() + " " + m[3].str(); });
    text = replaced(text, kBareHertz, [](const std::smatch& m) { return m[1].str() + " #" + m[2].str(); });
    text = replaced(text, kDislike, [](const std::smatch&) { return std::string("less"); });
    text = replaced(text, kContraction, [](const std::smatch& m) { return m[1].str() + " is " + m[2].str(); });
    text = replaced(text, kOwnSpace, [](const std::smatch&) { return std::string("separation"); });
    text = replaced(text, kArrow, [](const std::smatch&) { return std::string(":"); });
    text = replaced(text, kDontYouThink, [](const std::smatch&) { return std::string(" "); });
    text = replaced(text, kOnlySide, [](const std::smatch& m) { return "hard " + m[1].str(); });
    text = replaced(text, kSpeaker, [](const std::smatch& m) { return "to the " + m[1].str(); });
    text = replaced(text, kThanTheFirst, [](const std::smatch& m) { return m[1].str(); });
    text = replaced(text, kWordRange, [](const std::smatch& m) { return fixed(0.5 * (small(m[1]) + small(m[2])), 2) + " " + m[3].str(); });
    text = replaced(text, kOneOrTwo, [](const std::smatch&) { return std::string("1.5 db"); });
    text = replaced(text, kOrSo, [](const std::smatch& m) { return m[1].str(); });
    text = replaced(text, kRange, [](const std::smatch& m) { return fixed(0.5 * (std::atof(m[1].str().c_str()) + std::atof(m[2].str().c_str())), 2) + " " + m[3].str(); });
    text = replaced(text, kAndAHalf, [](const std::smatch& m) { return (m[1].matched ? m[1].str() : std::string("1")) + ".5 db"; });
    text = replaced(text, kOneDb, [](const std::smatch& m) { return m[1].matched ? m[0].str() : "1 " + m[2].str(); });
    text = replaced(text, kBothSides, [](const std::smatch&) { return std::string("left and right"); });
    text = replaced(text, kAboutLike, [](const std::smatch&) { return std::string("about"); });
    text = replaced(text, kBarePoint, [](const std::smatch& m) { return m[1].str() + "0." + m[2].str(); });
    text = replaced(text, kHalfLess, [](const std::smatch&) { return std::string("50 % less"); });
    text = replaced(text, kTwiceMore, [](const std::smatch&) { return std::string("100 % more"); });
    text = replaced(text, kHalfQuieter, [](const std::smatch&) { return std::string("50 % quieter"); });
    text = replaced(text, kTwiceLouder, [](const std::smatch&) { return std::string("100 % louder"); });
    text = replaced(text, kInHalf, [](const std::smatch&) { return std::string("by 50 %"); });
    std::vector<std::string> tokens;
    for (std::sregex_iterator match(text.begin(), text.end(), kToken), end; match != end; ++match) tokens.push_back(match->str());
    return tokens;
}

// Overheads are written "OH"; "oh" is only a sigh.
std::string withOverheads(const std::string& note) {
    static const std::regex kOverheads("\\bOH[sS]?\\b");
    const bool shouted = std::ranges::none_of(note, [](unsigned char c) { return std::islower(c) != 0; }) && std::ranges::count(note, ' ') > 3;
    return shouted ? note : replaced(note, kOverheads, [](const std::smatch&) { return std::string("overheads"); });
}

// File names and the like, which no grammar could take for words, put in quotes: "01_kick in.wav".
std::string withQuotedNames(std::string text, const TrackNames& tracks) {
    std::vector<std::string> names;
    for (const auto& [name, target] : tracks)
        if (name.front() == '"' && name.find_first_of("_.0123456789") != std::string::npos && name.find_first_of("_.") != std::string::npos) names.push_back(name);
    std::ranges::sort(names, [](const std::string& a, const std::string& b) { return a.size() != b.size() ? a.size() > b.size() : a < b; });
    for (const std::string& name : names) {
        const std::string bare = name.substr(1, name.size() - 2);
        const auto partOfWord = [&](std::size_t i) { return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) || text[i] == '_' || text[i] == '"'); };
        for (std::size_t at = 0; (at = text.find(bare, at)) != std::string::npos; at += name.size())
            if ((at > 0 && partOfWord(at - 1)) || partOfWord(at + bare.size()))
                continue;
            else
                text.replace(at, bare.size(), name);
    }
    return text;
}

bool isNumber(const std::string& token) {
    char* end = nullptr;
    std::string text = token;
    std::ranges::replace(text, ',', '.');
    std::strtod(text.c_str(), &end);
    return !text.empty() && *end == '\0' && (std::isdigit(static_cast<unsigned char>(text.back())) != 0);
}

// An instrument that only the names' dictionary knows ("tambourine", "stimme"): meant is a track that is called so, or the role.
std::string namedInstrument(const std::string& word) {
    if (word.size() < 3) return "";
    const WordMeaning* meaning = RoleWords::get().find(word);
    if (!meaning || !meaning->hasRole() || meaning->strength == WordStrength::weak || meaning->role == "utility/click") return "";
    // Roles that stand for one instrument need no name.
    static const std::set<std::string> kOneInstrument = {"drums/kick", "drums/snare", "drums/hihat", "drums/tom", "bass/electric", "bass/acoustic", "guitar/electric", "vocals/lead",
                                                         "vocals/backing", "keys/piano", "keys/organ", "winds/sax", "drums/overhead", "drums/kit", "strings/ensemble"};
    if (!kOneInstrument.contains(meaning->role)) return meaning->role + ":" + (word.size() > 4 && word.ends_with("s") ? word.substr(0, word.size() - 1) : word);
    if (meaning->role == "drums/kit") return "drums";
    if (meaning->role == "guitar/electric" && meaning->strength == WordStrength::general) return "guitar";
    if (meaning->role == "bass/electric" && meaning->strength == WordStrength::general) return "bass";
    return meaning->role == "strings/ensemble" ? "strings" : meaning->role;
}

// "gtr1", "vox_2": a track of that name, or the first guitar. "" if it is none.
std::string numberedTrack(const std::string& token, const TrackNames& tracks, const NoteWords& words) {
    static const std::regex kNumbered("([a-z]{2,})_?0?([1-9]\\d?)");
    std::smatch match;
    if (!std::regex_match(token, match, kNumbered)) return "";
    const std::string name = match[1], number = match[2];
    if (const auto track = tracks.find(name + " " + number); track != tracks.end()) return track->second;
    const std::vector<NoteMeaning>* meanings = words.find(name);
    const std::string target = meanings && meanings->front().kind == WordKind::target ? meanings->front().target : meanings ? "" : namedInstrument(name);
    const bool one = !target.empty() && target.find(':') == std::string::npos && target != "mix" && target != "everything" && target != "instruments";
    return one ? target + ":" + number : "";
}

NoteItem itemOf(WordKind kind, std::string text) {
    NoteItem item;
    item.meaning.kind = kind;
    item.text = std::move(text);
    return item;
}

// Of several meanings: the verb where the clause has nothing yet that says what is done.
const NoteMeaning& chosen(const std::vector<NoteMeaning>& meanings, const std::vector<NoteItem>& before) {
    if (meanings.size() == 1) return meanings.front();
    bool opens = true;
    for (auto item = before.rbegin(); item != before.rend(); ++item) {
        if (item->is(WordKind::comma) || item->is(WordKind::conjunction) || item->is(WordKind::but) || item->is(WordKind::stop)) break;
        if (!item->is(WordKind::filler) && !item->is(WordKind::amount) && !item->is(WordKind::pronoun) && !item->is(WordKind::dont) && !item->is(WordKind::need)) opens = false;
    }
    for (const NoteMeaning& meaning : meanings)
        if ((meaning.kind == WordKind::verb) == opens) return meaning;
    return meanings.front();
}

}  // namespace

ReadItems readItems(const std::string& note, const TrackNames& tracks, const NoteWords& words) {
    ReadItems result;
    std::vector<std::string> tokens = rawTokens(withQuotedNames(plainNote(withOverheads(note)), tracks));
    std::set<std::string> nameWords;
    int longest = words.longestPhrase();
    for (const auto& [name, target] : tracks) {
        if (name.front() == '"') continue;
        std::stringstream parts(name);
        int count = 0;
        for (std::string word; parts >> word; ++count) nameWords.insert(word);
        longest = std::max(longest, count);
    }
    // "the snare's too loud": it is; "the snare's attack": its.
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const std::string stem = tokens[i].substr(0, tokens[i].size() - std::min<std::size_t>(2, tokens[i].size()));
        if (!tokens[i].ends_with("'s") || words.find(tokens[i]) || stem.empty()) continue;
        const auto* named = words.find(stem);
        const bool isTarget = (named && named->front().kind == WordKind::target) || tracks.contains(stem) || !namedInstrument(stem).empty();
        if (!isTarget) continue;
        const auto* next = i + 1 < tokens.size() ? words.find(tokens[i + 1] + (i + 2 < tokens.size() ? " " + tokens[i + 2] : "")) : nullptr;
        if (!next && i + 1 < tokens.size()) next = words.find(tokens[i + 1]);
        const bool owns = next && std::ranges::any_of(*next, [](const NoteMeaning& meaning) { return meaning.kind == WordKind::noun; });
        tokens[i] = stem;
        if (!owns) tokens.insert(tokens.begin() + static_cast<std::ptrdiff_t>(i) + 1, "'s");
    }
    for (std::string& token : tokens) {
        if (!std::isalpha(static_cast<unsigned char>(token.front())) || words.knowsWord(token) || nameWords.contains(token) || !namedInstrument(token).empty() || !numberedTrack(token, tracks, words).empty()) continue;
        if (const std::string better = words.corrected(token, nameWords); !better.empty()) {
            result.corrections.push_back("\"" + token + "\" read as \"" + better + "\"");
            token = better;
        }
    }
    const auto phrase = [&](std::size_t from, int count) {
        std::vector<std::string> part(tokens.begin() + static_cast<std::ptrdiff_t>(from), tokens.begin() + static_cast<std::ptrdiff_t>(from) + count);
        return join(part, " ");
    };
    for (std::size_t i = 0; i < tokens.size();) {
        const std::string& token = tokens[i];
        if (token == "," || token == "\n" || token == ";" || token == "." || token == "!" || token == "?" || token == "&" || token == "/" || token == "+") {
            result.items.push_back(itemOf(token == "," ? WordKind::comma : token == "&" || token == "/" || token == "+" ? WordKind::conjunction : WordKind::stop, token));
            ++i;
            continue;
        }
        if (token.front() == '@') {
            result.items.push_back(itemOf(WordKind::time, token.substr(token[1] == '~' ? 2 : 1)));
            if (token[1] == '~') result.items.back().meaning.target = kAtTime + result.items.back().text;
            ++i;
            continue;
        }
        if (token.front() == '#') {
            NoteItem item = itemOf(WordKind::noun, token.substr(1) + " Hz");
            item.meaning.hasAttribute = true;
            item.meaning.attribute = words.attributeAt(std::atof(token.c_str() + 1));
            result.items.push_back(item);
            ++i;
            continue;
        }
        if (token == ":") {
            result.items.push_back(itemOf(WordKind::heading, token));
            ++i;
            continue;
        }
        if (token.front() == '"') {
            auto track = tracks.find(token);
            if (track == tracks.end()) track = tracks.find(token.substr(1, token.size() - 2));
            NoteItem item = itemOf(track == tracks.end() ? WordKind::unknown : WordKind::target, token);
            if (track != tracks.end()) item.meaning.target = track->second;
            result.items.push_back(item);
            ++i;
            continue;
        }
        int taken = 0;
        for (int count = std::min<int>(longest, static_cast<int>(tokens.size() - i)); count > 0 && !taken; --count) {
            const std::string text = phrase(i, count);
            if (const auto track = tracks.find(text); track != tracks.end()) {
                NoteItem item = itemOf(WordKind::target, text);
                item.meaning.target = track->second;
                result.items.push_back(item);
                taken = count;
            } else if (const auto* meanings = words.find(text)) {
                NoteItem item;
                item.meaning = chosen(*meanings, result.items);
                item.text = text;
                result.items.push_back(item);
                taken = count;
            }
        }
        if (taken == 0 && isNumber(token)) {
            NoteItem item = itemOf(WordKind::number, token);
            std::string text = token;
            std::ranges::replace(text, ',', '.');
            item.meaning.number = std::atof(text.c_str());
            item.hasSign = token.front() == '+' || token.front() == '-';
            result.items.push_back(item);
            taken = 1;
        }
        if (taken == 0) {
            NoteItem item = itemOf(WordKind::unknown, token);
            const std::string named = namedInstrument(token), numbered = numberedTrack(token, tracks, words);
            if (const std::string& target = named.empty() ? numbered : named; !target.empty()) {
                item.meaning.kind = WordKind::target;
                item.meaning.target = target;
            }
            result.items.push_back(item);
            taken = 1;
        }
        i += static_cast<std::size_t>(taken);
    }
    // A unit belongs to the number in front of it.
    std::vector<NoteItem> joined;
    for (NoteItem& item : result.items) {
        if (item.is(WordKind::unit) && !joined.empty() && joined.back().is(WordKind::number)) {
            joined.back().unit = item.meaning.target;
            joined.back().text += " " + item.text;
        } else if (item.is(WordKind::filler) && (item.text == "a" || item.text == "an") && !joined.empty() && joined.back().is(WordKind::number)) {
            joined.back().text += " " + item.text;
        } else {
            joined.push_back(std::move(item));
        }
    }
    result.items = std::move(joined);
    return result;
}

}  // namespace tonewright
