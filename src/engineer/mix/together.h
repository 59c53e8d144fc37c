#pragma once
#include <span>
#include <vector>

#include "engineer/mix/mix_state.h"

namespace tonewright {

// A track in a sum, with a power ratio for each frame and one for each band.
struct SumPart {
    int track = 0;                     // of state.tracks
    std::vector<double> overTime;
    BandGains bands{};
};

// The sum of tracks as it will be. Where the recordings were compared (MixFacts::lowEnd), two that hear the same add to their powers what
// their waveforms have in common, or take it away:
//
//   sum[f, b] = sum of P_i + sum of 2 w_ij r_ij sqrt(P_i P_j)
//   r_ij      from the cross-spectra, delays and polarities as decided, scaled so that over the whole song it is what was measured
//   w_ij      how far both stand at the same place between the loudspeakers
//
// Elsewhere microphones of one kit count as MixTrack::inSum says.
TrackSketch sumOf(const MixState& state, std::span<const SumPart> parts);

// Sets MixTrack::inSum of all audible tracks from that, so that balance and groups know what a sum of powers does not.
void countTogether(MixState& state);

}  // namespace tonewright
