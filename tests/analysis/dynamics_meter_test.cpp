#include "analysis/dynamics_meter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "analysis/true_peak_meter.h"
#include "tests/analysis/listen.h"
#include "tests/support/signals.h"

namespace tonewright::test {
namespace {

DynamicsFacts measure(const AudioBuffer& audio, int blockLength = 4096) {
    const auto loudness = listen(LoudnessMeter(audio.spec()), audio, blockLength).result();
    const double peak = listen(TruePeakMeter(audio.spec()), audio, blockLength).truePeakDbtp();
    return listen(DynamicsMeter(audio.spec()), audio, blockLength).result(loudness, peak);
}

// Noise whose level changes every second, so that the three-second blocks differ.
AudioBuffer programme(StreamSpec spec, double seconds, std::uint64_t seed) {
    AudioBuffer audio = noise(spec, static_cast<int>(seconds * spec.sampleRateHz), 0.0, seed);
    std::mt19937_64 random(seed);
    double gain = 1.0;
    for (int n = 0; n < audio.numFrames(); ++n) {
        if (n % static_cast<int>(spec.sampleRateHz) == 0) gain = dbToGain(-static_cast<double>(random() % 300) / 10.0);
        for (int c = 0; c < spec.channels; ++c) audio.channel(c)[n] *= static_cast<float>(gain);
    }
    return audio;
}

// "Measuring DR" written down directly.
double bruteForceDr(const AudioBuffer& audio) {
    const int blockFrames = audio.spec().sampleRateHz == 44100.0 ? 132480 : static_cast<int>(3.0 * audio.spec().sampleRateHz);
    double sum = 0.0;
    for (int c = 0; c < audio.numChannels(); ++c) {
        std::vector<double> powers, peaks;
        for (int start = 0; start < audio.numFrames(); start += blockFrames) {
            const int end = std::min(audio.numFrames(), start + blockFrames);
            if (end - start < blockFrames / 2) break;
            double energy = 0.0, peak = 0.0;
            for (int n = start; n < end; ++n) {
                energy += static_cast<double>(audio.channel(c)[n]) * audio.channel(c)[n];
                peak = std::max<double>(peak, std::abs(audio.channel(c)[n]));
            }
            powers.push_back(2.0 * energy / (end - start));
            peaks.push_back(peak);
        }
        std::sort(powers.rbegin(), powers.rend());
        std::sort(peaks.rbegin(), peaks.rend());
        const int loudest = std::max(1, static_cast<int>(std::nearbyint(0.2 * static_cast<double>(powers.size()))));
        double mean = 0.0;
        for (int i = 0; i < loudest; ++i) mean += powers[i] / loudest;
        sum += gainToDb(peaks[1] / std::sqrt(mean));
    }
    return sum / audio.numChannels();
}

TEST(Dynamics, DrEqualsItsDefinition) {
    for (const double rate : {44100.0, 48000.0})
        for (const double seconds : {32.0, 67.5}) {
            const AudioBuffer audio = programme({rate, 2}, seconds, static_cast<std::uint64_t>(seconds));
            EXPECT_NEAR(measure(audio).dynamicRangeDb.value(), bruteForceDr(audio), 0.006) << rate << " " << seconds;
        }
}

TEST(Dynamics, ASineHasDrZeroAndCrest3) {
    const DynamicsFacts facts = measure(sine({48000.0, 2}, 48000 * 20, 997.0, -12.0));
    EXPECT_NEAR(facts.dynamicRangeDb.value(), 0.0, 0.01);
    EXPECT_NEAR(facts.crestDb.value(), 3.01, 0.01);
    EXPECT_NEAR(facts.rmsDbfs, -15.01, 0.01);
    EXPECT_NEAR(facts.peakToLoudnessDb.value(), 0.0, 0.05);  // in both channels: integrated = peak level
}

TEST(Dynamics, RmsIsTheMeanOfTheChannelsPowers) {
    AudioBuffer audio = sine({48000.0, 2}, 48000, 997.0, 0.0);
    std::fill(audio.channel(1).begin(), audio.channel(1).end(), 0.0f);
    EXPECT_NEAR(measure(audio).rmsDbfs, -6.02, 0.01);
}

TEST(Dynamics, NothingIsMadeUpForSilenceOrShortThings) {
    const DynamicsFacts silent = measure(AudioBuffer({48000.0, 2}, 48000 * 10));
    EXPECT_EQ(silent.rmsDbfs, kSilentDb);
    EXPECT_FALSE(silent.crestDb || silent.dynamicRangeDb || silent.peakToLoudnessDb || silent.minPeakToShortTermDb);
    EXPECT_FALSE(measure(sine({48000.0, 1}, 48000 * 4, 997.0, -12.0)).dynamicRangeDb);  // one block
    EXPECT_EQ(measure(AudioBuffer({48000.0, 2}, 0)).rmsDbfs, kSilentDb);
}

TEST(Dynamics, HowTheStreamIsCutChangesNoBit) {
    const AudioBuffer audio = programme({44100.0, 2}, 20.0, 4);
    const DynamicsFacts whole = measure(audio, audio.numFrames()), pieces = measure(audio, 0);
    EXPECT_EQ(whole.rmsDbfs, pieces.rmsDbfs);
    EXPECT_EQ(whole.dynamicRangeDb, pieces.dynamicRangeDb);
    EXPECT_EQ(whole.crestDb, pieces.crestDb);
}

TEST(LevelHistogramTest, MeansAreExactAndQuantilesWithinAHundredthOfADecibel) {
    LevelHistogram histogram;
    std::vector<double> powers;
    std::mt19937_64 random(3);
    for (int i = 0; i < 5000; ++i) powers.push_back(dbToPower(-static_cast<double>(random() % 100000) / 1000.0));
    double sum = 0.0;
    for (const double power : powers) {
        histogram.add(power);
        sum += power;
    }
    std::sort(powers.begin(), powers.end());
    EXPECT_NEAR(histogram.meanAbove(0.0) / (sum / 5000.0), 1.0, 1e-12);
    for (const double share : {0.0, 0.1, 0.5, 0.95, 1.0})
        EXPECT_NEAR(powerToDb(histogram.quantileAbove(0.0, share)), powerToDb(powers[static_cast<std::size_t>(std::floor(4999 * share + 0.5))]), 0.011);
    double highest = 0.0;
    for (int i = 0; i < 1000; ++i) highest += powers[4999 - i] / 1000.0;
    EXPECT_NEAR(powerToDb(histogram.meanOfHighest(1000)), powerToDb(highest), 0.001);
}

}  // namespace
}  // namespace tonewright::test
