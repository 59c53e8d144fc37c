#include "report/notes_section.h"

#include "plan/request_json.h"
#include "report/html_sections.h"
#include "report/html_text.h"
#include "report/plain_text.h"

namespace tonewright {

namespace {

std::string outcomeWords(const Request& request) {
    switch (request.outcome) {
        case RequestOutcome::open: return "not carried out";
        case RequestOutcome::done: return "done";
        case RequestOutcome::partly: return "done in part";
        case RequestOutcome::notPossible: return "not done";
        case RequestOutcome::nothingToDo: return "nothing to do";
    }
    return "";
}

}  // namespace

std::vector<std::string> noteLines(const Plan& plan) {
    std::vector<std::string> lines;
    for (const Request& request : plan.intent.requests)
        lines.push_back("You asked: " + plainText(describe(request)) + " \u2013 " + outcomeWords(request) + ": " + plainText(request.answer));
    for (const std::string& correction : plan.intent.corrections) lines.push_back("Spelling: " + plainText(correction));
    for (const UnreadNote& note : plan.intent.unread) lines.push_back("Not understood, nothing done: \u201c" + plainText(note.text) + "\u201d \u2013 " + plainText(note.why));
    return lines;
}

std::string notesHtml(const Plan& plan) {
    const Intent& intent = plan.intent;
    if (intent.requests.empty() && intent.unread.empty()) return "";
    std::string rows;
    for (const Request& request : intent.requests)
        rows += "<tr><td>" + escaped(request.text) + "</td><td>" + escaped(describe(request)) + "</td><td>" + escaped(outcomeWords(request) + ": " + request.answer) + "</td></tr>\n";
    for (const UnreadNote& note : intent.unread)
        rows += "<tr><td>" + escaped(note.text) + "</td><td>not understood</td><td>" + escaped("nothing done: " + note.why) + "</td></tr>\n";
    std::string content = "<table><thead><tr><th>You wrote</th><th>Understood</th><th>What was done</th></tr></thead><tbody>\n" + rows + "</tbody></table>\n";
    for (const std::string& correction : intent.corrections) content += "<p>Spelling: " + escaped(correction) + "</p>\n";
    return sectionHtml("notes", "What you asked for", content);
}

Json notesJson(const Plan& plan) {
    Json json = Json::object();
    setNotes(json, plan.intent);
    return json;
}

Json notesSchema() {
    const Json text = Json::object({{"type", "string"}});
    const Json texts = Json::object({{"type", "array"}, {"items", text}});
    Json unread = Json::object({{"type", "object"}, {"additionalProperties", false}, {"required", Json(Json::Array{"text", "why"})}, {"properties", Json::object({{"text", text}, {"why", text}})}});
    Json properties = Json::object({{"notes", texts},
                                    {"requests", Json::object({{"type", "array"}, {"items", requestSchema()}})},
                                    {"unread", Json::object({{"type", "array"}, {"items", std::move(unread)}})},
                                    {"corrections", texts}});
    return Json::object({{"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}});
}

}  // namespace tonewright
