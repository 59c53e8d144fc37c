#include "engineer/notes/note_tokens.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <regex>
#include <set>
#include <sstream>

#include "core/text.h"
#include "session/role_words.h"

namespace tonewright {

namespace {

double seconds(const std::string& minutes, const std::string& rest) { return 60.0 * std::atof(minutes.c_str()) + std::atof(rest.c_str()); }

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
    static const std::regex kAfter("(?:after|from) " + kTime + "(?: on| onwards)?");
    static const std::regex kUntil("(?:until|till|before|up to) " + kTime);
    static const std::regex kRange(R"((\d+(?:\.\d+)?)\s*(?:-|to|or)\s*(\d+(?:\.\d+)?)\s*(db|%|percent))");
    static const std::regex kListNumber(R"((^|\n)\s*(?:\d+[.)]|[-*])\s+)");
    static const std::regex kToken(R"(@[\d.]+-[\d.]*|"[^"]*"|[+-]?\d+(?:[.,]\d+)?(?=db|%|[^\w:]|$)|\d+:\d+|db\b|%|[^\s.,;!?:()\n"&/%+-]+|[.,;!?\n&/+])");
    std::string text = replaced(plain, kListNumber, [](const std::smatch& m) { return m[1].str(); });
    text = replaced(text, kSpan, [](const std::smatch& m) { return "@" + fixed(seconds(m[1], m[2]), 1) + "-" + fixed(seconds(m[3], m[4]), 1); });
    text = replaced(text, kAfter, [](const std::smatch& m) { return "@" + fixed(seconds(m[1], m[2]), 1) + "-"; });
    text = replaced(text, kUntil, [](const std::smatch& m) { return "@0.0-" + fixed(seconds(m[1], m[2]), 1); });
    text = replaced(text, kRange, [](const std::smatch& m) { return fixed(0.5 * (std::atof(m[1].str().c_str()) + std::atof(m[2].str().c_str())), 2) + " " + m[3].str(); });
    std::vector<std::string> tokens;
    for (std::sregex_iterator match(text.begin(), text.end(), kToken), end; match != end; ++match) tokens.push_back(match->str());
    return tokens;
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
    std::vector<std::string> tokens = rawTokens(plainNote(note));
    std::set<std::string> nameWords;
    int longest = words.longestPhrase();
    for (const auto& [name, target] : tracks) {
        std::stringstream parts(name);
        int count = 0;
        for (std::string word; parts >> word; ++count) nameWords.insert(word);
        longest = std::max(longest, count);
    }
    for (std::string& token : tokens) {
        if (!std::isalpha(static_cast<unsigned char>(token.front())) || words.knowsWord(token) || nameWords.contains(token) || !namedInstrument(token).empty()) continue;
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
            result.items.push_back(itemOf(WordKind::time, token.substr(1)));
            ++i;
            continue;
        }
        if (token.front() == '"') {
            const auto track = tracks.find(token.substr(1, token.size() - 2));
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
            if (const std::string target = namedInstrument(token); !target.empty()) {
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
