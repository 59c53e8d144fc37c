#pragma once
#include <cstdint>
#include <vector>

#include "analysis/facts.h"
#include "analysis/level_histogram.h"
#include "analysis/loudness_meter.h"
#include "core/audio.h"

namespace tonewright {

// RMS, crest, PLR, PSR and DR.
//
// DR after "Measuring DR" (Algorithmix 2009): per channel, blocks of 132480 frames at 44.1 kHz (3 s at other rates),
// a sine's RMS = its peak; DR = second highest block peak / RMS of the loudest fifth of the blocks, mean of the channels.
// The last block counts from half its length on.
class DynamicsMeter {
public:
    explicit DynamicsMeter(const StreamSpec& spec);

    void add(ConstBlock block);
    DynamicsFacts result(const LoudnessMeter::Result& loudness, double truePeakDbtp) const;

private:
    struct Channel {
        double blockEnergy = 0.0, totalEnergy = 0.0;
        float blockPeak = 0.0f, highestPeak = 0.0f, secondPeak = 0.0f;
        LevelHistogram blockPowers;

        void closeBlock(int frames);
    };

    int blockFrames_, filled_ = 0;
    std::int64_t frames_ = 0;
    std::vector<Channel> channels_;
};

}  // namespace tonewright
