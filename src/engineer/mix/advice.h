#pragma once
#include <vector>

#include "engineer/mix/mix_state.h"
#include "plan/advice.h"

namespace tonewright {

// What the recordings and the arrangement would need (docs/advice.md): each from a measurement, only what matters.
struct AdviceTuning {
    int most = 5;
    // advice.clipped: of a track that is heard.
    double clippedWithinLu = 25.0;      // under the mix
    // advice.same-register: two that play the same range at the same time.
    double leastTogether = 0.75;        // of the time in which either plays
    double leastOfSong = 0.6;           // of the song, each
    double leastOverlap = 0.75;         // of their spectra, loudness-weighted
    double withinDb = 6.0;              // of each other in the mix
    // advice.phase: what is left after delay and polarity are set right.
    double leastAgreement = -0.25;      // from 80 to 160 Hz
    // advice.no-overheads.
    int leastCloseDrums = 2;
    double programmedContrastDb = 60.0; // drums that are this silent between their hits were never in a room
    // advice.spill: what a voice's microphone hears between the phrases.
    double spillContrastDb = 22.0;      // the voice above it
    double spillLikeness = 0.4;         // correlation of its level with the rest of the band's
    int leastGapFrames = 40;
    // advice.room: how fast a voice's ends die away.
    double longestSeconds = 0.8;        // reverberation time, as the faster half of the ends say
    int leastEnds = 8;
    // advice.covered: a lead that others cover all the same.
    double mostCovered = 0.5;           // of its loudness
};
std::vector<Advice> giveAdvice(const MixState& state, const AdviceTuning& tuning = {});

}  // namespace tonewright
