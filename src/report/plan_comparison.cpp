#include "report/plan_comparison.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/text.h"
#include "plan/plan_json.h"
#include "report/decisions.h"
#include "report/plain_text.h"
#include "report/step_size.h"

namespace tonewright {

namespace {

constexpr double kPlaying = 40.0;       // a track that comes or goes, against decibels of level
constexpr double kHeardDb = 0.05;       // faders are written to 0.1 dB

struct Placed {
    const Step* step;
    std::string words;                  // settings, led by what it is
    Aspect aspect;
};

double faderDb(const TrackPlan& track) {
    const auto* gain = std::get_if<Gain::Params>(&track.fader.params);
    return gain && track.fader.enabled ? gain->gainDb : 0.0;
}

// The fader and the gains before it, which a plan may share out otherwise.
double levelDb(const TrackPlan& track) {
    double sum = faderDb(track);
    for (const Step& step : track.chain)
        if (const auto* gain = std::get_if<Gain::Params>(&step.params); gain && step.enabled) sum += gain->gainDb;
    return sum;
}

double median(std::vector<double> values) {
    if (values.empty()) return 0.0;
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 ? values[middle] : 0.5 * (values[middle - 1] + values[middle]);
}

// The settings that differ, by their names in the plan.
void addValueChanges(const std::string& name, const Json& before, const Json& after, std::vector<ValueChange>& changes) {
    if (before == after) return;
    if (before.isObject() && after.isObject()) {
        for (const auto& [key, value] : before.asObject()) {
            const Json* other = after.find(key);
            addValueChanges(name.empty() ? key : name + "." + key, value, other ? *other : Json(), changes);
        }
        for (const auto& [key, value] : after.asObject())
            if (!before.find(key)) addValueChanges(name.empty() ? key : name + "." + key, Json(), value, changes);
    } else if (before.isArray() && after.isArray()) {
        for (std::size_t i = 0; i < std::max(before.asArray().size(), after.asArray().size()); ++i)
            addValueChanges(name + "[" + std::to_string(i) + "]", i < before.asArray().size() ? before.asArray()[i] : Json(),
                            i < after.asArray().size() ? after.asArray()[i] : Json(), changes);
    } else {
        changes.push_back({name, before, after});
    }
}

std::vector<ValueChange> valueChanges(const Step& before, const Step& after) {
    std::vector<ValueChange> changes;
    const auto params = [](const Step& step) { return std::visit([](const auto& p) { return fieldsToJson(p); }, step.params); };
    if (before.type() != after.type())
        changes.push_back({"type", Json(before.type()), Json(after.type())});
    else
        addValueChanges("", params(before), params(after), changes);
    if (before.enabled != after.enabled) changes.push_back({"enabled", before.enabled, after.enabled});
    if (before.key != after.key) changes.push_back({"key", before.key, after.key});
    return changes;
}

std::string settings(const Plan& plan, const std::string& target, const Step& step) {
    return describeFully(plan, target, step) + (step.enabled ? "" : " (bypassed)");
}

std::vector<Placed> stepsOfTrack(const Plan& plan, const TrackPlan& track) {
    const std::string target = "tracks/" + track.id;
    std::vector<Placed> steps;
    for (const Step& step : track.chain) steps.push_back({&step, settings(plan, target, step), aspectOf(step)});
    steps.push_back({&track.pan, settings(plan, target, track.pan), Aspect::pan});
    for (const Send& send : track.sends) steps.push_back({&send.level, settings(plan, target, send.level), Aspect::space});
    return steps;
}

std::vector<Placed> stepsOf(const Plan& plan, const std::string& target, const std::vector<Step>& chain, const Step* fader = nullptr) {
    std::vector<Placed> steps;
    for (const Step& step : chain) steps.push_back({&step, settings(plan, target, step), aspectOf(step)});
    if (fader) steps.push_back({fader, settings(plan, target, *fader), Aspect::level});
    return steps;
}

// A send's level is that of what comes back, some 10 dB below the sound itself or more.
const Gain::Params* sendOf(const Placed& placed) { return placed.aspect == Aspect::space ? std::get_if<Gain::Params>(&placed.step->params) : nullptr; }

double sizeDb(const Placed& placed) {
    if (const auto* send = sendOf(placed)) return std::clamp(0.15 * (send->gainDb + 36.0), 0.3, 5.0);
    return stepSizeDb(*placed.step);
}

double distanceDb(const Placed& before, const Placed& after) {
    const auto *a = sendOf(before), *b = sendOf(after);
    return a && b && before.step->enabled == after.step->enabled ? std::min(0.4 * std::abs(b->gainDb - a->gainDb), 5.0) : stepDistanceDb(*before.step, *after.step);
}

// A step that nobody decided and that does nothing is none.
bool counts(const Placed& placed) { return placed.step->enabled && sizeDb(placed) > 0.0; }

std::string whyOf(const Step& step) { return mainReason(step).rule == "none" ? std::string() : mainReason(step).text; }

// The reason that the earlier step did not have, the user's wish first; else the first.
std::string whyChanged(const Step& before, const Step& after) {
    const Reason* fresh = nullptr;
    for (const Reason& reason : after.because) {
        const auto same = [&](const Reason& other) { return other.rule == reason.rule && other.text == reason.text; };
        if (std::any_of(before.because.begin(), before.because.end(), same)) continue;
        if (reason.rule == "mix.note") return reason.text;
        if (!fresh) fresh = &reason;
    }
    return fresh ? fresh->text : whyOf(after);
}

StepChange alone(ChangeKind kind, const Placed& placed) {
    const Step& step = *placed.step;
    StepChange change{.kind = kind, .stepId = step.id, .type = std::string(step.type()), .aspect = placed.aspect, .before = {}, .after = {}, .values = {}, .relativeDb = {},
                      .why = whyOf(step), .byUser = step.origin == Origin::user, .sizeDb = sizeDb(placed)};
    (kind == ChangeKind::added ? change.after : change.before) = placed.words;
    return change;
}

std::optional<StepChange> between(const Placed& before, const Placed& after) {
    const std::vector<ValueChange> values = valueChanges(*before.step, *after.step);
    if (values.empty()) return std::nullopt;
    if (!counts(before) && !counts(after)) return std::nullopt;
    StepChange change = alone(ChangeKind::changed, after);
    change.before = before.words;
    change.after = after.words;
    change.values = values;
    change.why = whyChanged(*before.step, *after.step);
    change.sizeDb = distanceDb(before, after);
    return change;
}

std::vector<StepChange> compareSteps(const std::vector<Placed>& before, const std::vector<Placed>& after) {
    std::vector<StepChange> changes;
    const auto find = [](const std::vector<Placed>& list, const std::string& id) {
        const auto found = std::find_if(list.begin(), list.end(), [&](const Placed& placed) { return placed.step->id == id; });
        return found == list.end() ? nullptr : &*found;
    };
    for (const Placed& step : before) {
        if (const Placed* same = find(after, step.step->id)) {
            if (auto change = between(step, *same)) changes.push_back(std::move(*change));
        } else if (counts(step)) {
            changes.push_back(alone(ChangeKind::removed, step));
        }
    }
    for (const Placed& step : after)
        if (!find(before, step.step->id) && counts(step)) changes.push_back(alone(ChangeKind::added, step));
    return changes;
}

void add(PlanComparison& comparison, const std::string& target, const std::string& name, std::vector<StepChange> steps) {
    if (steps.empty()) return;
    std::stable_sort(steps.begin(), steps.end(), [](const StepChange& a, const StepChange& b) { return a.sizeDb > b.sizeDb; });
    const double size = steps.front().sizeDb;
    comparison.targets.push_back({target, name, std::move(steps), size});
}

StepChange playing(ChangeKind kind, const TrackPlan& track, const std::string& before, const std::string& after) {
    StepChange change{.kind = kind, .stepId = track.mute ? track.mute->id : track.id, .type = "gain", .aspect = Aspect::playing, .before = before, .after = after,
                      .values = {}, .relativeDb = {}, .why = track.mute ? whyOf(*track.mute) : "", .byUser = track.mute && track.mute->origin == Origin::user, .sizeDb = kPlaying};
    return change;
}

std::vector<StepChange> compareTracks(const Plan& planBefore, const TrackPlan& before, const Plan& planAfter, const TrackPlan& after, double commonDb) {
    if (before.muted() && after.muted()) return {};
    if (before.muted() != after.muted()) {
        StepChange change = playing(ChangeKind::changed, before.muted() ? before : after, before.muted() ? "left out" : "plays", after.muted() ? "left out" : "plays");
        if (before.muted()) change.why = whyOf(after.fader);
        return {change};
    }
    std::vector<StepChange> changes = compareSteps(stepsOfTrack(planBefore, before), stepsOfTrack(planAfter, after));
    std::string whyGain;  // the gains of the chain are in the level
    for (const StepChange& change : changes)
        if (change.aspect == Aspect::level && whyGain.empty()) whyGain = change.why;
    std::erase_if(changes, [](const StepChange& change) { return change.aspect == Aspect::level; });
    const double relativeDb = roundTo(levelDb(after) - levelDb(before) - commonDb, 0.1);
    if (std::abs(relativeDb) > kHeardDb) {
        StepChange change = alone(ChangeKind::changed, {&after.fader, shownSigned(levelDb(after), 1) + " dB", Aspect::level});
        change.before = shownSigned(levelDb(before), 1) + " dB";
        change.after = shownSigned(levelDb(after), 1) + " dB";
        change.values = valueChanges(before.fader, after.fader);
        change.why = change.values.empty() && !whyGain.empty() ? whyGain : whyChanged(before.fader, after.fader);
        change.relativeDb = relativeDb;
        change.sizeDb = std::abs(relativeDb);
        changes.push_back(std::move(change));
    }
    if (before.role != after.role)
        changes.push_back({.kind = ChangeKind::changed, .stepId = after.id, .type = "role", .aspect = Aspect::other, .before = before.role, .after = after.role, .values = {},
                           .relativeDb = {}, .why = {}, .byUser = after.roleSource == "user", .sizeDb = 0.5});
    return changes;
}

const TrackPlan* sameTrack(const Plan& plan, const TrackPlan& track) {
    const auto match = [&](const auto& is) {
        const auto found = std::find_if(plan.tracks.begin(), plan.tracks.end(), is);
        return found == plan.tracks.end() ? nullptr : &*found;
    };
    if (const TrackPlan* same = match([&](const TrackPlan& other) { return other.id == track.id; })) return same;
    return match([&](const TrackPlan& other) { return !track.source.hash.empty() && other.source.hash == track.source.hash; });
}

const BusPlan* sameBus(const Plan& plan, const BusPlan& bus) {
    const auto found = std::find_if(plan.buses.begin(), plan.buses.end(), [&](const BusPlan& other) { return other.id == bus.id; });
    return found == plan.buses.end() ? nullptr : &*found;
}

std::string moodsText(const std::vector<MoodWish>& moods) {
    std::vector<std::string> parts;
    for (const MoodWish& mood : moods) parts.push_back(mood.name + (mood.amount != 1.0 ? "=" + fixed(mood.amount, 2) : ""));
    return join(parts, ", ");
}

std::string referencesText(const std::vector<ReferenceSource>& references) {
    std::vector<std::string> parts;
    for (const ReferenceSource& reference : references) parts.push_back(reference.file.substr(reference.file.find_last_of('/') + 1));
    return join(parts, ", ");
}

std::vector<SongChange> compareSongs(const Plan& a, const Plan& b) {
    std::vector<SongChange> changes;
    const auto say = [&](const std::string& what, const std::string& before, const std::string& after) {
        if (before != after) changes.push_back({what, before, after});
    };
    const auto style = [](const Plan& plan) { return plan.style.empty() ? plan.intent.style : plan.style; };
    const auto lufs = [](const std::optional<double>& value) { return value ? shown(*value, 1) + " LUFS" : std::string("from the style"); };
    say("style", style(a), style(b));
    say("intensity", fixed(a.intent.intensity, 2), fixed(b.intent.intensity, 2));
    say("mood", moodsText(a.intent.moods), moodsText(b.intent.moods));
    say("reference", referencesText(a.intent.references), referencesText(b.intent.references));
    say("loudness asked for", lufs(a.intent.integratedLufs), lufs(b.intent.integratedLufs));
    say("ceiling", shown(a.delivery.ceilingDbtp, 1) + " dBTP", shown(b.delivery.ceilingDbtp, 1) + " dBTP");
    say("platforms", join(a.intent.platforms, ", "), join(b.intent.platforms, ", "));
    say("sample rate", std::to_string(a.sampleRateHz) + " Hz", std::to_string(b.sampleRateHz) + " Hz");
    say("length", minutesSeconds(static_cast<double>(a.frames) / a.sampleRateHz), minutesSeconds(static_cast<double>(b.frames) / b.sampleRateHz));
    const auto asked = [](const Plan& plan, const std::string& text) {
        return std::any_of(plan.intent.requests.begin(), plan.intent.requests.end(), [&](const Request& request) { return describe(request) == text; });
    };
    for (const Request& request : a.intent.requests)
        if (!asked(b, describe(request))) say("request", describe(request), "");
    for (const Request& request : b.intent.requests)
        if (!asked(a, describe(request))) say("request", "", describe(request));
    return changes;
}

}  // namespace

PlanComparison comparePlans(const Plan& before, const Plan& after) {
    PlanComparison comparison;
    comparison.song = compareSongs(before, after);
    std::vector<double> moves;
    for (const TrackPlan& track : after.tracks)
        if (const TrackPlan* was = sameTrack(before, track); was && !was->muted() && !track.muted()) moves.push_back(levelDb(track) - levelDb(*was));
    comparison.commonLevelDb = roundTo(median(moves), 0.1);

    for (const TrackPlan& track : before.tracks)
        if (!sameTrack(after, track)) add(comparison, "tracks/" + track.id, track.name, {playing(ChangeKind::removed, track, track.muted() ? "left out" : "plays", "")});
    for (const TrackPlan& track : after.tracks) {
        const TrackPlan* was = sameTrack(before, track);
        if (!was) {
            add(comparison, "tracks/" + track.id, track.name, {playing(ChangeKind::added, track, "", track.muted() ? "left out" : "plays")});
            continue;
        }
        std::vector<StepChange> changes = compareTracks(before, *was, after, track, comparison.commonLevelDb);
        if (changes.empty()) ++comparison.unchangedTracks;
        add(comparison, "tracks/" + track.id, track.name, std::move(changes));
    }
    for (const BusPlan& bus : before.buses) {
        const std::string target = "buses/" + bus.id;
        const BusPlan* now = sameBus(after, bus);
        add(comparison, target, bus.name, compareSteps(stepsOf(before, target, bus.chain, &bus.fader), now ? stepsOf(after, target, now->chain, &now->fader) : std::vector<Placed>{}));
    }
    for (const BusPlan& bus : after.buses)
        if (!sameBus(before, bus)) add(comparison, "buses/" + bus.id, bus.name, compareSteps({}, stepsOf(after, "buses/" + bus.id, bus.chain, &bus.fader)));
    add(comparison, "mix", "Mix bus", compareSteps(stepsOf(before, "mix", before.mixBus), stepsOf(after, "mix", after.mixBus)));
    add(comparison, "master", "Master", compareSteps(stepsOf(before, "master", before.master), stepsOf(after, "master", after.master)));
    std::stable_sort(comparison.targets.begin(), comparison.targets.end(), [](const TargetChanges& a, const TargetChanges& b) { return a.sizeDb > b.sizeDb; });
    return comparison;
}

std::string changeText(const StepChange& change) {
    if (change.relativeDb) return "level " + shownSigned(*change.relativeDb, 1) + " dB against the others (" + change.before + " \u2192 " + change.after + ")";
    if (change.kind == ChangeKind::added) return "new: " + change.after;
    if (change.kind == ChangeKind::removed) return "gone: " + change.before;
    return change.before + " \u2192 " + change.after;
}

std::vector<std::string> changeLines(const PlanComparison& comparison, std::size_t count) {
    struct Line {
        std::string text;
        double sizeDb;
    };
    std::vector<Line> all;
    for (const TargetChanges& target : comparison.targets)
        for (const StepChange& change : target.steps)
            all.push_back({target.name + ": " + changeText(change) + (change.why.empty() ? "" : ". " + change.why), change.sizeDb});
    std::stable_sort(all.begin(), all.end(), [](const Line& a, const Line& b) { return a.sizeDb > b.sizeDb; });
    std::vector<std::string> lines;
    for (const Line& line : all)
        if (lines.size() < count) lines.push_back(line.text);
    if (all.size() > count) lines.push_back(std::to_string(all.size() - count) + " smaller changes");
    return lines;
}

}  // namespace tonewright
