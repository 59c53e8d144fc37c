#pragma once
#include "core/audio.h"
#include "core/fields.h"

namespace tonewright {

// Places a track between the speakers. It works on a 2-channel block: a mono source arrives copied to both channels.
//
//   mono:    x = (L + R)/2,  theta = (position + 1) pi/4
//            L' = x cos theta,  R' = x sin theta        equal power: -3.01 dB a side in the centre, 0 dB at the ends
//   stereo:  S scaled by width, then balance: the far side falls as sqrt(2) cos (or sin) theta, from 0 dB in the
//            centre to silence at the end; the near side stays at 0 dB, so that nothing is ever louder than it was.
//            In the centre with width 1 the output is the input, bit for bit.
class Panner {
public:
    enum class Source { mono, stereo };
    static constexpr Names<2> kSourceNames{"mono", "stereo"};

    struct Params {
        double position = 0.0;           // -1 left ... 1 right
        Source source = Source::stereo;  // which of the two laws
        double width = 1.0;              // stereo only: gain of the side; 0 mono, 1 as it is, 2 wide

        bool operator==(const Params&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.number("position", p.position, {-1.0, 1.0}, "where it stands: -1 left, 0 centre, 1 right");
            v.choice("source", p.source, kSourceNames, "mono: equal power, -3 dB a side in the centre; stereo: balance, 0 dB in the centre");
            v.number("width", p.width, {0.0, 2.0}, "stereo only: gain of the side signal before the balance; 1 leaves it");
        }
    };

    // L' = leftFromLeft L + leftFromRight R, and so on: all that the panner does, for whoever predicts a mix.
    struct Gains {
        double leftFromLeft, leftFromRight, rightFromLeft, rightFromRight;
    };
    static Gains gains(const Params& params);

    // spec.channels must be 2.
    Panner(const Params& params, const StreamSpec& spec);

    void reset() {}
    void process(Block block) noexcept;
    int latencyFrames() const { return 0; }

private:
    Gains gains_;
    bool neutral_;
};

}  // namespace tonewright
