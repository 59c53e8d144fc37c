#include "report/report_parts.h"

#include <algorithm>

namespace tonewright {

namespace fs = std::filesystem;

std::string fileName(const std::string& path) { return fs::path(path).filename().string(); }

std::string relativeToReport(const Report& report, const fs::path& file) {
    const fs::path& anchor = report.jsonFile.empty() ? report.planFile : report.jsonFile;
    if (anchor.empty() || anchor.is_absolute() != file.is_absolute()) return file.filename().generic_string();
    const fs::path relative = file.lexically_normal().lexically_relative(anchor.lexically_normal().parent_path());
    const bool within = !relative.empty() && *relative.begin() != "..";
    return within ? relative.generic_string() : file.filename().generic_string();
}

std::vector<Warning> allWarnings(const Report& report) {
    std::vector<Warning> all;
    const auto add = [&](const Warning& warning) {
        if (std::find(all.begin(), all.end(), warning) == all.end()) all.push_back(warning);
    };
    for (const Warning& warning : report.warnings) add(warning);
    for (const Warning& warning : report.plan.warnings) add(warning);
    return all;
}

std::vector<PlacedFault> allFaults(const Report& report) {
    std::vector<PlacedFault> faults;
    const auto add = [&](const std::string& where, const Analysis& facts) {
        for (const Fault& fault : facts.faults) faults.push_back({where, &fault});
    };
    for (const TrackPlan& track : report.plan.tracks)
        if (const auto source = report.sources.find(track.id); source != report.sources.end()) add(track.name, source->second);
    const auto isKnown = [&](const Fault& fault) {
        return std::any_of(faults.begin(), faults.end(), [&](const PlacedFault& other) { return other.fault->kind == fault.kind; });
    };
    const auto addNew = [&](const std::string& where, const Analysis& facts) {
        for (const Fault& fault : facts.faults)
            if (!isKnown(fault)) faults.push_back({where, &fault});
    };
    if (report.mix) addNew("the mix", report.mix->facts);
    if (report.master) addNew("the master", report.master->facts);
    std::stable_sort(faults.begin(), faults.end(), [](const PlacedFault& a, const PlacedFault& b) { return a.fault->severity > b.fault->severity; });
    return faults;
}

std::vector<Warning> otherWarnings(const Report& report) {
    std::vector<Warning> warnings = allWarnings(report);
    for (const PlacedFault& found : allFaults(report))
        std::erase_if(warnings, [&](const Warning& warning) { return !found.fault->text.empty() && warning.text.ends_with(found.fault->text); });
    return warnings;
}

const Analysis* before(const Report& report) {
    if (report.plan.kind == PlanKind::mix) return report.mix ? &report.mix->facts : nullptr;
    return report.sources.empty() ? nullptr : &report.sources.begin()->second;
}

const Analysis* after(const Report& report) {
    if (report.master) return &report.master->facts;
    return report.mix ? &report.mix->facts : nullptr;
}

}  // namespace tonewright
