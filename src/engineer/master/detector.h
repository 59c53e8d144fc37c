#pragma once
#include <vector>

#include "dsp/equalizer.h"
#include "dsp/gain_computer.h"
#include "engineer/master/master_rules.h"

// What a compressor on the master will hear, foretold from the sketch.
namespace tonewright {

struct HeardRange {
    double lowestHz = 0.0, highestHz = 24000.0;
};

// Power that a detector hears in each frame of the programme at the working level, mean of the channels, after the filters `before`.
std::vector<double> detectorPower(const MasterBrief& brief, const Equalizer::Params& before, const HeardRange& range);

// Mean reduction over the loudest tenth, were the level steady within a frame; >= 0.
double loudReductionDb(const std::vector<double>& ascendingDb, const GainComputer& curve);

}  // namespace tonewright
