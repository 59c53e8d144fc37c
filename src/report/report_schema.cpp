#include "analysis/facts_json.h"
#include "plan/plan_json.h"
#include "release/codec_json.h"
#include "report/match_section.h"
#include "report/forecast_section.h"
#include "report/notes_section.h"
#include "report/report.h"
#include "report/report_parts.h"

namespace tonewright {

namespace {

Json typed(const char* type) { return Json::object({{"type", type}}); }
Json orNull(const char* type) { return Json::object({{"type", Json(Json::Array{type, "null"})}}); }
Json listOf(Json items) { return Json::object({{"type", "array"}, {"items", std::move(items)}}); }
Json ref(const char* name) { return Json::object({{"$ref", std::string("#/$defs/") + name}}); }
Json refOrNull(const char* name) { return Json::object({{"anyOf", Json(Json::Array{ref(name), typed("null")})}}); }

template <std::size_t N>
Json oneOf(const Names<N>& names) {
    Json list = Json::array();
    for (std::string_view name : names) list.push(name);
    return Json::object({{"enum", std::move(list)}});
}

Json described(Json schema, const char* text) { return std::move(schema.set("description", text)); }

// An object that has all of these members and no others.
Json closed(std::initializer_list<Json::Member> properties) {
    Json required = Json::array();
    for (const auto& [name, schema] : properties) required.push(name);
    return Json::object(
        {{"type", "object"}, {"additionalProperties", false}, {"required", std::move(required)}, {"properties", Json::object(properties)}});
}

// A part of the analysis' own schema, so that both documents always say it the same way.
Json analysisPart(std::string_view name) {
    const Json whole = analysisSchema();
    return *whole.find("properties")->find(name);
}

}  // namespace

Json reportSchema() {
    const Json number = typed("number"), maybe = orNull("number"), text = typed("string"), maybeText = orNull("string"), flag = typed("boolean"),
               integer = typed("integer");
    const Json share = Json::object({{"type", "number"}, {"minimum", 0}, {"maximum", 1}});
    const Json origin = Json::object({{"enum", Json(Json::Array{"automatic", "user"})}});
    const Json faults = ref("faults");

    Json evidence = closed({{"measure", text}, {"value", maybe}, {"unit", text}, {"comparison", text}});
    Json advice = closed({{"code", text}, {"severity", oneOf(kSeverityWords)}, {"tracks", described(listOf(text), "ids")}, {"text", described(text, "what is the matter")},
                          {"remedy", described(text, "what to do")}, {"evidence", listOf(evidence)}});
    Json reason = closed({{"rule", described(text, "a page of docs/rules/; \"user\": the user's own word; \"none\": not recorded")},
                          {"text", text},
                          {"evidence", listOf(std::move(evidence))},
                          {"confidence", share}});
    Json source = closed({{"sampleRateHz", number}, {"channels", integer}, {"frames", integer}, {"silent", flag}, {"activeShare", number},
                          {"loudness", ref("loudness")}, {"noiseFloorDbfs", maybe}, {"tempoBpm", maybe}, {"key", maybeText}, {"faults", faults}});
    Json track = closed({{"file", described(text, "the recording's file name")},
                         {"id", text},
                         {"name", text},
                         {"role", text},
                         {"roleConfidence", share},
                         {"roleSource", text},
                         {"group", text},
                         {"muted", flag},
                         {"polarityInverted", described(flag, "whether it was recorded upside down against its group, and is turned over for that (mix.polarity is not counted)")},
                         {"delayFrames", described(number, "how much later the mix plays it, at the mix's rate; negative: earlier")},
                         {"startFrame", integer},
                         {"faderDb", number},
                         {"panPosition", described(number, "-1 left ... 1 right")},
                         {"output", text},
                         {"integratedLufsInMix", described(maybe, "as rendered, after the fader")},
                         {"source", refOrNull("source")}});
    Json bus = closed({{"id", text}, {"name", text}, {"kind", oneOf(kBusKindNames)}, {"faderDb", number}, {"integratedLufsInMix", maybe}});
    Json decision = closed({{"id", text},
                            {"target", described(text, "tracks/ID, buses/ID, mix or master")},
                            {"type", oneOf(kStepTypes)},
                            {"what", described(text, "the settings in words")},
                            {"reason", described(ref("reason"), "the first of reasons")},
                            {"reasons", listOf(ref("reason"))},
                            {"origin", origin},
                            {"locked", flag},
                            {"enabled", flag},
                            {"confidence", share},
                            {"note", text}});
    Json output = closed({{"file", described(text, "as seen from the report's folder")}, {"format", text}, {"sampleRateHz", number}, {"channels", integer},
                          {"frames", integer}, {"loudness", ref("loudness")}, {"peakToLoudnessDb", maybe}, {"dynamicRangeDb", maybe},
                          {"correlation", maybe}, {"widthDb", described(maybe, "power of the sides over that of the middle")}, {"monoLossLu", maybe},
                          {"octaveDb", described(listOf(maybe), "power in octaves, 31.5 Hz to 16 kHz, against the integrated loudness")}, {"faults", faults}, {"codecs", codecsSchema()}});
    Json platform = closed({{"name", text}, {"targetLufs", maybe}, {"gainDb", maybe}, {"playedLufs", maybe}, {"playedTruePeakDbtp", maybe},
                            {"text", text}, {"status", text}, {"source", text}, {"date", text}, {"note", text}});

    const Json document = closed(
        {{"schema", Json::object({{"const", kReportSchemaName}})},
         {"kind", oneOf(kPlanKindNames)},
         {"title", text},
         {"seconds", maybe},
         {"sampleRateHz", integer},
         {"style", text},
         {"planFile", maybeText},
         {"asked", notesSchema()},
         {"forecast", forecastSchema()},
         {"output", closed({{"mix", refOrNull("output")}, {"master", refOrNull("output")}})},
         {"target", closed({{"integratedLufs", number}, {"ceilingDbtp", number}, {"reached", flag}, {"text", text}})},
         {"tracks", listOf(std::move(track))},
         {"buses", listOf(std::move(bus))},
         {"decisions", described(listOf(std::move(decision)), "in signal order")},
         {"dynamics", described(listOf(closed({{"stepId", text}, {"maxReductionDb", maybe}, {"meanReductionDb", maybe}, {"maxRaiseDb", number}})),
                                "how hard each dynamics processor worked")},
         {"match", described(Json::object({{"anyOf", Json(Json::Array{matchSchema(), typed("null")})}}), "the master beside its reference; null: there was none")},
         {"revision", described(Json::object({{"anyOf", Json(Json::Array{closed({{"plan", text}, {"changes", planComparisonSchema()}}), typed("null")})}}),
                                "what changed against the plan that it began from; null: it began anew")},
         {"platforms", listOf(std::move(platform))},
         {"advice", described(listOf(std::move(advice)), "what the recordings and the arrangement would need, what matters most first")},
         {"warnings", listOf(closed({{"code", text}, {"text", text}}))},
         {"stems", listOf(closed({{"kind", oneOf(kStemKindNames)}, {"id", text}, {"name", text}}))},
         {"alternates", listOf(closed({{"name", oneOf(kAlternateNames)},
                                       {"file", described(maybeText, "null: this mix has no such version, the text says why")},
                                       {"leftOut", described(listOf(text), "ids of the tracks that play in the mix and not here")},
                                       {"text", text},
                                       {"loudness", refOrNull("loudness")}}))}});

    Json schema = Json::object({{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                                {"title", "Tonewright report"},
                                {"description", "What was done to the music and why, with measurements. null: could not be measured, or was not made."}});
    for (const auto& [key, value] : document.asObject()) schema.set(key, value);
    schema.set("$defs", Json::object({{"loudness", analysisPart("loudness")},
                                      {"faults", analysisPart("faults")},
                                      {"reason", std::move(reason)},
                                      {"source", std::move(source)},
                                      {"output", std::move(output)}}));
    return schema;
}

}  // namespace tonewright
