#include "dsp/saturator_curves.h"

#include <algorithm>
#include <cmath>

#include "dsp/target_clones.h"

namespace tonewright {

namespace {

// Inlined by force, so that each clone of the loops below gets its own copy.
#define TONEWRIGHT_INLINE [[gnu::always_inline]] inline

TONEWRIGHT_INLINE float bounded(float x, float limit) { return std::min(std::max(x, -limit), limit); }

// tanh as a rational function of degree 9/8: least squares, reweighted to an equal error of 9e-9 over |x| < 8.3, beyond
// which tanh is 1 within 1.3e-7.
TONEWRIGHT_INLINE float tanhRational(float u) {
    const float x = bounded(u, 8.3f), y = x * x;
    const float p = (((1.46200826e-8f * y + 2.14877683e-5f) * y + 3.54788645e-3f) * y + 0.134247817f) * y + 1.0f;
    const float q = (((8.28347279e-7f * y + 3.37186974e-4f) * y + 2.60750430e-2f) * y + 0.467581060f) * y + 1.0f;
    return x * p / q;
}

TONEWRIGHT_TARGET_CLONES
void applyTanh(float* x, int count, float drive, float bias, float offset, float scale) {
    for (int i = 0; i < count; ++i) x[i] = (tanhRational(drive * x[i] + bias) - offset) * scale;
}

TONEWRIGHT_TARGET_CLONES
void applyRoot(float* x, int count, float drive, float bias, float offset, float scale) {
    for (int i = 0; i < count; ++i) {
        const float u = drive * x[i] + bias;
        x[i] = (u / std::sqrt(1.0f + u * u) - offset) * scale;
    }
}

TONEWRIGHT_TARGET_CLONES
void applyCubicTanh(float* x, int count, float drive, float bias, float offset, float scale) {
    for (int i = 0; i < count; ++i) {
        const float u = bounded(drive * x[i] + bias, 4.0f);
        x[i] = (tanhRational(u + u * u * u * (1.0f / 3.0f)) - offset) * scale;
    }
}

}  // namespace

double saturatorCurve(SaturatorKind kind, double u) {
    switch (kind) {
        case SaturatorKind::transformer: return u / std::sqrt(1.0 + u * u);
        case SaturatorKind::softClip: return std::tanh(u + u * u * u / 3.0);
        default: return std::tanh(u);
    }
}

double saturatorSlope(SaturatorKind kind, double u) {
    const double g = saturatorCurve(kind, u);
    switch (kind) {
        case SaturatorKind::transformer: return std::pow(1.0 + u * u, -1.5);
        case SaturatorKind::softClip: return (1.0 - g * g) * (1.0 + u * u);
        default: return 1.0 - g * g;
    }
}

void applySaturatorCurve(SaturatorKind kind, float* x, int count, float drive, float bias, float offset, float scale) {
    switch (kind) {
        case SaturatorKind::transformer: return applyRoot(x, count, drive, bias, offset, scale);
        case SaturatorKind::softClip: return applyCubicTanh(x, count, drive, bias, offset, scale);
        default: return applyTanh(x, count, drive, bias, offset, scale);
    }
}

}  // namespace tonewright
