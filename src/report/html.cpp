#include "report/html_sections.h"
#include "report/html_text.h"
#include "report/match_section.h"
#include "report/notes_section.h"
#include "report/report.h"
#include "report/song_section.h"

namespace tonewright {

namespace {

// Links to the sections that exist.
std::string contentsHtml(const std::string& body) {
    constexpr std::pair<const char*, const char*> kSections[] = {{"sound", "Sound"}, {"notes", "What you asked for"}, {"reference", "Reference"}, {"results", "Results"},     {"revision", "What changed"}, {"tracks", "Tracks"}, {"song", "Song"},
                                                                 {"decisions", "Decisions"}, {"master", "Master"},       {"advice", "Advice"}, {"faults", "Faults"},
                                                                 {"codecs", "Codecs"},       {"platforms", "Platforms"}, {"warnings", "Warnings"}, {"change", "Change it"}};
    std::string links;
    for (const auto& [id, name] : kSections)
        if (body.find("<section id=\"" + std::string(id) + "\">") != std::string::npos)
            links += "<a href=\"#" + std::string(id) + "\">" + name + "</a>";
    return "<nav aria-label=\"Sections\">" + links + "</nav>";
}

}  // namespace

std::string sectionHtml(const std::string& id, const std::string& heading, const std::string& content) {
    if (content.empty()) return "";
    return "<section id=\"" + id + "\"><h2>" + escaped(heading) + "</h2>\n" + content + "</section>\n";
}

std::string reportHtml(const Report& report) {
    const std::string body = picturesHtml(report) + notesHtml(report.plan) + revisionHtml(report) + matchHtml(report) + outputsHtml(report) + tracksHtml(report) + songHtml(report.plan) + decisionsHtml(report) + masterChainHtml(report) +
                             adviceHtml(report) + faultsHtml(report) + codecsHtml(report) + platformsHtml(report) + warningsHtml(report) + howToChangeHtml(report);
    const std::string title = report.plan.title.empty() ? "Untitled" : report.plan.title;
    return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" +
           escaped(title) + " \u2013 Tonewright report</title>\n<style>\n" + pageStyle() + "</style>\n</head>\n<body>\n<main>\n" + headlineHtml(report) +
           contentsHtml(body) + "\n" + body +
           "<footer><p>Loudness by ITU-R BS.1770-5 and EBU Tech 3341 and 3342, true peaks 16 times oversampled, all measured in the files as they "
           "were read back. The same facts for programs are in the JSON report.</p><p>Made by Tonewright.</p></footer>\n"
           "</main>\n</body>\n</html>\n";
}

}  // namespace tonewright
