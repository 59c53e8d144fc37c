#include "session/role_words.h"

#include <algorithm>
#include <array>

#include "core/data.h"
#include "core/json.h"
#include "session/roles.h"

namespace tonewright {

namespace {

constexpr std::string_view kSource = "data/role_names.json";

constexpr std::array<std::pair<std::string_view, WordStrength>, 4> kStrengths = {{{"clear", WordStrength::clear},
                                                                                 {"general", WordStrength::general},
                                                                                 {"yielding", WordStrength::yielding},
                                                                                 {"weak", WordStrength::weak}}};

bool isOneSlipAway(std::string_view a, std::string_view b) {
    if (a.size() > b.size()) std::swap(a, b);
    if (b.size() - a.size() > 1) return false;
    const auto [inA, inB] = std::mismatch(a.begin(), a.end(), b.begin());
    if (a.size() < b.size()) return std::equal(inA, a.end(), inB + 1, b.end());           // a letter missing
    if (inA == a.end()) return true;
    if (std::equal(inA + 1, a.end(), inB + 1, b.end())) return true;                      // another letter
    return a.end() - inA >= 2 && inA[0] == inB[1] && inA[1] == inB[0] && std::equal(inA + 2, a.end(), inB + 2, b.end());  // two swapped
}

}  // namespace

const RoleWords& RoleWords::get() {
    static const RoleWords words(embeddedData("role_names.json"));
    return words;
}

RoleWords::RoleWords(std::string_view text) {
    const Json json = Json::parse(text, std::string(kSource));
    JsonReader top(json, "$", std::string(kSource));
    top.text("about", "");
    JsonReader byRole = top.object("roles");
    for (const Role& role : roles()) {
        std::optional<JsonReader> lists = byRole.optionalObject(role.id);
        if (!lists) continue;
        for (const auto& [name, strength] : kStrengths)
            for (const std::string& word : lists->texts(name)) {
                if (entry(word).hasRole()) lists->fail(name, "has \"" + word + "\", which " + entry(word).role + " has too");
                entry(word).role = role.id;
                entry(word).strength = strength;
            }
        lists->finish();
    }
    byRole.finish();

    JsonReader modifiers = top.object("modifiers");
    for (const char* name : {"lead", "backing", "support", "double", "clean", "driven", "acoustic", "upright", "synth", "sub", "loop", "effect", "room", "and"})
        for (const std::string& word : modifiers.texts(name)) entry(word).modifiers.emplace_back(name);
    modifiers.finish();

    JsonReader microphones = top.object("microphones");
    for (const std::string_view name : kMicrophones)
        for (const std::string& word : microphones.texts(name)) entry(word).microphone = name;
    microphones.finish();

    JsonReader sides = top.object("sides");
    for (const char* name : {"L", "R"})
        for (const std::string& word : sides.texts(name)) entry(word).side = name;
    sides.finish();
    for (const std::string& word : top.texts("numbering")) entry(word).numbering = true;
    for (JsonReader& group : top.objects("company")) {
        const OpenWord open{group.texts("means"), group.text("amongVoices", ""), group.text("amongInstruments", ""), group.text("amongChoir", ""), group.text("ofVoices", "")};
        for (const std::string& role : open.means) checkedRole(role, group.path() + ".means");
        for (const std::string& role : {open.amongVoices, open.amongInstruments, open.amongChoir})
            if (!role.empty()) checkedRole(role, group.path());
        for (const std::string& word : group.texts("words")) open_[word] = open;
        group.finish();
    }
    top.finish();
}

const WordMeaning* RoleWords::find(std::string_view word) const {
    if (const auto found = words_.find(word); found != words_.end()) return &found->second;
    if (word.size() > 3 && word.ends_with('s'))
        if (const auto found = words_.find(word.substr(0, word.size() - 1)); found != words_.end()) return &found->second;
    return nullptr;
}

const OpenWord* RoleWords::open(std::string_view word) const {
    const auto found = open_.find(word);
    return found == open_.end() ? nullptr : &found->second;
}

std::vector<std::string> RoleWords::pieces(std::string_view word) const {
    constexpr std::size_t kShortest = 3, kLongest = 32;
    if (word.size() < kShortest || word.size() > kLongest) return {};
    // best[i]: the fewest known words that make up the first i letters. Single letters are sides and stand at the end.
    struct Best {
        int count = 1000;
        std::size_t from = 0;
    };
    std::vector<Best> best(word.size() + 1);
    best[0].count = 0;
    for (std::size_t end = 2; end <= word.size(); ++end)
        for (std::size_t start = 0; start < end; ++start) {
            const std::string_view piece = word.substr(start, end - start);
            const auto found = words_.find(piece);
            if (found == words_.end() || best[start].count + 1 >= best[end].count) continue;
            if (piece.size() == 1 && (found->second.side.empty() || end != word.size())) continue;
            if (found->second.numbering && !found->second.hasRole()) continue;
            best[end] = {best[start].count + 1, start};
        }
    if (best[word.size()].count > 3) return {};
    std::vector<std::string> result;
    bool says = false;  // a word that names an instrument, or a room, must be among them
    for (std::size_t end = word.size(); end > 0; end = best[end].from) {
        result.emplace_back(word.substr(best[end].from, end - best[end].from));
        const WordMeaning& meaning = words_.find(result.back())->second;
        says = says || meaning.hasRole() || std::ranges::count(meaning.modifiers, "room") > 0;
    }
    std::ranges::reverse(result);
    return says ? result : std::vector<std::string>{};
}

const WordMeaning* RoleWords::misspelt(std::string_view word) const {
    constexpr std::size_t kLongEnough = 6;
    const WordMeaning* best = nullptr;
    for (const auto& [known, meaning] : words_) {
        if (!meaning.hasRole() || meaning.strength == WordStrength::weak || std::max(known.size(), word.size()) < kLongEnough) continue;
        if (known.size() < 5 || word.size() < 5 || known.compare(0, 2, word.substr(0, 2)) != 0 || !isOneSlipAway(known, word)) continue;
        if (best && best->role != meaning.role) return nullptr;  // it could be either
        best = &meaning;
    }
    return best;
}

}  // namespace tonewright
