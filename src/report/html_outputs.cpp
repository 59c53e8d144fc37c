#include "report/html_sections.h"
#include "report/html_text.h"
#include "report/plain_text.h"
#include "report/report_parts.h"

namespace tonewright {

namespace {

struct Column {
    std::string heading;          // HTML
    std::string file, format;
    const Analysis* facts;
};

std::vector<Column> columns(const Report& report) {
    std::vector<Column> result;
    if (report.plan.kind == PlanKind::master && !report.sources.empty() && !report.plan.tracks.empty())
        result.push_back({"The file as it came", fileName(report.plan.tracks.front().source.file), "", &report.sources.begin()->second});
    if (report.mix) result.push_back({"Mix", relativeToReport(report, report.mix->file), report.mix->format, &report.mix->facts});
    if (report.master) result.push_back({"Master", relativeToReport(report, report.master->file), report.master->format, &report.master->facts});
    return result;
}

std::string fileCell(const Column& column) {
    if (column.format.empty()) return nameHtml(column.file);
    return "<a href=\"" + fileLink(column.file) + "\">" + nameHtml(column.file) + "</a><br><span class=\"quiet\">" + escaped(column.format) + "</span>";
}

template <class Value>
std::string row(const std::string& name, const std::string& unit, const std::vector<Column>& columns, const Value& value, int decimals) {
    std::string html = "<tr><th scope=\"row\">" + name + "</th>";
    for (const Column& column : columns) {
        const std::string text = shown(value(*column.facts), decimals);
        html += "<td class=\"number\">" + text + (text == shown(kSilentDb, 0) ? "" : " <span class=\"unit\">" + unit + "</span>") + "</td>";
    }
    return html + "</tr>\n";
}

std::string alternatesHtml(const Report& report) {
    if (report.alternates.empty()) return "";
    std::string html = "<h3>Versions of the mix</h3><ul>";
    for (const AlternateReport& alternate : report.alternates) {
        html += "<li>";
        if (alternate.file.empty()) {
            html += "No " + escaped(std::string(alternate.info.name())) + ": " + escaped(alternate.info.whyNot);
        } else {
            const std::string file = relativeToReport(report, alternate.file);
            html += "<a href=\"" + fileLink(file) + "\">" + nameHtml(file) + "</a>, " + shown(alternate.loudness.integratedLufs, 1) + " LUFS, true peak " +
                    shown(alternate.loudness.truePeakDbtp, 1) + " dBTP";
            if (!alternate.info.note.empty()) html += " (" + escaped(alternate.info.note) + ")";
        }
        html += "</li>";
    }
    return html + "</ul>\n";
}

}  // namespace

std::string outputsHtml(const Report& report) {
    const std::vector<Column> all = columns(report);
    if (all.empty()) return "";
    std::string html = "<div class=\"scroll\" role=\"region\" aria-label=\"Results\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">Measured in the file</th>";
    for (const Column& column : all) html += "<th scope=\"col\" class=\"number\">" + column.heading + "</th>";
    html += "</tr></thead><tbody>\n<tr><th scope=\"row\">File</th>";
    for (const Column& column : all) html += "<td class=\"number file\">" + fileCell(column) + "</td>";
    html += "</tr>\n";
    html += row("Loudness, whole", "LUFS", all, [](const Analysis& a) { return a.loudness.integratedLufs; }, 1);
    html += row("Loudest 3 s", "LUFS", all, [](const Analysis& a) { return a.loudness.maxShortTermLufs; }, 1);
    html += row("Loudest 0.4 s", "LUFS", all, [](const Analysis& a) { return a.loudness.maxMomentaryLufs; }, 1);
    html += row("Loudness range", "LU", all, [](const Analysis& a) { return a.loudness.loudnessRangeLu.value_or(kSilentDb); }, 1);
    html += row("True peak", "dBTP", all, [](const Analysis& a) { return a.loudness.truePeakDbtp; }, 2);
    html += row("Sample peak", "dBFS", all, [](const Analysis& a) { return a.loudness.samplePeakDbfs; }, 2);
    html += row("Peak above loudness", "dB", all, [](const Analysis& a) { return a.dynamics.peakToLoudnessDb.value_or(kSilentDb); }, 1);
    html += row("Dynamic range (DR)", "dB", all, [](const Analysis& a) { return a.dynamics.dynamicRangeDb.value_or(kSilentDb); }, 1);
    html += row("Stereo correlation", "", all, [](const Analysis& a) { return a.stereo.correlation.value_or(kSilentDb); }, 2);
    html += "</tbody></table></div>\n";
    if (!report.stems.empty())
        html += "<details><summary>" + std::to_string(report.stems.size()) + " stems that sum to the mix</summary><ul>";
    for (const StemInfo& stem : report.stems)
        html += "<li>" + nameHtml(stem.name.empty() ? stem.id : stem.name) +
                (stem.kind == StemInfo::Kind::effectReturn ? " (effect return)" : stem.kind == StemInfo::Kind::busChange ? " (what the bus processing adds)" : "") + "</li>";
    if (!report.stems.empty()) html += "</ul></details>\n";
    html += alternatesHtml(report);
    return sectionHtml("results", "Results", html);
}

}  // namespace tonewright
