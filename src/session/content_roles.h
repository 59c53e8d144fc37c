#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "analysis/facts.h"
#include "session/roles.h"

namespace tonewright {

// What a recording sounds like, in the numbers that tell instruments apart. None of them changes with the level.
struct Sound {
    double lowShare = 0.0;         // of the power below 120 Hz (the sums of the shares are 1)
    double lowMidShare = 0.0;      // 120 ... 500 Hz
    double midShare = 0.0;         // 500 ... 2000 Hz
    double presenceShare = 0.0;    // 2 ... 6 kHz
    double airShare = 0.0;         // above
    double centroidHz = 0.0;       // power-weighted
    double burstDb = 0.0;          // loudest twentieth of 50 ms frames over the median of those above -40 dB of it: how much it strikes
    double soundingShare = 0.0;    // of the frames between first and last sound that lie above -30 dB of the loudest
    double strikeShare = 0.0;      // of sounding frames that rise by 10 dB at once
    double tonality = 0.0;         // 0 every band alike ... 1 one band at a time; mean over sounding frames
    double movement = 0.0;         // how much the spectral shape changes between neighbouring frames, 0 ... 1
    double flatness = 0.0;         // 0 tonal ... 1 noise, 100 Hz ... 10 kHz
    double width = 0.0;            // side / (side + mid) power
};
Sound soundOf(const Analysis& analysis);

struct ContentReading {
    std::string role{kUnknownRole};
    double confidence = 0.0;  // at most 0.8
    std::string because;      // "nearly all of it lies below 120 Hz and it strikes"
};

// The role from the sound alone, by a table of rules; unknown where none fits. Does not depend on the level.
ContentReading roleOfSound(const Sound& sound);

// How well a role that a name claims agrees with the sound: 1 nothing against it ... 0 impossible.
double plausibility(std::string_view role, const Sound& sound);

}  // namespace tonewright
