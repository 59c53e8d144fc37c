#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/facts.h"
#include "session/roles.h"
#include "session/timbre_model.h"

namespace tonewright {

// What a recording sounds like. Nothing of it changes with the level.
struct Sound {
    double lowShare = 0.0;               // of the power below 120 Hz (the sums of the shares are 1)
    double lowMidShare = 0.0;            // 120 ... 500 Hz
    double midShare = 0.0;               // 500 ... 2000 Hz
    double presenceShare = 0.0;          // 2 ... 6 kHz
    double airShare = 0.0;               // above
    std::vector<RoleProbability> roles;  // most probable first; empty for silence
};
// The analysis must have been made with the sketch and AnalysisOptions::timbre.
Sound soundOf(const Analysis& analysis);

// Of drums, bass, guitar, keys, vocals and all others, which are told apart by sound.
using FamilyProbabilities = std::array<double, 6>;
FamilyProbabilities familiesOf(const Sound& sound);          // all 0 for silence
FamilyProbabilities familiesOf(std::string_view role);       // 1 for the role's own; all 0 for unknown

struct ContentReading {
    std::string role{kUnknownRole};
    double confidence = 0.0;        // the role's probability
    double familyConfidence = 0.0;  // its family's
    std::string because;            // "it sounds like snare drum (71 %) or tom (14 %)"
};

// The role from the sound alone: the most probable one of the most probable family (drums, bass, guitar, keys, vocals,
// others together); unknown where no family has 35 %, below which a guess is wrong more often than right.
ContentReading roleOfSound(const Sound& sound);

// The same with other probabilities of the families (joint_roles.h). The role's confidence follows its family's, but nothing
// becomes surer than 0.8 by that.
ContentReading roleOfSound(const Sound& sound, const FamilyProbabilities& families);

// The same where the family is known already: that of `role`.
ContentReading roleOfSound(const Sound& sound, std::string_view role);

// Of the role's family among those six, 0 ... 1.
double familyProbability(const Sound& sound, std::string_view role);

// How well a role that a name claims agrees with the spectrum: 1 nothing against it ... 0 impossible.
double plausibility(std::string_view role, const Sound& sound);

}  // namespace tonewright
