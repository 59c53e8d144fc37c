#include "report/html_sections.h"
#include "report/html_text.h"
#include "report/plain_text.h"
#include "report/report_parts.h"

namespace tonewright {

std::string platformsHtml(const Report& report) {
    if (report.platforms.empty()) return "";
    std::string html =
        "<p>What players will do to this master. Turning down costs nothing: it is where louder masters lose their lead.</p>\n"
        "<div class=\"scroll\" role=\"region\" aria-label=\"Platforms\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">Played on</th>"
        "<th scope=\"col\">What happens</th><th scope=\"col\" class=\"number\">Change<br><span class=\"unit\">dB</span></th>"
        "<th scope=\"col\" class=\"number\">Heard at<br><span class=\"unit\">LUFS</span></th><th scope=\"col\">Known from</th></tr></thead><tbody>\n";
    for (const PlatformEffect& effect : report.platforms) {
        html += "<tr><th scope=\"row\">" + nameHtml(effect.platform.name) + "</th><td>" + escaped(effect.text);
        if (!effect.platform.note.empty()) html += "<br><span class=\"quiet\">" + escaped(effect.platform.note) + "</span>";
        html += "</td><td class=\"number\">" + shownSigned(effect.gainDb, 1) + "</td><td class=\"number\">" + shown(effect.playedLufs, 1) +
                "</td><td><span class=\"quiet\">" + escaped(effect.platform.status) + ", " + escaped(effect.platform.date) + ": " +
                escaped(effect.platform.source) + "</span></td></tr>\n";
    }
    return sectionHtml("platforms", "On the platforms", html + "</tbody></table></div>\n");
}

std::string howToChangeHtml(const Report& report) {
    const std::string plan = report.planFile.empty() ? "plan.json" : relativeToReport(report, report.planFile);
    const std::string name = "<code>" + nameHtml(plan) + "</code>";
    return sectionHtml(
        "change", "Change it",
        "<ol><li>Open " + name + " in any text editor. Every decision above stands there under its id, with its numbers and its reasons.</li>"
        "<li>Change a number, or set <code>\"enabled\": false</code> to bypass a step.</li>"
        "<li>Set <code>\"locked\": true</code> on what must stay as it is when the session is planned again.</li>"
        "<li>Hear it: <code>tonewright render " + nameHtml(plan) + " --force</code>. Only what you changed changes.</li></ol>\n"
        "<p><code>tonewright explain " + nameHtml(plan) + "</code> prints all decisions in plain words.</p>\n");
}

}  // namespace tonewright
