#pragma once
#include <span>
#include <vector>

namespace tonewright::demo {

// Delays by any fraction of a frame: a sinc under a Kaiser window, 32 frames to each side. In error by less
// than -90 dB up to 0.42 of the sample rate (20 kHz at 48 kHz).
// An implementation of its own, so that what it plants is found by other code than planted it.
class FractionalDelay {
public:
    // delayFrames >= 0.
    explicit FractionalDelay(double delayFrames);

    // out[n] += gain * in(n - delayFrames); in and out have the same length and do not overlap. Stretches in which
    // `in` is exactly zero cost nothing.
    void add(std::span<const float> in, float gain, std::span<float> out) const;

private:
    int firstTapFrame_ = 0;  // the first tap multiplies in[n - firstTapFrame_]
    std::vector<float> taps_;
};

}  // namespace tonewright::demo
