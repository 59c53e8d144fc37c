#include "engineer/master/detector.h"

#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "engineer/mix/mix_sketch.h"

namespace tonewright {

std::vector<double> detectorPower(const MasterBrief& brief, const Equalizer::Params& before, const HeardRange& range) {
    const Sketch& sketch = brief.programme.sketch;
    Equalizer::Params all = before;
    if (range.lowestHz > 0.0) all.bands.push_back({.type = BandType::lowCut, .frequencyHz = range.lowestHz});
    if (range.highestHz < 20000.0) all.bands.push_back({.type = BandType::highCut, .frequencyHz = range.highestHz});
    BandGains gains = bandGains(all);
    const double scale = dbToPower(brief.gainDb()) / std::max(1, brief.programme.spec.channels);
    for (double& gain : gains) gain *= scale;
    std::vector<double> power(static_cast<std::size_t>(sketch.frames));
    for (int frame = 0; frame < sketch.frames; ++frame)
        for (int band = 0; band < kErbBands; ++band) power[static_cast<std::size_t>(frame)] += sketch.at(frame, band) * gains[band];
    return power;
}

double loudReductionDb(const std::vector<double>& ascendingDb, const GainComputer& curve) {
    const std::size_t first = ascendingDb.size() - std::max<std::size_t>(1, ascendingDb.size() / 10);
    double sum = 0.0;
    for (std::size_t i = first; i < ascendingDb.size(); ++i) sum += std::abs(curve.reductionDb(ascendingDb[i]));
    return sum / static_cast<double>(ascendingDb.size() - first);
}

}  // namespace tonewright
