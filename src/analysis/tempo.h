#pragma once
#include <optional>

#include "analysis/onset_detector.h"

namespace tonewright {

struct Tempo {
    double bpm = 0.0;
    double confidence = 0.0;   // 0 ... 1: how much of the onset envelope repeats with the beat
};

// Tempo of an onset envelope, 50 ... 215 BPM; nullopt where nothing repeats.
//
//   A[l]        autocorrelation of the envelope less its mean, A[0] = 1
//   comb(l)     mean of A at l, 2l, 3l, 4l
//   score(l)    comb(l) exp(-ln^2(bpm / 120) / (2 ln^2 2.2))      most music is near 120 BPM
//
// The best score's period is halved (or cut in three) while the beats in between are as strong as the beats: a row of
// equal clicks is as fast as it clicks.
std::optional<Tempo> findTempo(const OnsetEnvelope& envelope);

}  // namespace tonewright
