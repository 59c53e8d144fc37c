#include "release/codec_json.h"

namespace tonewright {

namespace {

Json typed(const char* type, const char* description = nullptr) {
    Json schema = Json::object({{"type", type}});
    return description ? std::move(schema.set("description", description)) : schema;
}
Json level(const char* description) {
    return Json::object({{"type", Json(Json::Array{"number", "null"})}, {"description", description}});
}
Json listOf(Json items) { return Json::object({{"type", "array"}, {"items", std::move(items)}}); }

Json closed(std::initializer_list<Json::Member> properties) {
    Json required = Json::array();
    for (const auto& [name, schema] : properties) required.push(name);
    return Json::object({{"type", "object"}, {"additionalProperties", false}, {"required", std::move(required)}, {"properties", Json::object(properties)}});
}

}  // namespace

Json codecsJson(const CodecHistory& history) {
    Json list = Json::array();
    for (std::size_t i = 0; i < history.targets.size(); ++i) {
        const CodecTarget& target = history.targets[i];
        Json rounds = Json::array(), platforms = Json::array();
        for (const CodecRound& round : history.rounds) {
            const CodecResult& result = round.codecs[i];
            rounds.push(Json::object({{"loweredDb", round.loweredDb},
                                      {"trimmedDb", round.trimmedDb},
                                      {"truePeakDbtp", result.truePeakDbtp},
                                      {"samplePeakDbfs", result.samplePeakDbfs},
                                      {"overs", result.overs},
                                      {"integratedLufs", result.integratedLufs}}));
        }
        for (const std::string& platform : target.platforms) platforms.push(platform);
        const bool held = !history.checked() || history.rounds.back().codecs[i].truePeakDbtp <= target.limitDbtp;
        list.push(Json::object({{"codec", target.setting.name},
                                {"name", target.setting.label},
                                {"bitrateKbps", target.setting.bitrateKbps > 0 ? Json(target.setting.bitrateKbps) : Json()},
                                {"sampleRateHz", history.checked() ? history.rounds.back().codecs[i].sampleRateHz : 0},
                                {"platforms", std::move(platforms)},
                                {"limitDbtp", target.limitDbtp},
                                {"held", held},
                                {"rounds", std::move(rounds)}}));
    }
    return list;
}

Json codecsSchema() {
    Json round = closed({{"loweredDb", typed("number", "by how much the limiter's ceiling had been lowered since the first round")},
                         {"trimmedDb", typed("number", "by how much the whole had been turned down since the first round")},
                         {"truePeakDbtp", level("of the decoded sound; null: silence")},
                         {"samplePeakDbfs", level("of the decoded sound")},
                         {"overs", typed("integer", "decoded samples beyond full scale")},
                         {"integratedLufs", level("of the decoded sound")}});
    Json codec = closed({{"codec", typed("string", "as --codec names it")},
                         {"name", typed("string")},
                         {"bitrateKbps", level("null: variable, by quality")},
                         {"sampleRateHz", typed("integer", "at which it was encoded")},
                         {"platforms", listOf(typed("string"))},
                         {"limitDbtp", typed("number", "what the decoded true peak is held against")},
                         {"held", typed("boolean", "whether the last round is at or below it")},
                         {"rounds", listOf(std::move(round))}});
    return Json::object({{"type", "array"}, {"items", std::move(codec)}, {"description", "what lossy codecs make of the file; empty: not checked"}});
}

}  // namespace tonewright
