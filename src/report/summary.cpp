#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "report/decisions.h"
#include "report/notes_section.h"
#include "report/plain_text.h"
#include "report/report.h"
#include "report/report_parts.h"

namespace tonewright {

namespace {

constexpr std::size_t kColumns = 140;
constexpr std::size_t kDecisions = 4, kAdvice = 2;

std::string change(const std::string& from, const std::string& to) { return from == to ? to : from + " \u2192 " + to; }

std::string headline(const Report& report) {
    const Plan& plan = report.plan;
    std::string text = plainText(plan.title.empty() ? "Untitled" : plan.title) + ": ";
    if (plan.kind == PlanKind::mix) {
        const auto muted = std::count_if(plan.tracks.begin(), plan.tracks.end(), [](const TrackPlan& track) { return track.muted(); });
        text += std::to_string(plan.tracks.size()) + (plan.tracks.size() == 1 ? " track" : " tracks");
        if (muted > 0) text += " (" + std::to_string(muted) + " left out)";
        text += report.master ? ", mixed and mastered" : ", mixed";
    } else {
        text += "mastered";
    }
    return std::isfinite(report.seconds) ? text + ", " + minutesSeconds(report.seconds) : text;
}

std::string numbers(const Report& report) {
    const Analysis* now = after(report);
    if (!now) return "";
    if (!std::isfinite(now->loudness.integratedLufs)) return "Its loudness cannot be measured: it is silent, or shorter than 0.4 seconds.";
    const Analysis* was = before(report);
    if (!was) was = now;
    const auto range = [](const Analysis& a) { return shown(a.loudness.loudnessRangeLu.value_or(kSilentDb), 1); };
    return "Loudness " + change(shown(was->loudness.integratedLufs, 1), shown(now->loudness.integratedLufs, 1)) + " LUFS, true peak " +
           change(shown(was->loudness.truePeakDbtp, 1), shown(now->loudness.truePeakDbtp, 1)) + " dBTP, range " + change(range(*was), range(*now)) +
           " LU";
}

// "Through 6 codecs its true peak is at most -0.12 dBTP (Opus 128)", with what that took.
std::string codecLine(const Report& report) {
    const CodecHistory& codecs = report.codecs;
    if (!codecs.checked()) return "";
    const CodecRound& last = codecs.rounds.back();
    const CodecResult& worst = last.codecs[codecs.worst(last)];
    std::string text = last.codecs.size() == 1 ? "Through " + std::string(worst.setting.label) + " its true peak is "
                                               : "Through " + std::to_string(last.codecs.size()) + " codecs its true peak is at most ";
    text += shown(worst.truePeakDbtp, 2) + " dBTP" + (last.codecs.size() == 1 ? "" : " (" + std::string(worst.setting.label) + ")");
    const double first = codecs.rounds.front().codecs[codecs.worst(codecs.rounds.front())].truePeakDbtp;
    if (codecs.rounds.size() > 1) text += "; lowered by " + fixed(last.totalDb(), 1) + " dB for it, it was " + shownSigned(first, 2);
    return text + ".";
}

// "3 warnings; the first: ...", of faults and warnings together, errors first.
std::string troubles(const Report& report) {
    std::vector<std::string> texts;
    for (const PlacedFault& fault : allFaults(report))
        if (fault.fault->severity != Severity::info) texts.push_back(fault.where + ": " + fault.fault->text);
    for (const Warning& warning : otherWarnings(report)) texts.push_back(warning.text);
    if (texts.empty()) return "";
    const std::string count = texts.size() == 1 ? "1 warning: " : std::to_string(texts.size()) + " warnings, the worst: ";
    return count + plainText(texts.front());
}

std::string quoted(const std::filesystem::path& path) {
    const std::string text = plainText(path.string());
    if (text.find_first_of(" '\"()&;$*?`\\!#~<>|[]{}") == std::string::npos) return text;
    std::string result = "'";
    for (char c : text) result += c == '\'' ? "'\\''" : std::string(1, c);
    return result + "'";
}

}  // namespace

std::string reportSummary(const Report& report) {
    std::vector<std::string> lines = {headline(report)};
    const auto add = [&](const std::string& line) {
        if (!line.empty()) lines.push_back(shortened(line, kColumns));
    };
    add(numbers(report));
    if (!report.targetText.empty()) add((report.targetReached ? "" : "Target missed: ") + plainText(report.targetText));
    add(codecLine(report));
    if (report.revision) {
        const PlanComparison& changes = report.revision->changes;
        lines.push_back("Against " + plainText(report.revision->plan.string()) + ":" + (changes.same() ? " the same plan" : changes.commonLevelDb != 0.0 ? " all levels " + shownSigned(changes.commonLevelDb, 1) + " dB, and" : ""));
        for (const std::string& line : changeLines(changes, kDecisions)) add("  " + plainText(line));
    }
    for (const Decision& decision : biggestDecisions(report, report.revision ? 0 : kDecisions))
        add("  " + plainText(targetName(report.plan, decision.target)) + ": " + plainText(describeFully(report.plan, decision.target, *decision.step)) +
            ". " + plainText(mainReason(*decision.step).text));
    for (const std::string& line : noteLines(report.plan)) lines.push_back(line);  // never cut: this is the answer to what was said
    for (std::size_t i = 0; i < std::min(report.plan.advice.size(), kAdvice); ++i) add("Advice: " + plainText(report.plan.advice[i].text) + " " + plainText(report.plan.advice[i].remedy));
    add(troubles(report));

    // Paths and commands are never cut: they are there to be copied.
    const bool rendered = !report.htmlFile.empty();
    if (rendered) {
        std::string files;
        if (report.plan.kind == PlanKind::mix && report.mix) files = plainText(report.mix->file.string());
        if (report.master) files += (files.empty() ? "" : ", ") + plainText(report.master->file.string());
        lines.push_back("Wrote   " + files + (report.stems.empty() ? "" : ", " + std::to_string(report.stems.size()) + " stems"));
        std::string versions;
        for (const AlternateReport& alternate : report.alternates)
            if (!alternate.file.empty()) versions += (versions.empty() ? "" : ", ") + plainText(alternate.file.string());
        if (!versions.empty()) lines.push_back("        " + versions);
        lines.push_back("Report  " + plainText(report.htmlFile.string()));
    }
    if (report.planFile.empty())
        lines.push_back("Nothing was written (dry run).");
    else if (rendered)
        lines.push_back("Next    change " + plainText(report.planFile.string()) + ", then: tonewright render " + quoted(report.planFile) + " --force");
    else
        lines.push_back("Plan    " + plainText(report.planFile.string()) + "; next: tonewright render " + quoted(report.planFile));
    return join(lines, "\n") + "\n";
}

}  // namespace tonewright
