#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "report/plan_comparison.h"
#include "report/sound_comparison.h"

// What `tonewright compare A B` tells.
namespace tonewright {

enum class CompareKind { plans, runs, sounds };
inline constexpr Names<3> kCompareKindNames = {"plans", "runs", "sounds"};

struct TrackLoudness {
    std::string id, name;
    std::optional<double> beforeLu, afterLu;   // loudness in the mix minus the mix's
};

struct SoundComparison {
    std::string what;                          // "mix", "master", "sound"
    SoundFacts before, after;
    std::vector<BandChange> thirdOctaves;      // of two sound files; empty for runs, whose reports have octaves
};

struct Comparison {
    CompareKind kind = CompareKind::plans;
    std::filesystem::path before, after;       // as they were given
    std::optional<PlanComparison> plans;       // plans and runs
    std::vector<SoundComparison> sounds;       // runs and sounds
    std::vector<TrackLoudness> tracks;         // runs; those of which one changed, largest change first
};

Json comparisonJson(const Comparison& comparison);
Json comparisonSchema();                       // `tonewright schema compare`

// For the terminal. all: every setting, also the smallest.
std::string comparisonText(const Comparison& comparison, bool all);

}  // namespace tonewright
