#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "report/decisions.h"
#include "report/html_sections.h"
#include "report/html_text.h"
#include "report/plain_text.h"
#include "report/svg.h"

namespace tonewright {

namespace {

// An equalizer's curve from 20 Hz to 20 kHz.
std::string curveOf(const Step& step) {
    constexpr int kPoints = 61;
    const auto* equalizer = std::get_if<Equalizer::Params>(&step.params);
    if (!equalizer) return "";
    std::vector<double> gainsDb;
    for (int i = 0; i < kPoints; ++i) gainsDb.push_back(std::clamp(analogueGainDb(*equalizer, 20.0 * std::pow(1000.0, i / (kPoints - 1.0))), -18.0, 18.0));
    return gainCurveSvg("Gain from 20 Hz to 20 kHz: " + describe(step), gainsDb);
}

// Levels that move, from the song's beginning to its end. A mute is drawn as deep as 12 dB.
std::string levelsOf(const Report& report, const Step& step) {
    constexpr int kPoints = 241;
    const auto* envelope = std::get_if<GainEnvelope::Params>(&step.params);
    if (!envelope || envelope->points.empty() || report.seconds <= 0.0) return "";
    const GainEnvelope levels(*envelope, {48000.0, 1});
    std::vector<double> gainsDb;
    for (int i = 0; i < kPoints; ++i) gainsDb.push_back(std::clamp(levels.gainDbAt(report.seconds * i / (kPoints - 1.0)), -12.0, 12.0));
    return gainCurveSvg("Level over the song: " + describe(step), gainsDb);
}

std::string workOf(const Report& report, const Step& step) {
    for (const StepWork& work : report.work)
        if (work.stepId == step.id && std::isfinite(work.maxReductionDb)) {
            if (work.maxRaiseDb > 0.05) return "It raised attacks by up to " + shown(work.maxRaiseDb, 1) + " dB" + (work.maxReductionDb < -0.05 ? " and took away up to " + shown(-work.maxReductionDb, 1) + " dB after them." : ".");
            if (work.maxReductionDb > -0.05) return "It never had to act.";
            const bool mean = std::isfinite(work.meanReductionDb);
            return "It took away up to " + shown(-work.maxReductionDb, 1) + " dB" + (mean ? ", " + shown(-work.meanReductionDb, 1) + " dB on average while acting." : ".");
        }
    return "";
}

std::string evidenceHtml(const Reason& reason) {
    std::string items;
    for (const Evidence& evidence : reason.evidence) {
        items += "<li><span class=\"measure\">" + escaped(measureWords(evidence.measure)) + "</span> <b>" + shownEvidence(evidence.value, evidence.unit) + "</b>";
        if (!evidence.unit.empty()) items += " " + escaped(evidence.unit);
        if (!evidence.comparison.empty()) items += " <span class=\"against\">" + escaped(evidence.comparison) + "</span>";
        items += "</li>";
    }
    return items.empty() ? "" : "<ul class=\"evidence\" aria-label=\"Measured\">" + items + "</ul>";
}

std::string reasonHtml(const Reason& reason) {
    std::string html = "<p class=\"why\">" + escaped(reason.text) + "</p>" + evidenceHtml(reason);
    if (reason.rule == "none" || reason.rule == "user") return html;
    const bool doubtful = reason.confidence < 0.995;
    return html + "<p class=\"rule\">rule " + escaped(reason.rule) + (doubtful ? ", " + fixed(100.0 * reason.confidence, 0) + " % sure" : "") + "</p>";
}

std::string placeName(const Plan& plan, const std::string& target) {
    return target == "mix" ? "The mix as a whole" : target == "master" ? "The master" : targetName(plan, target);
}

std::string marksHtml(const Step& step) {
    std::string marks;
    if (step.origin == Origin::user) marks += " <span class=\"mark yours\">yours</span>";
    if (step.locked) marks += " <span class=\"mark\">locked</span>";
    if (!step.enabled) marks += " <span class=\"mark\">bypassed</span>";
    return marks;
}

std::string decisionHtml(const Report& report, const Decision& decision) {
    const Step& step = *decision.step;
    const std::string what = describeFully(report.plan, decision.target, step);
    const std::vector<Reason> reasons = reasonsOf(step);
    std::string html = "<li class=\"decision" + std::string(step.enabled ? "" : " bypassed") + "\"><p class=\"what\">" + escaped(capitalized(what)) + marksHtml(step) + "</p>" +
                       curveOf(step) + levelsOf(report, step);
    for (const Reason& reason : reasons) html += reasonHtml(reason);
    if (!step.note.empty() && reasons.front().text != step.note) html += "<p class=\"note\">Your note: " + escaped(step.note) + "</p>";
    const std::string work = workOf(report, step);
    if (!work.empty()) html += "<p class=\"work\">" + work + "</p>";
    return html + "<p class=\"id\">" + escaped(step.id) + "</p></li>\n";
}

// The decisions on one target, as an ordered list: signal order.
std::string chainHtml(const Report& report, const std::string& target) {
    std::string items;
    for (const Decision& decision : decisionsOf(report.plan))
        if (decision.target == target) items += decisionHtml(report, decision);
    return items.empty() ? "" : "<ol class=\"chain\">" + items + "</ol>";
}

std::string shortChain(const Report& report, const std::string& target) {
    std::vector<std::string> words;
    for (const Decision& decision : decisionsOf(report.plan))
        if (decision.target == target && decision.step->enabled) words.push_back(plainText(describeFully(report.plan, target, *decision.step)));
    return shortened(join(words, " \u00b7 "), 110);
}

std::string foldedChain(const Report& report, const std::string& target, const std::string& dotClass) {
    const std::string chain = chainHtml(report, target);
    if (chain.empty()) return "";
    return "<details id=\"" + anchorOf(report.plan, target) + "\"><summary><span class=\"dot " + dotClass + "\"></span><strong>" +
           nameHtml(placeName(report.plan, target)) + "</strong> <span class=\"quiet\">" +
           escaped(shortChain(report, target)) + "</span></summary>" + chain + "</details>\n";
}

}  // namespace

std::string anchorOf(const Plan& plan, const std::string& target) {
    std::size_t number = 0;
    for (const TrackPlan& track : plan.tracks) {
        ++number;
        if ("tracks/" + track.id == target) return "on-" + std::to_string(number);
    }
    for (const BusPlan& bus : plan.buses) {
        ++number;
        if ("buses/" + bus.id == target) return "on-" + std::to_string(number);
    }
    return "on-" + target;
}

std::string decisionsHtml(const Report& report) {
    if (report.plan.kind != PlanKind::mix) return "";
    const std::vector<Decision> biggest = biggestDecisions(report, 5);
    std::string html;
    if (!biggest.empty()) {
        html += "<h3>What changed most</h3><ol class=\"biggest\">";
        for (const Decision& decision : biggest)
            html += "<li><a href=\"#" + (decision.target == "master" ? std::string("master") : anchorOf(report.plan, decision.target)) + "\">" +
                    nameHtml(placeName(report.plan, decision.target)) + "</a>: " + escaped(describeFully(report.plan, decision.target, *decision.step)) + ". " +
                    "<span class=\"quiet\">" + escaped(mainReason(*decision.step).text) + "</span></li>";
        html += "</ol>\n<h3>Track by track</h3>\n<p class=\"quiet\">In the order in which the sound passes through. Open a line for what was done and why.</p>\n";
    }
    for (const TrackPlan& track : report.plan.tracks) html += foldedChain(report, "tracks/" + track.id, familyClass(track.role));
    for (const BusPlan& bus : report.plan.buses) html += foldedChain(report, "buses/" + bus.id, "family-bus");
    html += foldedChain(report, "mix", "family-bus");
    return sectionHtml("decisions", "Every decision", html);
}

std::string masterChainHtml(const Report& report) {
    return sectionHtml("master", "The master, step by step", chainHtml(report, "master"));
}

}  // namespace tonewright
