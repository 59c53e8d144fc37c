#pragma once
#include <array>
#include <functional>
#include <optional>

#include "dsp/saturator_params.h"
#include "engineer/master/master_rules.h"
#include "engineer/master/plan_master.h"

namespace tonewright {

// master.harmonics: a little saturation of a kind that the style bears or a mood asks for, where the sound has room for it.
struct HarmonicsTuning {
    double tapeDriveDb = 6.0, tubeDriveDb = 3.0, transformerDriveDb = 6.0, softClipDriveDb = 6.0;  // of what is mixed in
    double leastPercent = 0.1;            // of a 1 kHz sine of -12 dBFS; less is not worth a step
    double leastPlrDb = 10.5;             // less stands out of a programme that is dense already
    double mostFlatness = 0.12;           // more, and it is noisy: harmonics would only blur it
    double cleanPlrDb = 12.0, fullPlrDb = 16.0;   // peaks over loudness: from none of what the style bears to all
    double dullDb = 1.5, fullDullDb = 5.0;        // 5-12.5 kHz under the style's target: the same
    double meanGrade = -0.15, worstGrade = -0.3;  // what may be heard of it (PEAQ)
    int mostTries = 4;
};
std::optional<Step> decideHarmonics(const MasterBrief& brief, const HarmonicsTuning& tuning = {});
inline constexpr const char* kHarmonicsId = "master.harmonics";

// What is heard of these settings on the programme, at matched loudness.
using ColourTrial = std::function<LimitingDamage(const SaturatorParams& params)>;

// Brings the amount of plan.master's harmonics down until what is heard of it is within the budget, and writes that into its
// reason; where no amount is, the step is bypassed. A step that is not there, locked or the user's own is left as it is, untried.
void settleHarmonics(Plan& plan, const ColourTrial& heard, const HarmonicsTuning& tuning = {});

}  // namespace tonewright
