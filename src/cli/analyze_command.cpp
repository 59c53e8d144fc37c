#include "cli/analyze_command.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <optional>

#include "analysis/analyze_file.h"
#include "analysis/facts_json.h"
#include "audiofile/audio_reader.h"
#include "core/error.h"
#include "core/text.h"
#include "core/work_pool.h"

namespace tonewright {

namespace fs = std::filesystem;

namespace {

constexpr const char* kAnalysisSchema = "tonewright/analysis/1";

struct Listened {
    fs::path path;
    std::optional<Analysis> facts;
    std::string error;
};

bool soundsLikeAudio(const fs::path& file) {
    constexpr std::array kEndings = {".wav", ".wave", ".bwf", ".rf64", ".aif", ".aiff", ".caf", ".flac", ".ogg", ".oga", ".opus", ".mp3",
                                     ".m4a", ".aac",  ".mp4", ".w64",  ".au"};
    return std::find(kEndings.begin(), kEndings.end(), lowerAscii(file.extension().string())) != kEndings.end();
}

// Files as given; folders give the sound files in them, sorted.
std::vector<Listened> listAll(const std::vector<std::string>& inputs) {
    std::vector<Listened> files;
    for (const std::string& input : inputs) {
        std::error_code error;
        if (!fs::is_directory(input, error)) {
            files.push_back({input, std::nullopt, ""});
            continue;
        }
        std::vector<fs::path> found;
        for (const auto& entry : fs::recursive_directory_iterator(input, error))
            if (soundsLikeAudio(entry.path()) && !entry.path().filename().string().starts_with(".")) found.push_back(entry.path());
        if (error) throw InputError(input + ": the folder cannot be read: " + error.message());
        if (found.empty()) throw InputError(input + ": there are no sound files in this folder");
        std::sort(found.begin(), found.end());
        for (fs::path& path : found) files.push_back({std::move(path), std::nullopt, ""});
    }
    return files;
}

std::string orNone(std::optional<double> value, int decimals) { return value ? fixed(*value, decimals) : "-"; }

void print(const Listened& file) {
    std::cout << file.path.string() << "\n";
    if (!file.facts) {
        std::cout << "  " << file.error << "\n";
        return;
    }
    const Analysis& a = *file.facts;
    std::cout << "  " << fixed(a.spec.sampleRateHz, 0) << " Hz, " << a.spec.channels << (a.spec.channels == 1 ? " channel, " : " channels, ")
              << minutesSeconds(static_cast<double>(a.frames) / a.spec.sampleRateHz) << "\n"
              << "  loudness " << fixed(a.loudness.integratedLufs, 1) << " LUFS, range " << orNone(a.loudness.loudnessRangeLu, 1)
              << " LU, loudest 0.4 s " << fixed(a.loudness.maxMomentaryLufs, 1) << ", 3 s " << fixed(a.loudness.maxShortTermLufs, 1) << "\n"
              << "  true peak " << fixed(a.loudness.truePeakDbtp, 2) << " dBTP, sample peak " << fixed(a.loudness.samplePeakDbfs, 2)
              << " dBFS, crest " << orNone(a.dynamics.crestDb, 1) << " dB, DR " << orNone(a.dynamics.dynamicRangeDb, 1) << "\n";
    if (a.rhythm.tempoBpm) std::cout << "  tempo " << fixed(*a.rhythm.tempoBpm, 1) << " bpm" << (a.key.name().empty() ? "" : ", key " + a.key.name()) << "\n";
    for (const Fault& fault : a.faults)
        std::cout << "  " << (fault.severity == Severity::error ? "error: " : fault.severity == Severity::warning ? "warning: " : "note: ") << fault.text
                  << "\n";
}

Json document(const std::vector<Listened>& files) {
    Json list = Json::array(), errors = Json::array();
    for (const Listened& file : files) {
        if (!file.facts) {
            errors.push(Json::object({{"path", file.path.string()}, {"error", file.error}}));
            continue;
        }
        Json entry = Json::object({{"path", file.path.string()}});
        const Json facts = toJson(*file.facts);
        for (const auto& [key, value] : facts.asObject()) entry.set(key, value);
        list.push(std::move(entry));
    }
    return Json::object({{"schema", kAnalysisSchema}, {"files", std::move(list)}, {"errors", std::move(errors)}});
}

}  // namespace

Json analysisDocumentSchema() {
    Json file = analysisSchema();
    Json* properties = file.find("properties");
    properties->set("path", Json::object({{"type", "string"}}));
    Json error = Json::object({{"type", "object"},
                               {"additionalProperties", false},
                               {"required", Json(Json::Array{"path", "error"})},
                               {"properties", Json::object({{"path", Json::object({{"type", "string"}})}, {"error", Json::object({{"type", "string"}})}})}});
    return Json::object({{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                         {"title", "tonewright analyze --json"},
                         {"type", "object"},
                         {"additionalProperties", false},
                         {"required", Json(Json::Array{"schema", "files", "errors"})},
                         {"properties", Json::object({{"schema", Json::object({{"const", kAnalysisSchema}})},
                                                      {"files", Json::object({{"type", "array"}, {"items", std::move(file)}})},
                                                      {"errors", Json::object({{"type", "array"}, {"items", std::move(error)}})}})}});
}

int analyzeFiles(const std::vector<std::string>& inputs, const AnalyzeOptions& options, Progress& progress) {
    std::vector<Listened> files = listAll(inputs);
    progress.stage("Listening", static_cast<std::int64_t>(files.size()));
    WorkPool pool(options.threads);
    NoProgress silent;
    pool.forEach(static_cast<int>(files.size()), [&](int i) {
        progress.throwIfCancelled();
        try {
            files[i].facts = analyzeFile(files[i].path, {}, silent);
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::cancelled || files.size() == 1) throw;
            files[i].error = error.what();
        }
        progress.advance(1);
    });

    if (options.json)
        std::cout << document(files).dump() << "\n";
    else if (!options.quiet)
        for (const Listened& file : files) print(file);
    for (const Listened& file : files)
        if (!file.facts) std::fprintf(stderr, "tonewright: %s\n", file.error.c_str());

    const auto unread = std::count_if(files.begin(), files.end(), [](const Listened& file) { return !file.facts; });
    if (unread == static_cast<std::ptrdiff_t>(files.size())) return 3;
    if (unread > 0) return 7;
    if (options.failOn.empty()) return 0;
    const Severity limit = options.failOn == "error" ? Severity::error : Severity::warning;
    for (const Listened& file : files)
        for (const Fault& fault : file.facts->faults)
            if (fault.severity >= limit) return 6;
    return 0;
}

}  // namespace tonewright
