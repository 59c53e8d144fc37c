#pragma once
#include <cmath>

namespace tonewright {

// Amplitude ratio <-> decibels. -inf dB is a legal value (digital silence).
inline double dbToGain(double db) { return std::pow(10.0, db / 20.0); }
inline double gainToDb(double gain) { return 20.0 * std::log10(gain); }

// Power (energy) ratio <-> decibels.
inline double dbToPower(double db) { return std::pow(10.0, db / 10.0); }
inline double powerToDb(double power) { return 10.0 * std::log10(power); }

}  // namespace tonewright
