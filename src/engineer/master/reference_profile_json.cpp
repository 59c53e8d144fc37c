#include "engineer/master/reference_profile.h"

namespace tonewright {

namespace {

constexpr Range kLevelDb{-400.0, 100.0}, kLufs{-200.0, 60.0}, kPlrDb{-60.0, 200.0};

Json toJson(const BandLevels& levels) {
    Json list = Json::array();
    for (const auto& level : levels) list.push(level ? Json(*level) : Json());
    return list;
}

Json toJson(const BalanceTarget& target) { return Json::object({{"midDb", toJson(target.midDb)}, {"sideDb", toJson(target.sideDb)}}); }

BandLevels readLevels(JsonReader& json, std::string_view key) {
    const Json* list = json.raw(key);
    if (!list || !list->isArray() || list->asArray().size() != kThirdOctaves)
        json.fail(key, "must be a list of " + std::to_string(kThirdOctaves) + " levels, one a third octave from 20 Hz to 20 kHz");
    BandLevels levels;
    for (int band = 0; band < kThirdOctaves; ++band) {
        const Json& level = list->asArray()[static_cast<std::size_t>(band)];
        if (level.isNull()) continue;
        if (!level.isNumber() || level.asNumber() < kLevelDb.min || level.asNumber() > kLevelDb.max)
            json.fail(key, "has an entry that is neither null nor a level from -400 to 100 dB");
        levels[band] = level.asNumber();
    }
    return levels;
}

BalanceTarget readTarget(JsonReader json) {
    BalanceTarget target{readLevels(json, "midDb"), readLevels(json, "sideDb")};
    json.finish();
    return target;
}

Json typed(const char* type) { return Json::object({{"type", type}}); }
Json orNull(const char* type) { return Json::object({{"type", Json(Json::Array{type, "null"})}}); }

Json closed(std::initializer_list<Json::Member> properties) {
    Json required = Json::array();
    for (const auto& [name, schema] : properties) required.push(name);
    return Json::object({{"type", "object"}, {"additionalProperties", false}, {"required", std::move(required)}, {"properties", Json::object(properties)}});
}

}  // namespace

Json toJson(const ReferenceProfile& profile) {
    Json songs = Json::array(), warnings = Json::array();
    for (const auto& song : profile.songs) songs.push(Json::object({{"name", song.name}, {"hash", song.hash}, {"seconds", song.seconds}}));
    for (const Warning& warning : profile.warnings) warnings.push(Json::object({{"code", warning.code}, {"text", warning.text}}));
    Json json = Json::object({{"referenceProfile", ReferenceProfile::kVersion}, {"songs", std::move(songs)}});
    json.set("integratedLufs", profile.integratedLufs).set("peakToLoudnessDb", profile.peakToLoudnessDb);
    json.set("loudnessRangeLu", profile.loudnessRangeLu ? Json(*profile.loudnessRangeLu) : Json());
    json.set("sections", profile.sections ? Json::object({{"contrastLu", profile.sections->contrastLu}, {"confidence", profile.sections->confidence}}) : Json());
    json.set("topHz", profile.topHz).set("stereo", profile.stereo);
    json.set("whole", toJson(profile.whole)).set("loud", toJson(profile.loud)).set("quiet", toJson(profile.quiet));
    json.set("warnings", std::move(warnings));
    return json;
}

ReferenceProfile referenceProfileFromJson(const Json& json, const std::string& source) {
    JsonReader reader(json, "$", source);
    const Json* version = reader.raw("referenceProfile");
    if (!version)
        throw InputError(source + ": $.referenceProfile is missing, so this is no profile of a reference. `tonewright profile FILES -o PROFILE.json` writes one");
    if (!version->isInteger() || version->asInteger() != ReferenceProfile::kVersion)
        throw InputError(source + ": is a profile of version " + version->dump(-1) + "; this program reads version " + std::to_string(ReferenceProfile::kVersion) +
                         ". Make it again with `tonewright profile`, or use the program that wrote it");
    ReferenceProfile profile;
    for (JsonReader& song : reader.objects("songs")) {
        profile.songs.push_back({song.text("name"), song.text("hash"), song.number("seconds", {0.0, 1e9})});
        song.finish();
    }
    profile.integratedLufs = reader.number("integratedLufs", kLufs);
    profile.peakToLoudnessDb = reader.number("peakToLoudnessDb", kPlrDb);
    profile.loudnessRangeLu = reader.optionalNumber("loudnessRangeLu", {0.0, 200.0});
    if (const Json* sections = reader.raw("sections"); sections && !sections->isNull()) {
        JsonReader contrast = reader.object("sections");
        profile.sections = {contrast.number("contrastLu", {0.0, 200.0}), contrast.number("confidence", {0.0, 1.0})};
        contrast.finish();
    }
    profile.topHz = reader.number("topHz", {100.0, 22500.0});
    profile.stereo = reader.flag("stereo");
    profile.whole = readTarget(reader.object("whole"));
    profile.loud = readTarget(reader.object("loud"));
    profile.quiet = readTarget(reader.object("quiet"));
    for (JsonReader& warning : reader.objects("warnings")) {
        profile.warnings.push_back({warning.text("code"), warning.text("text")});
        warning.finish();
    }
    reader.finish();
    if (profile.songs.empty()) throw InputError(source + ": $.songs is empty; a profile is made of at least one recording");
    return profile;
}

Json referenceProfileSchema() {
    const Json levels = Json::object({{"type", "array"}, {"items", orNull("number")}, {"minItems", kThirdOctaves}, {"maxItems", kThirdOctaves},
                                      {"description", "dB against the integrated loudness, per third octave from 20 Hz to 20 kHz; null: nothing to be matched"}});
    const Json target = closed({{"midDb", levels}, {"sideDb", levels}});
    const Json song = closed({{"name", typed("string")}, {"hash", typed("string")}, {"seconds", typed("number")}});
    const Json warning = closed({{"code", typed("string")}, {"text", typed("string")}});
    Json document = Json::object({{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "Tonewright reference profile"}});
    const Json schema = closed({{"referenceProfile", Json::object({{"const", ReferenceProfile::kVersion}})},
                                {"songs", Json::object({{"type", "array"}, {"items", song}, {"minItems", 1}})},
                                {"integratedLufs", typed("number")}, {"peakToLoudnessDb", typed("number")}, {"loudnessRangeLu", orNull("number")},
                                {"sections", Json::object({{"anyOf", Json(Json::Array{closed({{"contrastLu", typed("number")}, {"confidence", typed("number")}}), typed("null")})}})},
                                {"topHz", typed("number")}, {"stereo", typed("boolean")}, {"whole", target}, {"loud", target}, {"quiet", target},
                                {"warnings", Json::object({{"type", "array"}, {"items", warning}})}});
    for (const auto& [key, value] : schema.asObject()) document.set(key, value);
    return document;
}

}  // namespace tonewright
