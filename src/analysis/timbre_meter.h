#pragma once
#include <array>
#include <vector>

#include "analysis/facts.h"
#include "analysis/spectral_stream.h"

namespace tonewright {

// How sounds begin and die away, and how their pitches behave, from the frames of a SpectralStream: what tells a voice from
// a string and a drum from a piano when their spectra are alike (docs/analysis/timbre.md).
//
// Strikes, on fine frames (10 ms), in the bands total, below 150 Hz, 150 Hz ... 2 kHz, above:
//   a strike is a frame whose power is the highest within +-40 ms, four times that of 40 ms before, and within 25 dB of what
//   was heard lately (a maximum that decays with 8 s)
//   its rise, attack and decays are mean dB of power there against 20 and 40 ms before, and 30 ... 480 ms after, within 0 ... 50 dB
//   spreads are standard deviations from strike to strike, in dB; of gaps, in octaves (log2 of the time)
//
// Pitches, on mid frames (171 ms every 43 ms, 60 Hz ... 2 kHz): peaks of the spectrum that stand 6 dB out of their surroundings
// and within 40 dB of the strongest, at most 16, each at the vertex of a parabola through the logarithms
//   fundamental  the f0 = peak / 1 ... 4 whose multiples hold most of the peaks' amplitude
//   glide        |change in cents| of a peak since the frame before, weighted with amplitude; nearest peak within 70 cents
//   change       dB of such a peak since the frame before; its wobble is |change - the mean change of the frame's peaks|
//   width        of the parabola, 3 dB down: a steady tone's is the window's
//   two tones    what the fundamental and a second one, found the same way among the peaks left over, explain together
//   grid         length of the mean of exp(2 pi i cents / 100): 1 for fixed pitches in tune with each other, 0 for any pitch
//
// Ratios only: a gain changes nothing.
class TimbreMeter final : public SpectralSink {
public:
    explicit TimbreMeter(const SpectralStream& stream);

    void frame(Resolution resolution, const SpectralFrame& frame) override;
    TimbreFacts result() const;

private:
    static constexpr int kBands = TimbreFacts::kBands, kAhead = 48, kBehind = 4, kRing = kAhead + kBehind + 1;
    struct Peak {
        double cents = 0.0;      // above 55 Hz
        double hz = 0.0;
        double amplitude = 0.0;
        double widthBins = 0.0;
    };
    struct Fundamental {
        double hz = 0.0, explained = 0.0;  // sum of amplitudes
    };
    struct Moments {
        double n = 0.0, sum = 0.0, square = 0.0;

        void add(double value);
        double mean() const;
        double deviation() const;
    };

    void addFine(const SpectralFrame& frame);
    void weighStrike();
    void addMid(const SpectralFrame& frame);
    std::vector<Peak> peaksOf(const SpectralFrame& frame, double& peakShare) const;
    void addHigh(const SpectralFrame& frame);
    void followPeaks(const std::vector<Peak>& peaks);
    void findFundamentals(const std::vector<Peak>& peaks);
    void addHarmonics(const std::vector<Peak>& peaks, const Fundamental& tone, double sum);
    Fundamental bestFundamental(const std::vector<Peak>& peaks) const;

    double followerDecay_, highestHz_;
    std::array<std::array<double, kBands>, kRing> ring_{};  // power of the last frames
    long fineFrames_ = kBehind, loudFrames_ = 0, strikes_ = 0;
    double follower_ = 0.0, midFollower_ = 0.0;
    double rise_ = 0.0;
    std::array<std::array<double, TimbreFacts::kDecays>, kBands> decay_{};

    long lastStrike_ = -1;
    Moments attack_, gap_, lowShare_, highShare_, decay120_;

    std::vector<Peak> before_;
    Moments lowWidth_, highWidth_, odd_, second_, highPeaks_, twoTones_;
    double change_ = 0.0, rising_ = 0.0, wobble_ = 0.0;
    long holding_ = 0, wavering_ = 0;
    long midFrames_ = 0, voiced_ = 0;
    double peakShare_ = 0.0, peakCount_ = 0.0, harmonicity_ = 0.0;
    double followed_ = 0.0, offered_ = 0.0, glide_ = 0.0, gliding_ = 0.0;
    double gridRe_ = 0.0, gridIm_ = 0.0, gridWeight_ = 0.0;
    double pitch_ = 0.0, pitchSquare_ = 0.0, pitchSteps_ = 0.0, firstShare_ = 0.0;
    double lastPitch_ = -1.0;
    long steps_ = 0;
};

}  // namespace tonewright
