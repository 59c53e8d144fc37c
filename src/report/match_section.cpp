#include "report/match_section.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/text.h"
#include "report/html_sections.h"
#include "report/html_text.h"
#include "report/plain_text.h"
#include "report/svg.h"

namespace tonewright {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kDeepestDb = 80.0;  // under the highest: more is not drawn

Json orNull(const std::optional<double>& value) { return value ? Json(*value) : Json(); }
Json errorJson(const ShapeError& error) { return Json::object({{"midDb", orNull(error.midDb)}, {"sideDb", orNull(error.sideDb)}}); }

Json levelsJson(const std::vector<double>& levels) {
    Json list = Json::array();
    for (double level : levels) list.push(level);  // what is not finite becomes null
    return list;
}

std::vector<double> levels(const std::array<double, kThirdOctaves>& bands) { return {bands.begin(), bands.end()}; }

std::vector<double> levels(const BandLevels& bands) {
    std::vector<double> values;
    for (const auto& band : bands) values.push_back(band.value_or(kNone));
    return values;
}

Json spectrumJson(const std::vector<double>& mid, const std::vector<double>& side) {
    return Json::object({{"midDb", levelsJson(mid)}, {"sideDb", levelsJson(side)}});
}

std::string drawn(const std::string& label, std::vector<double> song, std::vector<double> reference, std::vector<double> master) {
    double top = -300.0;
    for (const auto* curve : {&song, &reference, &master})
        for (double level : *curve)
            if (std::isfinite(level)) top = std::max(top, level);
    if (top < -200.0) return "";
    LinePlot plot{.label = label, .xTicks = {}, .curves = {}, .lines = {}};
    for (const auto& [band, name] : {std::pair{4, "50"}, {7, "100"}, {10, "200"}, {14, "500"}, {17, "1 kHz"}, {20, "2"}, {24, "5"}, {27, "10"}, {30, "20"}})
        plot.xTicks.push_back({static_cast<double>(band) / (kThirdOctaves - 1), name});
    plot.yTo = 10.0 * std::ceil(top / 10.0);
    plot.yFrom = plot.yTo - kDeepestDb;
    for (double at = plot.yFrom; at <= plot.yTo; at += 20.0) plot.yTicks.push_back({at, shown(at, 0)});
    for (auto* curve : {&song, &reference, &master})
        for (double& level : *curve)
            if (!(level > plot.yFrom)) level = kNone;
    plot.curves = {{"before", std::move(song)}, {"reference", std::move(reference)}, {"after", std::move(master)}};
    return linePlotSvg(plot);
}

std::string errorWords(const std::optional<double>& before, const std::optional<double>& after) {
    if (!before || !after) return "not compared";
    return shown(*before, 1) + " \u2192 " + shown(*after, 1) + " dB";
}

std::string row(const std::string& what, const ShapeError& before, const ShapeError& after) {
    return "<tr><th scope=\"row\">" + what + "</th><td>" + errorWords(before.midDb, after.midDb) + "</td><td>" + errorWords(before.sideDb, after.sideDb) + "</td></tr>";
}

}  // namespace

Json matchJson(const MatchReport& match) {
    Json names = Json::array();
    for (const std::string& name : match.references) names.push(name);
    Json json = Json::object({{"references", std::move(names)}});
    json.set("amounts", Json::object({{"tone", match.amounts.tone}, {"width", match.amounts.width}, {"dynamics", match.amounts.dynamics}, {"loudness", match.amounts.loudness}, {"sections", match.amounts.sections}}));
    json.set("shapeErrorDb", Json::object({{"before", errorJson(match.before)}, {"after", errorJson(match.after)},
                                           {"loudBefore", errorJson(match.loudBefore)}, {"loudAfter", errorJson(match.loudAfter)},
                                           {"quietBefore", errorJson(match.quietBefore)}, {"quietAfter", errorJson(match.quietAfter)}}));
    json.set("song", spectrumJson(levels(match.song.midDb), levels(match.song.sideDb)));
    json.set("reference", spectrumJson(levels(match.reference.midDb), levels(match.reference.sideDb)));
    json.set("master", spectrumJson(levels(match.master.midDb), levels(match.master.sideDb)));
    json.set("referenceLufs", match.referenceLufs).set("referencePeakToLoudnessDb", match.referencePlrDb).set("referenceLoudnessRangeLu", orNull(match.referenceRangeLu));
    return json;
}

