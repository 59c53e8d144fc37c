#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engineer/colour_wish.h"
#include "engineer/mix/mix_state.h"
#include "engineer/style.h"

namespace tonewright {

// mix.colour: a little saturation where the style or a mood bears it, and on a bass that small speakers would not let one hear.
struct TrackColourTuning {
    double bassPart = 1.5, drumsPart = 1.0, leadPart = 0.8;   // of what the style or mood bears
    double dullBassPercent = 0.8;          // unasked: of a bass without middle
    double dullBassDb = -22.0, fullDullBassDb = -30.0;  // its 500 Hz to 2.5 kHz against its lows: from nothing to all of that
    double leastCrestDb = 7.0, fullCrestDb = 10.0;      // of a voice or a kit: less was driven before, more has room
    double ownHarmonicsDb = -12.0;         // a bass with more middle than that has its own harmonics
    double leastPercent = 0.15;            // less is not worth a step
    double mostPercent = 1.2;
    double mostDriveDb = 12.0;
};
// What the style and the moods bear or ask for together.
ColourWish colourWish(const Intent& intent, const Style* style);
std::optional<Step> decideColour(const MixTrack& track, const MixState& state, const ColourWish& wish, double intensity, const TrackColourTuning& tuning = {});
// The same for the kit; `levelDb`: of its loud moments, as its group hears them.
std::optional<Step> decideKitColour(const MixState& state, const std::vector<int>& members, double levelDb, const ColourWish& wish, double intensity, const TrackColourTuning& tuning = {});

}  // namespace tonewright
