#pragma once
#include <optional>
#include <vector>

#include "engineer/mix/mix_rules.h"
#include "engineer/mix/mix_state.h"

// Levels that follow the song, decided behind the balance: every rule a page of docs/rules/ under its own name.
namespace tonewright {

// mix.ride: the lead vocal against the band, phrase by phrase.
struct RideTuning {
    double alikeLu = 0.7;              // from the song's ratio that is left alone
    double mostUpDb = 3.0, mostDownDb = 2.0;
    double leastDb = 0.5;              // of the largest move: below, no ride
    double singsWithinLu = 20.0;       // of its own mean: what is under it is no singing
    double ignoreUnderMixLu = 30.0;
    double breathSeconds = 0.4;        // loudness, heard over 0.4 s, falls for longer: a phrase has ended
    double shortestSeconds = 1.2, longestSeconds = 8.0;  // of a phrase
    double sectionSeconds = 15.0;      // of what the evidence states
};
std::vector<MaskingDecision> decideRides(const MixState& state, double intensity, const RideTuning& tuning = {});

// How far the voice's loudness re the mix, while it sings, is from the song's in the section of that length where it is farthest. 0: nobody sings.
double worstSectionLu(const MixState& state, const RideTuning& tuning = {});

// mix.section-lift: choruses that the recording does not lift. On the mix bus.
struct SectionLiftTuning {
    double wantedLu = 1.5;             // chorus over verse
    double mostDb = 1.0, leastDb = 0.3;
    double leastConfidence = 0.6;      // of the names
    double rampSeconds = 0.25;
};
std::optional<Step> decideSectionLift(const MixState& state, double intensity, const SectionLiftTuning& tuning = {});

// mix.solo: an instrument that leads where nobody sings.
struct SoloTuning {
    double leadUnderMixLu = -6.0;      // where a leading instrument belongs
    double mostDb = 2.0, leastDb = 0.5;
    double leastSeconds = 6.0;
    double onlyHereShare = 0.3;        // plays no more than that of the rest of the song
    double rampSeconds = 0.3;
};
std::vector<MaskingDecision> decideSolos(const MixState& state, double intensity, const SoloTuning& tuning = {});

// mix.part-mute: long stretches in which a track holds nothing but spill or noise.
struct PartMuteTuning {
    double nothingDb = 35.0;           // under the track's loud moments
    double tailDb = 6.0;               // over what is left when its last note has died away
    double waitSeconds = 1.0;          // after that, and again before the next sound
    double leastSeconds = 8.0;
    double leastMixDb = 70.0;          // under the mix: what is quieter need not be muted
    double fadeOutSeconds = 0.5, fadeInSeconds = 0.15;
};
std::vector<MaskingDecision> decidePartMutes(const MixState& state, const PartMuteTuning& tuning = {});

// mix.throw: the last word of a part, sent on into a delay that is there.
struct ThrowTuning {
    double upDb = 6.0;                 // of the send, at the throw
    double leastPauseSeconds = 2.0;    // into which it rings
    double wordSeconds = 0.8;
    double rampSeconds = 0.08;
    double mostPerMinute = 2.0;
};
void decideThrows(MixState& state, double intensity, const ThrowTuning& tuning = {});

// All of them in their order, into the plan and the sketches.
void automate(MixState& state, double intensity);

}  // namespace tonewright
