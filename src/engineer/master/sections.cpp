#include "engineer/master/sections.h"

#include <algorithm>
#include <cmath>

#include "core/decibels.h"

namespace tonewright {

namespace {

constexpr double kShortTermSeconds = 3.0;  // what a value hears; the first begins with the song

double rise(double value, double none, double all) { return std::clamp((value - none) / (all - none), 0.0, 1.0); }

// The split that explains most of the variance (Otsu 1979), and how much of it.
struct Split {
    double level = 0.0, explained = 0.0;
};
Split bestSplit(std::vector<double> levels) {
    std::sort(levels.begin(), levels.end());
    const double count = static_cast<double>(levels.size());
    double sum = 0.0, squares = 0.0;
    for (const double level : levels) {
        sum += level;
        squares += level * level;
    }
    const double variance = squares / count - sum / count * sum / count;
    Split best;
    double below = 0.0;
    for (std::size_t i = 1; i < levels.size(); ++i) {
        below += levels[i - 1];
        const double share = static_cast<double>(i) / count, apart = (sum - below) / (count - static_cast<double>(i)) - below / static_cast<double>(i);
        const double explained = variance > 1e-9 ? share * (1.0 - share) * apart * apart / variance : 0.0;
        if (explained > best.explained) best = {0.5 * (levels[i - 1] + levels[i]), explained};
    }
    return best;
}

struct Run {
    std::size_t first, end;
    bool loud;
};
std::vector<Run> runsOf(const std::vector<bool>& loud) {
    std::vector<Run> runs;
    for (std::size_t i = 0; i < loud.size(); ++i) {
        if (runs.empty() || runs.back().loud != loud[i]) runs.push_back({i, i, loud[i]});
        runs.back().end = i + 1;
    }
    return runs;
}

}  // namespace

std::optional<Sections> findSections(std::span<const float> shortTermLufs, double seconds, const SectionTuning& tuning) {
    const std::size_t count = shortTermLufs.size();
    if (count < 16 || seconds < 3.0 * tuning.leastSectionSeconds) return std::nullopt;
    const double step = (seconds - kShortTermSeconds) / static_cast<double>(count);
    const double loudest = *std::max_element(shortTermLufs.begin(), shortTermLufs.end());
    std::vector<double> active;
    for (const float lufs : shortTermLufs)
        if (lufs > loudest - tuning.activeLu) active.push_back(lufs);
    const Split split = bestSplit(active);

    std::vector<bool> loud(count);
    for (std::size_t i = 0; i < count; ++i) loud[i] = shortTermLufs[i] > split.level;
    // What is too short to be a section belongs to what is around it, the shortest first.
    const auto least = static_cast<std::size_t>(std::ceil(tuning.leastSectionSeconds / step));
    for (;;) {
        const std::vector<Run> runs = runsOf(loud);
        if (runs.size() < 2) return std::nullopt;
        const auto shortest = std::min_element(runs.begin(), runs.end(), [](const Run& a, const Run& b) { return a.end - a.first < b.end - b.first; });
        if (shortest->end - shortest->first >= least) break;
        for (std::size_t i = shortest->first; i < shortest->end; ++i) loud[i] = !shortest->loud;
    }

    Sections sections;
    double power[2] = {}, frames[2] = {};
    for (const Run& run : runsOf(loud)) {
        double sum = 0.0, heard = 0.0;
        for (std::size_t i = run.first; i < run.end; ++i)
            if (shortTermLufs[i] > loudest - tuning.activeLu) {
                sum += dbToPower(shortTermLufs[i]);
                heard += 1.0;
            }
        if (heard == 0.0) return std::nullopt;
        power[run.loud] += sum;
        frames[run.loud] += heard;
        const auto at = [&](std::size_t i) { return i == 0 ? 0.0 : i == count ? seconds : 0.5 * kShortTermSeconds + static_cast<double>(i) * step; };
        sections.spans.push_back({at(run.first), at(run.end), run.loud, powerToDb(sum / heard)});
    }
    if (std::min(frames[0], frames[1]) < tuning.leastShare * static_cast<double>(count)) return std::nullopt;
    sections.contrastLu = powerToDb(power[1] / frames[1] * frames[0] / power[0]);
    sections.confidence = rise(split.explained, tuning.unclearSplit, tuning.clearSplit) * rise(sections.contrastLu, tuning.unclearContrastLu, tuning.clearContrastLu);
    return sections;
}

}  // namespace tonewright
