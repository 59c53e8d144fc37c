#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "analysis/facts.h"
#include "analysis/level_histogram.h"
#include "core/audio.h"

namespace tonewright {

// Power weight of a channel by its number and the channel count, WAV order (ITU-R BS.1770-5, tables 3 and 4): surrounds
// at 60 ... 120 degrees 1.41, LFE 0, everything else 1. Mono is one channel.
double loudnessWeight(int channel, int channels);

// Two biquads of one K-weighting (BS.1770-5 tables 1 and 2), re-derived for the rate so that the analogue response is kept.
struct KWeighting {
    struct Biquad { double b0, b1, b2, a1, a2; };
    Biquad shelf, lowCut;

    static KWeighting design(double sampleRateHz);
    double responseDb(double hz, double sampleRateHz) const;
};

// Loudness after ITU-R BS.1770-5 and EBU Tech 3341/3342 of a stream of any length.
//
//   z     K-weighted, channel-weighted power in steps of 10 ms
//   M, S  power of the last 400 ms, 3 s; maxima over all steps (100 Hz)
//   I     mean of M every 100 ms above -70 LUFS, and above that mean - 10 LU
//   LRA   P95 - P10 of S every 100 ms above -70 LUFS, and above that mean - 20 LU
//
// The blocks are kept in a LevelHistogram: means are exact, the relative gate's edge is quantised to 0.01 LU. An
// incomplete last step is left out, as is everything before the first full window.
class LoudnessMeter {
public:
    struct Result {
        double integratedLufs = kSilentDb;
        double maxMomentaryLufs = kSilentDb;
        double maxShortTermLufs = kSilentDb;
        std::optional<double> loudnessRangeLu;
        std::optional<double> monoLossLu;            // two channels: loudness of (L+R)/2 in both, minus stereo
        std::optional<double> minPeakToShortTermDb;  // sample peak of 3 s - S, lowest where S is within 10 LU of its maximum
        std::vector<float> shortTermLufs;            // over time, <= 1024 values; -200 for silence
    };

    // Throws std::invalid_argument for rates outside 8 ... 768 kHz or channel counts outside 1 ... 64.
    explicit LoudnessMeter(const StreamSpec& spec);

    void add(ConstBlock block);
    Result result() const;

private:
    using Pair = double __attribute__((vector_size(16)));  // two channels in one register
    struct PairState {
        Pair s1{}, s2{}, t1{}, t2{};       // of the shelf and the low cut
        Pair energy{};                     // in the current step
        double cross = 0.0;
    };
    struct Step { double power = 0.0, mono = 0.0; std::int64_t frames = 0; float peak = 0.0f; };

    void filter(ConstBlock block, int start, int count);
    void closeStep();
    Step window(int tenths) const;

    StreamSpec spec_;
    KWeighting weighting_;
    std::vector<double> weights_;
    std::vector<PairState> states_;
    std::int64_t frame_ = 0, step_ = 0, stepEnd_ = 0;
    Step current_;
    std::array<Step, 10> lastSteps_{};
    std::array<Step, 300> lastTenths_{};   // ending at each of the last 300 steps: sums over 10 steps
    double maxMomentary_ = 0.0, maxShortTerm_ = 0.0;
    LevelHistogram momentary_, momentaryMono_, shortTerm_;
    BoundedCurve shortTermCurve_;
    std::map<int, double> lowestPeakRatio_;  // by S in 0.1 LU: lowest peak^2 / power
};

// The same as a block of facts; peaks are another meter's.
inline LoudnessFacts toFacts(const LoudnessMeter::Result& result) {
    LoudnessFacts facts;
    facts.integratedLufs = result.integratedLufs;
    facts.maxMomentaryLufs = result.maxMomentaryLufs;
    facts.maxShortTermLufs = result.maxShortTermLufs;
    facts.loudnessRangeLu = result.loudnessRangeLu;
    return facts;
}

}  // namespace tonewright
