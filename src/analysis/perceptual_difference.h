#pragma once
#include <memory>

#include "core/audio.h"

namespace tonewright {

// The eleven model output variables of PEAQ's basic version (ITU-R BS.1387-1, clause 4), each the mean of the channels.
struct PeaqVariables {
    double bandwidthRef = 0.0;    // BandwidthRefB, in bins of 23.4375 Hz (at every sample rate)
    double bandwidthTest = 0.0;   // BandwidthTestB, the same
    double totalNmrDb = 0.0;      // Total NMRB: noise to mask
    double winModDiff1 = 0.0;     // WinModDiff1B: difference of the envelopes' modulation, peaks of 100 ms
    double adb = 0.0;             // ADBB: by how many steps differences are above the threshold of detection, log10
    double ehs = 0.0;             // EHSB: harmonic structure of the difference
    double avgModDiff1 = 0.0;     // AvgModDiff1B
    double avgModDiff2 = 0.0;     // AvgModDiff2B: with what was added weighing more than what was lost
    double rmsNoiseLoud = 0.0;    // RmsNoiseLoudB: loudness of the difference next to the reference, sone
    double mfpd = 0.0;            // MFPDB: highest smoothed probability that a frame's difference is heard, 0 ... 1
    double relDistFrames = 0.0;   // RelDistFramesB: share of frames with a band 1.5 dB above the mask, 0 ... 1

    bool operator==(const PeaqVariables&) const = default;
};

struct PerceptualDifferenceFacts {
    double objectiveDifferenceGrade = 0.0;  // ODG of the whole: 0 not to be heard, -1 not annoying ... -4 very annoying
    double distortionIndex = 0.0;           // DI, the network's output before it is mapped to grades
    PeaqVariables variables;                // of the whole
    double meanWindowGrade = 0.0;           // mean ODG of the windows
    double worstWindowGrade = 0.0;          // lowest ODG of a window
    double worstWindowSeconds = 0.0;        // where that window starts, in what was added (gaps take no time)
    double windowSeconds = 0.0;             // length of the windows
    double measuredSeconds = 0.0;           // what counted: from the first sound to the last. 0: silence, all grades are 0

    bool operator==(const PerceptualDifferenceFacts&) const = default;
};

// How different a test signal sounds from its reference: PEAQ, basic version (ITU-R BS.1387-1), streaming.
//
//   ear model    spectrum of 43 ms -> outer and middle ear -> 109 bands of 1/4 Bark -> spreading over pitch and time
//   compared     modulation, loudness of the difference, noise to mask, detection, harmonics, bandwidth -> PeaqVariables
//   grade        a small network maps the variables to a distortion index, and that to the grade of listening tests
//
// The contract: both signals are aligned to the sample and matched in level; a delay or a difference in gain is heard as
// damage. NaN and infinity count as zero. Playback: a full-scale sine has 92 dB SPL. Identical signals get 0 (the
// network gives up to +0.2; grades are clamped at 0). Measured agreement: docs/analysis/perceptual-difference.md.
class PerceptualDifference {
public:
    struct Options {
        double windowSeconds = 5.0;         // 1 ... 60; every window gets a grade of its own
        double playbackLevelDbSpl = 92.0;   // of a full-scale sine, 60 ... 120
    };

    // Throws std::invalid_argument for rates outside 8 ... 768 kHz, channel counts other than 1 and 2, or options
    // outside their ranges. Objects of one rate share their tables: constructing is cheap.
    explicit PerceptualDifference(const StreamSpec& spec);
    PerceptualDifference(const StreamSpec& spec, const Options& options);
    ~PerceptualDifference();
    PerceptualDifference(PerceptualDifference&&) noexcept;
    PerceptualDifference& operator=(PerceptualDifference&&) noexcept;

    // Both blocks have the stream's channels and the same number of frames.
    void add(ConstBlock reference, ConstBlock test);

    // What follows is another excerpt: the ear's memory is cleared and the window ends here. Variables and grades go on.
    void gap();

    PerceptualDifferenceFacts result() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace tonewright
