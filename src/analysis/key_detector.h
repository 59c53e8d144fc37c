#pragma once
#include <array>

#include "analysis/facts.h"
#include "analysis/spectral_stream.h"

namespace tonewright {

// Musical key from the tonal frames of a SpectralStream.
//
// Spectral peaks between 60 Hz and 2 kHz that stand 6 dB out of their neighbourhood are folded, by their amplitude's
// square root, into an octave of 120 steps (10 cents). At the end the tuning is read from where the peaks lie between the
// semitones, the steps become 12 pitch classes, and these are correlated with the 24 rotations of the key profiles of
// Temperley ("Music and Probability", 2007; from the Kostka-Payne corpus).
class KeyDetector final : public SpectralSink {
public:
    explicit KeyDetector(const SpectralStream& stream);

    void frame(Resolution resolution, const SpectralFrame& frame) override;
    KeyFacts result() const;

    double tuningCents() const;                        // against A = 440 Hz, -50 ... 50
    std::array<double, 12> pitchClasses() const;       // C, C sharp ... B; sums to 1, or all 0

private:
    static constexpr int kSteps = 120;
    double highestHz_;
    std::array<double, kSteps> steps_{};
};

}  // namespace tonewright
