// For developers: the perceptual difference of two aligned files of one sample rate and channel count, as JSON.
//   bench_difference REFERENCE TEST [--full-band]
#include <algorithm>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

#include "analysis/perceptual_difference.h"
#include "audiofile/audio_reader.h"
#include "core/json.h"

using namespace tonewright;

int main(int argc, char** argv) try {
    if (argc != 3 && !(argc == 4 && std::string(argv[3]) == "--full-band"))
        throw std::runtime_error("usage: bench_difference REFERENCE TEST [--full-band]");
    const auto reference = openAudio(argv[1]), test = openAudio(argv[2]);
    const StreamSpec spec{static_cast<double>(reference->info().sampleRateHz), reference->info().channels};
    if (test->info().sampleRateHz != reference->info().sampleRateHz || test->info().channels != spec.channels)
        throw std::runtime_error("the files differ in sample rate or channels");
    PerceptualDifference difference(spec, {.assumeFullBandwidth = argc == 4});
    constexpr int kFrames = 8192;
    BlockBuffer referenceBlock(spec.channels, kFrames), testBlock(spec.channels, kFrames);
    for (;;) {
        const int count = std::min(reference->read(referenceBlock.block(kFrames)), test->read(testBlock.block(kFrames)));
        difference.add(referenceBlock.block(count), testBlock.block(count));
        if (count < kFrames) break;
    }
    const PerceptualDifferenceFacts facts = difference.result();
    const PeaqVariables& v = facts.variables;
    Json variables = Json::object({{"bandwidthRef", v.bandwidthRef}, {"bandwidthTest", v.bandwidthTest}, {"totalNmrDb", v.totalNmrDb},
                                   {"winModDiff1", v.winModDiff1}, {"adb", v.adb}, {"ehs", v.ehs}, {"avgModDiff1", v.avgModDiff1},
                                   {"avgModDiff2", v.avgModDiff2}, {"rmsNoiseLoud", v.rmsNoiseLoud}, {"mfpd", v.mfpd},
                                   {"relDistFrames", v.relDistFrames}});
    std::cout << Json::object({{"objectiveDifferenceGrade", facts.objectiveDifferenceGrade}, {"distortionIndex", facts.distortionIndex},
                               {"variables", std::move(variables)}, {"meanWindowGrade", facts.meanWindowGrade},
                               {"worstWindowGrade", facts.worstWindowGrade}, {"worstWindowSeconds", facts.worstWindowSeconds},
                               {"measuredSeconds", facts.measuredSeconds}}).dump() << "\n";
} catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
}
