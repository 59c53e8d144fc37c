#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "core/fields.h"
#include "report/report.h"

// What the JSON, the page and the summary have in common.
namespace tonewright {

inline constexpr const char* kReportSchemaName = "tonewright.report/1";
inline constexpr Names<3> kStemKindNames = {"track", "return", "busChange"};  // StemInfo::Kind in words
inline constexpr Names<3> kSeverityNames = {"info", "warning", "error"};      // Severity in words

// "kick.wav" of "../recordings/kick.wav".
std::string fileName(const std::string& path);

// A result's path as seen from the report's own folder, so that it holds wherever the folder goes; the file's name alone
// where the two have nothing in common. Always with '/'.
std::string relativeToReport(const Report& report, const std::filesystem::path& file);

// The run's warnings, then the plan's; each said once.
std::vector<Warning> allWarnings(const Report& report);

struct PlacedFault {
    std::string where;           // a track's name, "the mix" or "the master"
    const Fault* fault = nullptr;
};

// Everything found wrong with recordings and results, worst first. Results are only named for what is new in them: a fault
// that came with a recording is the recording's.
std::vector<PlacedFault> allFaults(const Report& report);

// Warnings that say more than allFaults() already does: the engineer repeats a recording's faults as warnings of the plan.
std::vector<Warning> otherWarnings(const Report& report);

// What the music was before: the mix where there is one, else the only source. Null if it was not measured.
const Analysis* before(const Report& report);

// What it is now: the master, else the mix. Null if nothing was made.
const Analysis* after(const Report& report);

}  // namespace tonewright
