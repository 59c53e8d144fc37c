#pragma once
#include <optional>

#include "engineer/mix/mix_state.h"

// What makes a recording fit to be mixed. Every rule is a page of docs/rules/ under its own name.
namespace tonewright {

// repair.trim: input gain that brings every track to one reference loudness while it plays, so that no later decision
// depends on how hot it was recorded.
inline constexpr double kReferenceLufs = -23.0;
std::optional<Step> decideTrim(const MixTrack& track);

// repair.alignment: polarity and time of a microphone against the others of its group.
struct AlignmentTuning {
    double leastConfidence = 0.05;    // all that the analysis stands by: what was found moves exactly with a fault, however faint the trace
    double sureConfidence = 0.3;      // below, the user is told to listen
    double leastDelayFrames = 0.02;   // nearer is together
    double roomDistanceMs = 8.0;      // room microphones are placed so far behind the close ones: depth without guesswork
};
std::optional<Step> decideAlignment(const MixTrack& track, const MixFacts& facts, const AlignmentTuning& tuning = {});

// repair.dc: a constant offset, which only wastes headroom.
struct DcTuning {
    double leastShareDb = -35.0;  // offset against the track's RMS: below that it costs no headroom
    double cornerHz = 5.0;
};
std::optional<Step> decideDc(const MixTrack& track, const DcTuning& tuning = {});

// repair.hum: mains hum and its harmonics.
struct HumTuning {
    double notchWidthHz = 1.5;
    double depthDb = 40.0;
    int mostHarmonics = 24;
};
std::optional<Step> decideHum(const MixTrack& track, const HumTuning& tuning = {});

// repair.noise: what is heard in the pauses.
struct NoiseTuning {
    double audibleSnrDb = 55.0;      // a floor further below the music than this is left alone
    double usefulSnrDb = 15.0;       // nearer than this, music and noise cannot be told apart
    double mostActiveShare = 0.92;   // nothing to clean where a track never rests
    double mostRangeDb = 15.0;
};
std::optional<Step> decideNoise(const MixTrack& track, const NoiseTuning& tuning = {});

// repair.low-cut: rumble below the instrument, where the recording has it.
struct LowCutTuning {
    double leastShare = 0.002, mostShare = 0.10;  // of the power below the corner: less is nothing, more is the instrument
};
std::optional<Step> decideLowCut(const MixTrack& track, const LowCutTuning& tuning = {});

}  // namespace tonewright
