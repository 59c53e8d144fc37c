#pragma once
#include <array>
#include <optional>

#include "analysis/facts.h"

namespace tonewright {

// How far each of the bands of kSpreadBandsHz moves against the rest of the music: of its level over the power outside it,
// in stretches of 0.4 s within 20 dB of the loudest, the 95th percentile less the 10th, in dB. nullopt where there are fewer than
// 40 stretches, or where the band is empty (60 dB under the rest in half of them).
std::array<std::optional<double>, kSpreadBands> bandSpreadDb(const Sketch& sketch);

}  // namespace tonewright
