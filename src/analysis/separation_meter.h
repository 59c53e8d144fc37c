#pragma once
#include <complex>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analysis/facts.h"
#include "core/audio.h"
#include "dsp/fft.h"
#include "dsp/kick_splitter.h"

namespace tonewright {

// How well the parts of a finished mix can be told apart, from the mix alone: the kick from what else plays between 30 and
// 160 Hz, the middle from the sides between 200 Hz and 8 kHz. Ratios only, so level does not matter.
class SeparationMeter {
public:
    explicit SeparationMeter(const StreamSpec& spec);

    void add(ConstBlock block);
    std::optional<KickSeparation> kick() const;      // nullopt where no drum was heard often enough to be known
    std::optional<CentreSeparation> centre() const;  // nullopt where there are not two channels, or nothing in them

private:
    void listenToSides(std::span<const std::vector<float>> frames);

    int channels_;
    KickSplitter splitter_;
    int filled_ = 0;
    std::vector<std::vector<float>> chunk_;
    std::vector<const float*> chunkPointers_;

    // One passage of four windows, half overlapped, in every second or third of a second.
    int size_, period_, lowBin_, highBin_;
    std::int64_t inPeriod_ = 0;
    RealFft fft_;
    std::vector<float> window_, time_;
    std::vector<std::complex<float>> left_, right_;
    std::vector<std::vector<float>> passage_;
    std::vector<double> ll_, rr_, lr_;
    double centrePower_ = 0.0, centreCaught_ = 0.0, sidePower_ = 0.0, sideLeak_ = 0.0, sideSquare_ = 0.0;
};

}  // namespace tonewright
