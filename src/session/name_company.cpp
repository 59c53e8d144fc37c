#include "session/name_company.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "session/roles.h"

namespace tonewright {

namespace {

constexpr double kOpen = 0.6;   // confidence of a name that leaves it open
constexpr double kByCompany = 0.7, kBackingTrack = 0.8;

// The first word of the name that others can explain.
const OpenWord* openWordOf(const std::vector<NameWord>& words, const RoleWords& dictionary) {
    for (const NameWord& word : words)
        if (const OpenWord* open = dictionary.open(word.text)) return open;
    return nullptr;
}

bool isOneInstrument(const NameReading& reading) {
    const std::string_view family = roleFamily(reading.role);
    return family != kUnknownRole && family != "mix" && family != "utility" && family != "effects";
}

bool isSynth(std::string_view role) { return roleFamily(role) == "synth" || roleFamily(role) == "pad" || role == "keys/synth"; }

// What the names that say it themselves are.
struct Company {
    std::vector<std::string> roles;

    int voices() const { return of("vocals/lead"); }
    int instruments() const { return static_cast<int>(roles.size()) - voices(); }
    bool hasLeadVocal() const { return std::ranges::count(roles, "vocals/lead") > 0; }
    // How many belong to the role's family.
    int of(std::string_view role) const {
        return static_cast<int>(std::ranges::count_if(roles, [&](std::string_view other) { return isSynth(role) ? isSynth(other) : roleFamily(other) == roleFamily(role); }));
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

}  // namespace

void readByCompany(std::vector<NameReading>& readings, const std::vector<std::vector<NameWord>>& words, const RoleWords& dictionary) {
    std::vector<const OpenWord*> open;
    for (const auto& name : words) open.push_back(openWordOf(name, dictionary));
    const auto mayBeBackingTrack = [&](std::size_t i) { return open[i] && roleFamily(open[i]->amongVoices) == "mix" && roleFamily(readings[i].role) != "vocals"; };

    Company company;
    bool hasBackingTrack = false;
    for (std::size_t i = 0; i < readings.size(); ++i) {
        hasBackingTrack = hasBackingTrack || mayBeBackingTrack(i);
        const bool isOpen = open[i] && (mayBeBackingTrack(i) || readings[i].confidence <= kOpen);
        if (isOneInstrument(readings[i]) && !isOpen) company.roles.push_back(readings[i].role);
    }
    // Who has the music in one file has recorded voices to it.
    if (hasBackingTrack && company.roles.empty() && readings.size() > 1) company.roles.push_back("vocals/backing");
    const bool voicesAlone = company.voices() > 0 && company.instruments() == 0;

    for (std::size_t i = 0; i < readings.size(); ++i) {
        if (!open[i]) continue;
        NameReading& reading = readings[i];
        if (mayBeBackingTrack(i)) {
            if (voicesAlone) reading = {.role = open[i]->amongVoices, .confidence = kBackingTrack, .key = reading.key};
        } else if (reading.confidence <= kOpen) {
            const std::string role = voicesAlone && !open[i]->amongVoices.empty() ? open[i]->amongVoices : likeliest(*open[i], company);
            if (role.empty()) continue;
            reading.role = role;
            reading.confidence = kByCompany;
        }
    }
}

}  // namespace tonewright
