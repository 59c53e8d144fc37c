#include "session/session_json.h"

#include <algorithm>

#include "core/staged_file.h"
#include "core/text.h"
#include "session/name_text.h"

namespace tonewright {

namespace {

const std::vector<std::string> kSources = {std::string(role_source::kName), std::string(role_source::kContent), std::string(role_source::kNameContent), std::string(role_source::kUser),
                                           std::string(role_source::kNone)};

UserRole readRole(JsonReader entry) {
    UserRole role;
    if (entry.has("role")) role.role = checkedRole(entry.text("role"), entry.source() + ": " + entry.path() + ".role");
    if (entry.has("microphone") && !entry.text("microphone").empty()) {
        const std::vector<std::string> names(std::begin(kMicrophones), std::end(kMicrophones));
        role.microphone = names[entry.choice("microphone", names)];
    }
    if (entry.has("side") && !entry.text("side").empty()) role.side = entry.choice("side", {"L", "R"}) == 0 ? "L" : "R";
    return role;
}

std::map<std::string, UserRole> rolesOfSession(JsonReader document) {
    std::map<std::string, UserRole> roles;
    for (JsonReader& track : document.objects("tracks")) {
        UserRole role = readRole(track);
        if (role.role == kUnknownRole) continue;  // what nobody knew is no one's word
        if (track.has("foundRole") && track.text("foundRole") == role.role) {
            role.confidence = track.number("roleConfidence", {0.0, 1.0});
            role.source = kSources[track.choice("roleSource", kSources)];
        }
        roles[track.text("id")] = role;
    }
    return roles;
}

bool isCalled(const Track& track, const std::string& name) {
    return track.id == name || track.path.filename().string() == name || track.path.stem().string() == name || track.name == name;
}

}  // namespace

Json sessionToJson(const Session& session) {
    Json tracks = Json::array();
    for (const Track& track : session.tracks)
        tracks.push(Json::object({{"id", track.id},
                                  {"name", track.name},
                                  {"file", printable(track.path.filename().string())},
                                  {"sampleRateHz", track.info.sampleRateHz},
                                  {"channels", track.info.channels},
                                  {"frames", track.info.frames},
                                  {"startFrame", track.startFrame},
                                  {"role", track.role},
                                  {"foundRole", track.role},
                                  {"roleConfidence", track.roleConfidence},
                                  {"roleSource", track.roleSource},
                                  {"microphone", track.microphone},
                                  {"side", track.side},
                                  {"number", track.number},
                                  {"isDouble", track.isDouble},
                                  {"isLead", track.isLead},
                                  {"group", track.group},
                                  {"silent", track.silent}}));
    Json groups = Json::array();
    for (const Group& group : session.groups) {
        Json members = Json::array();
        for (const std::string& id : group.trackIds) members.push(id);
        groups.push(Json::object({{"id", group.id}, {"kind", group.kind}, {"trackIds", std::move(members)}}));
    }
    Json warnings = Json::array();
    for (const Warning& warning : session.warnings) warnings.push(Json::object({{"code", warning.code}, {"text", printable(warning.text)}}));
    return Json::object({{"session", 1},
                         {"sampleRateHz", session.sampleRateHz},
                         {"frames", session.frames},
                         {"tracks", std::move(tracks)},
                         {"groups", std::move(groups)},
                         {"warnings", std::move(warnings)}});
}

std::map<std::string, UserRole> loadRoles(const std::filesystem::path& file) {
    const std::string source = file.string();
    const Json json = Json::parse(readTextFile(file), source);
    JsonReader document(json, "$", source);
    if (const Json* tracks = json.find("tracks"); tracks && tracks->isArray()) return rolesOfSession(document);

    std::map<std::string, UserRole> roles;
    for (const auto& [name, value] : json.asObject()) {
        if (value.isObject()) {
            JsonReader entry = document.object(name);
            roles[name] = readRole(entry);
            for (const char* key : {"role", "microphone", "side"}) entry.raw(key);
            entry.finish();
        } else {
            roles[name].role = checkedRole(document.text(name), source + ": $[\"" + name + "\"]");
        }
    }
    return roles;
}

void applyRoles(Session& session, const std::map<std::string, UserRole>& roles, const std::string& source) {
    for (const auto& [name, given] : roles) {
        bool found = false;
        for (Track& track : session.tracks) {
            if (!isCalled(track, name)) continue;
            found = true;
            if (!given.microphone.empty()) track.microphone = given.microphone;
            if (!given.side.empty()) track.side = given.side;
            if (given.role.empty()) continue;
            track.role = given.role;
            track.roleConfidence = given.confidence;
            track.roleSource = given.source;
            track.roleSettled = true;
        }
        if (found) continue;
        std::vector<std::string> names;
        for (const Track& track : session.tracks) {
            names.push_back(track.path.filename().string());
            names.push_back(track.id);
        }
        const auto meant = nearest(name, names);
        throw InputError(source + ": \"" + name + "\" is no track of this session" + (meant ? "; did you mean \"" + *meant + "\"?" : ". Tracks are: " + join(names, ", ") + "."));
    }
}

void applyRoles(Session& session, const std::filesystem::path& file) { applyRoles(session, loadRoles(file), file.string()); }

}  // namespace tonewright
