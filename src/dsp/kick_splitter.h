#pragma once
#include <vector>

#include "core/audio.h"
#include "dsp/attack_splitter.h"
#include "dsp/hit_memory.h"
#include "dsp/low_band_bridge.h"

namespace tonewright {

// The kick out of a mix, within lowHz ... highHz, although the bass plays in the same band: at a low sample rate, what comes
// and goes at once (attack_splitter.h), of which only what repeats from hit to hit is the drum (hit_memory.h).
//
class KickSplitter {
public:
    // Channels from `steering` on are passengers: split as the others are, without a say. Negative: all steer.
    KickSplitter(const StreamSpec& spec, double lowHz, double highHz, int steering = -1);

    int chunkFrames() const { return bridge_.factor(); }
    // By so much are kick and band late, if they are used while the next chunk comes in.
    int delayFrames() const;
    void reset();
    // One chunk. `kick` and `band` are filled with chunkFrames() frames a channel; either may be null.
    void process(const float* const* mix, float* const* kick, float* const* band);
    const HitSums& sums() const { return memory_.sums(); }

private:
    int channels_;
    LowBandBridge bridge_, bandBridge_;
    AttackSplitter attacks_;
    HitMemory memory_;
    std::vector<float> low_, attack_, band_, kick_, lateBand_;
};

}  // namespace tonewright
