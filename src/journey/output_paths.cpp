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
        return {beside(".mix.wav"), beside(".wav"), output, beside(".report.html"), beside(".report.json"), beside(".stems")};
    if (ending != ".wav") {
        const fs::path folder = output.filename().empty() ? output.parent_path() : output;
        return {folder / "mix.wav", folder / "master.wav", folder / "plan.json", folder / "report.html", folder / "report.json", folder / "stems"};
    }
    return {mixIsResult ? output : beside(".mix.wav"), output, beside(".plan.json"), beside(".report.html"), beside(".report.json"),
            beside(".stems")};
}

fs::path defaultOutput(const fs::path& input, const std::string& suffix) {
    const fs::path clean = fs::absolute(input).lexically_normal();
    const fs::path named = clean.filename().empty() ? clean.parent_path() : clean;
    const std::string name = fs::is_directory(named) ? named.filename().string() : named.stem().string();
    return (name.empty() ? "tonewright" : name) + suffix;
}

std::string planRelative(const fs::path& file, const fs::path& folder) {
    const fs::path absolute = fs::absolute(file).lexically_normal();
    const fs::path relative = absolute.lexically_relative(fs::absolute(folder).lexically_normal());
    return (relative.empty() ? absolute : relative).generic_string();
}

}  // namespace tonewright
