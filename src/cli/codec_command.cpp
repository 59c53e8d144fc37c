#include "cli/codec_command.h"

#include <CLI/CLI.hpp>
#include <cmath>
#include <iostream>

#include "analysis/analyze_file.h"
#include "core/text.h"
#include "release/codec_json.h"
#include "release/platforms.h"

namespace tonewright {

namespace {

constexpr const char* kCodecSchema = "tonewright/codec/1";
constexpr int kFound = 6;

std::string padded(const std::string& text, std::size_t width) { return text + std::string(text.size() < width ? width - text.size() : 1, ' '); }
std::string before(const std::string& text, std::size_t width) { return std::string(text.size() < width ? width - text.size() : 1, ' ') + text; }

std::string row(const std::string& name, const std::string& rate, double truePeakDbtp, double lufs, const std::string& rest) {
    return "  " + padded(name, 12) + before(rate, 9) + before(fixed(truePeakDbtp, 2), 11) + before(fixed(lufs, 1), 10) + before(rest, 9);
}

void print(const std::string& path, const Analysis& source, const CodecHistory& history) {
    std::cout << path << "\n"
              << "  " << padded("codec", 12) << before("rate Hz", 9) << before("true peak", 11) << before("LUFS", 10) << before("overs", 9) << "\n"
              << row("the file", fixed(source.spec.sampleRateHz, 0), source.loudness.truePeakDbtp, source.loudness.integratedLufs, "") << "\n";
    for (std::size_t i = 0; i < history.targets.size(); ++i) {
        const CodecResult& result = history.rounds.back().codecs[i];
        std::cout << row(std::string(result.setting.label), std::to_string(result.sampleRateHz), result.truePeakDbtp, result.integratedLufs,
                         std::to_string(result.overs))
                  << (result.truePeakDbtp > history.targets[i].limitDbtp ? "  over" : "") << "\n";
    }
}

std::string platformLine(const Platform& platform) {
    std::vector<std::string> labels;
    for (const std::string& codec : platform.codecs) labels.emplace_back(codecSetting(codec).label);
    return padded(platform.word(), 24) + before(platform.targetLufs ? fixed(*platform.targetLufs, 0) + " LUFS" : "-", 8) + "  " +
           (labels.empty() ? "lossless" : join(labels, ", "));
}

Json platformJson(const Platform& platform) {
    Json codecs = Json::array();
    for (const std::string& codec : platform.codecs) codecs.push(codec);
    return Json::object({{"platform", platform.word()},
                         {"name", platform.name},
                         {"targetLufs", platform.targetLufs ? Json(*platform.targetLufs) : Json()},
                         {"adviceTruePeakDbtp", platform.adviceTruePeakDbtp ? Json(*platform.adviceTruePeakDbtp) : Json()},
                         {"codecs", std::move(codecs)},
                         {"codecSource", platform.codecSource}});
}

}  // namespace

void addCodecOptions(CLI::App& command, CodecOptions& options) {
    command.add_option("--codec", options.codecs, "Codecs to check: aac-128, aac-256, mp3-128, mp3-320, opus-128, vorbis-q5")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->type_name("NAME[,NAME]");
    command.add_option("--for", options.platforms, "Where the music will be played (see `tonewright platforms`)")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->type_name("PLATFORM[,PLATFORM]");
}

int codecCommand(const std::string& input, const CodecCommandOptions& options, Progress& progress) {
    const CodecTask task = codecTask({CodecCheckMode::on, options.codecs.codecs}, options.codecs.platforms);
    WorkPool pool(options.threads);
    CodecHistory history{.targets = task.targets, .rounds = {{.codecs = checkCodecs(input, task.settings(), pool, progress)}}};
    progress.stage("Listening", openAudio(input)->info().frames);
    const Analysis source = analyzeFile(input, {.truePeak = true, .sketch = false, .rhythm = false, .key = false}, progress);
    if (options.json)
        std::cout << Json::object({{"schema", kCodecSchema},
                                   {"path", input},
                                   {"sampleRateHz", source.spec.sampleRateHz},
                                   {"truePeakDbtp", source.loudness.truePeakDbtp},
                                   {"samplePeakDbfs", source.loudness.samplePeakDbfs},
                                   {"integratedLufs", source.loudness.integratedLufs},
                                   {"codecs", codecsJson(history)}})
                         .dump()
                  << "\n";
    else if (!options.quiet)
        print(input, source, history);
    return !options.failOn.empty() && !history.held() ? kFound : 0;
}

Json codecDocumentSchema() {
    const Json number = Json::object({{"type", Json(Json::Array{"number", "null"})}});
    return Json::object({{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                         {"title", "tonewright codec --json"},
                         {"type", "object"},
                         {"additionalProperties", false},
                         {"required", Json(Json::Array{"schema", "path", "sampleRateHz", "truePeakDbtp", "samplePeakDbfs", "integratedLufs", "codecs"})},
                         {"properties", Json::object({{"schema", Json::object({{"const", kCodecSchema}})},
                                                      {"path", Json::object({{"type", "string"}})},
                                                      {"sampleRateHz", Json::object({{"type", "number"}})},
                                                      {"truePeakDbtp", number},
                                                      {"samplePeakDbfs", number},
                                                      {"integratedLufs", number},
                                                      {"codecs", codecsSchema()}})}});
}

int platformsCommand(bool json) {
    if (!json) {
        for (const Platform& platform : platforms()) std::cout << platformLine(platform) << "\n";
        return 0;
    }
    Json list = Json::array();
    for (const Platform& platform : platforms()) list.push(platformJson(platform));
    std::cout << list.dump() << "\n";
    return 0;
}

}  // namespace tonewright
