#include <cmath>

#include "engineer/decision.h"
#include "engineer/repair/repair_rules.h"

namespace tonewright {

std::optional<Step> decideAlignment(const MixTrack& track, const MixFacts& facts, const AlignmentTuning& tuning) {
    const auto found = facts.alignments.find(track.track->id);
    if (found == facts.alignments.end() || found->second.confidence < tuning.leastConfidence) return std::nullopt;
    const TrackAlignment& alignment = found->second;

    const bool room = track.track->role == "drums/room";
    const double distanceFrames = room ? tuning.roomDistanceMs * 0.001 * facts.session.sampleRateHz : 0.0;
    const double delayFrames = roundTo(alignment.delayFrames + distanceFrames, 0.01);
    if (!alignment.inverted && std::abs(delayFrames) < tuning.leastDelayFrames) return std::nullopt;

    const Track* reference = findTrack(facts.session, alignment.reference);
    const std::string against = reference == track.track ? "most of its group" : reference ? reference->name : alignment.reference;
    const double delayMs = 1000.0 * delayFrames / facts.session.sampleRateHz;
    const std::string move = std::abs(delayFrames) < tuning.leastDelayFrames ? "" : "moved " + fixed(std::abs(delayMs), 2) + " ms " + (delayMs < 0 ? "earlier" : "later");
    std::string text = "Its wave is ";
    if (alignment.inverted) text += "upside down against " + against + " and is turned over" + (move.empty() ? "" : "; it is " + move);
    else text += "not in time with " + against + " and is " + move;
    text += room ? ", so that the room stands a fixed 8 ms behind the kit: depth without comb filtering by chance." : ", so that the low end adds up instead of cancelling.";
    if (alignment.confidence < tuning.sureConfidence) text += " The two have little in common to go by: listen, and switch this off if it sounds thinner.";
    return makeStep(track.stepId("align"), Alignment::Params{.delayFrames = delayFrames, .invertPolarity = alignment.inverted},
                    {.rule = "repair.alignment",
                     .text = std::move(text),
                     .evidence = {evidence("delayFrames", alignment.delayFrames, "frames", "to stand with " + against),
                                  evidence("alignmentConfidence", alignment.confidence, "", "limit " + fixed(tuning.leastConfidence, 2))},
                     .confidence = alignment.confidence});
}

}  // namespace tonewright
