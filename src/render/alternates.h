#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/fields.h"
#include "plan/plan.h"

namespace tonewright {

// Versions of a mix that leave something out. All of them sum with what they leave out: instrumental + acappella is the mix.
enum class Alternate {
    instrumental,  // without every voice
    acappella,     // the voices alone, with their effects
    tv,            // without the lead (and speech); backing vocals and choirs stay
    drumless,      // without drums and percussion
};
inline constexpr Names<4> kAlternateNames = {"instrumental", "acappella", "tv", "drumless"};

// Whether a track of this role is heard in it.
bool plays(Alternate alternate, std::string_view role);

struct AlternateInfo {
    Alternate kind = Alternate::instrumental;
    std::vector<std::string> leftOut;  // ids of the tracks that play in the mix and not here
    std::string whyNot;                // why there is no such version of this mix; empty: there is
    std::string note;                  // "the same as the instrumental: ..."; empty: nothing to say

    std::string_view name() const { return kAlternateNames[static_cast<std::size_t>(kind)]; }
    bool operator==(const AlternateInfo&) const = default;
};

// What became of the versions asked for, in the order of the enum, each once.
std::vector<AlternateInfo> alternatesOf(const Plan& plan, const std::vector<Alternate>& asked);

// The fewest parts that the mix must be carried in so that each version is a sum of some of them. Instruments stand before drums,
// backing vocals and the lead: whoever is left out is the last to be added (split_chain.h).
struct MixParts {
    int count = 0;                         // 0: no version is wanted, the mix is carried as one
    std::vector<int> ofTrack;              // for each of plan.tracks: its part; -1 for what is muted
    std::vector<std::vector<int>> heard;   // for each version: the parts that it is the sum of

    bool operator==(const MixParts&) const = default;
};
MixParts partsFor(const Plan& plan, const std::vector<Alternate>& versions);

}  // namespace tonewright
