#pragma once
#include <vector>

#include "core/audio.h"

namespace tonewright {

// To a low sample rate and back, for what happens below 300 Hz only. The low rate is the stream's over a power of two,
// 2 ... 4 kHz (the stream's own where that is lower). Both filters are the same linear-phase low-pass (Kaiser, images and
// aliases of what lies below 300 Hz are 80 dB down).
class LowBandBridge {
public:
    LowBandBridge(double sampleRateHz, int channels);

    int factor() const { return factor_; }
    double lowRateHz() const { return lowRateHz_; }
    // Frames by which up(down(x)) is late, if down() follows a chunk's last frame and up() fills the next chunk.
    int delayFrames() const { return 2 * half_ + 1; }

    void reset();
    // One chunk of factor() frames of a channel -> one sample.
    float down(int channel, const float* chunk);
    // One sample -> factor() frames.
    void up(int channel, float sample, float* chunk);

private:
    int factor_;
    double lowRateHz_;
    int half_;
    std::vector<float> downTaps_;                        // oldest sample first, zeros in front
    std::vector<float> upTaps_;                          // [age of the low sample][phase]
    int upLength_;
    std::vector<std::vector<float>> history_, recent_;   // per channel: frames, oldest first; low samples, newest first
};

}  // namespace tonewright
