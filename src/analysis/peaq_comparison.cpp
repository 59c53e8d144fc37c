#include "analysis/peaq_comparison.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/peaq_power.h"
#include "core/decibels.h"
#include "dsp/target_clones.h"

namespace tonewright {

namespace {

constexpr double kLoudSone = 0.1;                    // clause 5.2.4.2
constexpr double kEnergetic = 8000.0 / 0x1p30;       // of the newer half of a frame of 2048, clause 5.2.4.3
constexpr double kSoundOfFiveSamples = 200.0 / 0x1p15;  // clause 5.2.4.4
constexpr double kDisturbed = 1.4125375446227544;    // 1.5 dB
constexpr double kBandMean = 1.0 / kPeaqBands;

bool audible(const float* samples, int count) {
    for (int n = 0; n + 5 <= count; ++n) {
        double sum = 0.0;
        for (int i = 0; i < 5; ++i) sum += std::abs(samples[n + i]);
        if (sum >= kSoundOfFiveSamples) return true;
    }
    return false;
}

double energyOf(const float* samples, int count) {
    double sum = 0.0;
    for (int n = 0; n < count; ++n) sum += static_cast<double>(samples[n]) * samples[n];
    return sum;
}

TONEWRIGHT_TARGET_CLONES
void noiseLoudness(const PeaqTables& tables, const double* __restrict modulationReference, const double* __restrict modulationTest,
                   const double* __restrict reference, const double* __restrict test, double* __restrict sone) {
    for (int i = 0; i < kPeaqBands; ++i) {
        const double weightReference = 0.15 * modulationReference[i] + 0.5, weightTest = 0.15 * modulationTest[i] + 0.5;
        // e^(-1.5 (test - reference) / reference), not below 10^-20
        const double masking = fastDbToPower(std::max(-6.5144172285487778 * (test[i] - reference[i]) / reference[i], -200.0));
        const double excess = std::max(weightTest * test[i] - weightReference * reference[i], 0.0);
        const double growth = fastPower(1.0 + excess / (tables.internalNoise[i] + weightReference * reference[i] * masking), 0.23) - 1.0;
        sone[i] = tables.noiseLoudnessScale[i] * fastPower(weightTest, -0.23) * growth;
    }
}

// Per band: x^b and |steps|, of which the larger of the channels counts (clause 4.7). The probability of detection in a
// band is 1 - 2^-(x^b), so powers x^b of bands add up.
TONEWRIGHT_TARGET_CLONES
void detectInBands(const double* __restrict reference, const double* __restrict test, double* __restrict power, double* __restrict steps) {
    for (int i = 0; i < kPeaqBands; ++i) {
        const double referenceDb = fastPowerToDb(reference[i]), testDb = fastPowerToDb(test[i]);
        // The just noticeable step at this level; below 0 dB nothing is.
        const double level = std::max(0.3 * std::max(referenceDb, testDb) + 0.7 * testDb, 1e-3);
        const double steep = 5.95072 * 24.02290339338042 * fastPower(level, -1.71332);  // 5.95072 (6.39468 / level)^1.71332
        const double step = steep + level * (0.0550197 + level * (-0.00102438 + level * (5.05622e-6 + level * 9.01033e-11))) - 0.198719;
        const double differenceDb = referenceDb - testDb, x = differenceDb / step;
        const double x2 = x * x, x4 = x2 * x2;
        power[i] = std::max(power[i], differenceDb > 0.0 ? x4 : x4 * x2);
        steps[i] = std::max(steps[i], static_cast<double>(std::abs(static_cast<int>(differenceDb))) / step);
    }
}

TONEWRIGHT_TARGET_CLONES
void powerOfDifference(const float* __restrict reference, const float* __restrict test, float* __restrict power, int count) {
    for (int k = 0; k < count; ++k) power[k] = (reference[k] - test[k]) * (reference[k] - test[k]);
}

}  // namespace

PeaqComparison::PeaqComparison(std::shared_ptr<const PeaqTables> tables, int channels)
    : tables_(std::move(tables)), fft_(tables_->frameLength), spectrum_(tables_->bins), noise_(tables_->bins),
      detectionMemory_(std::pow(0.9, 48000.0 / 1024.0 / tables_->framesPerSecond)) {
    for (int c = 0; c < channels; ++c) channels_.push_back({PeaqEar(tables_), PeaqEar(tables_), PeaqAdaptation(), {}, 0});
}

void PeaqComparison::reset() {
    for (Channel& channel : channels_) {
        channel.reference.reset();
        channel.test.reset();
        channel.adaptation.reset();
        channel.rootsHeard = 0;
    }
    frame_ = 0;
    loud_ = false;
    smoothedDetection_ = 0.0;
}

PeaqFrame PeaqComparison::compare(std::span<const float* const> reference, std::span<const float* const> test) {
    PeaqFrame result;
    const PeaqTables& tables = *tables_;
    const auto length = static_cast<std::size_t>(tables.frameLength);
    bool energetic = false;
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        Channel& channel = channels_[c];
        channel.reference.hear(std::span(reference[c], length), fft_, spectrum_);
        channel.test.hear(std::span(test[c], length), fft_, spectrum_);
        channel.adaptation.adapt(tables, channel.reference.excitation(), channel.test.excitation());
        if (!loud_ && channel.reference.loudnessSone() > kLoudSone && channel.test.loudnessSone() > kLoudSone) {
            loud_ = true;
            loudFrom_ = frame_;
        }
        for (const float* samples : {reference[c], test[c]}) {
            result.audible = result.audible || audible(samples, tables.frameLength);
            energetic = energetic || energyOf(samples + tables.hop, tables.hop) * 1024.0 / tables.hop >= kEnergetic;
        }
    }
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        compareChannel(channels_[c], result.channels[c]);
        if (energetic) result.channels[c].harmonics = harmonics_.structure(channels_[c].reference.power(), channels_[c].test.power());
    }
    detect(result);
    ++frame_;
    return result;
}

