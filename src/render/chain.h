#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/audio.h"
#include "plan/plan.h"

namespace tonewright {

// How hard a dynamics processor worked, for the report.
struct StepWork {
    std::string stepId;
    double maxReductionDb = 0.0;   // <= 0
    double meanReductionDb = 0.0;  // <= 0, over the time in which it worked
    double maxRaiseDb = 0.0;       // >= 0, of what can also raise
};

// The processors of a list of steps, in order; bypassed steps are left out. Every step must fit the spec's channels.
//
// A compressor or dynamic equalizer with a key hears another track. That signal is given by keySource(id) for the block being processed, is
// late by keyLatencyFrames(id), and both are delayed to the later of the two so that they meet in time.
class Chain {
public:
    struct Keys {
        std::function<StreamSpec(const std::string& trackId)> spec;
        std::function<int(const std::string& trackId)> latencyFrames;
        std::function<ConstBlock(const std::string& trackId)> block;
    };

    // lateFrames: by how much the stream is late already. What stands at a place in time (a fade) takes that and the latency
    // before it into account; a trim makes nothing late, so places are places of the source.
    Chain(std::span<const Step> steps, const StreamSpec& spec, const Keys* keys = nullptr, std::int64_t lateFrames = 0);
    ~Chain();
    Chain(Chain&&) noexcept;
    Chain& operator=(Chain&&) noexcept;

    int latencyFrames() const { return latencyFrames_; }
    std::int64_t lateFramesAfter() const { return lateFrames_; }   // what a chain that goes on where this one ends is told
    bool empty() const { return nodes_.empty(); }
    void process(Block block);
    std::vector<StepWork> work() const;

private:
    struct Node;
    template <class P>
    struct ProcessorNode;
    template <class P>
    struct KeyedNode;

    std::vector<std::unique_ptr<Node>> nodes_;
    int latencyFrames_ = 0;
    std::int64_t lateFrames_;
};

}  // namespace tonewright
