#pragma once
#include <functional>

#include "analysis/facts.h"
#include "plan/plan.h"

namespace tonewright {

struct ReferenceMatch;

// Decides the master of a programme (a finished mix, or what renderMix() made): fills plan.master up to and including the
// limiter, plan.style and plan.delivery, each step with its reasons. The limiter's drive is a first estimate that
// solveLoudness() settles. Do no harm: what is already mastered, clipped, silent, mono or broken is recognised.
//
// With a reference (reference.h) its curves take the place of the style's tone and width, and its loudness that of the style's,
// unless the intent names one.
void planMaster(Plan& plan, const Analysis& programme, const ReferenceMatch* match = nullptr);

// One trial of the limiter: what the programme measures with this drive into it.
struct LoudnessTrial {
    double driveDb = 0.0;
    LoudnessFacts loudness;
    double maxReductionDb = 0.0;   // <= 0
    double meanReductionDb = 0.0;  // <= 0, while reducing
};

// Measures several drives (in parallel, if it can): one trial for each.
using LoudnessTrials = std::function<std::vector<LoudnessTrial>(const std::vector<double>& drivesDb)>;

// What is heard of the limiting at matched loudness, in grades of PEAQ (ITU-R BS.1387): 0 nothing ... -4 very annoying.
struct LimitingDamage {
    double meanGrade = 0.0;
    double worstGrade = 0.0;
    double worstSeconds = 0.0;     // where
};

// Judges several drives: one answer for each.
using DamageTrials = std::function<std::vector<LimitingDamage>(const std::vector<double>& drivesDb)>;

// How the limiter can be tried out, from quick to thorough.
struct LimiterAudition {
    LoudnessTrials estimate;   // on excerpts: within some tenths of a LU
    LoudnessTrials measure;    // on the whole programme, as it will be delivered; one drive at a time
    DamageTrials judge;        // called after measure
};

// How much damage is accepted. Unasked, limiting must not annoy; asked for, a loudness is carried out until the music is ruined.
struct DamageBudget {
    double meanGrade, worstGrade;
    bool allows(const LimitingDamage& damage) const { return damage.meanGrade >= meanGrade && damage.worstGrade >= worstGrade; }
};
inline constexpr DamageBudget kAutomaticDamage{.meanGrade = -0.6, .worstGrade = -1.0};
inline constexpr DamageBudget kAskedDamage{.meanGrade = -2.8, .worstGrade = -3.3};

struct LoudnessSolution {
    double driveDb = 0.0;
    bool reached = true;           // within 0.05 LU of the target, as measured
    std::string text;              // what prevented it
};

// Finds the limiter's drive with which the programme lands on plan.delivery.integratedLufs, or the most that the damage
// budget allows, and writes it into the plan's limiter step with its evidence. `preLimiter`: the programme before the limiter.
// Where anything was measured, this drive was.
LoudnessSolution solveLoudness(Plan& plan, const LoudnessFacts& preLimiter, const LimiterAudition& audition);

}  // namespace tonewright
