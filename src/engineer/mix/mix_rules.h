#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engineer/mix/mix_state.h"
#include "engineer/style.h"

// How a mix is decided, rule by rule; every rule is a page of docs/rules/ under its own name.
namespace tonewright {

// mix.silent, mix.duplicate, mix.utility: tracks that should not play. `others` are the tracks that do.
struct SelectionTuning {
    double sameSimilarity = 0.97;   // cosine of the sketches' amplitudes: above it two files are one performance
};
std::optional<Step> decideMute(const MixTrack& track, const std::vector<MixTrack>& all, const SelectionTuning& tuning = {});

// mix.spill: an instrument's or voice's microphone into which nobody plays: it hears the drum kit and nothing else.
struct SpillTuning {
    double leastShare = 0.85;      // of its energy up to 2 kHz that filters of the kit's microphones explain
    int leastMicrophones = 3;      // of the kit
};
std::optional<Step> decideSpill(const MixState& state, int track, const SpillTuning& tuning = {});

// mix.tone: an octave in which a track stands out from what its kind usually has, halved.
struct ToneTuning {
    double leastExcessDb = 8.0;
    double leastOverNeighboursDb = 5.0;
    double livesWithinDb = 20.0;    // bands further under the strongest of its kind say more of the pickup than of a fault
    double mostCutDb = 3.0;
    double mostHz = 4500.0;         // above, the usual spectrum says more of the arrangement than of a fault
    double mostElectricGuitarHz = 1600.0;
    int mostCuts = 1;
};
std::vector<Step> decideTone(const MixTrack& track, double intensity, const ToneTuning& tuning = {});

// mix.de-ess: s-sounds that stand out of a voice.
struct DeEssTuning {
    double fromHz = 5500.0;
    double strongShareDb = -7.0;    // share of the highs in the loudest twentieth of the frames
    double rangeDb = 5.0;
};
std::optional<Step> decideDeEss(const MixTrack& track, const SketchGrid& grid, const DeEssTuning& tuning = {});
// What a de-esser does to a sketch: power ratios, [frame * kErbBands + band], and what it takes of the highs, on average while acting and at most.
struct Shelving {
    std::vector<float> gains;
    double meanDb = 0.0, mostDb = 0.0;
};
Shelving deEssing(const DeEsser::Params& params, const TrackSketch& sketch, double frameSeconds);

// mix.rough: what the artist's rough mix leaves out does not play.
std::optional<Step> decideAbsence(const MixTrack& track, const MixFacts& facts, const RoughTuning& tuning = {});
// mix.rough: the artist's level and place of a track; null: the rough mix does not say.
const RoughBalance::Place* roughPlace(const MixTrack& track, const MixFacts& facts, const RoughTuning& tuning = {});

// mix.balance: every fader. Sets faderDb and plan.fader of all audible tracks.
struct BalanceTuning {
    double leadUnderMixLu = -3.0;   // lead vocal against the whole mix
    double bedUnderTalkLu = 12.0;   // music under speech in a recording that is talk (listeners want 10 to 15)
    double leadInstrumentLu = -7.5; // most, for what leads where nobody sings
    double leadInstrumentOverRoleLu = 2.5;
    double withoutOverheadsLu = 6.0; // cymbals and hi-hat closer where no overhead hears them
    double perDoublingLu = 1.5;     // a place in which twice as many different parts play is louder by this
    double mixLufs = -22.0;         // where the mix lands: room for peaks before mastering
};
void decideBalance(MixState& state, const BalanceTuning& tuning = {});
// Each where its role (or the rough mix) usually has it, without a search: what rules see that come before what tracks add up to is known.
void setUsualLevels(MixState& state, const BalanceTuning& tuning = {});

// mix.masking: a band in which one track covers what another lives on.
struct MaskingTuning {
    double thresholdDb = 4.0;       // energy below the rest by more than this is covered (as masking models have it)
    double leastPriority = 60.0;    // only tracks that matter are made room for
    double leastCoveredShare = 0.4; // of the time in which it plays
    double leastPart = 0.35;        // of what covers it: otherwise others are to blame
    double mostCutDb = 3.0;
    int mostCutsPerTrack = 1;
    int mostCuts = 6;               // many small moves are a different mix, not a better one
};
struct MaskingDecision {
    int track = 0;
    Step step;
};
std::vector<MaskingDecision> decideMasking(const MixState& state, double intensity, const MaskingTuning& tuning = {});
// Share (0 ... 1) of a track's loudness-weighted energy that the rest of the mix covers. `sum`: state.sum(), with the track in it.
double maskedShare(const MixTrack& track, const TrackSketch& sum, double thresholdDb = 4.0);

// mix.pan: a stereo recording that would lose too much in mono comes nearer together. Sets the track's width, before the balance.
struct MonoLossTuning {
    double mostMonoLossLu = 2.5;    // what the fold-down may take from one recording
};
void limitMonoLoss(MixTrack& track, const MonoLossTuning& tuning = {});

// mix.pan: where everything stands. Sets plan.pan of all audible tracks.
void decidePan(MixState& state);

// mix.groups: which tracks share a fader and a bus; mix.bus-compress: glue on the drums.
void decideGroups(MixState& state, double intensity);

// mix.duck: the bass makes room for the kick.
struct DuckTuning {
    double belowHz = 200.0;
    double leastShare = 0.35;       // of both tracks' energy below it
    double reductionDb = 2.5;
};
std::optional<MaskingDecision> decideDuck(const MixState& state, double intensity, const DuckTuning& tuning = {});

// mix.tilt: the sum's tone towards what released music has, on the mix bus.
struct TiltTuning {
    double mostDb = 2.0;
    double unsureDb = 3.0;          // more tolerance where nobody named a style
};
std::optional<Step> decideTilt(const MixState& state, const Style& style, double intensity, const TiltTuning& tuning = {});

}  // namespace tonewright
