#pragma once
#include <algorithm>
#include <cmath>

#include "core/fields.h"

namespace tonewright {

// How a reduction follows the static curve in time. Smooths decibels of reduction (>= 0), after the gain computer
// (Giannoulis et al. 2012, section 2.3): attack and release are time constants, 1 - 1/e of the way.
//
//   branching  y = y + (x - y) (x > y ? attack : release)
//   decoupled  h = max(x, h + (x - h) release);  y = y + (h - y) attack      release starts a little later, smoother
//   adaptive   max of a branching one and of a slow one (release and attack 8 times as long): short peaks let go with
//              releaseMs, sustained reduction lets go slowly
enum class ReleaseKind { branching, decoupled, adaptive };
inline constexpr Names<3> kReleaseKindNames{"branching", "decoupled", "adaptive"};

class Ballistics {
public:
    Ballistics(ReleaseKind kind, double attackMs, double releaseMs, double sampleRateHz)
        : kind_(kind),
          attack_(amountFor(attackMs, sampleRateHz)),
          release_(amountFor(releaseMs, sampleRateHz)),
          slowAttack_(amountFor(kSlower * std::max(attackMs, kSlowAttackFloorMs), sampleRateHz)),
          slowRelease_(amountFor(kSlower * releaseMs, sampleRateHz)) {}

    void reset() { value_ = other_ = 0.0; }
    bool atRest() const { return value_ == 0.0 && other_ == 0.0; }

    double operator()(double x) {
        process(&x, 1);
        return x;
    }
    // In place.
    void process(double* values, int length) {
        for (int n = 0; n < length;) {
            // A reduction nobody hears ends.
            if (values[n] == 0.0 && value_ < kRestDb && other_ < kRestDb) {
                reset();
                while (n < length && values[n] == 0.0) ++n;
                continue;
            }
            values[n] = kind_ == ReleaseKind::branching ? branching(values[n])
                        : kind_ == ReleaseKind::decoupled ? decoupled(values[n])
                                                          : adaptive(values[n]);
            ++n;
        }
    }

    // 0 ms jumps.
    static double amountFor(double ms, double sampleRateHz) {
        return ms > 0.0 ? -std::expm1(-1000.0 / (ms * sampleRateHz)) : 1.0;
    }

private:
    static double towards(double value, double x, double amount) { return (1.0 - amount) * value + amount * x; }
    double branching(double x) { return value_ = towards(value_, x, x > value_ ? attack_ : release_); }
    double decoupled(double x) {
        other_ = std::max(x, towards(other_, x, release_));
        return value_ = towards(value_, other_, attack_);
    }
    double adaptive(double x) {
        other_ = towards(other_, x, x > other_ ? slowAttack_ : slowRelease_);
        return std::max(branching(x), other_);
    }

    static constexpr double kRestDb = 1e-5, kSlower = 8.0, kSlowAttackFloorMs = 10.0;

    ReleaseKind kind_;
    double attack_, release_, slowAttack_, slowRelease_;
    double value_ = 0.0, other_ = 0.0;
};

}  // namespace tonewright
