#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "core/json.h"
#include "session/session.h"

namespace tonewright {

// {"session": 1, "sampleRateHz", "frames", "tracks": [{"id", "name", "file", "role", "roleConfidence", "roleSource",
// "microphone", "side", "number", "group", "startFrame", "silent", ...}], "groups": [...], "warnings": [...]}
Json sessionToJson(const Session& session);

// What a user says of one track. Empty means that nothing is said.
struct UserRole {
    std::string role, microphone, side;
};

// Roles as the user gives them (docs/roles.md), by track id or file name, with or without ending:
//   {"Audio 03.wav": "vocals/lead", "gtr-2": {"role": "guitar/electric", "microphone": "di", "side": "L"}}
// A document of sessionToJson() whose roles were edited is read as well.
// Throws InputError naming the file, the JSON path, the value, and the nearest role.
std::map<std::string, UserRole> loadRoles(const std::filesystem::path& file);

// Gives the tracks the user's roles (roleSource "user", confidence 1). Throws InputError for a name that is no track's.
void applyRoles(Session& session, const std::map<std::string, UserRole>& roles, const std::string& source);
void applyRoles(Session& session, const std::filesystem::path& file);

}  // namespace tonewright
