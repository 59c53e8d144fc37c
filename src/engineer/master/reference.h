#pragma once
#include <array>
#include <optional>
#include <vector>

#include "analysis/balance_meter.h"
#include "engineer/master/master_rules.h"
#include "engineer/master/reference_profile.h"
#include "plan/plan.h"

// How a master is matched to a reference: rules reference.tone, reference.width, reference.dynamics, reference.loudness.
namespace tonewright {

// A gain in dB for each third octave.
using BandGainsDb = std::array<double, kThirdOctaves>;

struct MatchTuning {
    double mostBoostDb = 18.0, mostCutDb = 30.0;          // of the middle, in a third octave
    double mostSideBoostDb = 24.0, mostSideCutDb = 40.0;  // of the sides
    double deepestHz = 36.0, mostDeepBoostDb = 4.0;       // below it there is more rumble than music
    double airHz = 17000.0, mostAirBoostDb = 6.0;         // from it on more hiss
    double bassHz = 120.0, bassSideDb = -3.0;             // below it the sides are raised at most to this against the middle,
    double bassMattersDb = 25.0;                          // where the band stands no deeper than this under the whole
    double noiseBelowDb = -55.0;                          // a band's own noise is not raised above this against the programme
    double leastNoisyBoostDb = 3.0;                       // that much is always allowed
    double emptySideDb = -55.0;                           // a side so far under the middle is none that could be raised
    double leastSeconds = 5.0;                            // a shorter song or reference says too little
    double leastDb = 0.1;                                 // what is written, and worth a filter
};

// RMS of the differences per third octave, 40 Hz to 16 kHz, each after its own mean is taken out; nullopt where there is
// nothing to compare.
struct ShapeError {
    std::optional<double> midDb, sideDb;
};
ShapeError shapeError(const MidSideSpectrum& spectrum, const BalanceTarget& target);

// A match as it is being made. The curves come first from the two recordings, and then from what the chain made of them:
// dynamics, colour and limiting change the spectrum too (journey/reference_stage.h renders and measures).
struct ReferenceMatch {
    ReferenceProfile profile;
    BalanceFacts song;
    MatchAmounts amounts;                  // with the intensity in them
    bool widthMatched = false;             // the middle and the sides have their own curves
    BandLevels goalMidDb, goalSideDb;      // what the master's spectra should be, up to a level that both share
    BandGainsDb midDb{}, sideDb{};         // the curves
    BandGainsDb lowestMidDb{}, highestMidDb{}, lowestSideDb{}, highestSideDb{};
    std::optional<MidSideSpectrum> made;   // what the chain gave in the last round
    std::vector<Warning> warnings;

    bool changesTone() const;              // there is a curve at all
};

// Decides the curves. `condition`: of the song.
ReferenceMatch beginMatch(const ReferenceProfile& profile, const BalanceFacts& song, const Analysis& facts, const Condition& condition,
                          const Intent& intent, const MatchTuning& tuning = {});

// Corrects the curves by what is missing in `made`, and returns how much that was: RMS in dB over all bands that have a goal.
double correctMatch(ReferenceMatch& match, const MidSideSpectrum& made, const MatchTuning& tuning = {});

// The curves as steps: one on both channels, or one on the middle and one on the sides; none where nothing moves.
std::vector<Step> matchSteps(const ReferenceMatch& match, const StreamSpec& spec, const MatchTuning& tuning = {});
inline constexpr const char* kReferenceToneId = "reference.tone";
inline constexpr const char* kReferenceWidthId = "reference.width";

// reference.dynamics: compression as master.dynamics does it, towards the reference's range and peaks.
struct ReferenceDynamicsTuning {
    double leastPlrDb = 8.0;               // an over-limited reference is not followed further
    double mostDb = 3.0;                   // at the loud moments
    double perLraLu = 0.35;                // of reduction, for each LU that the range is wider
};
std::optional<Step> decideReferenceDynamics(const MasterBrief& brief, const ReferenceMatch& match, const ReferenceDynamicsTuning& tuning = {});

// reference.sections: quiet sections against loud ones, towards the reference's difference, as a gain over time. Only the quiet
// ones are moved.
struct ReferenceSectionTuning {
    double leastConfidence = 0.5;          // of the song's sections, and of the reference's
    double leastDb = 0.5, mostDb = 3.0;
    double apartLu = 0.5;                  // the loudest quiet section stays so far under the quietest loud one
    double fadeSeconds = 2.0;              // from one gain to the other, around the change
};
std::optional<Step> decideReferenceSections(const MasterBrief& brief, const ReferenceMatch& match, const ReferenceSectionTuning& tuning = {});

// reference.loudness: the reference's, by its amount; `own` is what it would be without.
struct ReferenceLoudnessTuning {
    double leastPlrDb = 6.0;               // under the ceiling: an over-limited reference is not followed further
};
LoudnessTarget decideReferenceLoudness(const MasterBrief& brief, const ReferenceMatch& match, const LoudnessTarget& own,
                                       const ReferenceLoudnessTuning& tuning = {});

}  // namespace tonewright
