#include "analysis/facts.h"

#include <cmath>

namespace tonewright {

namespace {

// ERB-number scale (Cams), Glasberg and Moore 1990, equation 4, and its inverse.
double camsOf(double hz) { return 21.4 * std::log10(1.0 + 0.00437 * hz); }
double hzOf(double cams) { return (std::pow(10.0, cams / 21.4) - 1.0) / 0.00437; }

constexpr double kLowestHz = 30.0, kHighestHz = 18000.0;

double hzAtBand(double position) {
    const double low = camsOf(kLowestHz), high = camsOf(kHighestHz);
    return hzOf(low + (high - low) * position / kErbBands);
}

}  // namespace

double thirdOctaveCentreHz(int band) { return std::pow(10.0, (13 + band) / 10.0); }

double fineBandCentreHz(int band) { return 200.0 * std::exp2((band + 0.5) / kFineBandsPerOctave); }

double erbCentreHz(int band) { return hzAtBand(band + 0.5); }
double erbEdgeHz(int edge) { return hzAtBand(edge); }

std::string KeyFacts::name() const {
    static constexpr std::array<const char*, 12> kMajor = {"C", "D flat", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat", "B"};
    static constexpr std::array<const char*, 12> kMinor = {"C", "C sharp", "D", "E flat", "E", "F", "F sharp", "G", "G sharp", "A", "B flat", "B"};
    if (!tonic) return "";
    return std::string((minor ? kMinor : kMajor)[static_cast<std::size_t>(*tonic)]) + (minor ? " minor" : " major");
}

}  // namespace tonewright
