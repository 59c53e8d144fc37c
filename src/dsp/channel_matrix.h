#pragma once
#include "core/audio.h"
#include "core/fields.h"

namespace tonewright {

// Each of two channels as a sum of both, with gains as factors (-1 inverts): mends a channel that is inverted, missing,
// swapped or too quiet. One channel passes untouched. The identity is bit-transparent.
class ChannelMatrix {
public:
    struct Params {
        double leftFromLeft = 1.0, leftFromRight = 0.0;
        double rightFromLeft = 0.0, rightFromRight = 1.0;

        bool operator==(const Params&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.number("leftFromLeft", p.leftFromLeft, {-4.0, 4.0}, "how much of the left channel goes to the left; negative: inverted");
            v.number("leftFromRight", p.leftFromRight, {-4.0, 4.0}, "how much of the right channel goes to the left");
            v.number("rightFromLeft", p.rightFromLeft, {-4.0, 4.0}, "how much of the left channel goes to the right");
            v.number("rightFromRight", p.rightFromRight, {-4.0, 4.0}, "how much of the right channel goes to the right");
        }
    };

    ChannelMatrix(const Params& params, const StreamSpec& spec);
    void reset() {}
    void process(Block block) noexcept;
    int latencyFrames() const { return 0; }

private:
    Params params_;
};

}  // namespace tonewright
