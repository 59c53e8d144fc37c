#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "analysis/facts.h"
#include "core/audio.h"

namespace tonewright {

// Power and peak in steps of 10 ms, doubled whenever there would be more than five for each of the sketch's 8192 frames. Samples that
// are not finite count as 0.
class LevelStepsMeter {
public:
    explicit LevelStepsMeter(const StreamSpec& spec) : framesPerStep_(0.01 * spec.sampleRateHz), energy_(spec.channels) {}

    void add(ConstBlock block);
    LevelSteps result() const;

private:
    static constexpr int kMaxSteps = 5 * 8192, kLanes = 8;
    using Lanes = std::array<double, kLanes>;

    void closeStep();

    double framesPerStep_;                  // of 10 ms; a step ends at the whole frame before its end
    std::int64_t frame_ = 0, baseStep_ = 0; // frames heard; steps of 10 ms closed
    std::vector<Lanes> energy_;             // of the step that is being heard, by channel and by frame modulo 8: the same sum however blocks are cut
    float peak_ = 0.0f;
    int doublings_ = 0;
    std::vector<float> power_, peaks_;
};

}  // namespace tonewright
