#pragma once
#include <concepts>

#include "core/audio.h"

namespace tonewright {

// The shape of every block processor. Parameters are fixed for its lifetime.
//
//   P(params, spec)    allocates and validates; throws std::invalid_argument naming the parameter and its range
//   process(block)     in place, no allocation, lock or system call; block boundaries do not exist
//   latencyFrames()    output sample n is input sample n - latencyFrames()
template <typename P>
concept Processor = requires(P processor, const P& view, const typename P::Params& params, const StreamSpec& spec, Block block) {
    P(params, spec);
    { params == params } -> std::same_as<bool>;
    { processor.reset() };
    { processor.process(block) } noexcept;
    { view.latencyFrames() } -> std::same_as<int>;
};

}  // namespace tonewright
