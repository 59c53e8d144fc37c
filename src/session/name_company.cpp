#include "session/name_company.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "session/roles.h"

namespace tonewright {

namespace {

constexpr double kOpen = 0.6;   // confidence of a name that leaves it open
constexpr double kByCompany = 0.7, kBackingTrack = 0.8, kByTwoWords = 0.75, kLeadAmongVoices = 0.9;

// What of a name others can explain.
struct OpenName {
    const OpenWord* word = nullptr;    // the first such
    std::set<std::string> ofVoices;    // what all of them say of voices
    bool isSomebody = false;           // a word of it is none of the dictionary's
};

OpenName openNameOf(const std::vector<NameWord>& words, const RoleWords& dictionary) {
    OpenName name;
    for (const NameWord& word : words) {
        name.isSomebody = name.isSomebody || (!word.meaning && !word.isNumber && word.text.size() > 1);
        if (const OpenWord* open = dictionary.open(word.text)) {
            if (!name.word) name.word = open;
            if (!open->ofVoices.empty()) name.ofVoices.insert(open->ofVoices);
        }
    }
    return name;
}

bool isOneInstrument(const NameReading& reading) {
    const std::string_view family = roleFamily(reading.role);
    return family != kUnknownRole && family != "mix" && family != "utility" && family != "effects";
}

// Families whose parts are called alike: every synthesizer, and a big band's saxophones among its brass.
std::string_view kindOf(std::string_view role) {
    const std::string_view family = roleFamily(role);
    if (family == "synth" || family == "pad" || role == "keys/synth") return "synth";
    return family == "brass" ? "winds" : family;
}

// What the names that say it themselves are.
struct Company {
    std::vector<std::string> roles;

    int voices() const { return of("vocals/lead"); }
    int instruments() const { return static_cast<int>(roles.size()) - voices(); }
    bool hasLeadVocal() const { return std::ranges::count(roles, "vocals/lead") > 0; }
    bool isChoir() const { return std::ranges::count(roles, "vocals/choir") > 1 && instruments() == 0; }
    int of(std::string_view role) const {
        return static_cast<int>(std::ranges::count_if(roles, [&](std::string_view other) { return kindOf(other) == kindOf(role); }));
    }
};

// The alternative with the most company; empty where two have as much, or none has any.
std::string likeliest(const OpenWord& open, const Company& company) {
    std::string best;
    int most = 0;
    for (const std::string& role : open.means) {
        const bool isTaken = role == "vocals/lead" && company.hasLeadVocal() && company.instruments() > 0;
        const int beside = isTaken ? 0 : company.of(role);
        if (beside == most) best.clear();
        if (beside > most) best = role;
        most = std::max(most, beside);
    }
    return best;
}

class NamesTogether {
public:
    NamesTogether(std::vector<NameReading>& readings, const std::vector<std::vector<NameWord>>& words, const RoleWords& dictionary) : readings_(readings) {
        for (const auto& name : words) open_.push_back(openNameOf(name, dictionary));
        std::size_t parts = 0;   // of a choir, or of a row of saxophones
        for (std::size_t i = 0; i < readings_.size(); ++i) parts += isPart(i);
        for (std::size_t i = 0; i < readings_.size(); ++i) {
            hasBackingTrack_ = hasBackingTrack_ || mayBeBackingTrack(i);
            const bool isOpen = open_[i].word && (mayBeBackingTrack(i) || readings_[i].confidence <= kOpen || (parts > 1 && !open_[i].word->amongChoir.empty()));
            if (isOneInstrument(readings_[i]) && !isOpen) company_.roles.push_back(readings_[i].role);
        }
        if (parts > 1 && company_.instruments() == 0) company_.roles.insert(company_.roles.end(), parts, "vocals/choir");
        // Who has the music in one file has recorded voices to it.
        if (hasBackingTrack_ && company_.roles.empty() && readings_.size() > 1) company_.roles.push_back("vocals/backing");
    }

    void decide(std::size_t i) {
        NameReading& reading = readings_[i];
        const bool voicesAlone = company_.voices() > 0 && company_.instruments() == 0;
        const auto become = [&](std::string_view role, double confidence) {
            reading.role = role;
            reading.confidence = confidence;
        };
        if (mayBeBackingTrack(i)) {
            if (voicesAlone) reading = {.role = open_[i].word->amongVoices, .confidence = kBackingTrack, .key = reading.key};
            return;
        }
        if (reading.role == "drums/room" && reading.confidence <= kBackingTrack && !hasDrums() && company_.roles.size() > 1) return become(kUnknownRole, 0.0);
        if (open_[i].word && !open_[i].word->amongChoir.empty() && company_.isChoir()) return become(open_[i].word->amongChoir, kByCompany);
        if (reading.confidence > kOpen) return;
        // "Hook Stack L" and "Lead Verse" can only be sung, where anyone sings.
        if (open_[i].ofVoices.contains("part") && open_[i].ofVoices.size() > 1 && company_.voices() > 0)
            return become(open_[i].ofVoices.contains("stack") ? "vocals/backing" : "vocals/lead", kByTwoWords);
        if (open_[i].word) {
            const OpenWord& word = *open_[i].word;
            std::string role = voicesAlone ? word.amongVoices : company_.voices() == 0 && company_.instruments() > 0 ? word.amongInstruments : std::string();
            if (role.empty()) role = likeliest(word, company_);
            if (!role.empty()) become(role, voicesAlone && !open_[i].word->means.empty() ? kLeadAmongVoices : kByCompany);
        } else if (voicesAlone && hasBackingTrack_ && reading.role == kUnknownRole && open_[i].isSomebody) {
            become("vocals/lead", kOpen);   // whoever it is; who leads is heard
        }
    }

private:
    bool mayBeBackingTrack(std::size_t i) const { return open_[i].word && roleFamily(open_[i].word->amongVoices) == "mix" && roleFamily(readings_[i].role) != "vocals"; }
    bool isPart(std::size_t i) const { return open_[i].word && !open_[i].word->amongInstruments.empty() && readings_[i].confidence <= kOpen; }
    bool hasDrums() const { return company_.of("drums/kit") > std::ranges::count(company_.roles, "drums/room"); }

    std::vector<NameReading>& readings_;
    std::vector<OpenName> open_;
    Company company_;
    bool hasBackingTrack_ = false;
};

}  // namespace

void readByCompany(std::vector<NameReading>& readings, const std::vector<std::vector<NameWord>>& words, const RoleWords& dictionary) {
    NamesTogether names(readings, words, dictionary);
    for (std::size_t i = 0; i < readings.size(); ++i) names.decide(i);
}

}  // namespace tonewright
