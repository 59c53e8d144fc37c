#pragma once
#include <string>
#include <vector>

#include "core/json.h"
#include "dsp/saturator_params.h"

namespace tonewright {

// Harmonics that a style bears, or a mood asks for: a kind, and how much of a 1 kHz sine of -12 dBFS they are at most
// (dsp/harmonic_profile.h). 0: none.
struct ColourWish {
    SaturatorKind kind = SaturatorKind::tape;
    double mostPercent = 0.0;
};

// The keys "kind" and "mostPercent" of a "colour" in data/.
inline ColourWish readColourWish(JsonReader& json) {
    static const std::vector<std::string> kKinds(kSaturatorKindNames.begin(), kSaturatorKindNames.end());
    return {.kind = static_cast<SaturatorKind>(json.choice("kind", kKinds)), .mostPercent = json.number("mostPercent", {0.0, 2.0})};
}

}  // namespace tonewright
