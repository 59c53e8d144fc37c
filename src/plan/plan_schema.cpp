#include "plan/plan_json.h"
#include "plan/request_json.h"
#include "plan/song_json.h"

namespace tonewright {

namespace {

Json typed(const char* type) { return Json::object({{"type", type}}); }
Json ref(const char* name) { return Json::object({{"$ref", std::string("#/$defs/") + name}}); }
Json listOf(Json items) { return Json::object({{"type", "array"}, {"items", std::move(items)}}); }
Json between(const char* type, double min, double max) { return Json::object({{"type", type}, {"minimum", min}, {"maximum", max}}); }

template <std::size_t N>
Json oneOf(const Names<N>& names) {
    Json list = Json::array();
    for (std::string_view name : names) list.push(name);
    return Json::object({{"enum", std::move(list)}});
}

// A closed object; the first `required` members must be there.
Json closed(std::initializer_list<Json::Member> properties, std::size_t required) {
    Json must = Json::array();
    for (const auto& [name, schema] : properties)
        if (must.asArray().size() < required) must.push(name);
    return Json::object(
        {{"type", "object"}, {"additionalProperties", false}, {"required", std::move(must)}, {"properties", Json::object(properties)}});
}

template <std::size_t... I>
Json paramsByType(std::index_sequence<I...>) {
    Json cases = Json::array();
    const auto add = [&](std::string_view type, Json params) {
        cases.push(Json::object({{"if", Json::object({{"properties", Json::object({{"type", Json::object({{"const", type}})}})}})},
                                 {"then", Json::object({{"properties", Json::object({{"params", std::move(params)}})}})}}));
    };
    (add(kStepTypes[I], fieldsSchema<std::variant_alternative_t<I, StepParams>>()), ...);
    return cases;
}

}  // namespace

Json planSchema() {
    Json number = typed("number"), text = typed("string"), flag = typed("boolean");
    Json evidence = closed({{"measure", text}, {"value", Json::object({{"type", Json(Json::Array{"number", "null"})}})}, {"unit", text}, {"comparison", text}}, 2);
    Json reason = closed({{"rule", text}, {"text", text}, {"evidence", listOf(evidence)}, {"confidence", between("number", 0, 1)}}, 2);
    Json step = closed({{"id", text}, {"type", oneOf(kStepTypes)}, {"params", typed("object")}, {"enabled", flag}, {"locked", flag},
                        {"origin", Json::object({{"enum", Json(Json::Array{"automatic", "user"})}})}, {"key", text},
                        {"because", listOf(ref("reason"))}, {"note", text}}, 2);
    step.set("allOf", paramsByType(std::make_index_sequence<std::variant_size_v<StepParams>>()));
    Json source = closed({{"file", text}, {"sampleRateHz", between("integer", 1000, 1e6)}, {"channels", between("integer", 1, 2)},
                          {"frames", between("integer", 0, 1e12)}, {"hash", text}, {"use", oneOf(kChannelUseNames)}}, 4);
    Json send = closed({{"to", text}, {"level", ref("step")}, {"ride", ref("step")}}, 2);
    Json track = closed({{"id", text}, {"source", std::move(source)}, {"fader", ref("step")}, {"pan", ref("step")}, {"name", text},
                         {"role", text}, {"roleConfidence", between("number", 0, 1)}, {"roleSource", text}, {"group", text},
                         {"startFrame", between("integer", 0, 1e12)}, {"mute", ref("step")}, {"chain", listOf(ref("step"))},
                         {"output", text}, {"sends", listOf(std::move(send))}}, 4);
    Json bus = closed({{"id", text}, {"kind", oneOf(kBusKindNames)}, {"fader", ref("step")}, {"name", text}, {"chain", listOf(ref("step"))}}, 3);
    Json intent = closed({{"style", text}, {"intensity", between("number", 0, 2)},
                          {"integratedLufs", Json::object({{"type", Json(Json::Array{"number", "null"})}, {"minimum", -70}, {"maximum", 0}})},
                          {"ceilingDbtp", between("number", -20, 0)}, {"platforms", listOf(text)}, {"keepEdges", flag},
                          {"fadeInSeconds", between("number", 0, 60)}, {"fadeOutSeconds", between("number", 0, 60)},
                          {"kickDb", between("number", -3, 3)}, {"centreDb", between("number", -3, 3)},
                          {"references", listOf(closed({{"file", text}, {"hash", text}}, 1))},
                          {"match", closed({{"tone", between("number", 0, 1)}, {"width", between("number", 0, 1)},
                                            {"dynamics", between("number", 0, 1)}, {"loudness", between("number", 0, 1)}, {"sections", between("number", 0, 1)}}, 0)},
                          {"moods", listOf(closed({{"name", text}, {"amount", between("number", 0, 1)}}, 1))},
                          {"notes", listOf(text)}, {"requests", listOf(requestSchema())}, {"unread", listOf(closed({{"text", text}, {"why", text}}, 2))},
                          {"corrections", listOf(text)}}, 0);
    Json delivery = closed({{"sampleRateHz", between("integer", 8000, 768000)}, {"samples", oneOf(kSampleFormatNames)},
                            {"dither", oneOf(kDitherTypeNames)}, {"integratedLufs", between("number", -70, 0)},
                            {"ceilingDbtp", between("number", -20, 0)}, {"text", text}}, 1);
    Json warning = closed({{"code", text}, {"text", text}}, 2);
    Json advice = closed({{"code", text}, {"severity", oneOf(kSeverityWords)}, {"text", text}, {"tracks", listOf(text)}, {"remedy", text}, {"evidence", listOf(evidence)}}, 3);

    Json schema = closed({{"plan", Json::object({{"const", Plan::kVersion}})}, {"kind", oneOf(kPlanKindNames)},
                          {"sampleRateHz", between("integer", 8000, 768000)}, {"frames", between("integer", 1, 1e12)},
                          {"delivery", std::move(delivery)}, {"title", text}, {"intent", std::move(intent)}, {"style", text},
                          {"song", songSchema()}, {"tracks", listOf(std::move(track))}, {"buses", listOf(std::move(bus))}, {"mixBus", listOf(ref("step"))},
                          {"master", listOf(ref("step"))}, {"advice", listOf(std::move(advice))}, {"warnings", listOf(std::move(warning))}}, 5);
    Json document = Json::object({{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "Tonewright plan"}});
    for (const auto& [key, value] : schema.asObject()) document.set(key, value);
    document.set("$defs", Json::object({{"reason", std::move(reason)}, {"step", std::move(step)}}));
    return document;
}

}  // namespace tonewright
