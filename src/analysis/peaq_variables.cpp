#include "analysis/peaq_variables.h"

#include <algorithm>
#include <cmath>

#include "core/decibels.h"

namespace tonewright {

void PeaqVariablesMeter::add(const PeaqFrame& frame) {
    if (!frame.audible && counted_.frames == 0) return;
    for (int c = 0; c < channels_; ++c) {
        const PeaqFrame::Channel& from = frame.channels[c];
        ChannelSums& to = sums_.channels[c];
        if (from.modulation) {
            to.modulation1.add(from.modulation->difference1, from.modulation->weight);
            to.modulation2.add(from.modulation->difference2, from.modulation->weight);
        }
        if (from.windowedModulation) to.windowedModulation.add(*from.windowedModulation);
        if (from.noiseLoudnessSone) to.squaredNoiseLoudness.add(*from.noiseLoudnessSone * *from.noiseLoudnessSone);
        if (from.bandwidth) {
            to.bandwidthRef.add(from.bandwidth->reference);
            to.bandwidthTest.add(from.bandwidth->test);
        }
        if (from.harmonics) to.harmonics.add(*from.harmonics);
        to.noiseToMask.add(from.noiseToMask);
        to.disturbed.add(from.disturbed ? 1.0 : 0.0);
    }
    if (frame.detectionSteps) sums_.detectionSteps.add(*frame.detectionSteps);
    sums_.highestDetection = std::max(sums_.highestDetection, frame.smoothedDetection);
    ++sums_.frames;
    if (frame.audible) counted_ = sums_;
}

PeaqVariables PeaqVariablesMeter::result() const {
    PeaqVariables v;
    if (counted_.frames == 0) return v;
    for (int c = 0; c < channels_; ++c) {
        const ChannelSums& sums = counted_.channels[c];
        v.bandwidthRef += sums.bandwidthRef.value() / channels_;
        v.bandwidthTest += sums.bandwidthTest.value() / channels_;
        v.totalNmrDb += powerToDb(sums.noiseToMask.value()) / channels_;
        v.winModDiff1 += std::sqrt(sums.windowedModulation.value()) / channels_;
        v.ehs += sums.harmonics.value() / channels_;
        v.avgModDiff1 += sums.modulation1.value() / channels_;
        v.avgModDiff2 += sums.modulation2.value() / channels_;
        v.rmsNoiseLoud += std::sqrt(sums.squaredNoiseLoudness.value()) / channels_;
        v.relDistFrames += sums.disturbed.value() / channels_;
    }
    if (counted_.detectionSteps.weight > 0.0)
        v.adb = counted_.detectionSteps.sum > 0.0 ? std::log10(counted_.detectionSteps.value()) : -0.5;
    v.mfpd = counted_.highestDetection;
    return v;
}

}  // namespace tonewright
