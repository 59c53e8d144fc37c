#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The vocabulary of what a track can be: "family/instrument", "drums/kick". Rules, data and reports use these words and
// no others. How a track was picked up (kick in or out, bass DI or amp) is not a role: see Track::microphone.
namespace tonewright {

inline constexpr std::string_view kUnknownRole = "unknown";

struct Role {
    std::string_view id;      // "drums/kick"
    std::string_view family;  // "drums"
    std::string_view name;    // "kick drum", as a sentence would say it
};

// All roles, family by family, in the order in which a mix is listed; "unknown" stands last.
std::span<const Role> roles();

// Null for a word that is not in the vocabulary.
const Role* findRole(std::string_view id);

// "drums" of "drums/kick"; "unknown" of anything that is not in the vocabulary.
std::string_view roleFamily(std::string_view id);

// "kick drum" of "drums/kick"; the id itself of anything that is not in the vocabulary.
std::string_view roleName(std::string_view id);

// The id, unchanged. Throws InputError "WHERE is "drums/kik", which is not a role; did you mean "drums/kick"? ..." .
std::string checkedRole(std::string_view id, std::string_view where);

// How a track was picked up, where several microphones (or a DI) share an instrument.
inline constexpr std::string_view kMicrophones[] = {"in", "out", "sub", "top", "bottom", "di", "amp", "room", "close", "trigger"};

}  // namespace tonewright
