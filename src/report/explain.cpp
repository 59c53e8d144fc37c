#include <cmath>

#include "core/text.h"
#include "report/decisions.h"
#include "report/notes_section.h"
#include "report/plain_text.h"
#include "report/report.h"
#include "report/song_section.h"

namespace tonewright {

namespace {

std::string evidenceWords(const Evidence& evidence) {
    std::string text = plainText(measureWords(evidence.measure)) + " " + shownEvidence(evidence.value, evidence.unit);
    if (!evidence.unit.empty()) text += " " + plainText(evidence.unit);
    if (!evidence.comparison.empty()) text += " (" + plainText(evidence.comparison) + ")";
    return text;
}

std::string marks(const Step& step) {
    std::vector<std::string> words;
    if (step.origin == Origin::user) words.push_back("yours");
    if (step.locked) words.push_back("locked");
    if (!step.enabled) words.push_back("bypassed");
    return words.empty() ? "" : " [" + join(words, ", ") + "]";
}

std::string decisionWords(const Plan& plan, const Decision& decision) {
    const Step& step = *decision.step;
    std::string text = wrapped("* " + plainText(describeFully(plan, decision.target, step)) + marks(step), 2);
    for (const Reason& reason : reasonsOf(step)) {
        const std::string sure = reason.confidence < 0.995 && reason.rule != "none" ? ", " + fixed(100.0 * reason.confidence, 0) + " % sure" : "";
        text += wrapped(plainText(reason.text) + " [" + plainText(reason.rule) + sure + "]", 6);
        std::vector<std::string> facts;
        for (const Evidence& evidence : reason.evidence) facts.push_back(evidenceWords(evidence));
        if (!facts.empty()) text += wrapped("measured: " + join(facts, "; "), 6);
    }
    if (!step.note.empty() && reasonsOf(step).front().text != step.note) text += wrapped("your note: " + plainText(step.note), 6);
    return text + wrapped("id " + plainText(step.id), 6);
}

std::string heading(const Plan& plan, const std::string& target) {
    if (target == "mix") return "The mix as a whole";
    if (target == "master") return "The master";
    const std::string name = plainText(targetName(plan, target));
    for (const TrackPlan& track : plan.tracks)
        if ("tracks/" + track.id == target)
            return name + ": " + plainText(track.role) + " (" + fixed(100.0 * track.roleConfidence, 0) + " % sure, from " + plainText(track.roleSource) + ")" +
                   (track.muted() ? ", left out" : "");
    for (const BusPlan& bus : plan.buses)
        if ("buses/" + bus.id == target) return name + ": " + (bus.kind == BusKind::group ? "a group" : "an effect return");
    return name;
}

std::string opening(const Plan& plan) {
    std::string text = plainText(plan.title.empty() ? "Untitled" : plan.title) + ": ";
    text += plan.kind == PlanKind::mix ? "a mix of " + std::to_string(plan.tracks.size()) + (plan.tracks.size() == 1 ? " track" : " tracks") : "a master";
    const std::string style = plan.style.empty() ? plan.intent.style : plan.style;
    if (!style.empty() && style != "auto") text += ", style " + plainText(style);
    if (!plan.master.empty())
        text += ", aiming at " + shown(plan.delivery.integratedLufs, 1) + " LUFS under " + shown(plan.delivery.ceilingDbtp, 1) + " dBTP";
    text += ".\n";
    if (const std::string song = songLine(plan); !song.empty()) text += wrapped("The song: " + song + ".", 0);
    return text + (plan.delivery.text.empty() ? "" : wrapped(plainText(plan.delivery.text), 0));
}

}  // namespace

std::string explainPlan(const Plan& plan) {
    std::string text = opening(plan), target;
    for (const Decision& decision : decisionsOf(plan)) {
        if (decision.target != target) text += "\n" + heading(plan, decision.target) + "\n";
        target = decision.target;
        text += decisionWords(plan, decision);
    }
    const std::vector<std::string> asked = noteLines(plan);
    if (!asked.empty()) text += "\nWhat you asked for\n";
    for (const std::string& line : asked) text += wrapped("* " + line, 2);
    if (!plan.warnings.empty()) text += "\nWarnings\n";
    for (const Warning& warning : plan.warnings) text += wrapped("* " + plainText(warning.text), 2);
    return text;
}

}  // namespace tonewright
