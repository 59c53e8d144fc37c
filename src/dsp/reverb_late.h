#pragma once
#include <array>
#include <cstdint>

#include "dsp/reverb_decay.h"
#include "dsp/reverb_geometry.h"
#include "dsp/reverb_lanes.h"
#include "dsp/reverb_params.h"

namespace tonewright {

// The late sound: a diffuser of three steps and a feedback delay network of sixteen lines.
//
//   in      left into the even lines, right into the odd, each 1/sqrt(8)
//   step    rows delayed, each by its own time, then rotated (rotateLanes)        three times: up to 4096 echoes
//   line    w = diffused + H a(w delayed by m),   H Hadamard/4, a() = ReverbDecay, m distinct primes
//   out     left = gain * sum of +-w over the even lines, right over the odd: disjoint, so independent
//
// H is orthogonal and a() follows T60(f), so every mode decays as asked and none rings on. Each line moves by up to
// 0.25 ms at its own 0.4 ... 1.1 Hz (6-point Lagrange interpolation), which blurs what modes are left. gain makes the energy of the response, averaged over
// 125 Hz ... 8 kHz in equal octaves, 1 for every decay:  sum_k mean(a^2)^k = 1 / (1 - mean(a^2)).
class ReverbLate {
public:
    ReverbLate(const ReverbParams& params, const ReverbGeometry& geometry, double sampleRateHz);

    void reset();

    // frames: at most a chunk, and not across a whole multiple of kReverbChunk since reset(). Adds nothing: writes.
    void process(const float* left, const float* right, float* outLeft, float* outRight, int frames) noexcept;

    // Counts silence on. Only while atRest().
    void skip(int frames) { frame_ += frames; }
    // True when nothing is left anywhere: silence in would give silence out.
    bool atRest() const { return silentFrames_ > memoryFrames_ && decay_.atRest(); }

    const ReverbDecay& decay() const { return decay_; }

private:
    static constexpr int kInterpolationTaps = 7;  // 6, and one for a delay that crosses a whole frame within a chunk

    // The delay of a moving line over one chunk's worth of time: interpolation weights that glide from start to end.
    struct Glide {
        int firstTap = 0;
        std::array<float, kInterpolationTaps> start{}, change{};
    };
    double delayAt(int line, std::int64_t chunk) const;
    void updateGlides();
    void readLine(int line, float* out, int frames) const;

    std::array<int, kReverbLines> lineFrames_;
    ReverbDecay decay_;
    std::array<std::array<int, kReverbLines>, ReverbGeometry::kDiffuserSteps> diffuserFrames_;
    std::array<std::array<float, kReverbLines>, ReverbGeometry::kDiffuserSteps> signs_;
    float cosine_, sine_;
    float outGain_;
    double depthFrames_;
    std::array<double, kReverbLines> lfoCyclesPerChunk_, lfoPhase_;
    int memoryFrames_ = 0;

    std::array<std::array<ReverbRing, kReverbLines>, ReverbGeometry::kDiffuserSteps> diffuserRings_;
    std::array<ReverbRing, kReverbLines> lineRings_;
    std::array<Glide, kReverbLines> glides_;
    std::int64_t frame_ = 0;
    std::int64_t glidesOfChunk_ = -1;
    int silentFrames_ = 0;
};

}  // namespace tonewright
