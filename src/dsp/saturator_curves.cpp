#include "dsp/saturator_curves.h"

#include <algorithm>
#include <cmath>

#include "dsp/target_clones.h"

namespace tonewright {

namespace {

// Inlined by force, so that each clone of the loops below gets its own copy. Eight samples side by side: left to itself the
// compiler turns the bounds into jumps, and takes one sample at a time.
#define TONEWRIGHT_INLINE [[gnu::always_inline]] inline

constexpr int kLanes = 8;
using Lanes [[gnu::vector_size(4 * kLanes), gnu::aligned(4), gnu::may_alias]] = float;

TONEWRIGHT_INLINE void bound(Lanes& x, float limit) {
    const Lanes high = Lanes{} + limit, low = -high;
    x = x < low ? low : x;
    x = high < x ? high : x;
}

// tanh as a rational function of degree 9/8: least squares, reweighted to an equal error of 9e-9 over |x| < 8.3, beyond
// which tanh is 1 within 1.3e-7.
TONEWRIGHT_INLINE void toTanh(Lanes& x) {
    bound(x, 8.3f);
    const Lanes y = x * x;
    const Lanes p = (((1.46200826e-8f * y + 2.14877683e-5f) * y + 3.54788645e-3f) * y + 0.134247817f) * y + 1.0f;
    const Lanes q = (((8.28347279e-7f * y + 3.37186974e-4f) * y + 2.60750430e-2f) * y + 0.467581060f) * y + 1.0f;
    x = x * p / q;
}

template <class Curve>
TONEWRIGHT_INLINE void applyLanes(float* x, int count, float drive, float bias, float offset, float scale, const Curve& curve) {
    int i = 0;
    for (; i + kLanes <= count; i += kLanes) {
        Lanes& at = *reinterpret_cast<Lanes*>(x + i);
        Lanes u = drive * at + bias;
        curve(u);
        at = (u - offset) * scale;
    }
    if (i == count) return;
    float last[kLanes] = {};
    std::copy(x + i, x + count, last);
    Lanes u = drive * *reinterpret_cast<const Lanes*>(last) + bias;
    curve(u);
    u = (u - offset) * scale;
    for (int lane = 0; i < count; ++i, ++lane) x[i] = u[lane];
}

TONEWRIGHT_TARGET_CLONES
void applyTanh(float* x, int count, float drive, float bias, float offset, float scale) {
    applyLanes(x, count, drive, bias, offset, scale, [] [[gnu::always_inline]] (Lanes& u) { toTanh(u); });
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
    applyLanes(x, count, drive, bias, offset, scale, [] [[gnu::always_inline]] (Lanes& u) {
        bound(u, 4.0f);
        u = u + u * u * u * (1.0f / 3.0f);
        toTanh(u);
    });
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
