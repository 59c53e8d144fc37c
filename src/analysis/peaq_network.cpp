#include "analysis/peaq_network.h"

#include <algorithm>
#include <cmath>

namespace tonewright {

namespace {

constexpr int kHidden = 3;

struct Input {
    double PeaqVariables::*variable;
    double least, most;       // the range of the listening tests that the network was trained on (table 21)
    double weights[kHidden];  // table 22
};

constexpr Input kInputs[] = {
    {&PeaqVariables::bandwidthRef, 393.916656, 921.0, {-0.502657, 0.436333, 1.219602}},
    {&PeaqVariables::bandwidthTest, 361.965332, 881.131226, {4.307481, 3.246017, 1.123743}},
    {&PeaqVariables::totalNmrDb, -24.045116, 16.212030, {4.984241, -2.211189, -0.192096}},
    {&PeaqVariables::winModDiff1, 1.110661, 107.137772, {0.051056, -1.762424, 4.331315}},
    {&PeaqVariables::adb, -0.206623, 2.886017, {2.321580, 1.789971, -0.754560}},
    {&PeaqVariables::ehs, 0.074318, 13.933351, {-5.303901, -3.452257, -10.814982}},
    {&PeaqVariables::avgModDiff1, 1.113683, 63.257874, {2.730991, -6.111805, 1.519223}},
    {&PeaqVariables::avgModDiff2, 0.950345, 1145.018555, {0.624950, -1.331523, -5.955151}},
    {&PeaqVariables::rmsNoiseLoud, 0.029985, 14.819740, {3.102889, 0.871260, -5.922878}},
    {&PeaqVariables::mfpd, 0.000101, 1.0, {-1.051468, -0.939882, -0.142913}},
    {&PeaqVariables::relDistFrames, 0.0, 1.0, {-1.804679, -0.503610, -0.620456}},
};
constexpr double kHiddenBias[kHidden] = {-2.518254, 0.654841, -2.207228};
constexpr double kOutputWeights[kHidden] = {-3.817048, 4.107138, 4.629582};  // table 23
constexpr double kOutputBias = -0.307594;

double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

}  // namespace

double distortionIndex(const PeaqVariables& variables) {
    double hidden[kHidden] = {kHiddenBias[0], kHiddenBias[1], kHiddenBias[2]};
    for (const Input& input : kInputs) {
        const double scaled = (variables.*input.variable - input.least) / (input.most - input.least);
        for (int j = 0; j < kHidden; ++j) hidden[j] += input.weights[j] * scaled;
    }
    double index = kOutputBias;
    for (int j = 0; j < kHidden; ++j) index += kOutputWeights[j] * sigmoid(hidden[j]);
    return index;
}

double objectiveDifferenceGrade(double distortionIndex) { return std::min(0.0, -3.98 + 4.2 * sigmoid(distortionIndex)); }

}  // namespace tonewright
