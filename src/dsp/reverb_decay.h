#pragma once
#include <array>

#include "dsp/reverb_lanes.h"
#include "dsp/reverb_params.h"

namespace tonewright {

// Per-line attenuation from T60(f) (Jot & Chaigne 1991): a sound that goes round a line of m frames loses
//
//   A(f) = 60 m / (fs T60(f)) dB
//
// as a broadband gain, a bass and a treble shelf and, with dampingHz, a third for the air. Shelves are PowerShelf, each
// shifted so that it has half its decibels at its crossover whatever its depth: then all lines agree about T60(f). Their three
// gains are solved for each line so that A(f) is met exactly an octave below the bass crossover, half way between
// the crossovers, and an octave above the treble crossover.
class ReverbDecay {
public:
    ReverbDecay(const ReverbParams& params, const std::array<int, kReverbLines>& lineFrames, double sampleRateHz);

    void reset();

    // Attenuates the rows in place; values under -300 dBFS become zeros.
    void process(ReverbChunk& rows, int frames) noexcept;
    bool atRest() const;

    // Gain of one pass through a line, and T60 as designed (of the line of mean length).
    double gainAt(int line, double hz) const;
    double t60At(double hz) const;

private:
    // A shelf in each line, in single precision: its coefficients are small numbers near their true scale, not
    // differences of nearly equal ones, so floats keep T60 within 1e-4 even for 60 Hz at 96 kHz.
    struct Shelves {
        alignas(32) std::array<float, kReverbLines> a1{}, a2{}, a3{}, direct{}, band{}, low{}, s1{}, s2{};
        bool active = false;
    };
    static void run(Shelves& shelves, float (*frame)[kReverbLines], int frames) noexcept;

    struct Design {  // of one line
        double gainDb = 0.0, bassDb = 0.0, trebleDb = 0.0, airDb = 0.0;
    };
    double responseDb(const Design& design, double hz) const;

    ReverbParams params_;
    double sampleRateHz_;
    std::array<int, kReverbLines> lineFrames_;
    std::array<Design, kReverbLines> designs_;
    std::array<float, kReverbLines> gains_;
    Shelves bass_, treble_, air_;
};

}  // namespace tonewright
