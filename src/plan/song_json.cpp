#include "plan/song_json.h"

#include "core/error.h"

namespace tonewright {

namespace {

constexpr Range kSeconds{0.0, 1e6}, kShare{0.0, 1.0}, kTempo{0.0, 1000.0}, kLevel{-200.0, 60.0};

Json times(const std::vector<TimeSpan>& spans) {
    Json json = Json::array();
    for (const TimeSpan& span : spans) json.push(Json::object({{"startSeconds", span.startSeconds}, {"endSeconds", span.endSeconds}}));
    return json;
}

Json texts(const std::vector<std::string>& all) {
    Json json = Json::array();
    for (const std::string& text : all) json.push(text);
    return json;
}

TimeSpan readSpan(JsonReader& json) {
    const TimeSpan span{json.number("startSeconds", kSeconds), json.number("endSeconds", kSeconds)};
    if (span.endSeconds < span.startSeconds) json.fail("endSeconds", "lies before startSeconds");
    return span;
}

Json number(const Range& range) { return Json::object({{"type", "number"}, {"minimum", range.min}, {"maximum", range.max}}); }

Json closed(Json properties, Json::Array required) {
    return Json::object({{"type", "object"}, {"additionalProperties", false}, {"required", Json(std::move(required))}, {"properties", std::move(properties)}});
}

}  // namespace

Json toJson(const Song& song) {
    Json parts = Json::array();
    for (const SongPart& part : song.parts)
        parts.push(Json::object({{"startSeconds", part.startSeconds},
                                 {"endSeconds", part.endSeconds},
                                 {"label", part.label},
                                 {"name", part.name},
                                 {"confidence", part.confidence},
                                 {"levelLu", part.levelLu},
                                 {"plays", texts(part.plays)}}));
    Json elements = Json::array();
    for (const SongElement& element : song.elements) elements.push(Json::object({{"track", element.track}, {"spans", times(element.spans)}}));
    return Json::object({{"tempoBpm", song.tempoBpm},
                         {"tempoConfidence", song.tempoConfidence},
                         {"firstBeatSeconds", song.firstBeatSeconds},
                         {"beatsPerBar", song.beatsPerBar},
                         {"metreConfidence", song.metreConfidence},
                         {"firstDownbeatSeconds", song.firstDownbeatSeconds},
                         {"parts", std::move(parts)},
                         {"elements", std::move(elements)}});
}

Song songFromJson(JsonReader json) {
    Song song;
    song.tempoBpm = json.number("tempoBpm", kTempo, 0.0);
    song.tempoConfidence = json.number("tempoConfidence", kShare, 0.0);
    song.firstBeatSeconds = json.number("firstBeatSeconds", kSeconds, 0.0);
    song.beatsPerBar = static_cast<int>(json.integer("beatsPerBar", {0, 16}, 0));
    song.metreConfidence = json.number("metreConfidence", kShare, 0.0);
    song.firstDownbeatSeconds = json.number("firstDownbeatSeconds", kSeconds, 0.0);
    for (JsonReader& item : json.objects("parts")) {
        const TimeSpan span = readSpan(item);
        SongPart part{.startSeconds = span.startSeconds, .endSeconds = span.endSeconds, .label = item.text("label", ""), .name = item.text("name", ""),
                      .confidence = item.number("confidence", kShare, 1.0), .levelLu = item.number("levelLu", kLevel, 0.0), .plays = item.texts("plays")};
        item.finish();
        song.parts.push_back(std::move(part));
    }
    for (JsonReader& item : json.objects("elements")) {
        SongElement element{.track = item.text("track"), .spans = {}};
        for (JsonReader& span : item.objects("spans")) {
            element.spans.push_back(readSpan(span));
            span.finish();
        }
        item.finish();
        song.elements.push_back(std::move(element));
    }
    json.finish();
    return song;
}

Json songSchema() {
    const Json text = Json::object({{"type", "string"}}), whole = Json::object({{"type", "integer"}, {"minimum", 0}, {"maximum", 16}});
    const auto list = [](Json items) { return Json::object({{"type", "array"}, {"items", std::move(items)}}); };
    const Json span = closed(Json::object({{"startSeconds", number(kSeconds)}, {"endSeconds", number(kSeconds)}}), {"startSeconds", "endSeconds"});
    const Json part = closed(Json::object({{"startSeconds", number(kSeconds)}, {"endSeconds", number(kSeconds)}, {"label", text}, {"name", text}, {"confidence", number(kShare)},
                                           {"levelLu", number(kLevel)}, {"plays", list(text)}}),
                             {"startSeconds", "endSeconds"});
    const Json element = closed(Json::object({{"track", text}, {"spans", list(span)}}), {"track"});
    return closed(Json::object({{"tempoBpm", number(kTempo)}, {"tempoConfidence", number(kShare)}, {"firstBeatSeconds", number(kSeconds)}, {"beatsPerBar", whole},
                                {"metreConfidence", number(kShare)}, {"firstDownbeatSeconds", number(kSeconds)}, {"parts", list(part)}, {"elements", list(element)}}),
                  {});
}

}  // namespace tonewright
