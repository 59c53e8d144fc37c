#pragma once
#include <memory>

#include "analysis/peaq_variables.h"
#include "core/audio.h"

namespace tonewright {

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
// damage. NaN and infinity count as zero. A full-scale sine is taken as 92 dB SPL. Identical signals get 0 (the network
// gives up to +0.2; grades are clamped at 0). Measured agreement: docs/analysis/perceptual-difference.md.
class PerceptualDifference {
public:
    struct Options {
        double windowSeconds = 5.0;  // 1 ... 60; every window gets a grade of its own

        // Grade as if both signals had the whole bandwidth. For processors that leave the band alone: the standard looks
        // for the band's end above 21.6 kHz in the test signal, and a little inaudible distortion there, or another
        // sample-rate converter, can cost a whole grade. The variables stay as measured.
        bool assumeFullBandwidth = false;
    };

    // Throws std::invalid_argument for rates outside 8 ... 768 kHz, channel counts other than 1 and 2, or options
    // outside their ranges. Objects of one rate share their tables: constructing is cheap.
    PerceptualDifference(const StreamSpec& spec, const Options& options);
    explicit PerceptualDifference(const StreamSpec& spec) : PerceptualDifference(spec, Options{}) {}
    ~PerceptualDifference();
    PerceptualDifference(PerceptualDifference&&) noexcept;
    PerceptualDifference& operator=(PerceptualDifference&&) noexcept;

    // Both blocks have the stream's channels and the same number of frames.
    void add(ConstBlock reference, ConstBlock test);

    // What follows is another excerpt: the ear's memory is cleared and the window ends here. Variables and grades go on.
    // Each excerpt's first half second counts only in part (the ear adapts), so excerpts should have 5 s or more.
    void gap();

    // A window that is not complete counts from half its length on, or where an excerpt has no other.
    PerceptualDifferenceFacts result() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace tonewright
