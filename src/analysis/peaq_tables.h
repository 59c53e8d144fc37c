#pragma once
#include <array>
#include <memory>
#include <vector>

namespace tonewright {

inline constexpr int kPeaqBands = 109;
inline constexpr double kPeaqBinHz = 48000.0 / 2048.0;  // the bins that BS.1387 counts in
using PeaqPattern = std::array<double, kPeaqBands>;     // one value a band

// The constants of PEAQ's basic version at one sample rate (ITU-R BS.1387-1, clauses 2 to 4). The standard knows 48 kHz
// only; here whatever it says in bins follows the frequency, and whatever it says in frames follows the time:
//
//   frame     2048 2^n samples, the nearest to 43 ms; every frame starts half a frame after the last
//   pitch     z = 7 asinh(f / 650 Hz) Bark; 109 bands of 1/4 Bark from 80 Hz to 18 kHz
//   ear       W = -2.184 f^-0.8 + 6.5 e^(-0.6 (f - 3.3)^2) - 0.001 f^3.6 dB, f in kHz
//   noise     in the ear: 1.456 f^-0.8 dB SPL
//   memory    e^(-hop / tau), tau = 8 ms + (100 Hz / f) (tau100 - 8 ms); tau100 is 30 ms for smearing, 50 ms for adaptation
struct PeaqTables {
    struct Band {
        int first, last;               // bins that the band touches
        float firstShare, lastShare;   // how much of these two it has; all of those between. first == last: firstShare
    };

    explicit PeaqTables(double sampleRateHz);

    int frameLength, hop, bins;
    double framesPerSecond;
    int onsetFrames;                   // half a second: not yet counted by what needs an adapted ear
    int loudnessFrames;                // 50 ms, from when the signal is loud on

    std::vector<float> window;         // Hann, scaled so that a full-scale sine has 92 dB SPL in the spectrum's power
    std::vector<float> earGain;        // outer and middle ear, amplitude, per bin
    std::array<Band, kPeaqBands> bands;

    PeaqPattern internalNoise;
    PeaqPattern upperSlopeDb;          // how far a band's excitation falls per band upwards, at 0 dB
    double upperSlopePerDb;            // flatter when louder
    double lowerSlope;                 // the same downwards, as a power ratio, at every level
    PeaqPattern lowerSum;              // sum of that slope over all bands below
    PeaqPattern spreadScale;           // 1 / what spreading makes of a 0 dB pattern
    PeaqPattern smearing, adaptation;  // memory from frame to frame
    PeaqPattern maskingRatio;          // excitation / mask
    PeaqPattern loudnessThreshold;     // 10^0.364 f^-0.8
    PeaqPattern loudnessIndex, loudnessScale;  // of the loudness of clause 3.3
    PeaqPattern noiseLoudnessScale;    // internal noise ^ 0.23
    PeaqPattern modulationFloor;       // 100 internal noise ^ 0.3

    int zeroFirst, zeroEnd;            // bins above the bandwidth of any music: 21.6 ... 24 kHz
    std::vector<float> convertedPower; // what conversion to 48 kHz leaves of each bin below zeroEnd; 1 at 48 kHz and above
    double binsPerPeaqBin;             // bin width of 48 kHz / ours
};

// The tables of a rate, 8 ... 768 kHz. Those asked for last are kept, so that many short measurements share them.
std::shared_ptr<const PeaqTables> peaqTables(double sampleRateHz);

}  // namespace tonewright
