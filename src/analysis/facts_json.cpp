#include "analysis/facts_json.h"

#include <string>

namespace tonewright {

namespace {

Json orNull(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

template <class Values>
Json listOf(const Values& values) {
    Json list = Json::array();
    for (const auto& value : values) list.push(Json(static_cast<double>(value)));
    return list;
}

template <std::size_t N>
Json listOf(const std::array<std::optional<double>, N>& values) {
    Json list = Json::array();
    for (const auto& value : values) list.push(orNull(value));
    return list;
}

const char* nameOf(Severity severity) {
    switch (severity) {
        case Severity::info: return "info";
        case Severity::warning: return "warning";
        case Severity::error: break;
    }
    return "error";
}

Json toJson(const DynamicsFacts& d) {
    Json shortTerm = Json::array();
    for (float lufs : d.shortTermLufs) shortTerm.push(lufs <= -200.0f ? Json() : Json(static_cast<double>(lufs)));
    return Json::object({{"rmsDbfs", d.rmsDbfs},
                         {"crestDb", orNull(d.crestDb)},
                         {"peakToLoudnessDb", orNull(d.peakToLoudnessDb)},
                         {"minPeakToShortTermDb", orNull(d.minPeakToShortTermDb)},
                         {"dynamicRangeDb", orNull(d.dynamicRangeDb)},
                         {"bandSpreadDb", listOf(d.bandSpreadDb)},
                         {"shortTermLufs", std::move(shortTerm)}});
}

Json toJson(const SpectrumFacts& s) {
    std::array<double, kThirdOctaves> thirdHz{};
    std::array<double, kErbBands> erbHz{};
    for (int b = 0; b < kThirdOctaves; ++b) thirdHz[b] = thirdOctaveCentreHz(b);
    for (int b = 0; b < kErbBands; ++b) erbHz[b] = erbCentreHz(b);
    std::array<double, kFineBands> fineHz{};
    for (int b = 0; b < kFineBands; ++b) fineHz[b] = fineBandCentreHz(b);
    Json regions = Json::object({});
    for (std::size_t r = 0; r < kToneRegions; ++r)
        regions.set(kToneRegionRanges[r].name, Json::object({{"lowHz", kToneRegionRanges[r].lowHz},
                                                             {"highHz", kToneRegionRanges[r].highHz},
                                                             {"levelDb", s.regions[r].levelDb},
                                                             {"medianDb", s.regions[r].medianDb},
                                                             {"loudDb", s.regions[r].loudDb}}));
    Json peaks = Json::array();
    for (const NarrowPeak& peak : s.narrowPeaks)
        peaks.push(Json::object({{"frequencyHz", peak.frequencyHz}, {"excessDb", peak.excessDb}, {"steadyDb", peak.steadyDb}, {"q", peak.q}}));
    return Json::object({{"thirdOctaveHz", listOf(thirdHz)},
                         {"thirdOctaveDb", listOf(s.thirdOctaveDb)},
                         {"erbHz", listOf(erbHz)},
                         {"erbDb", listOf(s.erbDb)},
                         {"centroidHz", orNull(s.centroidHz)},
                         {"flatness", orNull(s.flatness)},
                         {"tiltDbPerOctave", orNull(s.tiltDbPerOctave)},
                         {"rolloffHz", orNull(s.rolloffHz)},
                         {"regions", std::move(regions)},
                         {"fineHz", listOf(fineHz)},
                         {"fineExcessDb", listOf(s.fineExcessDb)},
                         {"narrowPeaks", std::move(peaks)}});
}

Json toJson(const StereoFacts& s, int channels) {
    if (channels != 2) return Json();
    return Json::object({{"correlation", orNull(s.correlation)},
                         {"widthDb", orNull(s.widthDb)},
                         {"balanceDb", s.balanceDb},
                         {"bandCorrelation", listOf(s.bandCorrelation)},
                         {"bandWidthDb", listOf(s.bandWidthDb)},
                         {"thirdOctaveWidthDb", listOf(s.thirdOctaveWidthDb)},
                         {"monoLossLu", orNull(s.monoLossLu)},
                         {"dualMono", s.dualMono},
                         {"oneChannelSilent", s.oneChannelSilent}});
}

Json toJson(const RhythmFacts& r) {
    return Json::object({{"tempoBpm", orNull(r.tempoBpm)},
                         {"tempoConfidence", r.tempoConfidence},
                         {"onsetsPerSecond", r.onsetsPerSecond},
                         {"percussiveness", orNull(r.percussiveness)},
                         {"onsetSeconds", listOf(r.onsetSeconds)},
                         {"beatSeconds", listOf(r.beatSeconds)}});
}

Json toJson(const KeyFacts& k) {
    return Json::object({{"name", k.tonic ? Json(k.name()) : Json()},
                         {"tonic", k.tonic ? Json(*k.tonic) : Json()},
                         {"minor", k.tonic ? Json(k.minor) : Json()},
                         {"confidence", k.confidence}});
}

Json toJson(const std::optional<KickSeparation>& k) {
    if (!k) return Json();
    return Json::object({{"hits", k->hits}, {"likeness", k->likeness}, {"caught", k->caught}, {"ringing", k->ringing}, {"kickToRestDb", k->kickToRestDb}});
}

Json toJson(const std::optional<CentreSeparation>& c) {
    if (!c) return Json();
    return Json::object({{"caught", c->caught}, {"sidesLinear", c->sidesLinear}, {"sidesSquare", c->sidesSquare}, {"centreToSidesDb", c->centreToSidesDb}});
}

Json toJson(const Fault& fault) {
    Json where = Json::array();
    for (const TimeSpan& span : fault.where) where.push(Json::object({{"startSeconds", span.startSeconds}, {"endSeconds", span.endSeconds}}));
    return Json::object({{"kind", fault.kind},
                         {"severity", nameOf(fault.severity)},
                         {"value", fault.value},
                         {"unit", fault.unit},
                         {"text", fault.text},
                         {"where", std::move(where)}});
}

// Schema pieces.
Json type(const char* name) { return Json::object({{"type", name}}); }
Json orNullType(const char* name) {
    Json types = Json::array();
    types.push(name).push("null");
    return Json::object({{"type", std::move(types)}});
}
Json listType(Json items) { return Json::object({{"type", "array"}, {"items", std::move(items)}}); }
Json objectType(std::initializer_list<Json::Member> members) {
    Json required = Json::array();
    for (const auto& [key, value] : members) required.push(key);
    return Json::object({{"type", "object"}, {"additionalProperties", false}, {"required", std::move(required)}, {"properties", Json::object(members)}});
}

}  // namespace

Json toJson(const LoudnessFacts& l) {
    return Json::object({{"integratedLufs", l.integratedLufs},
                         {"loudnessRangeLu", orNull(l.loudnessRangeLu)},
                         {"maxMomentaryLufs", l.maxMomentaryLufs},
                         {"maxShortTermLufs", l.maxShortTermLufs},
                         {"truePeakDbtp", l.truePeakDbtp},
                         {"samplePeakDbfs", l.samplePeakDbfs}});
}

Json toJson(const Analysis& f) {
    Json faults = Json::array();
    for (const Fault& fault : f.faults) faults.push(toJson(fault));
    return Json::object(
        {{"sampleRateHz", f.spec.sampleRateHz},
         {"channels", f.spec.channels},
         {"frames", f.frames},
         {"loudness", toJson(f.loudness)},
         {"dynamics", toJson(f.dynamics)},
         {"spectrum", toJson(f.spectrum)},
         {"stereo", toJson(f.stereo, f.spec.channels)},
         {"rhythm", toJson(f.rhythm)},
         {"key", toJson(f.key)},
         {"activity", Json::object({{"silent", f.activity.silent},
                                    {"firstSoundSeconds", f.activity.silent ? Json() : Json(f.activity.firstSoundSeconds)},
                                    {"lastSoundSeconds", f.activity.silent ? Json() : Json(f.activity.lastSoundSeconds)},
                                    {"activeShare", f.activity.activeShare}})},
         {"edges", Json::object({{"startSeconds", f.activity.silent ? Json() : Json(f.edges.startSeconds)},
                                 {"endSeconds", f.activity.silent ? Json() : Json(f.edges.endSeconds)},
                                 {"leadingNoiseDbfs", orNull(f.edges.leadingNoiseDbfs)},
                                 {"trailingNoiseDbfs", orNull(f.edges.trailingNoiseDbfs)},
                                 {"clicksBeforeSeconds", listOf(f.edges.clicksBeforeSeconds)},
                                 {"clicksAfterSeconds", listOf(f.edges.clicksAfterSeconds)},
                                 {"peakDbfs", f.edges.peakDbfs}})},
         {"noise", Json::object({{"floorDbfs", orNull(f.noise.floorDbfs)}, {"signalToNoiseDb", orNull(f.noise.signalToNoiseDb)}})},
         {"hum", Json::object({{"found", f.hum.found},
                               {"fundamentalHz", f.hum.found ? Json(f.hum.fundamentalHz) : Json()},
                               {"levelDbfs", f.hum.levelDbfs},
                               {"harmonics", f.hum.harmonics}})},
         {"kickSeparation", toJson(f.kickSeparation)},
         {"centreSeparation", toJson(f.centreSeparation)},
         {"dcOffset", listOf(f.dcOffset)},
         {"lossyCutoffHz", f.lossyCutoffHz > 0.0 ? Json(f.lossyCutoffHz) : Json()},
         {"faults", std::move(faults)}});
}

Json analysisSchema() {
    const Json number = type("number"), maybe = orNullType("number"), flag = type("boolean"), integer = type("integer"), text = type("string");
    Json severities = Json::array();
    severities.push("info").push("warning").push("error");
    Json stereo = objectType({{"correlation", maybe}, {"widthDb", maybe}, {"balanceDb", maybe}, {"bandCorrelation", listType(maybe)},
                              {"bandWidthDb", listType(maybe)}, {"thirdOctaveWidthDb", listType(maybe)}, {"monoLossLu", maybe},
                              {"dualMono", flag}, {"oneChannelSilent", flag}});
    Json region = objectType({{"lowHz", number}, {"highHz", number}, {"levelDb", maybe}, {"medianDb", maybe}, {"loudDb", maybe}});
    Json regionNames = Json::array(), regions = Json::object({});
    for (const ToneRegionRange& range : kToneRegionRanges) {
        regionNames.push(range.name);
        regions.set(range.name, region);
    }
    Json regionType = Json::object({{"type", "object"}, {"additionalProperties", false}, {"required", std::move(regionNames)}, {"properties", std::move(regions)}});
    Json peak = objectType({{"frequencyHz", number}, {"excessDb", number}, {"steadyDb", number}, {"q", number}});
    Json objectOrNull = Json::array();
    objectOrNull.push("object").push("null");
    Json kick = objectType({{"hits", integer}, {"likeness", number}, {"caught", number}, {"ringing", number}, {"kickToRestDb", number}});
    Json centre = objectType({{"caught", number}, {"sidesLinear", number}, {"sidesSquare", number}, {"centreToSidesDb", number}});
    kick.set("type", objectOrNull);
    centre.set("type", objectOrNull);
    stereo.set("type", std::move(objectOrNull));
    return objectType(
        {{"sampleRateHz", number},
         {"channels", integer},
         {"frames", integer},
         {"loudness", objectType({{"integratedLufs", maybe}, {"loudnessRangeLu", maybe}, {"maxMomentaryLufs", maybe},
                                  {"maxShortTermLufs", maybe}, {"truePeakDbtp", maybe}, {"samplePeakDbfs", maybe}})},
         {"dynamics", objectType({{"rmsDbfs", maybe}, {"crestDb", maybe}, {"peakToLoudnessDb", maybe}, {"minPeakToShortTermDb", maybe},
                                  {"dynamicRangeDb", maybe}, {"bandSpreadDb", listType(maybe)}, {"shortTermLufs", listType(maybe)}})},
         {"spectrum", objectType({{"thirdOctaveHz", listType(number)}, {"thirdOctaveDb", listType(maybe)}, {"erbHz", listType(number)},
                                  {"erbDb", listType(maybe)}, {"centroidHz", maybe}, {"flatness", maybe}, {"tiltDbPerOctave", maybe},
                                  {"rolloffHz", maybe}, {"regions", std::move(regionType)}, {"fineHz", listType(number)},
                                  {"fineExcessDb", listType(maybe)}, {"narrowPeaks", listType(std::move(peak))}})},
         {"stereo", std::move(stereo)},
         {"rhythm", objectType({{"tempoBpm", maybe}, {"tempoConfidence", number}, {"onsetsPerSecond", number}, {"percussiveness", maybe},
                                {"onsetSeconds", listType(number)}, {"beatSeconds", listType(number)}})},
         {"key", objectType({{"name", orNullType("string")}, {"tonic", orNullType("integer")}, {"minor", orNullType("boolean")},
                             {"confidence", number}})},
         {"activity", objectType({{"silent", flag}, {"firstSoundSeconds", maybe}, {"lastSoundSeconds", maybe}, {"activeShare", number}})},
         {"edges", objectType({{"startSeconds", maybe}, {"endSeconds", maybe}, {"leadingNoiseDbfs", maybe}, {"trailingNoiseDbfs", maybe},
                               {"clicksBeforeSeconds", listType(number)}, {"clicksAfterSeconds", listType(number)}, {"peakDbfs", maybe}})},
         {"noise", objectType({{"floorDbfs", maybe}, {"signalToNoiseDb", maybe}})},
         {"hum", objectType({{"found", flag}, {"fundamentalHz", maybe}, {"levelDbfs", maybe}, {"harmonics", integer}})},
         {"kickSeparation", std::move(kick)},
         {"centreSeparation", std::move(centre)},
         {"dcOffset", listType(number)},
         {"lossyCutoffHz", maybe},
         {"faults", listType(objectType({{"kind", text}, {"severity", Json::object({{"enum", std::move(severities)}})}, {"value", maybe},
                                         {"unit", text}, {"text", text},
                                         {"where", listType(objectType({{"startSeconds", number}, {"endSeconds", number}}))}}))}});
}

}  // namespace tonewright
