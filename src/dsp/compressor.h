#pragma once
#include <vector>

#include "core/audio.h"
#include "core/fields.h"
#include "dsp/ballistics.h"
#include "dsp/frame_delay.h"
#include "dsp/gain_computer.h"
#include "dsp/level_detector.h"
#include "dsp/sidechain_filter.h"

namespace tonewright {

// Feed-forward compressor in decibels (Giannoulis, Massberg & Reiss 2012):
//
//   level[n]     = 10 log10(detector(sidechain(key[n])))
//   reduction[n] = ballistics(curve(level[n]))                          dB, gain_computer.h and ballistics.h
//   gain[n]      = 10^((makeupGainDb - reduction[n]) / 20)
//   y[n]         = x[n - latency] (1 + mix (gain[n] - 1))
//
// Channels: each has its own level and reduction; stereoLink moves them towards the deepest of all (1: one gain, the
// image stands still). Where nothing is above the knee and the gain is at rest, no logarithm is taken and the audio
// passes bit for bit. See docs/dsp/compressor.md.
class Compressor {
public:
    struct Params {
        double thresholdDb = 0.0;
        double ratio = 1.0;
        double kneeDb = 6.0;
        double attackMs = 10.0;
        double releaseMs = 120.0;
        double makeupGainDb = 0.0;
        double mix = 1.0;
        DetectorKind detector = DetectorKind::peak;
        ReleaseKind release = ReleaseKind::decoupled;
        double stereoLink = 1.0;
        double lookaheadMs = 0.0;
        SidechainFilter::Params sidechain;

        bool operator==(const Params&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.number("thresholdDb", p.thresholdDb, {-80.0, 12.0}, "level above which it works");
            v.number("ratio", p.ratio, {1.0, 100.0}, "dB in for one dB out above the threshold; 1 leaves the sound untouched");
            v.number("kneeDb", p.kneeDb, {0.0, 40.0}, "width around the threshold in which the ratio sets in");
            v.number("attackMs", p.attackMs, {0.0, 500.0}, "time constant of the reduction's rise");
            v.number("releaseMs", p.releaseMs, {1.0, 5000.0}, "time constant of the reduction's fall");
            v.number("makeupGainDb", p.makeupGainDb, {-24.0, 36.0}, "gain after compression");
            v.number("mix", p.mix, {0.0, 1.0}, "share of the compressed sound; below 1 the dry sound is mixed in");
            v.choice("detector", p.detector, kDetectorKindNames, "how the level is measured");
            v.choice("release", p.release, kReleaseKindNames, "how attack and release meet; adaptive follows the programme");
            v.number("stereoLink", p.stereoLink, {0.0, 1.0}, "1: one gain for all channels; 0: each its own");
            v.number("lookaheadMs", p.lookaheadMs, {0.0, 20.0}, "how far ahead the detector hears; adds as much latency");
            SidechainFilter::Params::fields(p.sidechain, v);
        }
    };

    Compressor(const Params& params, const StreamSpec& spec);

    void reset();
    void process(Block block) noexcept;
    // The detector hears `key`: as many frames as the block, any number of channels (missing ones repeat the last).
    void processWithKey(Block block, ConstBlock key) noexcept;
    int latencyFrames() const { return delay_.frames(); }

    // The static curve: steady level in, steady gain out (without makeup and mix).
    double curveReductionDb(double levelDb) const { return curve_.reductionDb(levelDb); }

    // Since reset(), without makeup; <= 0. Mean over all frames; workingShare: frames with more than 0.1 dB taken.
    double maxReductionDb() const;
    double meanReductionDb() const;
    double workingShare() const;

private:
    static constexpr int kChunk = 64;

    void processChunk(Block block, ConstBlock key, int start, int length) noexcept;
    void reduce(int length) noexcept;

    GainComputer curve_;
    double idlePower_, makeupGainDb_, mix_, stereoLink_;
    bool transparent_, linked_;
    SidechainFilter sidechain_;
    std::vector<LevelDetector> detectors_;
    std::vector<Ballistics> ballistics_;
    FrameDelay delay_;
    std::vector<double> reductions_;  // power, then reduction, then gain: voice by voice, kChunk each
    double deepestDb_ = 0.0, sumDb_ = 0.0;
    long long frames_ = 0, working_ = 0;
};

}  // namespace tonewright
