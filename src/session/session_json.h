#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "core/json.h"
#include "session/session.h"

namespace tonewright {

// {"session": 1, "sampleRateHz", "frames", "tracks": [{"id", "name", "file", "role", "foundRole", "roleConfidence", "roleSource",
// "microphone", "side", "number", "group", "startFrame", "silent", ...}], "groups": [...], "warnings": [...]}
// foundRole is the role as it was written: where the two differ, somebody has edited the role since.
Json sessionToJson(const Session& session);

// What is said of one track. Empty means that nothing is said.
struct UserRole {
    std::string role, microphone, side;
    double confidence = 1.0;
    std::string source{role_source::kUser};
};

// Roles as the user gives them (docs/roles.md), by track id or file name, with or without ending:
//   {"Audio 03.wav": "vocals/lead", "gtr-2": {"role": "guitar/electric", "microphone": "di", "side": "L"}}
// A document of sessionToJson() is read as well: roles that were edited there, or that the user gave before, are the user's word;
// the others keep the confidence and source they were written with; "unknown" says nothing.
// Throws InputError naming the file, the JSON path, the value, and the nearest role.
std::map<std::string, UserRole> loadRoles(const std::filesystem::path& file);

// Gives the tracks these roles (the user's: roleSource "user", confidence 1) and settles them: nothing that is heard changes
// them. Throws InputError for a name that is no track's.
void applyRoles(Session& session, const std::map<std::string, UserRole>& roles, const std::string& source);
void applyRoles(Session& session, const std::filesystem::path& file);

}  // namespace tonewright
