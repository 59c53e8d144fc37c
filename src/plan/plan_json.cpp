#include "plan/plan_json.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/error.h"
#include "core/staged_file.h"
#include "core/text.h"
#include "plan/request_json.h"
#include "plan/song_json.h"

namespace tonewright {

namespace {

constexpr Range kDb{-200.0, 60.0};
constexpr double kLongest = 1e12;  // frames
constexpr double kLongestTailSeconds = 600.0;  // a result may outlast its recordings by so much

template <std::size_t N>
std::vector<std::string> words(const Names<N>& names) {
    return {names.begin(), names.end()};
}

// The params of the variant's alternative number `index`.
template <std::size_t I = 0>
StepParams readParams(std::size_t index, JsonReader json) {
    if constexpr (I < std::variant_size_v<StepParams>) {
        if (index == I) return fieldsFromJson<std::variant_alternative_t<I, StepParams>>(std::move(json));
        return readParams<I + 1>(index, std::move(json));
    } else {
        json.fail("type", "has no settings");
    }
}

std::vector<Evidence> readEvidence(JsonReader& json) {
    std::vector<Evidence> all;
    for (JsonReader& item : json.objects("evidence")) {
        Evidence evidence;
        evidence.measure = item.text("measure");
        const Json* value = item.raw("value");
        if (value && !value->isNull() && !value->isNumber()) item.fail("value", std::string("is ") + value->typeName() + "; it must be a number or null");
        evidence.value = value && value->isNumber() ? value->asNumber() : -std::numeric_limits<double>::infinity();
        evidence.unit = item.text("unit", "");
        evidence.comparison = item.text("comparison", "");
        item.finish();
        all.push_back(std::move(evidence));
    }
    return all;
}

Advice readAdvice(JsonReader json) {
    Advice advice;
    advice.code = json.text("code");
    advice.severity = static_cast<Severity>(json.choice("severity", words(kSeverityWords)));
    advice.tracks = json.texts("tracks");
    advice.text = json.text("text");
    advice.remedy = json.text("remedy", "");
    advice.evidence = readEvidence(json);
    json.finish();
    return advice;
}

Reason readReason(JsonReader json) {
    Reason reason;
    reason.rule = json.text("rule");
    reason.text = json.text("text");
    reason.confidence = json.number("confidence", {0.0, 1.0}, 1.0);
    reason.evidence = readEvidence(json);
    json.finish();
    return reason;
}

Step readStep(JsonReader json) {
    Step step;
    step.id = json.text("id");
    if (step.id.empty()) json.fail("id", "is empty; every step needs a name of its own");
    const std::size_t type = json.choice("type", words(kStepTypes));
    const Json* params = json.raw("params");
    const Json none = Json::object();
    step.params = readParams(type, JsonReader(params ? *params : none, json.path() + ".params", json.source()));
    step.enabled = json.flag("enabled", true);
    step.locked = json.flag("locked", false);
    step.origin = json.choice("origin", {"automatic", "user"}, 0) == 1 ? Origin::user : Origin::automatic;
    step.key = json.text("key", "");
    if (!step.key.empty() && step.type() != "compressor" && step.type() != "dynamicEqualizer") json.fail("key", "is only for a compressor or a dynamic equalizer");
    for (JsonReader& reason : json.objects("because")) step.because.push_back(readReason(std::move(reason)));
    step.note = json.text("note", "");
    json.finish();
    return step;
}

Step readStepOf(JsonReader json, std::string_view type) {
    Step step = readStep(json);
    if (step.type() != type) json.fail("type", "is \"" + std::string(step.type()) + "\"; here it must be \"" + std::string(type) + "\"");
    return step;
}

std::vector<Step> readChain(JsonReader& owner, std::string_view key) {
    std::vector<Step> chain;
    for (JsonReader& step : owner.objects(key)) chain.push_back(readStep(std::move(step)));
    return chain;
}

TrackPlan readTrack(JsonReader json) {
    TrackPlan track;
    track.id = json.text("id");
    track.name = json.text("name", track.id);
    JsonReader source = json.object("source");
    track.source.file = source.text("file");
    track.source.hash = source.text("hash", "");
    track.source.sampleRateHz = static_cast<int>(source.integer("sampleRateHz", {1000, 1e6}));
    track.source.channels = static_cast<int>(source.integer("channels", {1, 2}));
    track.source.frames = source.integer("frames", {0, kLongest});
    track.source.use = static_cast<ChannelUse>(source.choice("use", words(kChannelUseNames), 0));
    if (track.source.use != ChannelUse::both && track.source.channels != 2) source.fail("use", "is for a file with two channels");
    source.finish();
    track.role = json.text("role", "unknown");
    track.roleConfidence = json.number("roleConfidence", {0.0, 1.0}, 0.0);
    track.roleSource = json.text("roleSource", "none");
    track.group = json.text("group", "");
    track.startFrame = json.integer("startFrame", {0, kLongest}, 0);
    if (auto mute = json.optionalObject("mute")) track.mute = readStepOf(*mute, "gain");
    track.chain = readChain(json, "chain");
    track.fader = readStepOf(json.object("fader"), "gain");
    track.pan = readStepOf(json.object("pan"), "pan");
    track.output = json.text("output", "mix");
    for (JsonReader& send : json.objects("sends")) {
        Send result;
        result.to = send.text("to");
        result.level = readStepOf(send.object("level"), "gain");
        if (auto ride = send.optionalObject("ride")) result.ride = readStepOf(*ride, "gainEnvelope");
        send.finish();
        track.sends.push_back(std::move(result));
    }
    json.finish();
    return track;
}

BusPlan readBus(JsonReader json) {
    BusPlan bus;
    bus.id = json.text("id");
    bus.name = json.text("name", bus.id);
    bus.kind = static_cast<BusKind>(json.choice("kind", words(kBusKindNames)));
    bus.chain = readChain(json, "chain");
    bus.fader = readStepOf(json.object("fader"), "gain");
    json.finish();
    return bus;
}

// What a reference asks for is only there where one was given.
void setReferences(Json& json, const Intent& intent) {
    if (intent.references.empty()) return;
    Json references = Json::array();
    for (const ReferenceSource& source : intent.references) references.push(Json::object({{"file", source.file}, {"hash", source.hash}}));
    json.set("references", std::move(references));
    const MatchAmounts& match = intent.match;
    json.set("match", Json::object({{"tone", match.tone}, {"width", match.width}, {"dynamics", match.dynamics}, {"loudness", match.loudness}, {"sections", match.sections}}));
}

void readReferences(JsonReader& json, Intent& intent) {
    for (JsonReader& item : json.objects("references")) {
        intent.references.push_back({item.text("file"), item.text("hash", "")});
        item.finish();
    }
    if (auto match = json.optionalObject("match")) {
        intent.match = {match->number("tone", {0.0, 1.0}, 1.0), match->number("width", {0.0, 1.0}, 1.0), match->number("dynamics", {0.0, 1.0}, 1.0),
                        match->number("loudness", {0.0, 1.0}, 1.0), match->number("sections", {0.0, 1.0}, 0.5)};
        match->finish();
    }
}

// What single fields cannot show: ids that clash, names that lead nowhere.
void checkReferences(const Plan& plan, const std::string& source) {
    const auto fail = [&](const std::string& what) { throw InputError(source + ": " + what); };
    std::set<std::string> owners = {"mix", "master"}, groups = {"mix"}, returns, tracks, steps;
    for (const BusPlan& bus : plan.buses) {
        if (!owners.insert(bus.id).second) fail("the bus id \"" + bus.id + "\" is used twice; ids must be unique");
        (bus.kind == BusKind::group ? groups : returns).insert(bus.id);
    }
    for (const TrackPlan& track : plan.tracks) {
        if (!owners.insert(track.id).second) fail("the track id \"" + track.id + "\" is used twice; ids must be unique");
        tracks.insert(track.id);
    }
    for (std::size_t i = 0; i < plan.tracks.size(); ++i) {
        const TrackPlan& track = plan.tracks[i];
        const std::string path = "$.tracks[" + std::to_string(i) + "]";
        if (!groups.contains(track.output))
            fail(path + ".output is \"" + track.output + "\", which is no group; allowed is one of: " + join({groups.begin(), groups.end()}, ", "));
        for (const Send& send : track.sends)
            if (!returns.contains(send.to)) fail(path + ".sends has \"" + send.to + "\", which is no return of this plan");
    }
    forEachStep(plan, [&](const std::string& target, const Step& step) {
        if (!steps.insert(step.id).second) fail("the step id \"" + step.id + "\" (" + target + ") is used twice; ids must be unique");
        const bool ownInput = target == "buses/" + step.key;  // of a group or return: what comes into it
        if (!step.key.empty() && !ownInput && (!tracks.contains(step.key) || target == "tracks/" + step.key))
            fail("the step \"" + step.id + "\" listens to \"" + step.key + "\", which is not another track of this plan");
    });
    if (plan.kind == PlanKind::master && plan.tracks.size() != 1) fail("a master plan needs exactly one track, the source");
}

void checkChannels(const Plan& plan, const std::string& source) {
    forEachStep(plan, [&](const std::string& target, const Step& step) {
        if (step.type() == "trim" && target != "master")
            throw InputError(source + ": the step \"" + step.id + "\" (trim) stands in " + target + "; it can only stand in the master");
    });
    for (const TrackPlan& track : plan.tracks)
        for (const Step& step : track.chain) {
            const std::string_view type = step.type();
            if (type == "pan" || type == "reverb" || (track.source.usedChannels() == 1 && type == "stereoWidth"))
                throw InputError(source + ": the step \"" + step.id + "\" (" + std::string(type) + ") cannot stand in the chain of the " +
                                 (track.source.usedChannels() == 1 ? "mono" : "stereo") + " track \"" + track.id + "\"");
        }
}

// A slip in "frames" must not fill a disk with silence.
void checkLength(const Plan& plan, const std::string& source) {
    double end = 0.0;
    for (const TrackPlan& track : plan.tracks)
        end = std::max(end, static_cast<double>(track.startFrame) +
                                static_cast<double>(track.source.frames) * plan.sampleRateHz / track.source.sampleRateHz);
    const double longest = std::ceil(end + kLongestTailSeconds * plan.sampleRateHz);
    if (static_cast<double>(plan.frames) > longest)
        throw InputError(source + ": $.frames is " + std::to_string(plan.frames) + "; allowed is 1 to " + std::to_string(static_cast<std::int64_t>(longest)) +
                         ", ten minutes after the last recording ends");
}

Json toJson(const Intent& intent) {
    Json platforms = Json::array();
    for (const std::string& name : intent.platforms) platforms.push(name);
    Json json = Json::object({{"style", intent.style},
                              {"intensity", intent.intensity},
                              {"integratedLufs", intent.integratedLufs ? Json(*intent.integratedLufs) : Json()},
                              {"ceilingDbtp", intent.ceilingDbtp},
                              {"platforms", std::move(platforms)},
                              {"keepEdges", intent.keepEdges},
                              {"fadeInSeconds", intent.fadeInSeconds},
                              {"fadeOutSeconds", intent.fadeOutSeconds},
                              {"kickDb", intent.kickDb},
                              {"centreDb", intent.centreDb}});
    setReferences(json, intent);
    Json moods = Json::array();
    for (const MoodWish& wish : intent.moods) moods.push(Json::object({{"name", wish.name}, {"amount", wish.amount}}));
    json.set("moods", std::move(moods));
    setNotes(json, intent);
    return json;
}

Json toJson(const std::vector<Step>& chain) {
    Json list = Json::array();
    for (const Step& step : chain) list.push(toJson(step));
    return list;
}

}  // namespace

Json toJson(const std::vector<Evidence>& evidence) {
    Json list = Json::array();
    for (const Evidence& item : evidence) list.push(Json::object({{"measure", item.measure}, {"value", item.value}, {"unit", item.unit}, {"comparison", item.comparison}}));
    return list;
}

Json toJson(const Reason& reason) {
    return Json::object({{"rule", reason.rule}, {"text", reason.text}, {"evidence", toJson(reason.evidence)}, {"confidence", reason.confidence}});
}

Json toJson(const Advice& advice) {
    Json tracks = Json::array();
    for (const std::string& id : advice.tracks) tracks.push(id);
    return Json::object({{"code", advice.code}, {"severity", kSeverityWords[static_cast<std::size_t>(advice.severity)]}, {"tracks", std::move(tracks)},
                         {"text", advice.text}, {"remedy", advice.remedy}, {"evidence", toJson(advice.evidence)}});
}

Json toJson(const Step& step) {
    Json json = Json::object({{"id", step.id}, {"type", step.type()}});
    json.set("params", std::visit([](const auto& params) { return fieldsToJson(params); }, step.params));
    json.set("enabled", step.enabled);
    json.set("locked", step.locked);
    json.set("origin", step.origin == Origin::user ? "user" : "automatic");
    if (!step.key.empty()) json.set("key", step.key);
    Json because = Json::array();
    for (const Reason& reason : step.because) because.push(toJson(reason));
    json.set("because", std::move(because));
    if (!step.note.empty()) json.set("note", step.note);
    return json;
}

Json toJson(const Plan& plan) {
    Json json = Json::object({{"plan", Plan::kVersion}, {"kind", kPlanKindNames[static_cast<std::size_t>(plan.kind)]}, {"title", plan.title}});
    json.set("intent", toJson(plan.intent));
    json.set("style", plan.style);
    json.set("sampleRateHz", plan.sampleRateHz);
    json.set("frames", plan.frames);
    if (plan.song) json.set("song", toJson(*plan.song));

    Json tracks = Json::array();
    for (const TrackPlan& track : plan.tracks) {
        Json item = Json::object({{"id", track.id}, {"name", track.name}});
        Json source = Json::object({{"file", track.source.file},
                                    {"hash", track.source.hash},
                                    {"sampleRateHz", track.source.sampleRateHz},
                                    {"channels", track.source.channels},
                                    {"frames", track.source.frames}});
        if (track.source.use != ChannelUse::both) source.set("use", kChannelUseNames[static_cast<std::size_t>(track.source.use)]);
        item.set("source", std::move(source));
        item.set("role", track.role).set("roleConfidence", track.roleConfidence).set("roleSource", track.roleSource);
        item.set("group", track.group).set("startFrame", track.startFrame);
        if (track.mute) item.set("mute", toJson(*track.mute));
        item.set("chain", toJson(track.chain)).set("fader", toJson(track.fader)).set("pan", toJson(track.pan));
        item.set("output", track.output);
        Json sends = Json::array();
        for (const Send& send : track.sends) {
            Json entry = Json::object({{"to", send.to}, {"level", toJson(send.level)}});
            if (send.ride) entry.set("ride", toJson(*send.ride));
            sends.push(std::move(entry));
        }
        item.set("sends", std::move(sends));
        tracks.push(std::move(item));
    }
    json.set("tracks", std::move(tracks));

    Json buses = Json::array();
    for (const BusPlan& bus : plan.buses)
        buses.push(Json::object({{"id", bus.id},
                                 {"name", bus.name},
                                 {"kind", kBusKindNames[static_cast<std::size_t>(bus.kind)]},
                                 {"chain", toJson(bus.chain)},
                                 {"fader", toJson(bus.fader)}}));
    json.set("buses", std::move(buses));
    json.set("mixBus", toJson(plan.mixBus));
    json.set("master", toJson(plan.master));
    json.set("delivery", Json::object({{"sampleRateHz", plan.delivery.sampleRateHz},
                                       {"samples", kSampleFormatNames[static_cast<std::size_t>(plan.delivery.samples)]},
                                       {"dither", kDitherTypeNames[static_cast<std::size_t>(plan.delivery.dither)]},
                                       {"integratedLufs", plan.delivery.integratedLufs},
                                       {"ceilingDbtp", plan.delivery.ceilingDbtp},
                                       {"text", plan.delivery.text}}));
    if (!plan.advice.empty()) {
        Json advice = Json::array();
        for (const Advice& one : plan.advice) advice.push(toJson(one));
        json.set("advice", std::move(advice));
    }
    Json warnings = Json::array();
    for (const Warning& warning : plan.warnings) warnings.push(Json::object({{"code", warning.code}, {"text", warning.text}}));
    json.set("warnings", std::move(warnings));
    return json;
}

Plan planFromJson(const Json& json, const std::string& source) {
    JsonReader reader(json, "$", source);
    const Json* version = reader.raw("plan");
    if (!version) throw InputError(source + ": $.plan is missing, so this is not a plan. `tonewright plan INPUT` writes one");
    if (!version->isInteger() || version->asInteger() != Plan::kVersion)
        throw InputError(source + ": $.plan is " + version->dump(-1) + "; this program reads version " + std::to_string(Plan::kVersion) +
                         ". Make the plan again with `tonewright plan`, or use the program that wrote it");
    Plan plan;
    plan.kind = static_cast<PlanKind>(reader.choice("kind", words(kPlanKindNames)));
    plan.title = reader.text("title", "");
    if (auto intent = reader.optionalObject("intent")) {
        plan.intent.style = intent->text("style", "auto");
        plan.intent.intensity = intent->number("intensity", {0.0, 2.0}, 1.0);
        plan.intent.integratedLufs = intent->optionalNumber("integratedLufs", {-70.0, 0.0});
        plan.intent.ceilingDbtp = intent->number("ceilingDbtp", {-20.0, 0.0}, -1.0);
        readReferences(*intent, plan.intent);
        plan.intent.kickDb = intent->number("kickDb", {-3.0, 3.0}, 0.0);
        plan.intent.centreDb = intent->number("centreDb", {-3.0, 3.0}, 0.0);
        plan.intent.keepEdges = intent->flag("keepEdges", false);
        plan.intent.fadeInSeconds = intent->number("fadeInSeconds", {0.0, 60.0}, 0.0);
        plan.intent.fadeOutSeconds = intent->number("fadeOutSeconds", {0.0, 60.0}, 0.0);
        for (JsonReader& wish : intent->objects("moods")) {
            plan.intent.moods.push_back({wish.text("name"), wish.number("amount", {0.0, 1.0}, 1.0)});
            wish.finish();
        }
        plan.intent.platforms = intent->texts("platforms");
        readNotes(*intent, plan.intent);
        intent->finish();
    }
    plan.style = reader.text("style", "");
    plan.sampleRateHz = static_cast<int>(reader.integer("sampleRateHz", {8000, 768000}));
    plan.frames = reader.integer("frames", {1, kLongest});
    if (auto song = reader.optionalObject("song")) plan.song = songFromJson(std::move(*song));
    for (JsonReader& track : reader.objects("tracks")) plan.tracks.push_back(readTrack(std::move(track)));
    for (JsonReader& bus : reader.objects("buses")) plan.buses.push_back(readBus(std::move(bus)));
    plan.mixBus = readChain(reader, "mixBus");
    plan.master = readChain(reader, "master");
    JsonReader delivery = reader.object("delivery");
    plan.delivery.sampleRateHz = static_cast<int>(delivery.integer("sampleRateHz", {8000, 768000}));
    plan.delivery.samples = static_cast<SampleFormat>(delivery.choice("samples", words(kSampleFormatNames), 1));
    plan.delivery.dither = static_cast<DitherType>(delivery.choice("dither", words(kDitherTypeNames), 1));
    plan.delivery.integratedLufs = delivery.number("integratedLufs", {-70.0, 0.0}, -14.0);
    plan.delivery.ceilingDbtp = delivery.number("ceilingDbtp", {-20.0, 0.0}, -1.0);
    plan.delivery.text = delivery.text("text", "");
    delivery.finish();
    for (JsonReader& one : reader.objects("advice")) plan.advice.push_back(readAdvice(std::move(one)));
    for (JsonReader& warning : reader.objects("warnings")) {
        plan.warnings.push_back({warning.text("code"), warning.text("text")});
        warning.finish();
    }
    reader.finish();
    checkReferences(plan, source);
    checkChannels(plan, source);
    checkLength(plan, source);
    return plan;
}

Plan readPlan(const std::filesystem::path& file) {
    return planFromJson(Json::parse(readTextFile(file), file.string()), file.string());
}

}  // namespace tonewright
