#pragma once
#include <cstdint>
#include <memory>

#include "core/audio.h"
#include "core/fields.h"

namespace tonewright {

// Look-ahead limiter on TRUE peaks (docs/dsp/limiter.md has the whole story and the measured figures).
//
//   sustained   what every moment of a stretch of sustainMs needs is turned down, from the stretch's beginning: steady sound gets a constant gain
//   shaped      the short peaks left are shaped off by pulses under the sound's own spectrum (peak_shaper.h)
//   momentary   what still stands out is turned down for an instant: look-ahead, two cascaded box filters, quick release
//   guard       the same once more on what comes out: moving gain makes new peaks between samples
//
// The true peak (16x) of the output does not exceed the ceiling by more than 0.02 dB, whatever comes in. What stays
// below the ceiling passes bit for bit, late by latencyFrames().
class Limiter {
public:
    struct Params {
        double inputGainDb = 0.0;      // drive: applied first
        double ceilingDb = -1.0;       // dBTP
        double shapingDb = 12.0;       // how much of a short peak's height may be shaped off before gain is turned down; 0: none
        double lookaheadMs = 1.5;      // how long before a peak the gain begins to fall
        double holdMs = 13.0;          // how far apart the peaks of sustained sound may be: half a period of the lowest tone kept clean
        double releaseMs = 10.0;       // return after a short peak, time constant
        double slowReleaseMs = 300.0;  // return after sustained limiting, time constant
        double sustainMs = 400.0;      // how long limiting must last to count as sustained
        double linkTransient = 1.0;    // 1: short reductions act on all channels alike, and what is shaped off keeps its place; 0: each channel its own
        double linkSteady = 1.0;       // the same for sustained reduction

        bool operator==(const Params&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.number("inputGainDb", p.inputGainDb, {-40.0, 40.0}, "gain before the limiter");
            v.number("ceilingDb", p.ceilingDb, {-30.0, 0.0}, "highest true peak of the output, dBTP");
            v.number("shapingDb", p.shapingDb, {0.0, 40.0}, "how much of a short peak's height may be shaped off before gain is turned down");
            v.number("lookaheadMs", p.lookaheadMs, {0.5, 20.0}, "how long before a peak the gain begins to fall");
            v.number("holdMs", p.holdMs, {0.0, 50.0}, "how far apart the peaks of sustained sound may be");
            v.number("releaseMs", p.releaseMs, {5.0, 2000.0}, "time constant of the return after a short peak");
            v.number("slowReleaseMs", p.slowReleaseMs, {20.0, 5000.0}, "time constant of the return after sustained limiting");
            v.number("sustainMs", p.sustainMs, {5.0, 500.0}, "how long limiting must last to count as sustained");
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

    // Read-outs since reset(), <= 0: deepest gain (a shaped peak counts with what it lost), and mean (in dB) over the frames in which it reduced by more than
    // 0.01 dB; and the share of such frames.
    double maxReductionDb() const;
    double meanReductionDb() const;
    double activeShare() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace tonewright
