#include "analysis/peaq_tables.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numbers>

#include "analysis/peaq_ear.h"
#include "core/decibels.h"

namespace tonewright {

namespace {

constexpr double kBandBark = 0.25;
constexpr double kLowestHz = 80.0, kHighestHz = 18000.0;
constexpr double kPlaybackDbSpl = 92.0;  // of a full-scale sine
// A sine of 1019.5 Hz falls between two bins of the standard's spectrum: what its higher bin shows of its peak.
constexpr double kScallop = 0.84971762641205;

double barkOf(double hz) { return 7.0 * std::asinh(hz / 650.0); }
double hzOf(double bark) { return 650.0 * std::sinh(bark / 7.0); }

double earGainDb(double hz) {
    const double kHz = hz / 1000.0;
    return -2.184 * std::pow(kHz, -0.8) + 6.5 * std::exp(-0.6 * (kHz - 3.3) * (kHz - 3.3)) - 0.001 * std::pow(kHz, 3.6);
}

PeaqTables::Band bandOf(double lowHz, double highHz, double binHz, int bins) {
    // Bin k covers (k - 1/2) ... (k + 1/2) bin widths.
    const double low = lowHz / binHz, high = highHz / binHz;
    const int first = static_cast<int>(std::lround(low)), last = static_cast<int>(std::lround(high));
    if (last >= bins) return {bins - 1, bins - 1, 0.0f, 0.0f};  // above half the sample rate there is nothing
    return {first, last, static_cast<float>(std::min(high, first + 0.5) - low), first == last ? 0.0f : static_cast<float>(high - (last - 0.5))};
}

}  // namespace

PeaqTables::PeaqTables(double sampleRateHz) {
    frameLength = static_cast<int>(std::lround(2048.0 * std::exp2(std::round(std::log2(sampleRateHz / 48000.0)))));
    hop = frameLength / 2;
    bins = frameLength / 2 + 1;
    framesPerSecond = sampleRateHz / hop;
    onsetFrames = static_cast<int>(std::ceil(0.5 * framesPerSecond));
    loudnessFrames = static_cast<int>(std::ceil(0.05 * framesPerSecond));

    const double binHz = sampleRateHz / frameLength;
    binsPerPeaqBin = kPeaqBinHz / binHz;
    const double scale = dbToGain(kPlaybackDbSpl) / (0.25 * kScallop * (frameLength - 1));
    window.resize(frameLength);
    for (int n = 0; n < frameLength; ++n)
        window[n] = static_cast<float>(0.5 * scale * (1.0 - std::cos(2.0 * std::numbers::pi * n / (frameLength - 1))));
    earGain.resize(bins);
    for (int k = 1; k < bins; ++k) earGain[k] = static_cast<float>(dbToGain(earGainDb(k * binHz)));

    lowerSlope = std::pow(10.0, -2.7 * kBandBark);
    upperSlopePerDb = 0.2 * kBandBark;
    const double lowestBark = barkOf(kLowestHz), highestBark = barkOf(kHighestHz);
    const double framePeriodS = 1.0 / framesPerSecond;
    for (int i = 0; i < kPeaqBands; ++i) {
        const double low = lowestBark + i * kBandBark, high = std::min(highestBark, low + kBandBark);
        bands[i] = bandOf(hzOf(low), hzOf(high), binHz, bins);
        const double centreHz = hzOf(0.5 * (low + high)), centreKHz = centreHz / 1000.0;

        internalNoise[i] = dbToPower(1.456 * std::pow(centreKHz, -0.8));
        upperSlopeDb[i] = (-24.0 - 230.0 / centreHz) * kBandBark;
        lowerSum[i] = (1.0 - std::pow(lowerSlope, i + 1)) / (1.0 - lowerSlope);
        smearing[i] = std::exp(-framePeriodS / (0.008 + 100.0 / centreHz * (0.030 - 0.008)));
        adaptation[i] = std::exp(-framePeriodS / (0.008 + 100.0 / centreHz * (0.050 - 0.008)));
        const double bark = i * kBandBark;
        maskingRatio[i] = dbToPower(bark <= 12.0 ? 3.0 : 0.25 * bark);

        loudnessThreshold[i] = dbToPower(3.64 * std::pow(centreKHz, -0.8));
        loudnessIndex[i] = dbToPower(-2.0 - 2.05 * std::atan(centreKHz / 4.0) - 0.75 * std::atan(centreKHz * centreKHz / 2.56));
        loudnessScale[i] = 1.07664 * std::pow(loudnessThreshold[i] / (loudnessIndex[i] * 1e4), 0.23);
        noiseLoudnessScale[i] = std::pow(internalNoise[i], 0.23);
        modulationFloor[i] = 100.0 * std::pow(internalNoise[i], 0.3);
    }
    PeaqPattern flat, spread;
    flat.fill(1.0);
    spreadScale.fill(1.0);
    spreadOverPitch(*this, flat, spread);
    for (int i = 0; i < kPeaqBands; ++i) spreadScale[i] = 1.0 / spread[i];

    // At rates that end below the standard's 21.6 kHz, the highest 2 % stand for it.
    zeroEnd = std::min(static_cast<int>(std::lround(1024 * binsPerPeaqBin)), bins - 1);
    zeroFirst = std::min(static_cast<int>(std::lround(921 * binsPerPeaqBin)), static_cast<int>(0.98 * zeroEnd));

    // The standard compares with what lies up to 24 kHz. From a lower rate that is what a converter lets through: one that
    // is flat up to 0.95 of half the rate and 100 dB down at half the rate; its response is the integral of its window.
    convertedPower.assign(zeroEnd, 1.0f);
    const double halfRateHz = 0.5 * sampleRateHz, middleHz = 0.975 * halfRateHz, deviationHz = 0.025 * halfRateHz / 4.265;
    if (sampleRateHz < 48000.0)
        for (int k = 0; k < zeroEnd; ++k)
            convertedPower[k] = static_cast<float>(std::pow(0.5 * std::erfc((k * binHz - middleHz) / (std::numbers::sqrt2 * deviationHz)), 2.0));
}

std::shared_ptr<const PeaqTables> peaqTables(double sampleRateHz) {
    static std::mutex mutex;
    static std::shared_ptr<const PeaqTables> last;
    static double lastRateHz = 0.0;
    const std::lock_guard lock(mutex);
    if (lastRateHz != sampleRateHz) {
        last = std::make_shared<const PeaqTables>(sampleRateHz);
        lastRateHz = sampleRateHz;
    }
    return last;
}

}  // namespace tonewright
