#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "report/decisions.h"
#include "report/html_sections.h"
#include "report/html_text.h"
#include "report/plain_text.h"
#include "report/report_parts.h"

namespace tonewright {

namespace {

std::string counted(std::size_t count, const std::string& one, const std::string& many) { return std::to_string(count) + " " + (count == 1 ? one : many); }

// One sentence: what came in, what came out.
std::string sentence(const Report& report) {
    const Plan& plan = report.plan;
    std::string text;
    if (plan.kind == PlanKind::mix) {
        text = counted(plan.tracks.size(), "recording", "recordings") + " became a mix";
        if (report.master) text += " and a master";
    } else {
        text = "One file became a master";
    }
    const std::string style = plan.style.empty() ? plan.intent.style : plan.style;
    if (!style.empty() && style != "auto") text += " in the style \u201c" + plainText(style) + "\u201d";
    text += ", with " + counted(decisionsOf(plan).size(), "decision", "decisions") + ". Each is explained below.";
    const auto muted = static_cast<std::size_t>(std::count_if(plan.tracks.begin(), plan.tracks.end(), [](const TrackPlan& track) { return track.muted(); }));
    if (muted > 0) text += " " + counted(muted, "track was", "tracks were") + " left out.";
    return text;
}

std::string tile(const std::string& name, double before, double now, const std::string& unit, bool changed, const std::string& meaning) {
    std::string html = "<div class=\"tile\"><dt>" + escaped(name) + "</dt><dd><span class=\"now\">" + shown(now, 1) + "</span> <span class=\"unit\">" +
                       escaped(unit) + "</span>";
    if (changed) html += "<span class=\"was\">before " + shown(before, 1) + "</span>";
    return html + "<span class=\"meaning\">" + escaped(meaning) + "</span></dd></div>";
}

std::string tiles(const Report& report) {
    const Analysis* now = after(report);
    if (!now) return "";
    const Analysis* was = before(report);
    const bool changed = was && was != now;
    if (!was) was = now;
    const auto range = [](const Analysis& a) { return a.loudness.loudnessRangeLu.value_or(kSilentDb); };
    const auto punch = [](const Analysis& a) { return a.dynamics.peakToLoudnessDb.value_or(kSilentDb); };
    return "<dl class=\"tiles\">" +
           tile("Loudness", was->loudness.integratedLufs, now->loudness.integratedLufs, "LUFS", changed, "over the whole song") +
           tile("True peak", was->loudness.truePeakDbtp, now->loudness.truePeakDbtp, "dBTP", changed, "the highest point between samples") +
           tile("Loudness range", range(*was), range(*now), "LU", changed, "from the quiet parts to the loud") +
           tile("Peak above loudness", punch(*was), punch(*now), "dB", changed, "room for attacks") + "</dl>";
}

}  // namespace

std::string headlineHtml(const Report& report) {
    const bool mastered = report.master.has_value();
    const std::string kind = report.plan.kind == PlanKind::master ? "Mastered" : mastered ? "Mixed and mastered" : "Mixed";
    std::string html = "<header><p class=\"kicker\">" + kind + (std::isfinite(report.seconds) ? " \u00b7 " + minutesSeconds(report.seconds) : "") +
                       "</p><h1>" + nameHtml(report.plan.title.empty() ? "Untitled" : report.plan.title) + "</h1><p class=\"lead\">" +
                       escaped(sentence(report)) + "</p>";
    html += tiles(report);
    if (mastered && !report.targetText.empty())
        html += std::string("<p class=\"verdict ") + (report.targetReached ? "good" : "bad") + "\"><strong>" +
                (report.targetReached ? "Target reached." : "Target missed.") + "</strong> " + escaped(report.targetText) + "</p>";
    return html + "</header>\n";
}

}  // namespace tonewright
