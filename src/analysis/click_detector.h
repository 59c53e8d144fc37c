#pragma once
#include <array>
#include <cstdint>
#include <vector>

namespace tonewright {

// Finds clicks in one channel: short outliers of what linear prediction cannot explain (Vaseghi; Godsill and Rayner 1998).
//
//   frames of 1024; differenced; LPC of order 15 (autocorrelation, Hann window); residual e
//   sigma   median of the mean energies of pieces of 16 samples, over the frame
//   click   |e| > 12 sigma, over within 1 ms, 24 dB above the residual's RMS from 1 to 6 ms on both sides and 13 dB above
//           its peaks within 20 ms (so a voice's glottal pulses are none); not followed by more than twice the residual
//           that it came from, nor by 3.5 dB more sound than the 20 ms before had (so a drum hit or a plucked note is none)
//
// In the end those below -40 dB of the loudest frame (differenced) are dropped: rounding of a fade-out is no click.
class ClickDetector {
public:
    explicit ClickDetector(double sampleRateHz);

    void add(const float* samples, int count);
    std::vector<std::int64_t> clicks() const;   // frames, in order; at most 20000

private:
    static constexpr int kFrame = 1024, kOrder = 15;
    struct Click { std::int64_t frame; float level; };

    void closeFrame();
    void search();

    int guard_, near_, far_;                     // 1, 6 and 20 ms
    std::vector<float> window_;
    std::array<float, kFrame + kOrder> input_{}; // kOrder of the frame before, then the frame, differenced
    int filled_ = 0;
    float last_ = 0.0f, loudest_ = 0.0f;
    std::int64_t frames_ = 0;
    std::vector<float> residual_, signal_;       // |e| and x of three frames: one before and one after that being searched
    std::array<float, 3> sigma_{};
    std::vector<Click> found_;
};

}  // namespace tonewright
