#include "session/name_parser.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <span>

#include "session/name_company.h"
#include "session/name_words.h"

namespace tonewright {

namespace {

constexpr double kClear = 0.95, kGeneral = 0.9, kWeak = 0.6, kMisspelt = 0.7;
constexpr double kFolderOnly = 0.75, kTitleOnly = 0.8;  // said by the folder or by the part that all names share
constexpr double kContradicted = 0.65, kOutvoted = 0.85;

// One word that names an instrument.
struct Hit {
    std::string_view role;
    WordStrength strength;
    double confidence;
    std::size_t position;
};

double confidenceOf(const NameWord& word) {
    if (word.misspelt) return kMisspelt;
    const WordMeaning& meaning = *word.meaning;
    if (meaning.strength == WordStrength::weak) return roleFamily(meaning.role) == "mix" ? 0.85 : kWeak;
    return meaning.strength == WordStrength::general || word.takenApart ? kGeneral : kClear;
}

struct Evidence {
    std::vector<Hit> hits;
    std::set<std::string> modifiers;

    bool says(const char* modifier) const { return modifiers.contains(modifier); }
    bool has(std::string_view role) const {
        return std::ranges::any_of(hits, [&](const Hit& hit) { return hit.role == role; });
    }
};

Evidence evidenceOf(const std::vector<NameWord>& words) {
    Evidence evidence;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (!words[i].meaning) continue;
        const WordMeaning& meaning = *words[i].meaning;
        evidence.modifiers.insert(meaning.modifiers.begin(), meaning.modifiers.end());
        if (meaning.hasRole()) evidence.hits.push_back({meaning.role, meaning.strength, confidenceOf(words[i]), i});
    }
    if (std::ranges::any_of(evidence.hits, [](const Hit& hit) { return hit.strength != WordStrength::weak; }))
        std::erase_if(evidence.hits, [](const Hit& hit) { return hit.strength == WordStrength::weak; });
    return evidence;
}

struct Choice {
    std::string_view role = kUnknownRole;
    double confidence = 0.0;
};

Choice atLeast(std::string_view role, double confidence, double least) { return {role, std::max(confidence, least)}; }

// Within a family the first word that is not the family's general name counts; then what other words add to it.
Choice withinDrums(const Evidence& all, Choice first) {
    const int closeDrums = all.has("drums/kick") + all.has("drums/snare") + all.has("drums/hihat") + all.has("drums/tom");
    if (all.has("drums/overhead")) return atLeast("drums/overhead", first.confidence, kGeneral);
    if (all.has("drums/room")) return {"drums/room", first.confidence};
    if (all.says("room")) return {"drums/room", std::min(first.confidence, kGeneral)};
    if (closeDrums > 1) return {"drums/kit", kWeak};
    if (all.has("drums/ride") && all.has("drums/crash")) return {"drums/cymbals", first.confidence};
    return first;
}

Choice withinBass(const Evidence& all, Choice first) {
    if (all.has("bass/acoustic") || all.says("upright") || all.says("acoustic")) return atLeast("bass/acoustic", first.confidence, kGeneral);
    if (all.has("bass/sub") || all.says("sub")) return atLeast("bass/sub", first.confidence, kGeneral);
    if (all.has("bass/synth") || all.says("synth")) return atLeast("bass/synth", first.confidence, kGeneral);
    return first;
}

Choice withinGuitar(const Evidence& all, Choice first) {
    if (all.has("guitar/acoustic")) return first.role == "guitar/electric" ? Choice{"guitar/acoustic", kGeneral} : first;
    if (all.says("driven")) return atLeast("guitar/electric-driven", first.confidence, kGeneral);
    if (all.has("guitar/electric-driven") || all.has("guitar/electric-clean")) return first;
    if (all.says("acoustic")) return atLeast("guitar/acoustic", first.confidence, kGeneral);
    if (all.says("clean")) return atLeast("guitar/electric-clean", first.confidence, kGeneral);
    if (all.hits.front().strength == WordStrength::general) return {first.role, 0.85};  // electric or acoustic was not said
    return first;
}

Choice withinVocals(const Evidence& all, Choice first) {
    if (all.has("vocals/choir")) return {"vocals/choir", first.confidence};
    if (all.has("vocals/speech")) return {"vocals/speech", first.confidence};
    if (all.says("effect")) return {"effects/effect", kWeak};
    if (all.has("vocals/backing") || all.says("backing")) return atLeast("vocals/backing", first.confidence, kGeneral);
    const bool clearLead = std::ranges::any_of(all.hits, [](const Hit& h) { return h.role == "vocals/lead" && h.strength == WordStrength::clear; });
    if (clearLead || all.says("lead")) return atLeast("vocals/lead", first.confidence, kClear);
    if (all.says("support")) return {"vocals/backing", 0.8};
    if (first.confidence > 0.8) first.confidence = 0.8;  // whether it leads was not said
    return first;
}

Choice withinFamily(std::string_view family, const Evidence& all, Choice first) {
    if (family == "drums") return withinDrums(all, first);
    if (family == "bass") return withinBass(all, first);
    if (family == "guitar") return withinGuitar(all, first);
    if (family == "vocals") return withinVocals(all, first);
    if (first.role == "keys/synth" && all.says("lead")) return {"synth/lead", kClear};
    if (first.role == "keys/synth" && all.says("sub")) return {"bass/sub", kGeneral};
    return first;
}

bool isGeneralRole(std::string_view role) {
    return role == "drums/kit" || role == "bass/electric" || role == "guitar/electric" || role == "keys/keyboard" || role == "keys/synth" ||
           role == "vocals/lead" || role == "strings/ensemble" || role == "brass/ensemble";
}

// The family's first hit with a role of its own; else its first.
Choice firstOf(std::string_view family, const std::vector<Hit>& hits) {
    const Hit* first = nullptr;
    for (const Hit& hit : hits)
        if (roleFamily(hit.role) == family && (!first || (isGeneralRole(first->role) && !isGeneralRole(hit.role)))) first = &hit;
    for (const Hit& hit : hits)  // "keys" says less than "synth"
        if (first->role == "keys/keyboard" && hit.role == "keys/synth") first = &hit;
    return {first->role, first->confidence};
}

Choice roleFrom(Evidence all) {
    if (all.hits.empty()) {
        if (all.says("room")) return {"drums/room", 0.8};
        if (all.says("sub")) return {"bass/sub", 0.8};
        if (all.says("backing")) return {"vocals/backing", kWeak};
        if (all.says("upright")) return {"bass/acoustic", kWeak};
        return {};
    }
    // A microphone that usually hears a voice hears a room here.
    if (all.says("room") && std::ranges::all_of(all.hits, [](const Hit& hit) { return hit.strength == WordStrength::weak && roleFamily(hit.role) == "vocals"; })) return {"drums/room", 0.8};
    std::map<std::string_view, WordStrength> strongest;  // of each family
    for (const Hit& hit : all.hits) {
        WordStrength& best = strongest.try_emplace(roleFamily(hit.role), hit.strength).first->second;
        best = std::max(best, hit.strength);
    }
    if (strongest.contains("drums") && strongest["drums"] == WordStrength::general &&  // "drums_tom1": the tom is certain now
        std::ranges::any_of(all.hits, [](const Hit& hit) { return roleFamily(hit.role) == "drums" && !isGeneralRole(hit.role); }))
        strongest["drums"] = WordStrength::clear;
    if (strongest.contains("bass") && strongest.contains("guitar")) strongest.erase("guitar");  // however it is put, "guitar" + "bass" is a bass
    if (strongest.size() > 1 && all.says("and")) return {"mix/submix", kWeak};

    WordStrength top = WordStrength::weak;
    for (const auto& [family, strength] : strongest) top = std::max(top, strength);
    std::vector<std::string_view> contenders;  // in the order of the name
    for (const Hit& hit : all.hits) {
        const std::string_view family = roleFamily(hit.role);
        if (strongest.contains(family) && strongest[family] == top && !std::ranges::count(contenders, family)) contenders.push_back(family);
    }
    const bool synthYields = contenders.size() > 1 && contenders.front() == "keys" && top == WordStrength::yielding;
    const std::string_view family = contenders[synthYields ? 1 : 0];
    const auto isOther = [&](const Hit& hit) { return roleFamily(hit.role) != family; };
    const bool outvoted = std::ranges::any_of(all.hits, [&](const Hit& hit) { return isOther(hit) && hit.strength >= WordStrength::general && strongest.contains(roleFamily(hit.role)); });

    const Choice first = firstOf(family, all.hits);
    std::erase_if(all.hits, isOther);
    Choice choice = withinFamily(family, all, first);
    if (contenders.size() > 1 && !synthYields) choice.confidence *= kContradicted;
    else if (outvoted) choice.confidence *= kOutvoted;
    return choice;
}

bool isRecordedByMicrophone(std::string_view family) {
    return family == "guitar" || family == "bass" || family == "keys" || family == "strings" || family == "brass" || family == "winds" ||
           family == "vocals" || family == "mallets" || family == "synth" || family == "pad";
}

// "top" is a microphone of a snare and nothing of a guitar.
bool fits(std::string_view microphone, std::string_view role) {
    if (role == "drums/kick") return microphone == "in" || microphone == "out" || microphone == "sub" || microphone == "trigger" || microphone == "close";
    if (role == "drums/snare" || role == "drums/tom" || role == "drums/hihat")
        return microphone == "top" || microphone == "bottom" || microphone == "trigger" || microphone == "close";
    const bool line = microphone == "di" || microphone == "amp";
    return isRecordedByMicrophone(roleFamily(role)) && (microphone == "close" || (line && roleFamily(role) != "vocals"));
}

// Side, microphone, number and doubling, once the role is known.
void readDetails(const std::vector<NameWord>& words, const Evidence& all, NameReading& reading) {
    std::set<std::string> sides;
    bool afterRole = false, afterNumbering = false;
    for (const NameWord& word : words) {
        if (word.meaning && fits(word.meaning->microphone, reading.role) && reading.microphone.empty()) reading.microphone = word.meaning->microphone;
        if (word.meaning && !word.meaning->side.empty()) sides.insert(word.meaning->side);
        if (word.isNumber && afterRole && !afterNumbering && reading.number == 0 && word.text.size() <= 2)
            std::from_chars(word.text.data(), word.text.data() + word.text.size(), reading.number);
        afterNumbering = word.meaning && word.meaning->numbering;
        afterRole = afterRole || (word.meaning && word.meaning->hasRole());
    }
    if (reading.microphone.empty() && all.says("room") && isRecordedByMicrophone(roleFamily(reading.role))) reading.microphone = "room";
    // A left and a right kick are two drums, not two sides.
    if (sides.size() == 1 && reading.role != "drums/kick" && reading.role != "drums/snare") reading.side = *sides.begin();
    reading.isDouble = all.says("double");
    // Many of its words are joined: "leadgtr", "guitarsolo".
    const auto saysLead = [](const NameWord& word) { return word.meaning && word.meaning->hasRole() && (word.text.find("lead") != std::string::npos || word.text.find("solo") != std::string::npos); };
    reading.isLead = (all.says("lead") || std::ranges::any_of(words, saysLead)) && roleFamily(reading.role) != "vocals";
}

std::string keyOf(const std::vector<NameWord>& words, const NameReading& reading) {
    std::string key;
    bool afterRole = false, afterNumbering = false;
    for (const NameWord& word : words) {
        const WordMeaning* m = word.meaning;
        const bool role = m && m->hasRole();
        const bool detail = m && !role && (!m->side.empty() || !m->microphone.empty() || m->numbering || std::ranges::count(m->modifiers, "double"));
        const bool numbering = word.isNumber && (!afterRole || afterNumbering);
        afterNumbering = m && m->numbering;
        afterRole = afterRole || role;
        const bool isMicrophone = role && m->strength == WordStrength::weak && !reading.microphone.empty() && m->microphone == reading.microphone;
        if (detail || numbering || isMicrophone) continue;
        if (!key.empty()) key += ' ';
        const bool plain = role && (m->strength == WordStrength::general || !m->microphone.empty());  // "Bass DI" and "Bass Amp" are one bass
        key += plain ? m->role : word.text;
    }
    return key;
}

NameReading readWords(const std::vector<NameWord>& words, const std::vector<NameWord>& folderWords) {
    Evidence fromName = evidenceOf(words);
    const Evidence fromFolder = evidenceOf(folderWords);

    // The folder says more of a thing that the name mentions ("BVs/Vox 1", "Kick/in"), and speaks alone where the name is silent.
    Evidence together = fromName;
    together.modifiers.insert(fromFolder.modifiers.begin(), fromFolder.modifiers.end());
    Choice choice = roleFrom(fromName);
    const Choice folderChoice = roleFrom(fromFolder);
    if (choice.role == kUnknownRole && folderChoice.role != kUnknownRole) {
        Evidence alone = fromFolder;
        alone.modifiers.insert(fromName.modifiers.begin(), fromName.modifiers.end());
        choice = roleFrom(alone);
        choice.confidence *= kFolderOnly;
    } else if (roleFamily(choice.role) == roleFamily(folderChoice.role) && isGeneralRole(choice.role) && choice.confidence < kClear) {
        together.hits.insert(together.hits.end(), fromFolder.hits.begin(), fromFolder.hits.end());
        choice = roleFrom(together);
    }

    NameReading reading{.role = std::string(choice.role), .confidence = choice.confidence};
    std::vector<NameWord> allWords = folderWords;  // so that "Guitar/1 DI" has its number
    allWords.insert(allWords.end(), words.begin(), words.end());
    readDetails(fromName.hits.empty() ? allWords : words, fromName, reading);
    reading.key = keyOf(words, reading);
    return reading;
}

// The words with which nearly all names begin (or end). Numbers never count: they tell tracks apart.
std::vector<NameChunk> sharedWords(const std::vector<std::vector<NameChunk>>& names, bool atEnd) {
    constexpr double kNearlyAll = 0.75;
    std::vector<NameChunk> shared;
    if (names.size() < 3) return shared;
    std::vector<const std::vector<NameChunk>*> agreeing;
    for (const auto& name : names) agreeing.push_back(&name);
    for (;;) {
        std::map<std::string, std::vector<const std::vector<NameChunk>*>> byText;
        const auto next = [&](const std::vector<NameChunk>& name) { return name[atEnd ? name.size() - 1 - shared.size() : shared.size()]; };
        for (const auto* name : agreeing)
            if (name->size() > shared.size() && !next(*name).isNumber) byText[next(*name).text].push_back(name);
        const auto most = std::ranges::max_element(byText, {}, [](const auto& entry) { return entry.second.size(); });
        if (most == byText.end() || static_cast<double>(most->second.size()) < kNearlyAll * static_cast<double>(names.size())) break;
        agreeing = most->second;
        shared.push_back(next(*agreeing.front()));
    }
    if (atEnd) std::ranges::reverse(shared);
    return shared;
}

// The name without the shared words at its ends; itself if nothing would be left.
std::vector<NameChunk> withoutShared(const std::vector<NameChunk>& name, const std::vector<NameChunk>& front, const std::vector<NameChunk>& back) {
    const auto sameText = [](const NameChunk& a, const NameChunk& b) { return a.text == b.text; };
    std::size_t start = 0, end = name.size();
    if (front.size() < end && std::ranges::equal(front, std::span(name).first(front.size()), sameText)) start = front.size();
    if (start + back.size() < end && std::ranges::equal(back, std::span(name).last(back.size()), sameText)) end -= back.size();
    return {name.begin() + static_cast<std::ptrdiff_t>(start), name.begin() + static_cast<std::ptrdiff_t>(end)};
}

// Numbers at the front (the order of the tracks) would hide a common title behind them.
void dropLeadingNumber(std::vector<NameChunk>& chunks) {
    if (chunks.size() > 1 && chunks[0].isNumber && chunks[0].text.size() <= 3 && !RoleWords::get().find(chunks[0].text) &&
        !RoleWords::get().find(chunks[0].text + chunks[1].text))
        chunks.erase(chunks.begin());
}

}  // namespace

