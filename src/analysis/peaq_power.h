#pragma once
#include "dsp/log_gain.h"

namespace tonewright {

// x^p for normal, positive x, as fast as the polynomials of dsp/log_gain.h allow; relative error below 1e-9.
inline double fastPower(double x, double p) { return fastDbToGain(2.0 * p * fastPowerToDb(x)); }

// 10^(db/10)
inline double fastDbToPower(double db) { return fastDbToGain(2.0 * db); }

}  // namespace tonewright
