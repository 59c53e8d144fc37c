#pragma once
#include <vector>

#include "core/audio.h"
#include "core/fields.h"
#include "dsp/power_shelf.h"

namespace tonewright {

// Echo, with its own time on each side.
//
//   line[n]  = cut(input[n] + feedback * echo[n]),   echo[n] = line[n - D]
//   output   = (1 - mix) input + mix * echo
//
// D is the time in whole frames. cut() is a Butterworth low-cut and high-cut of 12 dB an octave each, inside the loop:
// every repeat is darker and thinner than the one before. Their gain never exceeds 1 and feedback < 1, so the loop is
// stable for every setting. Ping-pong: the mean of the inputs enters the left line, the left line's echo feeds the right
// one and the right one's the left. With mix 0 the output is the input, bit for bit.
class Delay {
public:
    struct Params {
        double timeLeftMs = 375.0;   // also the only time of a mono stream
        double timeRightMs = 375.0;
        double feedback = 0.3;       // gain from repeat to repeat, before the cuts
        bool pingPong = false;
        double lowCutHz = 150.0;     // 0 is off
        double highCutHz = 6000.0;   // 20000 is off
        double mix = 1.0;            // 1: echoes alone, for a return

        bool operator==(const Params&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.number("timeLeftMs", p.timeLeftMs, {1.0, 4000.0}, "time between repeats, left (and mono)");
            v.number("timeRightMs", p.timeRightMs, {1.0, 4000.0}, "time between repeats, right");
            v.number("feedback", p.feedback, {0.0, 0.98}, "gain from one repeat to the next, before the cuts");
            v.flag("pingPong", p.pingPong, "repeats cross from side to side");
            v.number("lowCutHz", p.lowCutHz, {0.0, 2000.0}, "low-cut inside the loop, 12 dB an octave; 0 is off");
            v.number("highCutHz", p.highCutHz, {500.0, 20000.0}, "high-cut inside the loop, 12 dB an octave; 20000 is off");
            v.number("mix", p.mix, {0.0, 1.0}, "0 the input alone, 1 the echoes alone");
        }
    };

    // spec.channels must be 1 or 2.
    Delay(const Params& params, const StreamSpec& spec);

    void reset();
    void process(Block block) noexcept;
    int latencyFrames() const { return 0; }

private:
    struct Line {
        std::vector<float> ring;
        int position = 0;
        PowerShelf lowCut, highCut;
    };

    double feedback_, mix_;
    bool pingPong_;
    std::vector<Line> lines_;
};

}  // namespace tonewright
