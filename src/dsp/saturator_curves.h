#pragma once
#include "dsp/saturator_params.h"

namespace tonewright {

// g(u) of a kind, exactly, and its slope: what the constructor and the tests reckon with.
double saturatorCurve(SaturatorKind kind, double u);
double saturatorSlope(SaturatorKind kind, double u);

// x[i] = (g(drive x[i] + bias) - offset) * scale, in place: the hot loop. g is within 5e-7 of saturatorCurve().
void applySaturatorCurve(SaturatorKind kind, float* x, int count, float drive, float bias, float offset, float scale);

}  // namespace tonewright
