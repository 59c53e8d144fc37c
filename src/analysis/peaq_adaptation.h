#pragma once
#include "analysis/peaq_tables.h"

namespace tonewright {

// The ear gets used to a difference in level and in slowly changing tone: excitations of reference and test with what it
// has adapted to taken out (BS.1387-1, clause 3.1).
//
//   level     both averaged over time, P: L = (sum sqrt(Pt Pr) / sum Pt)^2; the louder one is brought down to the other
//   pattern   per band, from their correlation over time, averaged over 3 bands below and 4 above and over time
class PeaqAdaptation {
public:
    PeaqAdaptation() { reset(); }

    void reset();
    void adapt(const PeaqTables& tables, const PeaqPattern& reference, const PeaqPattern& test);

    const PeaqPattern& reference() const { return adaptedReference_; }
    const PeaqPattern& test() const { return adaptedTest_; }

private:
    PeaqPattern averageReference_, averageTest_, product_, square_, gainReference_, gainTest_;
    PeaqPattern adaptedReference_, adaptedTest_;
};

}  // namespace tonewright
