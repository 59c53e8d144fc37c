#include <cmath>

#include "core/text.h"
#include "report/html_sections.h"
#include "report/html_text.h"
#include "report/plain_text.h"
#include "report/report_parts.h"

namespace tonewright {

namespace {

std::string placesHtml(const Fault& fault) {
    constexpr std::size_t kMost = 8;
    std::vector<std::string> times;
    for (const TimeSpan& span : fault.where)
        if (std::isfinite(span.startSeconds) && times.size() < kMost) times.push_back(minutesSeconds(span.startSeconds));
    if (times.empty()) return "";
    return "<p class=\"quiet\">at " + join(times, ", ") + (fault.where.size() > times.size() ? " \u2026" : "") + "</p>";
}

}  // namespace

std::string adviceHtml(const Report& report) {
    std::string items;
    for (const Advice& advice : report.plan.advice) {
        const std::string severity(kSeverityNames[static_cast<std::size_t>(advice.severity)]);
        std::string measured;
        for (const Evidence& evidence : advice.evidence)
            measured += "<li><span class=\"measure\">" + escaped(measureWords(evidence.measure)) + "</span> <b>" + shownEvidence(evidence.value, evidence.unit) + "</b> " + escaped(evidence.unit) +
                        " <span class=\"against\">" + escaped(evidence.comparison) + "</span></li>";
        items += "<li class=\"fault " + severity + "\"><p><span class=\"severity\">" + (severity == "info" ? "note" : severity) + "</span> <strong>" + escaped(advice.text) + "</strong> " +
                 escaped(advice.remedy) + "</p>" + (measured.empty() ? "" : "<ul class=\"evidence\" aria-label=\"Measured\">" + measured + "</ul>") + "</li>\n";
    }
    return sectionHtml("advice", "What would help most", items.empty() ? "" : "<ul class=\"faults\">" + items + "</ul>\n");
}

std::string faultsHtml(const Report& report) {
    std::string items;
    for (const PlacedFault& found : allFaults(report)) {
        const std::string severity(kSeverityNames[static_cast<std::size_t>(found.fault->severity)]);
        items += "<li class=\"fault " + severity + "\"><p><span class=\"severity\">" + (severity == "info" ? "note" : severity) + "</span> <strong>" +
                 nameHtml(found.where) + "</strong>: " + escaped(found.fault->text) + "</p>" + placesHtml(*found.fault) + "</li>\n";
    }
    return sectionHtml("faults", "Faults that were found, worst first", items.empty() ? "" : "<ul class=\"faults\">" + items + "</ul>\n");
}

std::string warningsHtml(const Report& report) {
    std::string items;
    for (const Warning& warning : otherWarnings(report)) items += "<li>" + escaped(warning.text) + " <span class=\"rule\">" + escaped(warning.code) + "</span></li>\n";
    return sectionHtml("warnings", "Good to know", items.empty() ? "" : "<ul>" + items + "</ul>\n");
}

}  // namespace tonewright
