#pragma once
#include <vector>

#include "core/audio.h"
#include "core/fields.h"
#include "dsp/compressor.h"
#include "dsp/crossover.h"

namespace tonewright {

// A compressor for each band of a flat-summing crossover (crossover.h, compressor.h). With no band that works (ratio 1
// and no makeup everywhere) nothing is split and the audio passes bit for bit; otherwise the sum at rest is an
// all-pass: flat magnitude, no latency.
class MultibandCompressor {
public:
    struct Band {
        double upperHz = 20000.0;  // crossover to the next band; of no meaning in the last
        double thresholdDb = 0.0;
        double ratio = 1.0;
        double kneeDb = 6.0;
        double attackMs = 15.0;
        double releaseMs = 120.0;
        double makeupGainDb = 0.0;

        bool operator==(const Band&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.number("upperHz", p.upperHz, {20.0, 20000.0}, "where the next band begins; of no meaning in the last band");
            v.number("thresholdDb", p.thresholdDb, {-80.0, 12.0}, "rms level in the band above which it works");
            v.number("ratio", p.ratio, {1.0, 100.0}, "dB in for one dB out above the threshold");
            v.number("kneeDb", p.kneeDb, {0.0, 40.0}, "width around the threshold in which the ratio sets in");
            v.number("attackMs", p.attackMs, {0.0, 500.0}, "time constant of the reduction's rise");
            v.number("releaseMs", p.releaseMs, {1.0, 5000.0}, "time constant of the reduction's fall");
            v.number("makeupGainDb", p.makeupGainDb, {-24.0, 24.0}, "gain of the band after compression");
        }
    };

    struct Params {
        std::vector<Band> bands;
        double stereoLink = 1.0;

        bool operator==(const Params&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.list("bands", p.bands, {0, 5}, "bands, the lowest first; none leaves the sound untouched");
            v.number("stereoLink", p.stereoLink, {0.0, 1.0}, "1: one gain for all channels of a band; 0: each its own");
        }
    };

    // Throws std::invalid_argument for values out of range and crossovers that do not ascend.
    MultibandCompressor(const Params& params, const StreamSpec& spec);

    void reset();
    void process(Block block) noexcept;
    int latencyFrames() const { return 0; }

    // Since reset(), of one band; <= 0.
    double maxReductionDb(int band) const;
    double meanReductionDb(int band) const;

private:
    static constexpr int kChunk = 256;

    bool transparent_;
    Crossover crossover_;
    std::vector<Compressor> compressors_;
    std::vector<BlockBuffer> buffers_;
    std::vector<Block> views_;
    std::vector<float*> pointers_;
};

}  // namespace tonewright
