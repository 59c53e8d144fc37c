#include "plan/request_json.h"

namespace tonewright {

namespace {

template <std::size_t N>
std::vector<std::string> list(const Names<N>& names) {
    return {names.begin(), names.end()};
}

template <std::size_t N>
Json oneOf(const Names<N>& names) {
    Json words = Json::array();
    for (std::string_view name : names) words.push(name);
    return Json::object({{"enum", std::move(words)}});
}

template <class Enum, std::size_t N>
Json word(Enum value, const Names<N>& names) {
    return Json(names[static_cast<std::size_t>(value)]);
}

Json texts(const std::vector<std::string>& all) {
    Json json = Json::array();
    for (const std::string& text : all) json.push(text);
    return json;
}

constexpr Range kNumber{0.0, 10000.0};

}  // namespace

void setNotes(Json& json, const Intent& intent) {
    if (!intent.notes.empty()) json.set("notes", texts(intent.notes));
    if (!intent.requests.empty()) {
        Json requests = Json::array();
        for (const Request& request : intent.requests)
            requests.push(Json::object({{"target", request.target},
                                        {"except", texts(request.except)},
                                        {"attribute", word(request.attribute, kAttributeNames)},
                                        {"direction", word(request.direction, kDirectionNames)},
                                        {"amount", word(request.amount, kAmountNames)},
                                        {"number", request.number},
                                        {"where", request.where},
                                        {"text", request.text},
                                        {"outcome", word(request.outcome, kOutcomeNames)},
                                        {"answer", request.answer}}));
        json.set("requests", std::move(requests));
    }
    if (!intent.unread.empty()) {
        Json unread = Json::array();
        for (const UnreadNote& note : intent.unread) unread.push(Json::object({{"text", note.text}, {"why", note.why}}));
        json.set("unread", std::move(unread));
    }
    if (!intent.corrections.empty()) json.set("corrections", texts(intent.corrections));
}

void readNotes(JsonReader& json, Intent& intent) {
    intent.notes = json.texts("notes");
    for (JsonReader& item : json.objects("requests")) {
        Request request;
        request.target = item.text("target");
        request.except = item.texts("except");
        request.attribute = static_cast<Attribute>(item.choice("attribute", list(kAttributeNames)));
        request.direction = static_cast<Direction>(item.choice("direction", list(kDirectionNames)));
        request.amount = static_cast<AmountKind>(item.choice("amount", list(kAmountNames), 1));
        request.number = item.number("number", kNumber, 0.0);
        request.where = item.text("where", "");
        request.text = item.text("text", "");
        request.outcome = static_cast<RequestOutcome>(item.choice("outcome", list(kOutcomeNames), 0));
        request.answer = item.text("answer", "");
        item.finish();
        intent.requests.push_back(std::move(request));
    }
    for (JsonReader& item : json.objects("unread")) {
        intent.unread.push_back({item.text("text"), item.text("why")});
        item.finish();
    }
    intent.corrections = json.texts("corrections");
}

Json requestSchema() {
    const Json text = Json::object({{"type", "string"}});
    const Json all = Json::object({{"type", "array"}, {"items", text}});
    Json properties = Json::object({{"target", text},
                                    {"except", all},
                                    {"attribute", oneOf(kAttributeNames)},
                                    {"direction", oneOf(kDirectionNames)},
                                    {"amount", oneOf(kAmountNames)},
                                    {"number", Json::object({{"type", "number"}, {"minimum", kNumber.min}, {"maximum", kNumber.max}})},
                                    {"where", text},
                                    {"text", text},
                                    {"outcome", oneOf(kOutcomeNames)},
                                    {"answer", text}});
    return Json::object({{"type", "object"},
                         {"additionalProperties", false},
                         {"required", Json(Json::Array{"target", "attribute", "direction"})},
                         {"properties", std::move(properties)}});
}

}  // namespace tonewright