Json matchSchema() {
    const Json maybe = Json::object({{"type", Json(Json::Array{"number", "null"})}});
    const auto closed = [](std::initializer_list<Json::Member> properties) {
        Json required = Json::array();
        for (const auto& [name, schema] : properties) required.push(name);
        return Json::object({{"type", "object"}, {"additionalProperties", false}, {"required", std::move(required)}, {"properties", Json::object(properties)}});
    };
    const Json number = Json::object({{"type", "number"}});
    const Json list = Json::object({{"type", "array"}, {"items", maybe}, {"minItems", kThirdOctaves}, {"maxItems", kThirdOctaves},
                                    {"description", "dB against its own integrated loudness, per third octave from 20 Hz to 20 kHz"}});
    const Json spectrum = closed({{"midDb", list}, {"sideDb", list}});
    const Json error = closed({{"midDb", maybe}, {"sideDb", maybe}});
    return closed({{"references", Json::object({{"type", "array"}, {"items", Json::object({{"type", "string"}})}})},
                   {"amounts", closed({{"tone", number}, {"width", number}, {"dynamics", number}, {"loudness", number}, {"sections", number}})},
                   {"shapeErrorDb", closed({{"before", error}, {"after", error}, {"loudBefore", error}, {"loudAfter", error}, {"quietBefore", error}, {"quietAfter", error}})},
                   {"song", spectrum}, {"reference", spectrum}, {"master", spectrum},
                   {"referenceLufs", number}, {"referencePeakToLoudnessDb", number}, {"referenceLoudnessRangeLu", maybe}});
}

std::string matchHtml(const Report& report) {
    if (!report.match) return "";
    const MatchReport& match = *report.match;
    const std::string names = escaped(join(match.references, ", "));
    const std::string legend = "<p class=\"legend\"><span class=\"key before\"></span>song<span class=\"key reference\"></span>reference<span class=\"key after\"></span>master</p>";
    const auto figure = [&](const char* title, const std::string& drawing) {
        return drawing.empty() ? std::string()
                               : std::string("<figure><figcaption><strong>") + title + "</strong> Third octaves, all three at the same loudness.</figcaption>" + legend + drawing + "</figure>\n";
    };
    const std::string figures =
        figure("The middle.", drawn("Spectra of the middle: song, reference and master", levels(match.song.midDb), levels(match.reference.midDb), levels(match.master.midDb))) +
        figure("The sides.", drawn("Spectra of the sides: song, reference and master", levels(match.song.sideDb), levels(match.reference.sideDb), levels(match.master.sideDb)));
    const std::string table = "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">Distance in shape, 40 Hz to 16 kHz</th><th scope=\"col\">middle</th><th scope=\"col\">sides</th></tr></thead><tbody>" +
                              row("all of it", match.before, match.after) + row("loud parts", match.loudBefore, match.loudAfter) +
                              row("quiet parts", match.quietBefore, match.quietAfter) + "</tbody></table></div>";
    const std::string lufs = report.master ? "<p>Loudness: " + shown(report.master->facts.loudness.integratedLufs, 1) + " LUFS; the reference has " + shown(match.referenceLufs, 1) + " LUFS.</p>" : "";
    return sectionHtml("reference", "The reference", "<p>Matched to " + names + ".</p>" + lufs + "<div class=\"figures\">" + figures + "</div>" + table);
}

}  // namespace tonewright
