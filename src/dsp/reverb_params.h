#pragma once
#include "core/fields.h"

namespace tonewright {

enum class ReverbType { room, plate, hall };
inline constexpr Names<3> kReverbTypeNames{"room", "plate", "hall"};

// T60 is the time in which the reverberation falls by 60 dB.
struct ReverbParams {
    ReverbType type = ReverbType::plate;
    double decaySeconds = 1.5;           // T60 between the two crossovers
    double preDelayMs = 20.0;
    double sizeFactor = 1.0;             // scales all distances of the type's room
    double bassDecayRatio = 1.1;         // T60 below bassCrossoverHz / decaySeconds
    double trebleDecayRatio = 0.6;       // T60 above trebleCrossoverHz / decaySeconds
    double bassCrossoverHz = 250.0;
    double trebleCrossoverHz = 4000.0;
    double dampingHz = 20000.0;          // above it T60 falls to a quarter of the treble's, as in air; 20000 is off
    double earlyLevelDb = -3.0;          // energy of the early reflections relative to the late sound; -60 is off
    double diffusion = 1.0;              // 0 separate echoes ... 1 dense from the start
    double modulation = 0.3;             // 0 ... 1: slow movement of the delays, against ringing
    double width = 1.0;                  // 0 mono ... 1 independent sides
    double lowCutHz = 80.0;              // 12 dB an octave each, on the way in
    double highCutHz = 14000.0;
    double mix = 1.0;                    // 1: reverberation alone, for a return

    bool operator==(const ReverbParams&) const = default;

    template <class Self, class Visitor>
    static void fields(Self& p, Visitor& v) {
        v.choice("type", p.type, kReverbTypeNames, "geometry: reflections, diffusion and the lengths of the delays");
        v.number("decaySeconds", p.decaySeconds, {0.1, 20.0}, "T60 at middle frequencies");
        v.number("preDelayMs", p.preDelayMs, {0.0, 250.0}, "time before the reverberation starts");
        v.number("sizeFactor", p.sizeFactor, {0.5, 2.0}, "size relative to the type's usual");
        v.number("bassDecayRatio", p.bassDecayRatio, {0.3, 2.5}, "T60 of the bass relative to decaySeconds");
        v.number("trebleDecayRatio", p.trebleDecayRatio, {0.1, 1.5}, "T60 of the treble relative to decaySeconds");
        v.number("bassCrossoverHz", p.bassCrossoverHz, {60.0, 500.0}, "between bass and middle");
        v.number("trebleCrossoverHz", p.trebleCrossoverHz, {1500.0, 10000.0}, "between middle and treble");
        v.number("dampingHz", p.dampingHz, {2000.0, 20000.0}, "above it T60 falls to a quarter of the treble's; 20000 is off");
        v.number("earlyLevelDb", p.earlyLevelDb, {-60.0, 12.0}, "energy of the early reflections relative to the late sound; -60 is off");
        v.number("diffusion", p.diffusion, {0.0, 1.0}, "how densely echoes follow each other at the start");
        v.number("modulation", p.modulation, {0.0, 1.0}, "slow movement of the delays");
        v.number("width", p.width, {0.0, 1.0}, "0 mono, 1 independent sides");
        v.number("lowCutHz", p.lowCutHz, {20.0, 1000.0}, "low-cut of what is reverberated, 12 dB an octave");
        v.number("highCutHz", p.highCutHz, {1000.0, 20000.0}, "high-cut of what is reverberated, 12 dB an octave; 20000 is off");
        v.number("mix", p.mix, {0.0, 1.0}, "0 the input alone, 1 the reverberation alone");
    }
};

}  // namespace tonewright
