#include "report/html_text.h"
#include "report/report.h"

namespace tonewright {

std::string reportHtml(const Report& report) {
    const std::string title = escaped(report.plan.title.empty() ? "Untitled" : report.plan.title);
    return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + title + "</title></head><body><h1>" + title + "</h1><pre>" +
           escaped(reportSummary(report)) + "</pre></body></html>\n";
}

}  // namespace tonewright
