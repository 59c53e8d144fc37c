#include "engineer/mix/role_profile.h"

#include <string>

#include "core/data.h"
#include "core/json.h"

namespace tonewright {

namespace {

CompressionProfile readCompression(JsonReader json) {
    CompressionProfile result;
    result.ratio = json.number("ratio", {1.0, 20.0});
    result.attackMs = json.number("attackMs", {0.1, 500.0});
    result.releaseMs = json.number("releaseMs", {1.0, 5000.0});
    result.wantedSpreadDb = json.number("wantedSpreadDb", {0.0, 40.0});
    result.mostDb = json.number("mostDb", {0.0, 20.0});
    json.finish();
    return result;
}

std::map<std::string, RoleProfile> readProfiles() {
    const Json document = Json::parse(embeddedData("mix_roles.json"), "mix_roles.json");
    JsonReader root(document, "$", "mix_roles.json");
    std::map<std::string, RoleProfile> result;
    for (JsonReader& json : root.objects("roles")) {
        RoleProfile profile;
        profile.role = json.text("role");
        profile.levelLu = json.number("levelLu", {-60.0, 0.0});
        profile.spreadLu = json.number("spreadLu", {0.0, 20.0});
        profile.priority = json.number("priority", {0.0, 100.0});
        profile.lowCutHz = json.number("lowCutHz", {0.0, 1000.0});
        profile.panWidth = json.number("panWidth", {0.0, 1.0});
        profile.bus = json.text("bus");
        if (auto compression = json.optionalObject("compression")) profile.compression = readCompression(std::move(*compression));
        JsonReader sends = json.object("sends");
        for (const char* name : {"plate", "room", "hall", "echo"})
            if (const auto level = sends.optionalNumber(name, {-60.0, 0.0})) profile.sendsDb[name] = *level;
        sends.finish();
        json.finish();
        result[profile.role] = std::move(profile);
    }
    return result;
}

}  // namespace

const RoleProfile& roleProfile(const std::string& role) {
    static const std::map<std::string, RoleProfile> profiles = readProfiles();
    if (const auto exact = profiles.find(role); exact != profiles.end()) return exact->second;
    if (const auto family = profiles.find(role.substr(0, role.find('/'))); family != profiles.end()) return family->second;
    return profiles.at("unknown");
}

}  // namespace tonewright
