#include "cli/limit_command.h"

#include <CLI/CLI.hpp>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <iostream>

#include "core/text.h"

namespace tonewright {

namespace {

// releaseMs -> --release-ms
std::string optionName(std::string_view field) {
    if (field == "inputGainDb") return "--drive";
    if (field == "ceilingDb") return "--ceiling";
    std::string name = "--";
    for (const char letter : field) {
        if (std::isupper(static_cast<unsigned char>(letter))) name += '-';
        name += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    }
    return name;
}

std::string unitOf(std::string_view field) {
    if (field == "ceilingDb") return "DBTP";
    return field.ends_with("Db") ? "DB" : field.ends_with("Ms") ? "MS" : "NUMBER";
}

class OptionAdder {
public:
    explicit OptionAdder(CLI::App& command) : command_(command) {}

    void number(std::string_view name, double& value, Range range, std::string_view text) {
        const auto inRange = [range](const std::string& word) {
            char* end = nullptr;
            const double number = std::strtod(word.c_str(), &end);
            const bool fits = !word.empty() && *end == '\0' && number >= range.min && number <= range.max;
            return fits ? std::string() : "\"" + word + "\" is not a number from " + Json(range.min).dump(-1) + " to " + Json(range.max).dump(-1);
        };
        const std::string sentence(text);
        command_.add_option(optionName(name), value, static_cast<char>(std::toupper(static_cast<unsigned char>(sentence.front()))) + sentence.substr(1))
            ->check(CLI::Validator(inRange, ""))
            ->type_name(unitOf(name))
            ->capture_default_str();
    }

private:
    CLI::App& command_;
};

Json levels(const LoudnessFacts& facts) {
    Json json = Json::object();
    const auto set = [&](const char* name, double value) { json.set(name, std::isfinite(value) ? Json(value) : Json()); };
    set("integratedLufs", facts.integratedLufs);
    set("maxMomentaryLufs", facts.maxMomentaryLufs);
    set("maxShortTermLufs", facts.maxShortTermLufs);
    set("truePeakDbtp", facts.truePeakDbtp);
    set("samplePeakDbfs", facts.samplePeakDbfs);
    return json;
}

Json document(const std::string& input, const LimitOptions& options, const LimitResult& result) {
    Json warnings = Json::array();
    for (const Warning& warning : result.warnings) warnings.push(Json::object({{"code", warning.code}, {"text", warning.text}}));
    return Json::object({{"input", input},
                         {"output", options.output.string()},
                         {"sampleRateHz", result.spec.sampleRateHz},
                         {"channels", result.spec.channels},
                         {"frames", result.frames},
                         {"limiter", fieldsToJson(options.limiter)},
                         {"before", levels(result.before)},
                         {"after", levels(result.after)},
                         {"maxReductionDb", result.maxReductionDb},
                         {"meanReductionDb", result.meanReductionDb},
                         {"activeShare", result.activeShare},
                         {"warnings", std::move(warnings)}});
}

std::string change(double before, double after, int decimals) { return fixed(before, decimals) + " → " + fixed(after, decimals); }

void print(const LimitOptions& options, const LimitResult& result) {
    std::cout << options.output.string() << "\n  loudness " << change(result.before.integratedLufs, result.after.integratedLufs, 1) << " LUFS\n  true peak "
              << change(result.before.truePeakDbtp, result.after.truePeakDbtp, 2) << " dBTP\n  reduction ";
    if (result.activeShare == 0.0)
        std::cout << "none\n";
    else
        std::cout << fixed(-result.maxReductionDb, 1) << " dB at most, " << fixed(-result.meanReductionDb, 1) << " dB on average over the "
                  << fixed(100.0 * result.activeShare, 0) << " % of the time in which it worked\n";
    for (const Warning& warning : result.warnings) std::cout << "  " << warning.text << "\n";
}

}  // namespace

void addLimiterOptions(CLI::App& command, Limiter::Params& params) {
    OptionAdder adder(command);
    Limiter::Params::fields(params, adder);
}

int limitCommand(const std::string& input, const LimitOptions& options, bool json, bool quiet, Progress& progress) {
    const LimitResult result = limitFile(input, options, progress);
    if (json)
        std::cout << document(input, options, result).dump() << "\n";
    else if (!quiet)
        print(options, result);
    return 0;
}

}  // namespace tonewright
