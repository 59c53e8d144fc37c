#include "dsp/harmonic_profile.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "core/decibels.h"
#include "dsp/saturator.h"

namespace tonewright {

HarmonicProfile harmonicProfile(const SaturatorParams& params, double hz, double peakDbfs) {
    constexpr double kRateHz = 48000.0, kNothingDb = -140.0;
    constexpr int kSettleFrames = 24000, kWindowFrames = 2400;  // the high-pass at 3 Hz is the slowest
    std::vector<float> audio(kSettleFrames + kWindowFrames);
    for (std::size_t n = 0; n < audio.size(); ++n)
        audio[n] = static_cast<float>(dbToGain(peakDbfs) * std::sin(2.0 * std::numbers::pi * hz / kRateHz * static_cast<double>(n)));
    Saturator saturator(params, {kRateHz, 1});
    float* channel = audio.data();
    saturator.process(Block{&channel, 1, static_cast<int>(audio.size())});

    const auto amplitude = [&](int harmonic) {
        std::complex<double> sum;
        for (int n = 0; n < kWindowFrames; ++n)
            sum += static_cast<double>(audio[static_cast<std::size_t>(kSettleFrames + n)]) * std::polar(1.0, -2.0 * std::numbers::pi * harmonic * hz / kRateHz * n);
        return std::abs(sum);
    };
    HarmonicProfile profile;
    const double fundamental = amplitude(1);
    double power = 0.0;
    for (std::size_t i = 0; i < profile.harmonicDb.size(); ++i) {
        const double ratio = amplitude(static_cast<int>(i) + 2) / fundamental;
        profile.harmonicDb[i] = std::max(kNothingDb, gainToDb(ratio));
        power += ratio * ratio;
    }
    profile.totalPercent = 100.0 * std::sqrt(power);
    return profile;
}

}  // namespace tonewright
