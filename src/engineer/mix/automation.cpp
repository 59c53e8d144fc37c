#include "engineer/mix/automation.h"

namespace tonewright {

void automate(MixState& state, double intensity) {
    if (intensity <= 0.0) return;
    const auto carryOut = [&](std::vector<MaskingDecision> decisions) {
        for (MaskingDecision& decision : decisions) append(state, decision.track, std::move(decision.step));
    };
    carryOut(decidePartMutes(state));
    carryOut(decideSolos(state, intensity));
    carryOut(decideRides(state, intensity));
    if (auto lift = decideSectionLift(state, intensity)) state.mixBus.push_back(std::move(*lift));
    decideThrows(state, intensity);
}

}  // namespace tonewright
