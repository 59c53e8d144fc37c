#pragma once
#include <array>
#include <complex>
#include <memory>
#include <span>
#include <vector>

#include "analysis/peaq_adaptation.h"
#include "analysis/peaq_ear.h"
#include "analysis/peaq_harmonics.h"
#include "analysis/peaq_variables.h"
#include "dsp/fft.h"

namespace tonewright {

// Two signals heard by PEAQ's ear and compared, frame by frame.
class PeaqComparison {
public:
    PeaqComparison(std::shared_ptr<const PeaqTables> tables, int channels);

    // One frame of each channel, tables.frameLength finite samples.
    PeaqFrame compare(std::span<const float* const> reference, std::span<const float* const> test);
    void reset();

private:
    struct Channel {
        PeaqEar reference, test;
        PeaqAdaptation adaptation;
        std::array<double, 3> lastRoots;  // of the modulation difference, latest first
        int rootsHeard;
    };

    void compareChannel(Channel& channel, PeaqFrame::Channel& result);
    PeaqFrame::Modulation modulationDifference(const Channel& channel) const;
    double noiseLoudnessSone(const Channel& channel) const;
    std::optional<PeaqFrame::Bandwidth> bandwidth(const Channel& channel) const;
    void noiseToMask(const Channel& channel, PeaqFrame::Channel& result);
    void detect(PeaqFrame& result);

    std::shared_ptr<const PeaqTables> tables_;
    RealFft fft_;
    PeaqHarmonics harmonics_;
    std::vector<std::complex<float>> spectrum_;
    std::vector<float> noise_;
    std::vector<Channel> channels_;
    int frame_ = 0;                       // since the beginning
    int loudFrom_ = 0;                    // the first frame in which both signals were loud, if loud_
    bool loud_ = false;
    double smoothedDetection_ = 0.0;
    double detectionMemory_;
};

}  // namespace tonewright
