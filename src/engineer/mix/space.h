#pragma once
#include <vector>

#include "engineer/mix/mix_state.h"

namespace tonewright {

// mix.space: returns and sends; mix.echo: the tempo delay; mix.return-duck: returns that step back for what feeds them.
struct SpaceTuning {
    double returnUnderMixLu = -14.0;
    double usualSendersUnderMixLu = 3.0;   // what sends together usually lies this far under the mix; where it is less, so are the returns
    double ownSpaceWidthDb = -15.0;        // side against mid: a stereo recording wider than this stands in a room of its own
    double goneByNextSnareDb = 45.0;       // what a plate has fallen by when the next snare comes
    double leastHallBeatSeconds = 0.58;    // a beat this long leaves time for a hall, ...
    double mostSlowHallFlux = 0.3;         // ... unless the song is busy all the same
    double mostHallFlux = 0.12;            // and so does music that hardly changes, at any tempo
    double mostEchoFlux = 0.45;            // a denser song has no room for echoes
    double duckPlateDb = 3.0, duckEchoDb = 6.0;
    double leastDuckSpreadDb = 3.0;        // a feed that never rests would keep its return down for good
};
void decideSpace(MixState& state, double intensity, const SpaceTuning& tuning = {});

// How much the music changes from one 50 ms to the next, 0 ... 1: amplitude that is new in each band over all of it, the mean over the loud half.
double spectralFlux(const TrackSketch& sum, const SketchGrid& grid);

// What the returns will add at the faders as they stand. Nothing of the state changes.
struct ReturnsForecast {
    std::vector<double> loudnessPower;     // of all returns together, of each frame
    BandGains spectrum{};                  // of all together, mean power
    double reMixLu = kSilentDb;            // their loudness against that of the mix without them
    double addedLu = 0.0;                  // by how much they make the mix louder
};
ReturnsForecast forecastReturns(const MixState& state, double intensity, const SpaceTuning& tuning = {});

}  // namespace tonewright
