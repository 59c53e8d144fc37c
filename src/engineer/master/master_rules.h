#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "analysis/facts.h"
#include "core/error.h"
#include "dsp/equalizer.h"
#include "engineer/mood.h"
#include "engineer/style.h"
#include "plan/plan.h"

// How a master is decided, rule by rule; every rule is a page of docs/rules/ under its own name. All rules are pure, and
// none depends on the level at which the programme was delivered.
namespace tonewright {

// Every programme enters the chain at this loudness, so that no threshold depends on how hot it was recorded.
inline constexpr double kWorkingLufs = -18.0;

// master.style: which style the music is nearest to.
struct StyleGuess {
    std::string name = "neutral";
    double confidence = 0.0;        // 0 ... 1
    std::string nearest;            // what came closest, also where it was not believed
    std::string because;            // the measures that speak most for it: "percussiveness 0.12, onsets 1.0 a second"
};
struct StyleTuning {
    double leastConfidence = 0.55;  // below it no style is assumed
    double independence = 0.5;      // the measures say partly the same: their evidence counts so much
    double leastSeconds = 20.0;     // shorter excerpts say too little
};
StyleGuess guessStyle(const Analysis& programme, const StyleTuning& tuning = {});

// master.no-harm: what must not be touched, or not any further.
enum class ChannelFault { none, leftSilent, rightSilent, inverted };
struct Condition {
    bool silent = false;            // nothing to measure
    bool finished = false;          // a master already: level and ceiling only
    bool clipped = false;           // no further density
    bool tooShort = false;          // too little to judge tone and dynamics by
    bool mono = false;              // no side signal to work on
    bool brokenStereo = false;      // a channel is silent or inverted: stereo steps would make it worse
    ChannelFault channels = ChannelFault::none;
    double topHz = 20000.0;         // above it there is nothing: a lossy source
    std::vector<Warning> warnings;
};
struct NoHarmTuning {
    double finishedPlrDb = 9.5, finishedPsrDb = 8.0;  // a mix that nobody limited stays above
    double limitedPlrDb = 13.0;                       // up to here, together with
    double limitedPeakShare = 0.10;                   // that many moments whose peaks reach the same ceiling within 0.5 dB, or
    double ceilingShare = 0.004;                      // that many within 0.1 dB, and
    double ceilingDensity = 2.0;                      // so many times as dense as in the 0.4 dB below; peaks that nobody limited grow rarer upwards
    double leastMinorSide = 0.15;                     // from below and from above
    double leastSeconds = 5.0;
    double lossyHz = 18000.0;                         // a cut-off below it is said
};
Condition findCondition(const Analysis& programme, const NoHarmTuning& tuning = {});

using ToneCurve = std::array<double, kThirdOctaves>;

// What the rules decide from.
struct MasterBrief {
    const Analysis& programme;
    const Style& style;
    Condition condition;
    double intensity = 1.0;
    double loudnessLufs = kSilentDb;  // as heard from two loudspeakers: a mono file plays on both
    double peakToLoudnessDb = 0.0;    // true peak over that
    double targetLufs = -14.0;
    double ceilingDbtp = -1.0;
    MoodShape mood{};                 // what was asked for, already in proportion to the intensity
    ToneCurve correctedDb{};          // what the corrective rules do on the average, per third octave

