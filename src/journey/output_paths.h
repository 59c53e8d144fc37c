#pragma once
#include <filesystem>
#include <string>

namespace tonewright {

// Where the results of one run go.
struct OutputPaths {
    std::filesystem::path mix, master, plan, html, json, session, stemsFolder, alternatesFolder;

    std::filesystem::path folder() const { return plan.has_parent_path() ? plan.parent_path() : "."; }  // never empty: "song.wav" is here
    std::filesystem::path stem(const std::string& name) const { return stemsFolder / (name + ".wav"); }
    std::filesystem::path alternate(const std::string& name) const { return alternatesFolder / (name + ".wav"); }
};

// "x.json" is the plan, with the rest beside it. "x.wav" is a file: the main result has that name and the rest stands beside it as x.mix.wav, x.plan.json,
// x.report.html, x.report.json, x.session.json, x.stems/, x.alternates/. Anything else is a folder with mix.wav, master.wav, plan.json, report.html,
// report.json, session.json, stems/, alternates/. Throws UsageError for an audio ending other than .wav.
//
// mixIsResult: the file named is the mix (no master is made).
OutputPaths outputPaths(const std::filesystem::path& output, bool mixIsResult);

// What an earlier plan is called when another takes its place: "plan.1.json", "song.plan.2.json", the first that is free.
std::filesystem::path earlierPlan(const std::filesystem::path& plan);

// The folder for results when none is given: "song-mix" for "path/song" or "path/song.wav".
std::filesystem::path defaultOutput(const std::filesystem::path& input, const std::string& suffix);

// What outputPaths() must be given so that the results stand beside a plan, which keeps its name.
std::filesystem::path outputBeside(const std::filesystem::path& planFile);

// A file's path as the plan in `folder` names it: relative, so that a project can be moved as a whole.
std::string planRelative(const std::filesystem::path& file, const std::filesystem::path& folder);

}  // namespace tonewright
