#include "core/text.h"
#include "report/html_sections.h"
#include "report/html_text.h"
#include "report/plain_text.h"

namespace tonewright {

namespace {

std::string headHtml(const CodecHistory& codecs) {
    const auto number = [](const std::string& name, const std::string& unit) {
        return "<th scope=\"col\" class=\"number\">" + name + "<br><span class=\"unit\">" + unit + "</span></th>";
    };
    std::string html = "<thead><tr><th scope=\"col\">Encoded as</th>";
    for (std::size_t i = 0; i < codecs.rounds.size(); ++i) {
        const bool last = i + 1 == codecs.rounds.size();
        const std::string lowered = i == 0 ? "at first" : fixed(codecs.rounds[i].totalDb(), 1) + " dB lower";
        html += number(last && i == 0 ? "True peak" : "True peak, " + lowered, "dBTP");
    }
    return html + number("Limit", "dBTP") + number("Samples over", "0 dBFS") + number("Loudness", "LUFS") + "</tr></thead>";
}

std::string rowHtml(const CodecHistory& codecs, std::size_t place) {
    const CodecTarget& target = codecs.targets[place];
    std::string html = "<tr><th scope=\"row\">" + escaped(target.setting.label);
    if (!target.platforms.empty()) html += "<br><span class=\"quiet\">" + escaped(join(target.platforms, ", ")) + "</span>";
    html += "</th>";
    for (const CodecRound& round : codecs.rounds) {
        const CodecResult& result = round.codecs[place];
        const std::string peak = shownSigned(result.truePeakDbtp, 2);
        html += "<td class=\"number\">" + (result.truePeakDbtp > target.limitDbtp ? "<strong>" + peak + " over</strong>" : peak) + "</td>";
    }
    const CodecResult& last = codecs.rounds.back().codecs[place];
    return html + "<td class=\"number\">" + shown(target.limitDbtp, 1) + "</td><td class=\"number\">" + std::to_string(last.overs) + "</td><td class=\"number\">" +
           shown(last.integratedLufs, 1) + "</td></tr>\n";
}

}  // namespace

std::string codecsHtml(const Report& report) {
    const CodecHistory& codecs = report.codecs;
    if (!codecs.checked()) return "";
    std::string html = "<p>Platforms encode what you deliver, and what is decoded again has other peaks. The master was encoded and decoded here, and measured";
    html += codecs.rounds.size() == 1 ? ".</p>\n" : "; where its peaks left the range, it was made again, lower.</p>\n";
    html += "<div class=\"scroll\" role=\"region\" aria-label=\"Codecs\" tabindex=\"0\"><table>" + headHtml(codecs) + "<tbody>\n";
    for (std::size_t i = 0; i < codecs.targets.size(); ++i) html += rowHtml(codecs, i);
    return sectionHtml("codecs", "Through the codecs", html + "</tbody></table></div>\n");
}

}  // namespace tonewright
