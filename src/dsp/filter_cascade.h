#pragma once
#include <array>
#include <vector>

#include "core/audio.h"
#include "dsp/svf.h"

namespace tonewright {

// Second-order sections in series on every channel: the engine of the equalizer.
//
// A section needs its own last result, so one section on one channel can not be vectorised over time. Sections can
// be vectorised over each other: lane j works on sample n - j kLag, on what lane j - 1 gave kLag steps ago. Eight lanes
// are eight sections of one channel, or four of two. Every section of every channel does the same arithmetic on the
// same numbers as if it ran alone, so the lanes change nothing but the time it takes.
class FilterCascade {
public:
    FilterCascade(const std::vector<Svf::Coefficients>& sections, int channels);

    void reset();
    // In place. Samples must be finite.
    void process(Block block) noexcept;

    static constexpr int kLanes = 8;

    // Up to kLanes / channels sections: coefficients and state, lane by lane. Equations in filter_cascade.cpp.
    struct Group {
        alignas(64) std::array<double, kLanes> c1{}, c2{}, c3{}, mx{}, d1{}, d3{};
        alignas(64) std::array<double, kLanes> s1{}, s2{};
        int sections = 0;
    };

private:
    // Channels are taken two by two; a last odd one alone.
    struct Lane {
        int firstChannel, channels;
        std::vector<Group> groups;
    };
    void processChunk(Lane& lane, Block block, int start, int length) noexcept;

    std::vector<Lane> lanes_;
    std::vector<double> rows_;
};

}  // namespace tonewright