void PeaqComparison::compareChannel(Channel& channel, PeaqFrame::Channel& result) {
    if (frame_ >= tables_->onsetFrames) {
        result.modulation = modulationDifference(channel);
        const double root = std::sqrt(result.modulation->difference1);
        auto& last = channel.lastRoots;
        if (channel.rootsHeard >= 3) {
            const double mean = 0.25 * (root + last[0] + last[1] + last[2]);
            result.windowedModulation = mean * mean * mean * mean;
        }
        last = {root, last[0], last[1]};
        ++channel.rootsHeard;
        if (loud_ && frame_ - tables_->loudnessFrames >= loudFrom_) result.noiseLoudnessSone = noiseLoudnessSone(channel);
    }
    result.bandwidth = bandwidth(channel);
    noiseToMask(channel, result);
}

PeaqFrame::Modulation PeaqComparison::modulationDifference(const Channel& channel) const {  // clause 4.2
    const PeaqPattern &reference = channel.reference.modulation(), &test = channel.test.modulation();
    const PeaqPattern& loudness = channel.reference.averageLoudness();
    PeaqFrame::Modulation sum{0.0, 0.0, 0.0};
    for (int i = 0; i < kPeaqBands; ++i) {
        const double difference = std::abs(test[i] - reference[i]);
        sum.difference1 += difference / (1.0 + reference[i]);
        sum.difference2 += (test[i] >= reference[i] ? 1.0 : 0.1) * difference / (0.01 + reference[i]);
        sum.weight += loudness[i] / (loudness[i] + tables_->modulationFloor[i]);
    }
    return {100.0 * kBandMean * sum.difference1, 100.0 * kBandMean * sum.difference2, sum.weight};
}

double PeaqComparison::noiseLoudnessSone(const Channel& channel) const {  // clause 4.3
    PeaqPattern sone;
    noiseLoudness(*tables_, channel.reference.modulation().data(), channel.test.modulation().data(), channel.adaptation.reference().data(),
                  channel.adaptation.test().data(), sone.data());
    double sum = 0.0;
    for (double value : sone) sum += value;
    return 24.0 * kBandMean * sum;
}

std::optional<PeaqFrame::Bandwidth> PeaqComparison::bandwidth(const Channel& channel) const {  // clause 4.4
    const std::span<const float> reference = channel.reference.power(), test = channel.test.power();
    const std::vector<float>& converted = tables_->convertedPower;
    float floor = 0.0f;
    for (int k = tables_->zeroFirst; k < tables_->zeroEnd; ++k) floor = std::max(floor, converted[k] * test[k]);
    int ofReference = tables_->zeroFirst;
    while (ofReference > 0 && converted[ofReference - 1] * reference[ofReference - 1] <= 10.0f * floor) --ofReference;
    int ofTest = ofReference;
    while (ofTest > 0 && converted[ofTest - 1] * test[ofTest - 1] < 3.16227766f * floor) --ofTest;
    const PeaqFrame::Bandwidth result{ofReference / tables_->binsPerPeaqBin, ofTest / tables_->binsPerPeaqBin};
    if (result.reference <= 346.0) return std::nullopt;
    return result;
}

void PeaqComparison::noiseToMask(const Channel& channel, PeaqFrame::Channel& result) {  // clauses 4.5 and 4.6
    powerOfDifference(channel.reference.heard().data(), channel.test.heard().data(), noise_.data(), tables_->bins);
    PeaqPattern noise;
    groupIntoBands(*tables_, noise_, noise);
    double sum = 0.0, highest = 0.0;
    for (int i = 0; i < kPeaqBands; ++i) {
        const double ratio = noise[i] * tables_->maskingRatio[i] / channel.reference.excitation()[i];
        sum += ratio;
        highest = std::max(highest, ratio);
    }
    result.noiseToMask = kBandMean * sum;
    result.disturbed = highest > kDisturbed;
}

void PeaqComparison::detect(PeaqFrame& result) {
    PeaqPattern power{}, steps{};
    for (const Channel& channel : channels_)
        detectInBands(channel.reference.excitation().data(), channel.test.excitation().data(), power.data(), steps.data());
    double sumOfPowers = 0.0, sumOfSteps = 0.0;
    for (int i = 0; i < kPeaqBands; ++i) {
        sumOfPowers += power[i];
        sumOfSteps += steps[i];
    }
    const double probability = 1.0 - std::exp2(-sumOfPowers);
    if (probability > 0.5) result.detectionSteps = sumOfSteps;
    smoothedDetection_ = detectionMemory_ * smoothedDetection_ + (1.0 - detectionMemory_) * probability;
    result.smoothedDetection = smoothedDetection_;
}

}  // namespace tonewright
