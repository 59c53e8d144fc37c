#include "analysis/peaq_adaptation.h"

#include <algorithm>
#include <cmath>

#include "dsp/target_clones.h"

namespace tonewright {

namespace {

constexpr int kBandsBelow = 3, kBandsAbove = 4;

// roots: sqrt(Pt Pr)
TONEWRIGHT_TARGET_CLONES
void average(const PeaqTables& tables, const double* __restrict reference, const double* __restrict test, double* __restrict averageReference,
             double* __restrict averageTest, double* __restrict roots) {
    for (int i = 0; i < kPeaqBands; ++i) {
        const double memory = tables.adaptation[i];
        averageReference[i] = memory * averageReference[i] + (1.0 - memory) * reference[i];
        averageTest[i] = memory * averageTest[i] + (1.0 - memory) * test[i];
        roots[i] = std::sqrt(averageReference[i] * averageTest[i]);
    }
}

// What each band of the two should be multiplied with.
TONEWRIGHT_TARGET_CLONES
void correlate(const PeaqTables& tables, const double* __restrict reference, const double* __restrict test, double* __restrict product,
               double* __restrict square, double* __restrict wantedReference, double* __restrict wantedTest) {
    for (int i = 0; i < kPeaqBands; ++i) {
        product[i] = tables.adaptation[i] * product[i] + test[i] * reference[i];
        square[i] = tables.adaptation[i] * square[i] + reference[i] * reference[i];
        wantedReference[i] = std::min(1.0, product[i] / square[i]);
        wantedTest[i] = std::min(1.0, square[i] / product[i]);
    }
}

void smoothOverBands(PeaqPattern& values) {
    std::array<double, kPeaqBands + 1> sums;
    sums[0] = 0.0;
    for (int i = 0; i < kPeaqBands; ++i) sums[i + 1] = sums[i] + values[i];
    for (int i = 0; i < kPeaqBands; ++i) {
        const int first = std::max(0, i - kBandsBelow), end = std::min(kPeaqBands, i + kBandsAbove + 1);
        values[i] = (sums[end] - sums[first]) / (end - first);
    }
}

}  // namespace

void PeaqAdaptation::reset() {
    for (PeaqPattern* pattern : {&averageReference_, &averageTest_, &product_, &square_, &gainReference_, &gainTest_, &adaptedReference_, &adaptedTest_})
        pattern->fill(0.0);
}

void PeaqAdaptation::adapt(const PeaqTables& tables, const PeaqPattern& reference, const PeaqPattern& test) {
    PeaqPattern roots;
    average(tables, reference.data(), test.data(), averageReference_.data(), averageTest_.data(), roots.data());
    double both = 0.0, ofTest = 0.0;
    for (int i = 0; i < kPeaqBands; ++i) {
        both += roots[i];
        ofTest += averageTest_[i];
    }
    const double level = (both / ofTest) * (both / ofTest);
    const double levelReference = level > 1.0 ? 1.0 / level : 1.0, levelTest = level > 1.0 ? 1.0 : level;
    for (int i = 0; i < kPeaqBands; ++i) {
        adaptedReference_[i] = levelReference * reference[i];
        adaptedTest_[i] = levelTest * test[i];
    }

    PeaqPattern wantedReference, wantedTest;
    correlate(tables, adaptedReference_.data(), adaptedTest_.data(), product_.data(), square_.data(), wantedReference.data(), wantedTest.data());
    smoothOverBands(wantedReference);
    smoothOverBands(wantedTest);
    for (int i = 0; i < kPeaqBands; ++i) {
        const double memory = tables.adaptation[i];
        gainReference_[i] = memory * gainReference_[i] + (1.0 - memory) * wantedReference[i];
        gainTest_[i] = memory * gainTest_[i] + (1.0 - memory) * wantedTest[i];
        adaptedReference_[i] *= gainReference_[i];
        adaptedTest_[i] *= gainTest_[i];
    }
}

}  // namespace tonewright
