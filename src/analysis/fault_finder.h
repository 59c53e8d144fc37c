#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "analysis/facts.h"
#include "analysis/stereo_meter.h"
#include "core/audio.h"

namespace tonewright {

// What is wrong with the recording itself, and where there is sound: activity, noise floor, clipping, clicks, dropouts,
// DC, hum, a lossy source's cut-off, cut edges, silent, doubled and inverted channels. All thresholds are relative to the
// recording's own level, so that turning it up or down changes nothing (docs/analysis/faults.md).
//
// Clipping, clicks, hum and DC are looked for in every channel; the worst is reported.
class FaultFinder {
public:
    struct Result {
        ActivityFacts activity;
        EdgeFacts edges;
        HumFacts hum;
        NoiseFacts noise;
        std::array<double, 2> dcOffset{};   // of the first two channels
        double lossyCutoffHz = 0.0;         // 0: none
        std::vector<Fault> faults;          // worst first
    };

    // sourceFaults: also what only a recording brings along (clicks, hum, a lossy source), the costly half.
    explicit FaultFinder(const StreamSpec& spec, bool sourceFaults = true);
    ~FaultFinder();
    FaultFinder(FaultFinder&&) noexcept;
    FaultFinder& operator=(FaultFinder&&) noexcept;

    void add(ConstBlock block);
    Result result(const StereoMeter& stereo) const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace tonewright
