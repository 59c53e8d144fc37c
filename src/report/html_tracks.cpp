#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "report/decisions.h"
#include "report/html_sections.h"
#include "report/html_text.h"
#include "report/plain_text.h"
#include "report/report_parts.h"
#include "report/svg.h"

namespace tonewright {

namespace {

struct Place {
    double position = 0.0, halfWidth = 0.0;
};

// A stereo track is drawn as wide as its pan step makes it: width 1 reaches from half left to half right.
Place placeOf(const TrackPlan& track) {
    const auto* pan = std::get_if<Panner::Params>(&track.pan.params);
    if (!pan || !track.pan.enabled) return {};
    return {pan->position, pan->source == Panner::Source::stereo && track.source.usedChannels() == 2 ? 0.5 * pan->width : 0.0};
}

double levelInMix(const Report& report, const std::string& id) {
    const auto found = report.inMix.find(id);
    return found == report.inMix.end() ? kSilentDb : found->second.integratedLufs;
}

const Analysis* sourceOf(const Report& report, const std::string& id) {
    const auto found = report.sources.find(id);
    return found == report.sources.end() ? nullptr : &found->second;
}

// "drums/hi-hat" -> "hi-hat"
std::string roleWords(const std::string& role) {
    const auto slash = role.find('/');
    std::string words = slash == std::string::npos ? role : role.substr(slash + 1) + " (" + role.substr(0, slash) + ")";
    std::replace(words.begin(), words.end(), '-', ' ');
    return words;
}

// "name+content" -> "name and content"
std::string sourceWords(const std::string& roleSource) {
    const auto plus = roleSource.find('+');
    return plus == std::string::npos ? roleSource : roleSource.substr(0, plus) + " and " + roleSource.substr(plus + 1);
}

std::string stage(const Report& report) {
    std::vector<StagePlace> places;
    for (const TrackPlan& track : report.plan.tracks) {
        const double level = levelInMix(report, track.id);
        if (track.muted() || !std::isfinite(level)) continue;
        const Place place = placeOf(track);
        places.push_back({track.name.empty() ? track.id : track.name, familyClass(track.role), place.position, place.halfWidth, level});
    }
    if (places.size() < 2) return "";
    return "<figure class=\"stagefigure\"><figcaption><strong>Who stands where.</strong> Seen from the audience: left and right as panned, the louder the nearer. "
           "Lines show stereo tracks.</figcaption><div class=\"scroll\" role=\"region\" aria-label=\"Stage plan\" tabindex=\"0\">" +
           stageSvg("Where each track stands between the speakers and how loud it is; the table that follows has the numbers", places) + "</div></figure>\n";
}

std::string faultCell(const Analysis* source) {
    if (!source) return "\u2013";
    std::vector<std::string> kinds;
    for (const Fault& fault : source->faults)
        if (fault.severity != Severity::info) kinds.push_back(escaped(fault.kind));
    return kinds.empty() ? "none" : "<a href=\"#faults\">" + join(kinds, ", ") + "</a>";
}

std::string trackRow(const Report& report, const TrackPlan& track) {
    const Analysis* source = sourceOf(report, track.id);
    const Place place = placeOf(track);
    const std::string target = "tracks/" + track.id;
    std::size_t count = 0;
    for (const Decision& decision : decisionsOf(report.plan)) count += decision.target == target;
    const std::string panWords = describe(track.pan);
    std::string html = "<tr" + std::string(track.muted() ? " class=\"muted\"" : "") + "><th scope=\"row\"><span class=\"dot " + familyClass(track.role) + "\"></span>" +
                       nameHtml(track.name.empty() ? track.id : track.name) + "<br><span class=\"quiet\">" + nameHtml(fileName(track.source.file)) + "</span></th>";
    html += "<td>" + escaped(roleWords(track.role)) + "<br><span class=\"quiet\">" + fixed(100.0 * track.roleConfidence, 0) + " % sure, from " +
            escaped(sourceWords(track.roleSource)) + "</span></td>";
    html += "<td class=\"number\">" + shown(source ? source->loudness.integratedLufs : kSilentDb, 1) + "</td>";
    if (track.muted())
        html += "<td class=\"number\" colspan=\"2\">left out</td>";
    else
        html += "<td class=\"number\">" + shown(levelInMix(report, track.id), 1) + "</td><td class=\"place\">" + panSvg(panWords, place.position, place.halfWidth) +
                "<span class=\"quiet\">" + escaped(panWords) + "</span></td>";
    html += "<td>" + faultCell(source) + "</td><td class=\"number\">";
    html += count == 0 ? "0" : "<a href=\"#" + anchorOf(report.plan, target) + "\">" + std::to_string(count) + "</a>";
    return html + "</td></tr>\n";
}

}  // namespace

std::string familyClass(const std::string& role) {
    const std::string family = role.substr(0, role.find('/'));
    constexpr std::string_view kFamilies[] = {"drums", "bass", "guitar", "keys", "synth", "strings", "winds", "brass", "vocals"};
    const bool known = std::find(std::begin(kFamilies), std::end(kFamilies), family) != std::end(kFamilies);
    return "family-" + (known ? family : "other");
}

std::string tracksHtml(const Report& report) {
    if (report.plan.kind != PlanKind::mix || report.plan.tracks.empty()) return "";
    std::string html = stage(report);
    html += "<div class=\"scroll\" role=\"region\" aria-label=\"Tracks\" tabindex=\"0\"><table class=\"tracks\"><thead><tr><th scope=\"col\">Track</th>"
            "<th scope=\"col\">Heard as</th><th scope=\"col\" class=\"number\">Recorded<br><span class=\"unit\">LUFS</span></th>"
            "<th scope=\"col\" class=\"number\">In the mix<br><span class=\"unit\">LUFS</span></th><th scope=\"col\" class=\"place\">Place</th>"
            "<th scope=\"col\">Faults</th><th scope=\"col\" class=\"number\">Decisions</th></tr></thead><tbody>\n";
    for (const TrackPlan& track : report.plan.tracks) html += trackRow(report, track);
    return sectionHtml("tracks", "The tracks", html + "</tbody></table></div>\n");
}

}  // namespace tonewright
