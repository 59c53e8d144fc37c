#pragma once
#include <algorithm>
#include <complex>
#include <optional>
#include <span>
#include <vector>

#include "dsp/fft.h"

namespace tonewright {

// How recordings of one session lie to each other in the low end: their cross-spectra, from 28 Hz to 2.2 kHz, by which it can be
// told what their sum becomes when one of them is moved or turned over.
//
//   S[i,j]  mean of conj(X_i) X_j over Hann windows of about a third of a second, half overlapping
//
// Memory does not grow with the length, but with the square of the tracks: 25 MB for 64.
class LowEnd {
public:
    static constexpr int kFirstBand = 2, kBands = 19;   // third octaves, 31.5 Hz ... 2 kHz

    // Sums over a band, of each unordered pair and each track with itself.
    struct Sums {
        int tracks = 0;
        std::vector<double> power;   // [pair(i, j) * kBands + band]: real part of the cross-power
        double at(int i, int j, int band) const { return power[pair(i, j) * kBands + static_cast<std::size_t>(band)]; }
        static std::size_t pair(int i, int j) {
            const std::size_t low = static_cast<std::size_t>(std::min(i, j)), high = static_cast<std::size_t>(std::max(i, j));
            return high * (high + 1) / 2 + low;
        }
    };

    // What add() takes from a recording at sampleRateHz: its low end, at an eighth of the rate of a CD or so.
    static std::vector<float> reduced(std::span<const float> samples, double sampleRateHz);

    LowEnd(int tracks, double sampleRateHz);

    // Another part of the session: reduced() of every track, all equally long.
    void add(std::span<const std::vector<float>> tracks);

    // With each track later by so many frames at the session's rate, and none louder than recorded.
    Sums sums(std::span<const double> delayFrames) const;

    // Share of a track's energy that filters of others could have made (multiple coherence: Bendat and Piersol, Random Data,
    // chapter 7; its bias taken off): about 1 for a microphone that hears only them, 0 for what has nothing to do with them.
    // nullopt: too little was heard to say.
    std::optional<double> explainedShare(int track, std::span<const int> by) const;

    int tracks() const { return tracks_; }

private:
    int tracks_;
    double sampleRateHz_;
    int reduction_, firstBin_, lastBin_;
    int windows_ = 0;
    RealFft fft_;
    std::vector<float> window_;
    std::complex<double> crossing(int i, int j, int bin) const;

    std::vector<std::vector<std::complex<double>>> crossings_;   // [Sums::pair][bin]: of the lower track with the higher
};

}  // namespace tonewright
