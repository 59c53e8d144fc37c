#pragma once
#include <array>
#include <vector>

#include "analysis/facts.h"
#include "analysis/spectral_stream.h"

namespace tonewright {

// Spectra over time and their means over the active parts, from the frames of a SpectralStream.
//
// The canvas: rows of 50 ms (doubled whenever there would be more than 8192), each with the power in third octaves
// (total and side) and ERB bands. Every band is taken from the view with the shortest window whose Hann main lobe (4
// bins) fits into the band, so that a full-scale sine in the middle of any third octave reads -3.01 dBFS there.
//
// Active: rows within 40 dB of the recording's own level, which is the mean power of the rows that are not more than
// 10 dB below the mean of all (two steps, after ITU-R BS.1770's gate). Nothing absolute comes in, so that scaling
// the input moves the levels and nothing else.
class SpectrumMeter final : public SpectralSink {
public:
    explicit SpectrumMeter(const StreamSpec& spec, const SpectralStream& stream);

    void frame(Resolution resolution, const SpectralFrame& frame) override;

    struct Result {
        SpectrumFacts spectrum;
        std::array<double, kThirdOctaves> thirdOctaveWidthDb{};  // kSilentDb where there is no side
        double activeShare = 0.0;                                // of the rows
        Sketch sketch;
    };
    Result result(double durationSeconds);

private:
    // A band as weights on the bins of one view: the first and last bin count in part.
    struct BinRange {
        bool used = false;
        int first = 0, last = 0;
        float firstWeight = 0.0f, lastWeight = 0.0f;
        float sum(const float* power) const;
    };
    struct Source {                                   // what one view contributes
        double binHz = 0.0;
        std::array<BinRange, kThirdOctaves> third;
        std::array<BinRange, kErbBands> erb;
        BinRange subsonic;
    };
    // Columns of a row.
    static constexpr int kThird = 0, kSide = kThirdOctaves, kErb = 2 * kThirdOctaves, kCentroidSum = kErb + kErbBands,
                         kPowerSum = kCentroidSum + 1, kFlatness = kPowerSum + 1, kFlatnessCount = kFlatness + 1,
                         kSubsonic = kFlatnessCount + 1, kColumns = kSubsonic + 1;

    Source makeSource(Resolution resolution, const SpectralStream& stream) const;
    void addFine(const SpectralFrame& frame);
    void closeFineRow();
    void addSpread(const Source& source, const SpectralFrame& frame);
    float* row(std::int64_t baseRow);                 // makes room, doubling the rows' length if need be
    void halveRows();
    std::vector<char> activeRows(int rows, double& level) const;
    std::array<RegionFacts, kToneRegions> regionLevels(const std::vector<char>& active, int activeCount) const;
    double bandMean(int column, const std::vector<char>& active, int activeCount, int spreadRows) const;

    bool stereo_;
    std::array<Source, 4> sources_;
    std::array<double, 4> windowSeconds_{};
    std::array<Resolution, kThirdOctaves> thirdView_{};
    std::vector<float> rows_;
    int rowCount_ = 0;
    int doublings_ = 0;

    std::vector<float> finePower_, fineSide_;         // sums over the frames of the row being filled
    std::int64_t fineRow_ = 0;
    int fineFrames_ = 0;
    bool fineHeld_ = false;                           // something other than silence was added
    double fineHopSeconds_, fineBinHz_ = 0.0;
};

}  // namespace tonewright
