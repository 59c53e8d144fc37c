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
        if (x == 0.0 && value_ < kRestDb && other_ < kRestDb) {  // a reduction nobody hears ends
            reset();
            return 0.0;
        }
        switch (kind_) {
            case ReleaseKind::branching: value_ += (x - value_) * (x > value_ ? attack_ : release_); return value_;
            case ReleaseKind::decoupled:
                other_ = std::max(x, other_ + (x - other_) * release_);
                value_ += (other_ - value_) * attack_;
                return value_;
            case ReleaseKind::adaptive:
                value_ += (x - value_) * (x > value_ ? attack_ : release_);
                other_ += (x - other_) * (x > other_ ? slowAttack_ : slowRelease_);
                return std::max(value_, other_);
        }
        return value_;
    }

    // 0 ms jumps.
    static double amountFor(double ms, double sampleRateHz) {
        return ms > 0.0 ? -std::expm1(-1000.0 / (ms * sampleRateHz)) : 1.0;
    }

private:
    static constexpr double kRestDb = 1e-5, kSlower = 8.0, kSlowAttackFloorMs = 10.0;

    ReleaseKind kind_;
    double attack_, release_, slowAttack_, slowRelease_;
    double value_ = 0.0, other_ = 0.0;
};

}  // namespace tonewright
