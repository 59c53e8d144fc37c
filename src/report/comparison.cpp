#include "report/comparison.h"

#include <cmath>

#include "core/text.h"
#include "report/plain_text.h"

namespace tonewright {

namespace {

constexpr std::size_t kSteps = 4;       // of a track, unless all are asked for
constexpr double kHeardLu = 0.2, kHeardOctaveDb = 0.3;

// "31.5 Hz", "4 kHz": the names of third octaves (IEC 61260-1).
std::string nominalHz(double exactHz) {
    static constexpr double kNominal[] = {1.0, 1.25, 1.6, 2.0, 2.5, 3.15, 4.0, 5.0, 6.3, 8.0};
    const int n = static_cast<int>(std::lround(10.0 * std::log10(exactHz)));
    const double hz = kNominal[n % 10] * std::pow(10.0, n / 10);
    const double number = hz >= 1000.0 ? hz / 1000.0 : hz;
    const int decimals = std::abs(number - std::round(number)) < 1e-6 ? 0 : std::abs(10.0 * number - std::round(10.0 * number)) < 1e-6 ? 1 : 2;
    return fixed(number, decimals) + (hz >= 1000.0 ? " kHz" : " Hz");
}

std::string measureText(const MeasureChange& measure) {
    const int decimals = measure.unit.empty() ? 2 : 1;
    const auto one = [&](const std::optional<double>& value) { return value ? shown(*value, decimals) : std::string("\u2013"); };
    std::string text = measureWords(measure.measure) + " " + one(measure.before) + " \u2192 " + one(measure.after);
    if (measure.measure == "seconds") return "length " + one(measure.before) + " \u2192 " + one(measure.after) + " s";
    return measure.unit.empty() ? text : text + " " + measure.unit;
}

std::string soundText(const SoundComparison& sound, bool all) {
    std::string text;
    const std::vector<std::string> words = soundWords(sound.before, sound.after);
    text += capitalized(sound.what == "sound" ? "the second" : "the " + sound.what) + " is " + (words.empty() ? "as loud, as bright, as wide and as dense as before" : join(words, "; ")) + ".\n";
    std::vector<std::string> measures;
    for (const MeasureChange& measure : compareSounds(sound.before, sound.after)) {
        const auto change = measure.change();
        if (measure.measure == "seconds" ? change && std::abs(*change) > 0.05 : all || !change || std::abs(*change) >= (measure.unit.empty() ? 0.02 : 0.1))
            if (measure.before || measure.after) measures.push_back(measureText(measure));
    }
    if (!measures.empty()) text += wrapped(join(measures, ", "), 2);
    std::vector<std::string> bands;
    if (!sound.thirdOctaves.empty()) {
        for (const BandChange& band : sound.thirdOctaves)
            if (band.levelDb && (all || std::abs(*band.levelDb) >= kHeardOctaveDb)) bands.push_back(nominalHz(band.centreHz) + " " + shownSigned(*band.levelDb, 1));
    } else {
        for (int octave = 0; octave < kOctaves; ++octave)
            if (sound.before.octaveDb[octave] && sound.after.octaveDb[octave])
                if (const double d = *sound.after.octaveDb[octave] - *sound.before.octaveDb[octave]; all || std::abs(d) >= kHeardOctaveDb)
                    bands.push_back(nominalHz(octaveCentreHz(octave)) + " " + shownSigned(d, 1));
    }
    if (!bands.empty()) text += wrapped("at equal loudness, dB: " + join(bands, ", "), 2);
    return text;
}

std::string plansText(const PlanComparison& plans, bool all) {
    std::string text;
    for (const SongChange& change : plans.song)
        text += "Song, " + change.what + ": " + (change.before.empty() ? "new: " + plainText(change.after) : change.after.empty() ? "no more: " + plainText(change.before) : plainText(change.before) + " \u2192 " + plainText(change.after)) + "\n";
    if (plans.commonLevelDb != 0.0) text += "All levels " + shownSigned(plans.commonLevelDb, 1) + " dB; what follows is against that.\n";
    for (const TargetChanges& target : plans.targets) {
        text += plainText(target.name) + "\n";
        std::size_t shownSteps = 0;
        for (const StepChange& change : target.steps) {
            if (!all && shownSteps == kSteps) {
                text += "  and " + std::to_string(target.steps.size() - kSteps) + " smaller changes\n";
                break;
            }
            ++shownSteps;
            text += wrapped(plainText(changeText(change)) + (change.byUser ? " (yours)" : "") + (change.why.empty() ? "" : ". " + plainText(change.why)), 2);
        }
    }
    if (plans.same())
        text += "The plans are the same.\n";
    else if (plans.unchangedTracks > 0)
        text += std::to_string(plans.unchangedTracks) + (plans.unchangedTracks == 1 ? " track is as before.\n" : " tracks are as before.\n");
    return text;
}

Json orNull(const std::optional<double>& value) { return value ? Json(roundTo(*value, 0.001)) : Json(); }

Json stepJson(const StepChange& change) {
    Json values = Json::array();
    for (const ValueChange& value : change.values) values.push(Json::object({{"name", value.name}, {"before", value.before}, {"after", value.after}}));
    return Json::object({{"change", kChangeKindNames[static_cast<std::size_t>(change.kind)]},
                         {"id", change.stepId},
                         {"type", change.type},
                         {"aspect", kAspectNames[static_cast<std::size_t>(change.aspect)]},
                         {"before", change.before.empty() ? Json() : Json(change.before)},
                         {"after", change.after.empty() ? Json() : Json(change.after)},
                         {"values", std::move(values)},
                         {"relativeDb", orNull(change.relativeDb)},
                         {"why", change.why},
                         {"origin", change.byUser ? "user" : "automatic"},
                         {"sizeDb", roundTo(change.sizeDb, 0.01)}});
}

}  // namespace

Json toJson(const PlanComparison& plans) {
    Json song = Json::array(), targets = Json::array();
    for (const SongChange& change : plans.song) song.push(Json::object({{"what", change.what}, {"before", change.before}, {"after", change.after}}));
    for (const TargetChanges& target : plans.targets) {
        Json steps = Json::array();
        for (const StepChange& change : target.steps) steps.push(stepJson(change));
        targets.push(Json::object({{"target", target.target}, {"name", target.name}, {"sizeDb", roundTo(target.sizeDb, 0.01)}, {"steps", std::move(steps)}}));
    }
    return Json::object({{"song", std::move(song)}, {"commonLevelDb", plans.commonLevelDb}, {"targets", std::move(targets)}, {"unchangedTracks", plans.unchangedTracks}});
}

namespace {

// Parts of schemas.
Json typed(const char* type) { return Json::object({{"type", type}}); }
Json listOf(Json items) { return Json::object({{"type", "array"}, {"items", std::move(items)}}); }
Json said(Json schema, const char* text) { return std::move(schema.set("description", text)); }
Json maybe(const char* type) { return Json::object({{"type", Json(Json::Array{type, "null"})}}); }
Json closed(std::initializer_list<Json::Member> properties) {
    Json required = Json::array();
    for (const auto& [name, schema] : properties) required.push(name);
    return Json::object({{"type", "object"}, {"additionalProperties", false}, {"required", std::move(required)}, {"properties", Json::object(properties)}});
}
template <std::size_t N>
Json oneOf(const Names<N>& names) {
    Json words = Json::array();
    for (std::string_view name : names) words.push(name);
    return Json::object({{"enum", std::move(words)}});
}

Json soundJson(const SoundComparison& sound) {
    Json measures = Json::array(), octaves = Json::array(), thirds = Json::array(), words = Json::array();
    for (const MeasureChange& measure : compareSounds(sound.before, sound.after))
        measures.push(Json::object({{"measure", measure.measure}, {"unit", measure.unit}, {"before", orNull(measure.before)}, {"after", orNull(measure.after)}, {"change", orNull(measure.change())}}));
    for (int octave = 0; octave < kOctaves; ++octave) {
        const auto &a = sound.before.octaveDb[octave], &b = sound.after.octaveDb[octave];
        octaves.push(Json::object({{"centreHz", roundTo(octaveCentreHz(octave), 0.1)}, {"before", orNull(a)}, {"after", orNull(b)}, {"change", a && b ? Json(roundTo(*b - *a, 0.001)) : Json()}}));
    }
    for (const BandChange& band : sound.thirdOctaves)
        thirds.push(Json::object({{"centreHz", roundTo(band.centreHz, 0.1)}, {"levelDb", orNull(band.levelDb)}, {"widthDb", orNull(band.widthDb)}}));
    for (const std::string& word : soundWords(sound.before, sound.after)) words.push(word);
    return Json::object({{"what", sound.what}, {"words", std::move(words)}, {"measures", std::move(measures)}, {"octaves", std::move(octaves)}, {"thirdOctaves", std::move(thirds)}});
}

}  // namespace

Json comparisonJson(const Comparison& comparison) {
    Json sounds = Json::array(), tracks = Json::array();
    for (const SoundComparison& sound : comparison.sounds) sounds.push(soundJson(sound));
    for (const TrackLoudness& track : comparison.tracks)
        tracks.push(Json::object({{"id", track.id}, {"name", track.name}, {"beforeLu", orNull(track.beforeLu)}, {"afterLu", orNull(track.afterLu)}}));
    return Json::object({{"schema", "tonewright.compare/1"},
                         {"kind", kCompareKindNames[static_cast<std::size_t>(comparison.kind)]},
                         {"before", comparison.before.string()},
                         {"after", comparison.after.string()},
                         {"plans", comparison.plans ? toJson(*comparison.plans) : Json()},
                         {"sounds", std::move(sounds)},
                         {"tracks", std::move(tracks)}});
}

Json planComparisonSchema() {
    Json value = closed({{"name", said(typed("string"), "as in the plan: bands[0].gainDb")}, {"before", Json::object()}, {"after", Json::object()}});
    Json step = closed({{"change", oneOf(kChangeKindNames)},
                        {"id", typed("string")},
                        {"type", typed("string")},
                        {"aspect", oneOf(kAspectNames)},
                        {"before", said(maybe("string"), "the settings in words; null: there was no such step")},
                        {"after", maybe("string")},
                        {"values", listOf(std::move(value))},
                        {"relativeDb", said(maybe("number"), "levels: against what all levels moved by")},
                        {"why", typed("string")},
                        {"origin", Json::object({{"enum", Json(Json::Array{"automatic", "user"})}})},
                        {"sizeDb", said(typed("number"), "how much of it is heard, roughly: an order, not a measurement")}});
    Json target = closed({{"target", said(typed("string"), "tracks/ID, buses/ID, mix or master")}, {"name", typed("string")}, {"sizeDb", typed("number")}, {"steps", listOf(std::move(step))}});
    return closed({{"song", listOf(closed({{"what", typed("string")}, {"before", typed("string")}, {"after", typed("string")}}))},
                         {"commonLevelDb", said(typed("number"), "what all faders moved by")},
                         {"targets", said(listOf(std::move(target)), "the most audible first")},
                         {"unchangedTracks", typed("integer")}});
}

Json comparisonSchema() {
    Json sound = closed({{"what", typed("string")},
                         {"words", listOf(typed("string"))},
                         {"measures", listOf(closed({{"measure", typed("string")}, {"unit", typed("string")}, {"before", maybe("number")}, {"after", maybe("number")}, {"change", maybe("number")}}))},
                         {"octaves", said(listOf(closed({{"centreHz", typed("number")}, {"before", maybe("number")}, {"after", maybe("number")}, {"change", maybe("number")}})), "dB against the integrated loudness")},
                         {"thirdOctaves", said(listOf(closed({{"centreHz", typed("number")}, {"levelDb", maybe("number")}, {"widthDb", maybe("number")}})), "second minus first at equal loudness; of sound files")}});
    Json schema = closed({{"schema", Json::object({{"const", "tonewright.compare/1"}})},
                          {"kind", oneOf(kCompareKindNames)},
                          {"before", typed("string")},
                          {"after", typed("string")},
                          {"plans", Json::object({{"anyOf", Json(Json::Array{planComparisonSchema(), typed("null")})}})},
                          {"sounds", listOf(std::move(sound))},
                          {"tracks", said(listOf(closed({{"id", typed("string")}, {"name", typed("string")}, {"beforeLu", maybe("number")}, {"afterLu", maybe("number")}})), "loudness against the mix's, where it changed")}});
    schema.set("$schema", "https://json-schema.org/draft/2020-12/schema").set("title", "tonewright compare --json");
    return schema;
}

std::string comparisonText(const Comparison& comparison, bool all) {
    std::string text = "A  " + plainText(comparison.before.string()) + "\nB  " + plainText(comparison.after.string()) + "\n";
    if (comparison.plans) text += plansText(*comparison.plans, all);
    for (const SoundComparison& sound : comparison.sounds) text += soundText(sound, all);
    std::vector<std::string> tracks;
    for (const TrackLoudness& track : comparison.tracks) {
        const auto lu = [](const std::optional<double>& value) { return value ? shown(*value, 1) : std::string("\u2013"); };
        if (all || !track.beforeLu || !track.afterLu || std::abs(*track.afterLu - *track.beforeLu) >= kHeardLu)
            tracks.push_back(plainText(track.name) + " " + lu(track.beforeLu) + " \u2192 " + lu(track.afterLu));
    }
    if (!tracks.empty()) text += "Loudness against the mix, LU\n" + wrapped(join(tracks, ", "), 2);
    return text;
}

}  // namespace tonewright
