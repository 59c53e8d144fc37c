#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "analysis/facts.h"
#include "analysis/spectral_stream.h"

namespace tonewright {

// Narrow peaks that stand in the music all the time. For every band of 1/24 octave and every moment (80 ms above 1.6 kHz,
// 85 ms below):
//
//   excess = level - mean level (dB) of the bands within half an octave, without the nearest two on each side
//
// and over time the median and the lower fifth of it. A note comes and goes, so its lower fifth is low; what a room, a
// microphone or a filter adds is there whatever is played. Moments 40 dB under the loudest so far do not count.
// Bounded memory; levels do not matter.
class ResonanceFinder final : public SpectralSink {
public:
    explicit ResonanceFinder(const SpectralStream& stream);

    void frame(Resolution resolution, const SpectralFrame& frame) override;

    struct Result {
        std::array<std::optional<double>, kFineBands> excessDb;  // the median; nullopt where nothing could be measured
        std::vector<NarrowPeak> peaks;                           // highest first, at most kMostPeaks
    };
    static constexpr int kMostPeaks = 8;
    static constexpr double kLeastPeakDb = 2.0;                  // lower ones are texture
    Result result() const;

private:
    // A grid's bands on the bins of one view.
    struct View {
        double usableHz = 0.0;
        int hops = 1;                        // summed for one moment
        int firstBand = 0, lastBand = -1;    // judged here; further ones only serve as neighbours
        int filled = 0;
        double loudest = 0.0;
        std::vector<float> power;            // sum over the hops
        std::vector<double> levelsDb;
        double binHz = 0.0;
    };
    void judge(View& view);
    double quantileDb(int band, double share) const;

    // Excess from -20 dB in steps of 0.5 dB.
    static constexpr int kClasses = 100;
    static constexpr double kLowestDb = -20.0, kStepDb = 0.5;

    View tonal_, fine_;
    std::array<std::array<std::int32_t, kClasses>, kFineBands> counts_{};
    std::array<std::int64_t, kFineBands> moments_{};
};

}  // namespace tonewright
