#include "dsp/reverb_late.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <random>

#include "dsp/state_guard.h"
#include "dsp/target_clones.h"

namespace tonewright {

namespace {

constexpr double kDepthMs = 0.25;
constexpr double kSlowestHz = 0.4, kFastestHz = 1.1;

// Weights of the samples floor(delay) - 2 ... floor(delay) + 3 frames ago, Lagrange of order 5.
std::array<double, 6> lagrange(double delay) {
    const double at = delay - std::floor(delay) + 2.0;
    std::array<double, 6> weights;
    for (int k = 0; k < 6; ++k) {
        weights[k] = 1.0;
        for (int j = 0; j < 6; ++j)
            if (j != k) weights[k] *= (at - j) / (k - j);
    }
    return weights;
}

// out[i] = sum_k (start[k] + (offset + i) / chunk * change[k]) window[6 - k + i]
TONEWRIGHT_TARGET_CLONES
void glide(const float* __restrict window, const float* __restrict start, const float* __restrict change, int taps, int offset,
           float* __restrict out, int frames) {
    float ramp[kReverbChunk], moved[kReverbChunk];
    for (int i = 0; i < frames; ++i) {
        ramp[i] = static_cast<float>(offset + i) * (1.0f / kReverbChunk);
        out[i] = moved[i] = 0.0f;
    }
    for (int k = 0; k < taps; ++k) {
        const float* __restrict x = window + taps - 1 - k;
        for (int i = 0; i < frames; ++i) {
            out[i] += start[k] * x[i];
            moved[i] += change[k] * x[i];
        }
    }
    for (int i = 0; i < frames; ++i) out[i] += ramp[i] * moved[i];
}

}  // namespace

ReverbLate::ReverbLate(const ReverbParams& params, const ReverbGeometry& geometry, double sampleRateHz)
    : lineFrames_(geometry.lineFrames),
      decay_(params, geometry.lineFrames, sampleRateHz),
      diffuserFrames_(geometry.diffuserFrames),
      cosine_(static_cast<float>(std::cos(params.diffusion * std::numbers::pi / 4.0))),
      sine_(static_cast<float>(std::sin(params.diffusion * std::numbers::pi / 4.0))),
      depthFrames_(params.modulation * kDepthMs * 0.001 * sampleRateHz) {
    std::mt19937 random(1961);
    for (auto& step : signs_)
        for (float& sign : step) sign = random() & 1u ? 1.0f : -1.0f;
    for (int l = 0; l < kReverbLines; ++l) {
        const double hz = kSlowestHz + (kFastestHz - kSlowestHz) * static_cast<double>(random()) * 0x1p-32;
        lfoCyclesPerChunk_[l] = hz * kReverbChunk / sampleRateHz;
        lfoPhase_[l] = static_cast<double>(random()) * 0x1p-32;
    }

    double energy = 0.0;
    int points = 0;
    for (double hz = 125.0; hz <= 8000.0; hz *= std::pow(2.0, 1.0 / 3.0), ++points) {
        double mean = 0.0;
        for (int l = 0; l < kReverbLines; ++l) mean += std::pow(decay_.gainAt(l, hz), 2.0) / kReverbLines;
        energy += 1.0 / (1.0 - mean);
    }
    outGain_ = static_cast<float>(std::sqrt(points / energy));

    for (int step = 0; step < ReverbGeometry::kDiffuserSteps; ++step) {
        int longest = 0;
        for (int l = 0; l < kReverbLines; ++l) {
            diffuserRings_[step][l] = ReverbRing(diffuserFrames_[step][l] + kReverbChunk);
            longest = std::max(longest, diffuserFrames_[step][l]);
        }
        memoryFrames_ += longest + kReverbChunk;
    }
    int longest = 0;
    for (int l = 0; l < kReverbLines; ++l) {
        const int length = lineFrames_[l] + static_cast<int>(std::ceil(depthFrames_)) + kInterpolationTaps + kReverbChunk;
        lineRings_[l] = ReverbRing(length);
        longest = std::max(longest, length);
    }
    memoryFrames_ += longest;
}

void ReverbLate::reset() {
    for (auto& step : diffuserRings_)
        for (ReverbRing& ring : step) ring.clear();
    for (ReverbRing& ring : lineRings_) ring.clear();
    decay_.reset();
    frame_ = 0;
    glidesOfChunk_ = -1;
    silentFrames_ = 0;
}

double ReverbLate::delayAt(int line, std::int64_t chunk) const {
    const double cycles = lfoPhase_[line] + lfoCyclesPerChunk_[line] * static_cast<double>(chunk);
    return lineFrames_[line] + depthFrames_ * std::sin(2.0 * std::numbers::pi * (cycles - std::floor(cycles)));
}

void ReverbLate::updateGlides() {
    const std::int64_t chunk = frame_ / kReverbChunk;
    if (chunk == glidesOfChunk_ || depthFrames_ == 0.0) return;
    glidesOfChunk_ = chunk;
    for (int l = 0; l < kReverbLines; ++l) {
        const double from = delayAt(l, chunk), to = delayAt(l, chunk + 1);
        const int fromFrame = static_cast<int>(std::floor(from)), toFrame = static_cast<int>(std::floor(to));
        const int first = std::min(fromFrame, toFrame);
        Glide& glide = glides_[l];
        glide.firstTap = first - 2;
        std::array<double, kInterpolationTaps> start{}, end{};
        const auto a = lagrange(from), b = lagrange(to);
        for (int k = 0; k < 6; ++k) {
            start[k + fromFrame - first] = a[k];
            end[k + toFrame - first] = b[k];
        }
        for (int k = 0; k < kInterpolationTaps; ++k) {
            glide.start[k] = static_cast<float>(start[k]);
            glide.change[k] = static_cast<float>(end[k] - start[k]);
        }
    }
}

void ReverbLate::readLine(int line, float* out, int frames) const {
    if (depthFrames_ == 0.0) return lineRings_[line].read(lineFrames_[line], out, frames);
    const Glide& g = glides_[line];
    float window[kReverbChunk + kInterpolationTaps];
    lineRings_[line].read(g.firstTap + kInterpolationTaps - 1, window, frames + kInterpolationTaps - 1);
    glide(window, g.start.data(), g.change.data(), kInterpolationTaps, static_cast<int>(frame_ % kReverbChunk), out, frames);
}

void ReverbLate::process(const float* left, const float* right, float* outLeft, float* outRight, int frames) noexcept {
    assert(frames + static_cast<int>(frame_ % kReverbChunk) <= kReverbChunk);
    constexpr float kSpread = 0.35355339f;  // 1/sqrt(8): half of the lines each
    constexpr float kHadamard = 0.70710678f;
    updateGlides();

    ReverbChunk rows{};
    for (int l = 0; l < kReverbLines; ++l) addRow(rows[l].data(), l % 2 ? right : left, kSpread, frames);
    for (int step = 0; step < ReverbGeometry::kDiffuserSteps; ++step) {
        for (int l = 0; l < kReverbLines; ++l) {
            ReverbRing& ring = diffuserRings_[step][l];
            ring.write(rows[l].data(), frames);
            ReverbRow delayed;
            ring.read(diffuserFrames_[step][l] + frames, delayed.data(), frames);
            rows[l].fill(0.0f);
            addRow(rows[l].data(), delayed.data(), signs_[step][l], frames);
        }
        rotateLanes(rows, cosine_, sine_);
    }

    ReverbChunk returned{};
    for (int l = 0; l < kReverbLines; ++l) readLine(l, returned[l].data(), frames);
    decay_.process(returned, frames);
    rotateLanes(returned, kHadamard, kHadamard);

    std::fill_n(outLeft, frames, 0.0f);
    std::fill_n(outRight, frames, 0.0f);
    bool silent = true;
    for (int l = 0; l < kReverbLines; ++l) {
        addRow(rows[l].data(), returned[l].data(), 1.0f, frames);
        lineRings_[l].write(rows[l].data(), frames);
        addRow(l % 2 ? outRight : outLeft, rows[l].data(), signs_[0][l] * outGain_, frames);
        silent = silent && std::all_of(rows[l].begin(), rows[l].begin() + frames, [](float x) { return x == 0.0f; });
    }
    // What still travels in the diffuser counts as memory: a silent network may be about to wake.
    silentFrames_ = silent ? std::min(silentFrames_ + frames, memoryFrames_ + kReverbChunk) : 0;
    frame_ += frames;
}

}  // namespace tonewright
