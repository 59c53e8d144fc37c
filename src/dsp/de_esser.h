#pragma once
#include <vector>

#include "core/audio.h"
#include "core/fields.h"
#include "dsp/ballistics.h"
#include "dsp/svf.h"

namespace tonewright {

// De-esser. Its detector compares the band above frequencyHz with the whole, so it works the same at every level:
//
//   ratio[n]     = 10 log10(P_high[n] / P_all[n])        powers over 5 ms, loudest channel sum
//   reduction[n] = min(rangeDb, max(0, ratio[n] - thresholdDb)), smoothed by attack and release
//
// The reduction is a high shelf at frequencyHz that moves (svf.h), so nothing is split and at rest the audio passes
// bit for bit. One gain for all channels.
class DeEsser {
public:
    struct Params {
        double frequencyHz = 5500.0;
        double thresholdDb = -6.0;
        double rangeDb = 0.0;
        double attackMs = 1.0;
        double releaseMs = 40.0;

        bool operator==(const Params&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.number("frequencyHz", p.frequencyHz, {1000.0, 16000.0}, "where sibilance begins");
            v.number("thresholdDb", p.thresholdDb, {-40.0, 0.0}, "share of the highs in the whole above which it works");
            v.number("rangeDb", p.rangeDb, {0.0, 24.0}, "most that it takes away; 0 leaves the sound untouched");
            v.number("attackMs", p.attackMs, {0.0, 50.0}, "time constant of the reduction's rise");
            v.number("releaseMs", p.releaseMs, {1.0, 500.0}, "time constant of the reduction's fall");
        }
    };

    DeEsser(const Params& params, const StreamSpec& spec);

    void reset();
    void process(Block block) noexcept;
    int latencyFrames() const { return 0; }

    // Since reset(): deepest reduction (<= 0), mean, and share of frames with more than 0.1 dB taken.
    double maxReductionDb() const;
    double meanReductionDb() const;
    double workingShare() const;

private:
    double thresholdDb_, thresholdRatio_, rangeDb_, warped_, powerAmount_;
    std::vector<Svf> highPasses_, shelves_;
    Ballistics ballistics_;

    double highPower_ = 0.0, allPower_ = 0.0, shelfDb_ = 0.0;
    double deepestDb_ = 0.0, sumDb_ = 0.0;
    long long frames_ = 0, working_ = 0;
};

}  // namespace tonewright