NameReading readName(std::string_view name, std::string_view folders) {
    return readNames({{std::string(name), std::string(folders)}}).front();
}

std::vector<NameReading> readNames(const std::vector<NameToRead>& names) {
    const RoleWords& dictionary = RoleWords::get();
    std::vector<std::vector<NameChunk>> chunks;
    for (const NameToRead& name : names) {
        chunks.push_back(splitName(name.name));
        dropLeadingNumber(chunks.back());
    }
    const std::vector<NameChunk> front = sharedWords(chunks, false), back = sharedWords(chunks, true);

    std::vector<NameReading> readings;
    std::vector<std::vector<NameWord>> words;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::vector<NameWord> folders = wordsOf(splitName(names[i].folders), dictionary);
        words.push_back(wordsOf(chunks[i], dictionary));
        NameReading reading = readWords(words[i], folders);
        std::vector<NameChunk> inner = withoutShared(chunks[i], front, back);
        if (inner.size() < chunks[i].size()) {
            dropLeadingNumber(inner);
            words[i] = wordsOf(inner, dictionary);
            NameReading own = readWords(words[i], folders);
            // "Guitar lead" among guitars only: the shared word was no title. Not every track can be a whole mix.
            if (own.confidence > kWeak || reading.role == kUnknownRole || roleFamily(reading.role) == "mix")
                reading = std::move(own);
            else
                reading.confidence *= kTitleOnly;
        }
        readings.push_back(std::move(reading));
    }
    readByCompany(readings, words, dictionary);
    return readings;
}

}  // namespace tonewright
