#include <algorithm>

#include "analysis/low_end.h"
#include "engineer/decision.h"
#include "engineer/mix/mix_rules.h"

namespace tonewright {

std::optional<Step> decideSpill(const MixState& state, int index, const SpillTuning& tuning) {
    static constexpr std::string_view kPlayedIntoMicrophones[] = {"vocals", "guitar", "bass", "keys", "strings", "brass", "winds", "mallets"};
    const MixTrack& track = state.tracks[index];
    if (!state.facts.lowEnd || std::ranges::find(kPlayedIntoMicrophones, track.family()) == std::end(kPlayedIntoMicrophones)) return std::nullopt;
    std::vector<int> kit;
    for (std::size_t i = 0; i < state.tracks.size(); ++i)
        if (state.tracks[i].family() == "drums" && !state.tracks[i].track->group.empty() && !state.tracks[i].track->silent) kit.push_back(static_cast<int>(i));
    if (static_cast<int>(kit.size()) < tuning.leastMicrophones) return std::nullopt;
    const std::optional<double> share = state.facts.lowEnd->explainedShare(index, kit);
    if (!share || *share < tuning.leastShare) return std::nullopt;
    return makeStep(track.stepId("mute"), Gain::Params{.gainDb = -120.0},
                    {.rule = "mix.spill",
                     .text = "Nobody plays here: all that this microphone hears is the drums, which have their own.",
                     .evidence = {evidence("spillShare", *share, "", "of its energy up to 2 kHz; limit " + fixed(tuning.leastShare, 2))},
                     .confidence = 0.8});
}

}  // namespace tonewright
