// Prints what the role model hears of sound files, one JSON document a line: {"file", "features"}; the names come first.
//   bench_features FILES...        (or file names on standard input)
#include <iostream>
#include <string>
#include <vector>

#include "analysis/analyze_file.h"
#include "core/json.h"
#include "session/sound_features.h"

using namespace tonewright;

int main(int argc, char** argv) {
    std::vector<std::string> files(argv + 1, argv + argc);
    const auto print = [](const std::string& file) {
        NoProgress progress;
        try {
            const Analysis analysis = analyzeFile(file, {.truePeak = false, .rhythm = false, .key = false, .separation = false, .sourceFaults = false, .resonances = false, .timbre = true}, progress);
            Json features = Json::array();
            for (const double value : soundFeatures(analysis)) features.push(value);
            std::cout << Json::object({{"file", file}, {"features", std::move(features)}}).dump(-1) << std::endl;
        } catch (const std::exception& error) {
            std::cerr << error.what() << '\n';
        }
    };
    Json names = Json::array();
    for (const std::string& name : soundFeatureNames()) names.push(name);
    std::cout << Json::object({{"names", std::move(names)}}).dump(-1) << std::endl;
    for (const std::string& file : files) print(file);
    std::string line;
    if (files.empty())
        while (std::getline(std::cin, line)) print(line);
}
