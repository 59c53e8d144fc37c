#pragma once
#include <vector>

#include "core/audio.h"
#include "core/fields.h"
#include "dsp/frame_delay.h"
#include "dsp/sidechain_filter.h"

namespace tonewright {

// Downward expander and gate, one gain for all channels.
//
//   env[n]    = max(peak over channels of |sidechain(x)|, env[n-1] e^(-1 / (10 ms fs)))
//   open      from env > threshold until env < threshold - hysteresis for longer than holdMs
//   target    = 0 dB while open, else max(-rangeDb, (ratio - 1)(env - threshold))
//   gainDb    follows the target: rises with attackMs, falls with releaseMs (time constants)
//
// While open and at 0 dB the audio passes bit for bit (late by lookaheadMs, with which the gate opens before the sound).
class Gate {
public:
    struct Params {
        double thresholdDb = -60.0;
        double hysteresisDb = 4.0;
        double ratio = 10.0;
        double rangeDb = 0.0;
        double attackMs = 1.0;
        double holdMs = 50.0;
        double releaseMs = 150.0;
        double lookaheadMs = 0.0;
        SidechainFilter::Params sidechain;

        bool operator==(const Params&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.number("thresholdDb", p.thresholdDb, {-120.0, 0.0}, "peak level above which it opens");
            v.number("hysteresisDb", p.hysteresisDb, {0.0, 24.0}, "how far below the threshold it closes");
            v.number("ratio", p.ratio, {1.0, 100.0}, "dB out for one dB in below the threshold; 1 leaves the sound untouched");
            v.number("rangeDb", p.rangeDb, {0.0, 120.0}, "most that it takes away; 0 leaves the sound untouched");
            v.number("attackMs", p.attackMs, {0.0, 200.0}, "time constant of opening");
            v.number("holdMs", p.holdMs, {0.0, 2000.0}, "stays open so long after the level fell");
            v.number("releaseMs", p.releaseMs, {1.0, 5000.0}, "time constant of closing");
            v.number("lookaheadMs", p.lookaheadMs, {0.0, 20.0}, "how far ahead it hears; adds as much latency");
            SidechainFilter::Params::fields(p.sidechain, v);
        }
    };

    Gate(const Params& params, const StreamSpec& spec);

    void reset();
    void process(Block block) noexcept;
    // The detector hears `key`: as many frames as the block, any number of channels.
    void processWithKey(Block block, ConstBlock key) noexcept;
    int latencyFrames() const { return delay_.frames(); }

    // Since reset(): deepest reduction (<= 0), and the share of frames in which it was open.
    double maxReductionDb() const;
    double openShare() const;

private:
    static constexpr int kChunk = 64;

    void processChunk(Block block, ConstBlock key, int start, int length) noexcept;
    double targetDb(double envelope);

    double openLevel_, closeLevel_, floorLevel_;  // amplitudes
    double thresholdDb_, slope_, rangeDb_;
    double attack_, release_, decay_;
    int holdFrames_;
    bool transparent_;
    SidechainFilter sidechain_;
    int keyChannels_;
    FrameDelay delay_;

    double envelope_ = 0.0, gainDb_ = 0.0, deepestDb_ = 0.0;
    int belowFrames_ = 0;
    bool open_ = false;
    long long frames_ = 0, openFrames_ = 0;
};

}  // namespace tonewright
