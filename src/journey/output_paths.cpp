#include "journey/output_paths.h"

#include <algorithm>
#include <array>

#include "core/error.h"
#include "core/text.h"

namespace tonewright {

namespace fs = std::filesystem;

OutputPaths outputPaths(const fs::path& output, bool mixIsResult) {
    constexpr std::array kOtherAudio = {".flac", ".mp3", ".ogg", ".opus", ".m4a", ".aac", ".aif", ".aiff", ".caf"};
    const std::string ending = lowerAscii(output.extension().string());
    if (std::find(kOtherAudio.begin(), kOtherAudio.end(), ending) != kOtherAudio.end())
        throw UsageError(output.string() + ": results are written as WAV. Name a file that ends in .wav, or a folder");

    const auto beside = [&](const std::string& tail) { return output.parent_path() / (output.stem().string() + tail); };
    if (ending == ".json")
        return {beside(".mix.wav"), beside(".wav"), output, beside(".report.html"), beside(".report.json"), beside(".session.json"), beside(".stems"), beside(".alternates")};
    if (ending != ".wav") {
        const fs::path folder = output.filename().empty() ? output.parent_path() : output;
        return {folder / "mix.wav", folder / "master.wav", folder / "plan.json", folder / "report.html", folder / "report.json", folder / "session.json", folder / "stems", folder / "alternates"};
    }
    return {mixIsResult ? output : beside(".mix.wav"), output, beside(".plan.json"), beside(".report.html"), beside(".report.json"),
            beside(".session.json"), beside(".stems"), beside(".alternates")};
}

fs::path earlierPlan(const fs::path& plan) {
    for (int number = 1;; ++number) {
        const fs::path path = plan.parent_path() / (plan.stem().string() + "." + std::to_string(number) + plan.extension().string());
        if (!fs::exists(path)) return path;
    }
}

fs::path defaultOutput(const fs::path& input, const std::string& suffix) {
    const fs::path clean = fs::absolute(input).lexically_normal();
    const fs::path named = clean.filename().empty() ? clean.parent_path() : clean;
    const std::string name = fs::is_directory(named) ? named.filename().string() : named.stem().string();
    return (name.empty() ? "tonewright" : name) + suffix;
}

fs::path outputBeside(const fs::path& planFile) {
    const fs::path plan = fs::absolute(planFile).lexically_normal();
    constexpr std::string_view kTail = ".plan.json";
    const std::string name = plan.filename().string();
    if (name.size() > kTail.size() && name.ends_with(kTail)) return plan.parent_path() / (name.substr(0, name.size() - kTail.size()) + ".wav");
    return name != "plan.json" && lowerAscii(plan.extension().string()) == ".json" ? plan : plan.parent_path();
}

std::string planRelative(const fs::path& file, const fs::path& folder) {
    const fs::path absolute = fs::absolute(file).lexically_normal();
    const fs::path relative = absolute.lexically_relative(fs::absolute(folder).lexically_normal());
    return (relative.empty() ? absolute : relative).generic_string();
}

}  // namespace tonewright
