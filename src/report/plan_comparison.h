#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/fields.h"
#include "core/json.h"
#include "plan/plan.h"

// What one plan does otherwise than another.
namespace tonewright {

enum class ChangeKind { added, removed, changed };
inline constexpr Names<3> kChangeKindNames = {"added", "removed", "changed"};

enum class Aspect { playing, level, pan, width, tone, dynamics, space, colour, repair, automation, loudness, other };
inline constexpr Names<12> kAspectNames = {"playing", "level", "pan", "width", "tone", "dynamics", "space", "colour", "repair", "automation", "loudness", "other"};

// One setting: "bands[0].gainDb". null: it was not there.
struct ValueChange {
    std::string name;
    Json before, after;
};

struct StepChange {
    ChangeKind kind = ChangeKind::changed;
    std::string stepId, type;
    Aspect aspect = Aspect::other;
    std::string before, after;           // settings in words; empty: no such step
    std::vector<ValueChange> values;     // of a step that is in both
    std::optional<double> relativeDb;    // levels: by how much against the other tracks
    std::string why;                     // the reason in the later plan; of a removed step, in the earlier
    bool byUser = false;                 // of the user's own steps
    double sizeDb = 0.0;                 // how much of it is heard, roughly; an order, not a quantity
};

// What changed on a track, a bus, "mix" or "master"; the most audible first.
struct TargetChanges {
    std::string target, name;
    std::vector<StepChange> steps;
    double sizeDb = 0.0;
};

// What was asked, and what holds for the whole song.
struct SongChange {
    std::string what;                    // "style", "note", "length"
    std::string before, after;           // empty: there was none
};

struct PlanComparison {
    std::vector<SongChange> song;
    double commonLevelDb = 0.0;          // what all faders moved by; levels are compared against that
    std::vector<TargetChanges> targets;  // the most audible first
    int unchangedTracks = 0;

    bool same() const { return song.empty() && targets.empty() && commonLevelDb == 0.0; }
};

// Tracks are the same by id, else by the content of their recordings; steps by id.
PlanComparison comparePlans(const Plan& before, const Plan& after);

// "level +2.0 dB against the others (-3.0 dB -> -1.0 dB)", "new: compressor ...", "centre -> 30 % left".
std::string changeText(const StepChange& change);

Json toJson(const PlanComparison& comparison);
Json planComparisonSchema();

// The comparison in at most `count` lines, the most audible first, each with its reason; then how much more there is.
std::vector<std::string> changeLines(const PlanComparison& comparison, std::size_t count);

}  // namespace tonewright
