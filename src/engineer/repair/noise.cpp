#include <algorithm>
#include <cmath>

#include "engineer/decision.h"
#include "engineer/repair/repair_rules.h"

namespace tonewright {

std::optional<Step> decideNoise(const MixTrack& track, const NoiseTuning& tuning) {
    const NoiseFacts& noise = track.analysis->noise;
    if (!noise.floorDbfs || !noise.signalToNoiseDb) return std::nullopt;
    const double snr = *noise.signalToNoiseDb;
    // What is measured as noise is the hum, and that has its own cure.
    if (track.analysis->hum.found && track.analysis->hum.levelDbfs > *noise.floorDbfs - 6.0) return std::nullopt;
    if (snr > tuning.audibleSnrDb || snr < tuning.usefulSnrDb || track.analysis->activity.activeShare > tuning.mostActiveShare) return std::nullopt;
    // Room and overhead microphones are there for what lies between the hits.
    if (track.track->role == "drums/overhead" || track.track->role == "drums/room" || track.family() == "effects") return std::nullopt;

    // The trim stands before the gate: levels are those after it. Noise peaks stand some 12 dB over its RMS.
    const double trimDb = kReferenceLufs - track.loudnessLufs;
    const double openDb = std::min(*noise.floorDbfs + 14.0, *noise.floorDbfs + 0.6 * snr);
    const double rangeDb = std::clamp(tuning.audibleSnrDb - snr, 4.0, tuning.mostRangeDb);
    return makeStep(track.stepId("noise"),
                    Gate::Params{.thresholdDb = std::clamp(roundDb(openDb + trimDb), -120.0, 0.0),
                                 .hysteresisDb = 4.0,
                                 .ratio = 2.0,
                                 .rangeDb = roundDb(rangeDb),
                                 .attackMs = 3.0,
                                 .holdMs = 150.0,
                                 .releaseMs = 250.0,
                                 .lookaheadMs = 5.0},
                    {.rule = "repair.noise",
                     .text = "Noise is heard while the track rests; it is turned down there, gently and only as far as needed, and nothing changes while it plays.",
                     .evidence = {evidence("noiseFloorDbfs", *noise.floorDbfs, "dBFS"),
                                  evidence("signalToNoiseDb", snr, "dB", "limit " + fixed(tuning.audibleSnrDb, 0))}});
}

}  // namespace tonewright
