#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/audio.h"
#include "plan/step.h"
#include "render/chain.h"

namespace tonewright {

// A chain that also carries the parts of what passes it: after each step the parts still sum to the whole.
//
//   whole' = step(whole),   whole = sum of part[i]   =>   whole' = sum of part'[i]
//
// Linear steps work on each part. A compressor turns each part down by the gain that it has for the whole (its detector hears the
// whole, or its key). Any other step f gives a part what it adds to those before it, so that the first ones are as if alone:
//
//   part'[i] = f(part[0] + ... + part[i]) - f(part[0] + ... + part[i - 1])
//
// The whole itself is exactly what Chain makes of it.
class SplitChain {
public:
    // parts: as many blocks as process() is given; 0: a Chain and nothing else.
    SplitChain(std::span<const Step> steps, const StreamSpec& spec, int parts, int maxBlockFrames, const Chain::Keys* keys = nullptr);
    ~SplitChain();
    SplitChain(SplitChain&&) noexcept;
    SplitChain& operator=(SplitChain&&) noexcept;

    int latencyFrames() const { return latencyFrames_; }
    void process(Block whole, std::span<const Block> parts = {});
    std::vector<StepWork> work() const;  // on the whole

private:
    struct Stage;
    std::vector<std::unique_ptr<Stage>> stages_;
    int latencyFrames_ = 0;
};

}  // namespace tonewright
