#include <cmath>

#include "analysis/facts_json.h"
#include "plan/plan_json.h"
#include "release/codec_json.h"
#include "report/decisions.h"
#include "report/match_section.h"
#include "report/forecast_section.h"
#include "report/notes_section.h"
#include "report/report.h"
#include "report/report_parts.h"
#include "report/sound_comparison.h"

namespace tonewright {

namespace {

Json orNull(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json faultsJson(const Analysis& facts) {
    const Json whole = toJson(facts);
    return *whole.find("faults");
}

Json sourceJson(const Report& report, const std::string& id) {
    const auto found = report.sources.find(id);
    if (found == report.sources.end()) return Json();
    const Analysis& facts = found->second;
    return Json::object({{"sampleRateHz", facts.spec.sampleRateHz},
                         {"channels", facts.spec.channels},
                         {"frames", facts.frames},
                         {"silent", facts.activity.silent},
                         {"activeShare", facts.activity.activeShare},
                         {"loudness", toJson(facts.loudness)},
                         {"noiseFloorDbfs", orNull(facts.noise.floorDbfs)},
                         {"tempoBpm", orNull(facts.rhythm.tempoBpm)},
                         {"key", facts.key.tonic ? Json(facts.key.name()) : Json()},
                         {"faults", faultsJson(facts)}});
}

Json inMixJson(const Report& report, const std::string& id) {
    const auto found = report.inMix.find(id);
    return found == report.inMix.end() ? Json() : Json(found->second.integratedLufs);
}

double gainDbOf(const Step& step) {
    const auto* gain = std::get_if<Gain::Params>(&step.params);
    return gain ? gain->gainDb : 0.0;
}

Json trackJson(const Report& report, const TrackPlan& track) {
    const Alignment::Params alignment = alignmentOf(track);
    const auto* pan = std::get_if<Panner::Params>(&track.pan.params);
    return Json::object({{"file", fileName(track.source.file)},
                         {"id", track.id},
                         {"name", track.name},
                         {"role", track.role},
                         {"roleConfidence", track.roleConfidence},
                         {"roleSource", track.roleSource},
                         {"group", track.group},
                         {"muted", track.muted()},
                         {"polarityInverted", alignment.invertPolarity},
                         {"delayFrames", alignment.delayFrames},
                         {"startFrame", track.startFrame},
                         {"faderDb", gainDbOf(track.fader)},
                         {"panPosition", pan ? pan->position : 0.0},
                         {"output", track.output},
                         {"integratedLufsInMix", inMixJson(report, track.id)},
                         {"source", sourceJson(report, track.id)}});
}

Json busJson(const Report& report, const BusPlan& bus) {
    return Json::object({{"id", bus.id},
                         {"name", bus.name},
                         {"kind", kBusKindNames[static_cast<std::size_t>(bus.kind)]},
                         {"faderDb", gainDbOf(bus.fader)},
                         {"integratedLufsInMix", inMixJson(report, bus.id)}});
}

Json decisionJson(const Plan& plan, const Decision& decision) {
    const Step& step = *decision.step;
    const std::vector<Reason> reasons = reasonsOf(step);
    Json all = Json::array();
    for (const Reason& reason : reasons) all.push(toJson(reason));
    return Json::object({{"id", step.id},
                         {"target", decision.target},
                         {"type", step.type()},
                         {"what", describeFully(plan, decision.target, step)},
                         {"reason", toJson(reasons.front())},
                         {"reasons", std::move(all)},
                         {"origin", step.origin == Origin::user ? "user" : "automatic"},
                         {"locked", step.locked},
                         {"enabled", step.enabled},
                         {"confidence", reasons.front().confidence},
                         {"note", step.note}});
}

Json outputJson(const Report& report, const std::optional<OutputReport>& output, const CodecHistory& codecs) {
    if (!output) return Json();
    const Analysis& facts = output->facts;
    const SoundFacts sound = soundFacts(facts);
    Json octaves = Json::array();
    for (const auto& octave : sound.octaveDb) octaves.push(orNull(octave));
    return Json::object({{"file", relativeToReport(report, output->file)},
                         {"format", output->format},
                         {"sampleRateHz", facts.spec.sampleRateHz},
                         {"channels", facts.spec.channels},
                         {"frames", facts.frames},
                         {"loudness", toJson(facts.loudness)},
                         {"peakToLoudnessDb", orNull(facts.dynamics.peakToLoudnessDb)},
                         {"dynamicRangeDb", orNull(facts.dynamics.dynamicRangeDb)},
                         {"correlation", orNull(facts.stereo.correlation)},
                         {"widthDb", orNull(sound.widthDb)},
                         {"monoLossLu", orNull(sound.monoLossLu)},
                         {"octaveDb", std::move(octaves)},
                         {"faults", faultsJson(facts)},
                         {"codecs", codecsJson(codecs)}});
}

Json platformJson(const PlatformEffect& effect) {
    return Json::object({{"name", effect.platform.name},
                         {"targetLufs", orNull(effect.platform.targetLufs)},
                         {"gainDb", effect.gainDb},
                         {"playedLufs", effect.playedLufs},
                         {"playedTruePeakDbtp", effect.playedTruePeakDbtp},
                         {"text", effect.text},
                         {"status", effect.platform.status},
                         {"source", effect.platform.source},
                         {"date", effect.platform.date},
                         {"note", effect.platform.note}});
}

Json stemJson(const StemInfo& stem) {
    return Json::object({{"kind", kStemKindNames[static_cast<std::size_t>(stem.kind)]}, {"id", stem.id}, {"name", stem.name}});
}

Json alternateJson(const Report& report, const AlternateReport& alternate) {
    Json leftOut = Json::array();
    for (const std::string& id : alternate.info.leftOut) leftOut.push(id);
    const bool made = !alternate.file.empty();
    return Json::object({{"name", alternate.info.name()},
                         {"file", made ? Json(relativeToReport(report, alternate.file)) : Json()},
                         {"leftOut", std::move(leftOut)},
                         {"text", made ? alternate.info.note : alternate.info.whyNot},
                         {"loudness", made ? toJson(alternate.loudness) : Json()}});
}

template <class List, class ToJson>
Json listJson(const List& list, const ToJson& toItem) {
    Json json = Json::array();
    for (const auto& item : list) json.push(toItem(item));
    return json;
}

}  // namespace

Json reportJson(const Report& report) {
    const Plan& plan = report.plan;
    Json json = Json::object({{"schema", kReportSchemaName},
                              {"kind", kPlanKindNames[static_cast<std::size_t>(plan.kind)]},
                              {"title", plan.title},
                              {"seconds", report.seconds},
                              {"sampleRateHz", plan.sampleRateHz},
                              {"style", plan.style.empty() ? plan.intent.style : plan.style},
                              {"planFile", report.planFile.empty() ? Json() : Json(relativeToReport(report, report.planFile))}});
    json.set("asked", notesJson(plan));
    json.set("forecast", forecastJson(report));
    json.set("output", Json::object({{"mix", outputJson(report, report.mix, {})}, {"master", outputJson(report, report.master, report.codecs)}}));
    json.set("target", Json::object({{"integratedLufs", plan.delivery.integratedLufs},
                                     {"ceilingDbtp", plan.delivery.ceilingDbtp},
                                     {"reached", report.targetReached},
                                     {"text", report.targetText}}));
    json.set("tracks", listJson(plan.tracks, [&](const TrackPlan& track) { return trackJson(report, track); }));
    json.set("buses", listJson(plan.buses, [&](const BusPlan& bus) { return busJson(report, bus); }));
    json.set("decisions", listJson(decisionsOf(plan), [&](const Decision& decision) { return decisionJson(plan, decision); }));
    json.set("dynamics", listJson(report.work, [](const StepWork& work) {
                 return Json::object({{"stepId", work.stepId}, {"maxReductionDb", work.maxReductionDb}, {"meanReductionDb", work.meanReductionDb}, {"maxRaiseDb", work.maxRaiseDb}});
             }));
    json.set("match", report.match ? matchJson(*report.match) : Json());
    json.set("revision", report.revision ? Json::object({{"plan", relativeToReport(report, report.revision->plan)}, {"changes", toJson(report.revision->changes)}}) : Json());
    json.set("platforms", listJson(report.platforms, platformJson));
    json.set("advice", listJson(plan.advice, [](const Advice& advice) { return toJson(advice); }));
    json.set("warnings", listJson(allWarnings(report), [](const Warning& warning) {
                 return Json::object({{"code", warning.code}, {"text", warning.text}});
             }));
    json.set("stems", listJson(report.stems, stemJson));
    json.set("alternates", listJson(report.alternates, [&](const AlternateReport& alternate) { return alternateJson(report, alternate); }));
    return json;
}

}  // namespace tonewright
