#pragma once
#include <complex>
#include <span>
#include <vector>

namespace tonewright {

// What microphones of one thing have in common above the range of LowEnd, in third octaves from 2.5 to 10 kHz: by how much a sum is
// louder or softer there than its parts. Made by AlignmentFinder, from the same spectra as delays and polarities.
class SharedTreble {
public:
    static constexpr int kFirstBand = 21, kBands = 7;   // thirdOctaveCentreHz()

    // `powers[m]` and `crossings[pair]` (conj(X_i) X_j, i < j, at j (j - 1) / 2 + i) hold bins from firstBin on; lagShape is what a window's
    // own shape makes of a correlation at each lag.
    SharedTreble(double binHz, double sampleRateHz, int firstBin, std::span<const std::vector<double>> powers,
                 std::span<const std::vector<std::complex<double>>> crossings, std::span<const double> lagShape);

    // Correlation of i and j in a third octave, each later by so many frames; 0 where either has nothing there.
    double correlation(int i, int j, int band, double delayFramesI, double delayFramesJ) const;

private:
    struct Range {
        int from = 0, to = -1;   // bins, of those kept
    };
    double radiansPerFrame_;     // of one bin
    int firstBin_ = 0;           // of those kept
    Range ranges_[kBands];
    std::vector<std::vector<double>> powers_;                        // [microphone][band]
    std::vector<std::vector<std::complex<float>>> crossings_;        // [pair][bin]
    std::vector<double> lagShape_;
};

}  // namespace tonewright
