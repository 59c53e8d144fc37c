#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "engineer/decision.h"
#include "engineer/mix/automation.h"
#include "engineer/mix/automation_curve.h"

namespace tonewright {

namespace {

constexpr double kMutedDb = -120.0;

// A kit's microphones hear each other all the time, and a room is what plays in it; effects and submixes may mean every sound.
bool mayBeMuted(const MixTrack& track) {
    const std::string family = track.family();
    return family != "drums" && family != "effects" && family != "mix" && family != "unknown";
}

struct Stretch {
    int first = 0, last = 0;   // frames
};

// The part of a stretch without the tail before it and the beginning of what follows: from where the level stays near what is left in its
// second half.
std::optional<Stretch> withoutTails(const std::vector<double>& power, Stretch stretch, double frameSeconds, const PartMuteTuning& tuning) {
    std::vector<double> rest(power.begin() + (stretch.first + stretch.last) / 2, power.begin() + stretch.last);
    if (rest.empty()) return std::nullopt;
    std::nth_element(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(9 * rest.size() / 10), rest.end());
    const double settled = rest[9 * rest.size() / 10] * dbToPower(tuning.tailDb);
    int first = stretch.first;
    const int middle = (stretch.first + stretch.last) / 2;
    for (int f = stretch.first; f < middle; ++f)
        if (power[f] > settled) first = f + 1;
    const int wait = static_cast<int>(std::lround(tuning.waitSeconds / frameSeconds)), count = static_cast<int>(power.size());
    const Stretch trimmed{stretch.first == 0 ? 0 : first + wait, stretch.last == count ? count : stretch.last - wait};
    if ((trimmed.last - trimmed.first) * frameSeconds < tuning.leastSeconds) return std::nullopt;
    return trimmed;
}

}  // namespace

std::vector<MaskingDecision> decidePartMutes(const MixState& state, const PartMuteTuning& tuning) {
    std::vector<MaskingDecision> decisions;
    const double mixLevel = state.mixLoudnessLufs(), frameSeconds = state.grid.frameSeconds;
    if (!std::isfinite(mixLevel)) return decisions;
    for (int i : state.byContent) {
        const MixTrack& track = state.tracks[i];
        if (!mayBeMuted(track)) continue;
        const std::vector<double> power = track.sketch.framePower();
        const std::vector<double> levels = activeLevelsDb(power);
        if (levels.empty()) continue;
        const double nothing = dbToPower(percentile(levels, 0.9) - tuning.nothingDb), silent = dbToPower(mixLevel - tuning.leastMixDb);
        std::vector<LevelMove> moves;
        double mutedSeconds = 0.0, loudest = 0.0;
        for (int f = 0; f < state.grid.frames;) {
            Stretch stretch{f, f};
            while (stretch.last < state.grid.frames && power[stretch.last] < nothing) ++stretch.last;
            f = stretch.last + 1;
            if (stretch.last == stretch.first) continue;
            const std::optional<Stretch> mute = withoutTails(power, stretch, frameSeconds, tuning);
            if (!mute) continue;
            double left = 0.0;
            for (int g = mute->first; g < mute->last; ++g) left += power[g];
            left /= mute->last - mute->first;
            if (left < silent) continue;
            loudest = std::max(loudest, left);
            moves.push_back({mute->first * frameSeconds, mute->last * frameSeconds, kMutedDb});
            mutedSeconds += moves.back().endSeconds - moves.back().startSeconds;
        }
        if (moves.empty()) continue;
        decisions.push_back({i, makeStep(track.stepId("part-mute"), excursions(moves, tuning.fadeOutSeconds, tuning.fadeInSeconds),
                                         {.rule = "mix.part-mute",
                                          .text = "Between its parts this track holds only what others left on it: spill and noise. It is faded out there, long after its last note and before its next.",
                                          .evidence = {evidence("mutedSeconds", mutedSeconds, "s", std::to_string(moves.size()) + (moves.size() == 1 ? " stretch" : " stretches")),
                                                       evidence("leftThereReMix", powerToDb(loudest) - mixLevel, "LU", "own parts at least " + fixed(tuning.nothingDb, 0) + " dB above")},
                                          .confidence = 0.7})});
    }
    return decisions;
}

}  // namespace tonewright
