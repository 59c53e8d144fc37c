#pragma once

namespace tonewright {

// Mid M = (L + R)/2 and side S = (L - R)/2; back: L = M + S, R = M - S. A source panned to the centre has no side.
struct MidSide {
    double mid;
    double side;
};

inline MidSide toMidSide(double left, double right) { return {0.5 * (left + right), 0.5 * (left - right)}; }
inline double leftOf(const MidSide& ms) { return ms.mid + ms.side; }
inline double rightOf(const MidSide& ms) { return ms.mid - ms.side; }

}  // namespace tonewright
