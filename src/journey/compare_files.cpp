#include "journey/compare_files.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "analysis/analyze_file.h"
#include "audiofile/audio_reader.h"
#include "core/error.h"
#include "core/staged_file.h"
#include "core/text.h"
#include "core/work_pool.h"
#include "plan/plan_json.h"

namespace tonewright {

namespace fs = std::filesystem;

namespace {

constexpr double kSameLu = 0.05;

enum class What { plan, run, sound };
constexpr std::array kWords = {"a plan", "a folder with results", "a sound file"};

What whatIs(const fs::path& path) {
    std::error_code ignored;
    if (!fs::exists(path, ignored)) throw InputError(path.string() + ": there is no such file or folder. Check the name");
    if (fs::is_directory(path, ignored)) return What::run;
    return lowerAscii(path.extension().string()) == ".json" ? What::plan : What::sound;
}

// A report's JSON as far as it is compared. Numbers that are not there are not compared.
struct Run {
    Plan plan;
    Json report;   // null: there is none
};

std::optional<double> number(const Json* json, std::string_view key) {
    const Json* value = json ? json->find(key) : nullptr;
    return value && value->isNumber() ? std::optional(value->asNumber()) : std::nullopt;
}

Run readRun(const fs::path& folder) {
    const fs::path plan = folder / "plan.json", report = folder / "report.json";
    std::error_code ignored;
    if (!fs::exists(plan, ignored))
        throw InputError(folder.string() + ": there is no plan.json in this folder, so it holds no result of tonewright. Name the folder that `mix` or `master` wrote (-o), or two sound files");
    Run run{.plan = readPlan(plan), .report = {}};
    if (!fs::exists(report, ignored)) return run;
    run.report = Json::parse(readTextFile(report), report.string());
    const Json* schema = run.report.find("schema");
    if (!schema || !schema->isString() || schema->asString() != "tonewright.report/1")
        throw InputError(report.string() + ": is not a report of this version of tonewright. Render the plan again: tonewright render " + plan.string() + " --force");
    return run;
}

std::optional<SoundFacts> soundOf(const Json& report, std::string_view which) {
    const Json* outputs = report.find("output");
    const Json* output = outputs ? outputs->find(which) : nullptr;
    if (!output || !output->isObject()) return std::nullopt;
    const Json* loudness = output->find("loudness");
    SoundFacts facts{.integratedLufs = number(loudness, "integratedLufs").value_or(kSilentDb),
                     .truePeakDbtp = number(loudness, "truePeakDbtp").value_or(kSilentDb),
                     .loudnessRangeLu = number(loudness, "loudnessRangeLu"),
                     .peakToLoudnessDb = number(output, "peakToLoudnessDb"),
                     .dynamicRangeDb = number(output, "dynamicRangeDb"),
                     .crestDb = {},
                     .widthDb = number(output, "widthDb"),
                     .correlation = number(output, "correlation"),
                     .monoLossLu = number(output, "monoLossLu"),
                     .octaveDb = {}};
    if (const auto frames = number(output, "frames"), rate = number(output, "sampleRateHz"); frames && rate && *rate > 0.0) facts.seconds = *frames / *rate;
    const Json* octaves = output->find("octaveDb");
    for (int octave = 0; octaves && octaves->isArray() && octave < kOctaves && octave < static_cast<int>(octaves->asArray().size()); ++octave)
        if (const Json& value = octaves->asArray()[octave]; value.isNumber()) facts.octaveDb[octave] = value.asNumber();
    return facts;
}

// Loudness of the tracks against the mix's.
std::map<std::string, double> trackLoudness(const Json& report) {
    std::map<std::string, double> result;
    const Json* outputs = report.find("output");
    const Json* mix = outputs ? outputs->find("mix") : nullptr;
    const auto lufs = number(mix ? mix->find("loudness") : nullptr, "integratedLufs");
    const Json* tracks = report.find("tracks");
    if (!lufs || !tracks || !tracks->isArray()) return result;
    for (const Json& track : tracks->asArray())
        if (const Json* id = track.find("id"); id && id->isString())
            if (const auto inMix = number(&track, "integratedLufsInMix")) result[id->asString()] = *inMix - *lufs;
    return result;
}

void compareMeasured(const Run& before, const Run& after, Comparison& comparison) {
    for (const char* which : {"mix", "master"}) {
        const auto a = soundOf(before.report, which), b = soundOf(after.report, which);
        if (a && b) comparison.sounds.push_back({which, *a, *b, {}});
    }
    const std::map<std::string, double> a = trackLoudness(before.report), b = trackLoudness(after.report);
    for (const auto* plan : {&after.plan, &before.plan})
        for (const TrackPlan& track : plan->tracks) {
            const bool inA = a.contains(track.id), inB = b.contains(track.id);
            if (plan == &before.plan && inB) continue;   // already listed
            TrackLoudness line{.id = track.id, .name = track.name, .beforeLu = inA ? std::optional(a.at(track.id)) : std::nullopt, .afterLu = inB ? std::optional(b.at(track.id)) : std::nullopt};
            if (inA != inB || (inA && std::abs(*line.afterLu - *line.beforeLu) >= kSameLu)) comparison.tracks.push_back(std::move(line));
        }
    const auto size = [](const TrackLoudness& track) { return track.beforeLu && track.afterLu ? std::abs(*track.afterLu - *track.beforeLu) : 100.0; };
    std::stable_sort(comparison.tracks.begin(), comparison.tracks.end(), [&](const TrackLoudness& x, const TrackLoudness& y) { return size(x) > size(y); });
}

// The master of a run, else its mix.
fs::path resultOf(const fs::path& folder) {
    const Run run = readRun(folder);
    const Json* outputs = run.report.find("output");
    for (const char* which : {"master", "mix"})
        if (const Json* output = outputs ? outputs->find(which) : nullptr)
            if (const Json* file = output->find("file"); file && file->isString()) return folder / file->asString();
    throw InputError(folder.string() + ": no mix or master was rendered there. Render its plan first: tonewright render " + (folder / "plan.json").string());
}

SoundComparison compareSoundFiles(const fs::path& before, const fs::path& after, int threads, Progress& progress) {
    progress.stage("Listening to both", openAudio(before)->info().frames + openAudio(after)->info().frames);
    WorkPool pool(threads);
    std::array<Analysis, 2> facts;
    pool.forEach(2, [&](int i) {
        facts[i] = analyzeFile(i == 0 ? before : after, {.truePeak = true, .sketch = false, .rhythm = false, .key = false, .separation = false, .resonances = false}, progress);
    });
    for (int i : {0, 1})
        if (!std::isfinite(facts[i].loudness.integratedLufs))
            throw InputError((i == 0 ? before : after).string() + ": it is silent or shorter than 0.4 s, so there is no loudness at which the two could be compared");
    return {"sound", soundFacts(facts[0]), soundFacts(facts[1]), compareThirdOctaves(facts[0], facts[1])};
}

}  // namespace

Comparison compareFiles(const fs::path& before, const fs::path& after, int threads, Progress& progress) {
    const What a = whatIs(before), b = whatIs(after);
    Comparison comparison{.kind = CompareKind::plans, .before = before, .after = after, .plans = {}, .sounds = {}, .tracks = {}};
    if (a == What::sound || b == What::sound) {
        if (a == What::plan || b == What::plan)
            throw UsageError("compare: " + before.string() + " is " + kWords[static_cast<std::size_t>(a)] + " and " + after.string() + " is " + kWords[static_cast<std::size_t>(b)] +
                             "; name two plans, two folders with results, two sound files, or a sound file and a folder");
        comparison.kind = CompareKind::sounds;
        comparison.sounds.push_back(compareSoundFiles(a == What::run ? resultOf(before) : before, b == What::run ? resultOf(after) : after, threads, progress));
        return comparison;
    }
    const auto read = [](const fs::path& path, What what) { return what == What::run ? readRun(path) : Run{.plan = readPlan(path), .report = {}}; };
    const Run runA = read(before, a), runB = read(after, b);
    if (runA.plan.kind != runB.plan.kind)
        throw UsageError("compare: one is the plan of a mix and the other that of a master; compare their sound files instead");
    comparison.plans = comparePlans(runA.plan, runB.plan);
    if (a == What::run && b == What::run) {
        comparison.kind = CompareKind::runs;
        compareMeasured(runA, runB, comparison);
    }
    return comparison;
}

}  // namespace tonewright
