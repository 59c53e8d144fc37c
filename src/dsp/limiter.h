#pragma once
#include <cstdint>
#include <memory>

#include "core/audio.h"
#include "core/fields.h"

namespace tonewright {

// Look-ahead limiter on TRUE peaks (docs/dsp/limiter.md has the whole story and the measured figures).
//
//   need[n]  = min(1, ceiling / true peak between frames n and n + 1)      per channel, then linked
//   hold[n]  = min(need[n - A - H ... n])                                  A = look-ahead, H = hold
//   steady   follows hold slowly both ways; fast falls at once and rises with releaseMs
//   gain     = two cascaded box filters (A long together) over min(fast, steady): reaches every need in time
//   guard    the same once more, short, on what comes out: moving gain makes new peaks between samples
//
// The true peak (16x) of the output does not exceed the ceiling by more than 0.02 dB, whatever comes in. What stays
// below the ceiling passes bit for bit, late by latencyFrames().
class Limiter {
public:
    struct Params {
        double inputGainDb = 0.0;      // drive: applied first
        double ceilingDb = -1.0;       // dBTP
        double lookaheadMs = 5.0;      // how long before a peak the gain begins to fall
        double holdMs = 8.0;           // how long after a peak the gain stays: with the look-ahead, half a period of the lowest tone kept clean
        double releaseMs = 30.0;       // return after a short peak, time constant
        double slowReleaseMs = 300.0;  // return after sustained limiting, time constant
        double linkTransient = 1.0;    // 1: short reductions act on all channels alike; 0: each channel its own
        double linkSteady = 1.0;       // the same for sustained reduction

        bool operator==(const Params&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.number("inputGainDb", p.inputGainDb, {-40.0, 40.0}, "gain before the limiter");
            v.number("ceilingDb", p.ceilingDb, {-30.0, 0.0}, "highest true peak of the output, dBTP");
            v.number("lookaheadMs", p.lookaheadMs, {0.5, 20.0}, "how long before a peak the gain begins to fall");
            v.number("holdMs", p.holdMs, {0.0, 50.0}, "how long after a peak the gain stays down");
            v.number("releaseMs", p.releaseMs, {5.0, 2000.0}, "time constant of the return after a short peak");
            v.number("slowReleaseMs", p.slowReleaseMs, {20.0, 5000.0}, "time constant of the return after sustained limiting");
            v.number("linkTransient", p.linkTransient, {0.0, 1.0}, "how far short reductions act on all channels alike");
            v.number("linkSteady", p.linkSteady, {0.0, 1.0}, "how far sustained reduction acts on all channels alike");
        }
    };

    Limiter(const Params& params, const StreamSpec& spec);
    ~Limiter();
    Limiter(Limiter&&) noexcept;
    Limiter& operator=(Limiter&&) noexcept;

    void reset();
    void process(Block block) noexcept;
    int latencyFrames() const;

    // Read-outs since reset(), <= 0: deepest gain, and mean (in dB) over the frames in which it reduced by more than
    // 0.01 dB; and the share of such frames.
    double maxReductionDb() const;
    double meanReductionDb() const;
    double activeShare() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace tonewright