    double gainDb() const;            // to the working level
    // How far peaks would have to come down, were nothing else done.
    double limitingDemandDb() const { return peakToLoudnessDb - (ceilingDbtp - targetLufs); }
    bool soundMayChange() const;
    bool densityMayChange() const;
    bool stereoMayChange() const;
};

// master.target: how loud. Without a wish: the style's usual loudness, or what the peaks allow anyway if that is louder; a
// finished master keeps the dynamics it has.
struct LoudnessTarget {
    double integratedLufs = -14.0;
    std::string text;
};
LoudnessTarget decideTarget(const MasterBrief& brief, const Intent& intent, bool styleGuessed);

// master.gain: to the working level.
std::optional<Step> decideGain(const MasterBrief& brief);

// master.dc: a constant offset.
struct MasterDcTuning {
    double leastShareDb = -40.0;  // offset against the programme's RMS
    double cornerHz = 5.0;
};
std::optional<Step> decideMasterDc(const MasterBrief& brief, const MasterDcTuning& tuning = {});

// master.edges: what lies before the first note and after the last, and fades.
struct EdgeTuning {
    double roomBeforeSeconds = 0.2, roomAfterSeconds = 0.3;  // kept
    double leastSeconds = 0.05;        // less is not worth a cut
    double clickSeconds = 0.02;        // room for a click
    double cutFadeInMs = 1.0, cutFadeOutMs = 5.0;  // where the music is cut into
    double tonalDb = 10.0;             // a band standing out so far: not noise but a note
};
struct EdgeDecision {
    std::optional<Step> trim, fades;
    std::optional<double> peakDbfs;    // highest sample of what is left, where something higher was taken away
};
EdgeDecision decideEdges(const MasterBrief& brief, const Intent& intent, double deliveryRateHz, const EdgeTuning& tuning = {});

// master.channels: a channel that is silent or inverted is mended; sides of different level are brought nearer, if only a
// gain can be the cause, and said otherwise.
struct ChannelTuning {
    double deadBandDb = 1.5, leastDb = 0.3, mostDb = 2.0;
    double leastCorrelation = 0.8;
    double adviceDb = 3.0;
};
struct ChannelDecision {
    std::optional<Step> step;
    std::optional<Warning> advice;
};
ChannelDecision decideChannels(const MasterBrief& brief, const ChannelTuning& tuning = {});

// Tone that is wrong, before tone that is unusual. Each rule cuts half of what is too much, at most.
// master.rumble: what lies below music.
struct RumbleTuning {
    double leastDb = -24.0;       // below 27 Hz, against 100 Hz ... 10 kHz
    double mostUnderBassDb = 4.0; // further under the third octave at 31.5 Hz it is the skirt of deep notes
    double cornerHz = 25.0;
};
std::optional<Step> decideRumble(const MasterBrief& brief, const RumbleTuning& tuning = {});

// master.resonance: narrow peaks that are there whatever is played.
struct ResonanceTuning {
    double lowestHz = 1000.0, highestHz = 10000.0;  // below, notes and resonances cannot be told apart
    double leastExcessDb = 6.0, leastSteadyDb = 3.5;
    double leastQ = 2.5, mostQ = 20.0;              // narrower ones are tones
    double leastLevelDb = -50.0;                    // of its third octave, against 100 Hz ... 10 kHz: below it nobody hears it
    double mostDb = 3.0;
    int mostCuts = 2;
    int mostPeaks = 4;                              // more are the harmonics of an instrument
};
std::optional<Step> decideResonance(const MasterBrief& brief, const ResonanceTuning& tuning = {});

// master.mud, master.harshness, master.sibilance: a region that covers the rest; held back while it does, where it comes and
// goes, and turned down where it stays.
struct RegionFaultTuning {
    double leastHumpDb = 4.0, quietHumpDb = 2.0;    // over what both neighbours suggest; the cut is half of what is over quietHumpDb
    double comesAndGoesDb = 9.0;                    // loud moments this far over the median
    double loudHarshnessDb = -3.0, loudSibilanceDb = -4.0;  // loud moments so near to the level of everything
    double leastDb = 1.0, mostDb = 3.0;
};
std::optional<Step> decideMud(const MasterBrief& brief, const RegionFaultTuning& tuning = {});
std::optional<Step> decideHarshness(const MasterBrief& brief, const RegionFaultTuning& tuning = {});
std::optional<Step> decideSibilance(const MasterBrief& brief, const RegionFaultTuning& tuning = {});

// What a corrective step does on the average: a filter its curve, a dynamic one half its range.
ToneCurve meanEffectDb(const Step& step);

// master.mood: what was asked for in a word. The target and its dead band move by it, and so does the music: what the
// rules decide without the wish stays as it is.
struct MoodDecision {
    std::optional<Step> tone, width, attacks;
    std::vector<Warning> advice;  // what could not be done
};
MoodDecision decideMood(const MasterBrief& brief);

// master.tone: broad moves towards the style's spectrum, and what is left for the mix.
struct MasterToneTuning {
    double lowestHz = 50.0, highestHz = 14000.0;
    double mostDb = 3.0;          // of a band, and of all together
    double leastDb = 0.5;         // smaller moves are not worth a filter
    int mostBands = 4;
    double emptyDb = 14.0;        // a band so far under the target is not played: it is left out
    double noisySnrDb = 40.0;     // a boost above 4 kHz would raise the noise
};
struct ToneDecision {
    std::optional<Step> step;
    std::vector<Warning> advice;
};
ToneDecision decideMasterTone(const MasterBrief& brief, const MasterToneTuning& tuning = {});
// Third octaves of the programme over those of the style, level aligned and smoothed to an octave; nullopt where there is
// nothing to compare.
using ToneDeviation = std::array<std::optional<double>, kThirdOctaves>;
// `correctedDb`: what is done to the programme before.
ToneDeviation toneDeviationDb(const Analysis& programme, const Style& style, double topHz, const MasterToneTuning& tuning = {}, const ToneCurve& correctedDb = {});

// The few broad bands that come nearest to a wished curve (dB in each third octave; 0 where nothing is wished).
struct ToneFitLimits {
    double lowestHz, highestHz, mostDb, leastDb;
    int mostBands;
};
Equalizer::Params fitBroadBands(const std::array<double, kThirdOctaves>& wishedDb, const ToneFitLimits& limits);

// master.low-end-mono: bass that is only on the sides, brought to the middle.
struct LowEndTuning {
    double belowHz = 120.0;
    double mostSideDb = -11.0;    // side against mid below it
    double cornerHz = 120.0;
};
struct LowEndDecision {
    std::optional<Step> step;
    std::optional<Warning> advice;
};
LowEndDecision decideLowEndMono(const MasterBrief& brief, const LowEndTuning& tuning = {});

// master.width: side against mid per band, towards the style.
struct WidthTuning {
    double deadBandDb = 3.0;
    double leastWidth = 0.85, mostWidth = 1.2;
    double emptySideDb = -25.0;      // below it there is no side that could be widened
    double leastCorrelation = 0.3;   // less, and widening endangers mono
    double mostMonoLossLu = -2.0;    // and this much may be lost in mono after it
    double badMonoLossLu = -3.0;     // that much is said to the mix
};
struct WidthDecision {
    std::optional<Step> step;
    std::optional<Warning> advice;
};
WidthDecision decideWidth(const MasterBrief& brief, const WidthTuning& tuning = {});
// What mono loses when the sides are raised by so much (the loss is that of their share of the power).
double monoLossAfterLu(double monoLossLu, double sideGainDb);

// master.kick and master.centre: one component of the mix, where it was measured that it can be moved without the rest.
struct ComponentDecision {
    std::optional<Step> step;
    std::optional<Warning> advice;
};
struct KickTuning {
    double weakestDb = -13.0, strongestDb = 9.0;  // kick against the rest between 30 and 160 Hz: within, nothing is wrong
    double mostDb = 1.5;             // of the kick, without a wish
    double mostWishedDb = 3.0;
    double leastDb = 0.5;
    double leastHits = 6.0, leastLikeness = 0.72, leastCaught = 0.4;  // less, and the drum is not known well enough
    double mostRinging = 0.45;       // more, and it rings like a bass
    double mostOtherDb = 0.7;        // that the bass may move
};
// wishedDb: what the user asked for; 0 leaves it to the measurement.
ComponentDecision decideKickBalance(const MasterBrief& brief, double wishedDb, const KickTuning& tuning = {});
struct CentreTuning {
    double weakestDb = -9.0;         // the middle against the sides between 200 Hz and 8 kHz: above, nothing is wrong
    double mostDb = 1.0;
    double mostWishedDb = 3.0;
    double leastDb = 0.5;
    double leastCaught = 0.5;
    double mostSidesShare = 0.4;     // the sides may move so much for each dB of the middle
};
ComponentDecision decideCentreBalance(const MasterBrief& brief, double wishedDb, const CentreTuning& tuning = {});

// master.dynamics: gentle compression of the sum. `tone`: what is done before it.
struct MasterDynamicsTuning {
    double leastDb = 0.6, mostDb = 2.0;  // at the loud moments (the loudest tenth)
    double perPlrDb = 0.4, perLraLu = 0.25;
    double limiterAloneDb = 4.0;         // demand that the limiter takes without help
    double kneeDb = 6.0;
    double attackMs = 25.0;
    double sidechainLowCutHz = 90.0;     // the kick does not pump the rest
    double mostSectionChangeDb = 0.8;    // by which loud and quiet sections may come nearer
};
std::optional<Step> decideMasterDynamics(const MasterBrief& brief, const Equalizer::Params& tone, const MasterDynamicsTuning& tuning = {});

// master.band-dynamics: one band is compressed alone, where its level moves far more than that of the others.
struct BandDynamicsTuning {
    double leastSpreadDb = 12.0;         // between the tenth and the 95th percentile, against the rest of the music
    double leastExcessDb = 6.0;          // over the middle one of the others
    double perExcessDb = 0.15;
    double leastDb = 0.5, mostDb = 2.0;  // at the band's loud moments (the loudest tenth)
    double ratio = 2.0, attackMs = 30.0, releaseMs = 200.0;
};
std::optional<Step> decideBandDynamics(const MasterBrief& brief, const Equalizer::Params& tone, const BandDynamicsTuning& tuning = {});

// master.colour: soft clipping of the highest peaks, where the limiter would have to do too much alone.
struct ColourTuning {
    double leastDemandDb = 4.0;
    double freeDb = 2.0, share = 0.6;    // of the demand beyond, so much is taken from the highest peaks
    double leastDb = 1.2, mostDb = 4.5;
    double gentlePlrDb = 11.0;           // styles that keep at least this much are never clipped
};
std::optional<Step> decideColour(const MasterBrief& brief, const ColourTuning& tuning = {});

// master.limiter: the ceiling, with a first estimate of the drive.
Step decideLimiter(const MasterBrief& brief);

}  // namespace tonewright
