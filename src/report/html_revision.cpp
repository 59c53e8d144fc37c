#include "core/text.h"
#include "report/html_sections.h"
#include "report/html_text.h"
#include "report/plain_text.h"
#include "report/report_parts.h"

namespace tonewright {

namespace {

constexpr std::size_t kOpen = 8;   // targets that are shown without a click

std::string targetHtml(const TargetChanges& target) {
    std::string html = "<li><b>" + nameHtml(target.name) + "</b><ul>";
    for (const StepChange& change : target.steps) {
        html += "<li>" + escaped(changeText(change)) + (change.byUser ? " <span class=\"mark yours\">yours</span>" : "");
        if (!change.why.empty()) html += "<p class=\"why\">" + escaped(change.why) + "</p>";
        html += "</li>";
    }
    return html + "</ul></li>\n";
}

}  // namespace

std::string revisionHtml(const Report& report) {
    if (!report.revision) return "";
    const PlanComparison& changes = report.revision->changes;
    const std::string file = relativeToReport(report, report.revision->plan);
    std::string html = "<p>It began from <a href=\"" + fileLink(file) + "\">" + nameHtml(file) + "</a>: what was locked, decided or asked for there stays.";
    if (changes.same()) html += " Nothing changed.";
    if (changes.commonLevelDb != 0.0) html += " All levels moved by " + shownSigned(changes.commonLevelDb, 1) + " dB; levels below are against that.";
    html += "</p>\n<ul>";
    for (const SongChange& change : changes.song)
        html += "<li>" + escaped(capitalized(change.what)) + ": " + escaped(change.before.empty() ? "new: " + change.after : change.after.empty() ? "no more: " + change.before : change.before + " \u2192 " + change.after) + "</li>\n";
    std::string more;
    for (std::size_t i = 0; i < changes.targets.size(); ++i) (i < kOpen ? html : more) += targetHtml(changes.targets[i]);
    html += "</ul>\n";
    if (!more.empty()) html += "<details><summary>" + std::to_string(changes.targets.size() - kOpen) + " more, less audible</summary><ul>" + more + "</ul></details>\n";
    return sectionHtml("revision", "What changed", html);
}

}  // namespace tonewright
