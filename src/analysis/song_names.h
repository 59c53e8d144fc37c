#pragma once
#include <span>
#include <string>
#include <vector>

namespace tonewright {

// What naming looks at of one part.
struct NamedPart {
    int label = 0;
    double seconds = 0.0;
    double levelLu = 0.0;            // re the song
    double sung = 0.0;               // 0 ... 1: share of the time in which the words are sung
    double playing = 0.0;            // voices that play, 0 ... 1 of all
    std::string name;                // result
    double confidence = 0.0;         // result
};

// Names parts by where they stand, how often they come back, how loud they are, and who sings:
//
//   chorus      sung, comes back, the loudest of the sung ones by 1 LU or more (or fuller by a tenth of the voices)
//   verse       sung, comes back or stands before the first chorus, quieter than the chorus
//   prechorus   sung, comes back, always right before a chorus and never anywhere else
//   bridge      sung, once, between the second chorus and the last
//   intro       nobody sings yet: what stands before the first sung part
//   outro       nobody sings any more; or a verse cut short behind the last chorus
//   solo, break between sung parts, nobody sings: nearly as loud as the song, or quieter by 3 LU
//
// Without somebody who sings only intro and outro are named, where the edges are quieter. What is not sure has no name.
void nameParts(std::span<NamedPart> parts);

}  // namespace tonewright
