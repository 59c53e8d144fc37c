#pragma once
#include "core/fields.h"

namespace tonewright {

enum class SaturatorKind { tape, tube, transformer, softClip };
inline constexpr Names<4> kSaturatorKindNames{"tape", "tube", "transformer", "softClip"};

struct SaturatorParams {
    SaturatorKind kind = SaturatorKind::tape;
    double driveDb = 6.0;        // level into the curve; the small-signal gain is the same for every drive
    double asymmetry = 1.0;      // times the kind's own: 0 odd harmonics alone, 1 the kind's, 2 twice that
    bool autoGain = true;        // keeps the RMS of a 1 kHz sine of -18 dBFS RMS; off: small signals keep their level
    double mix = 1.0;            // 0 the input alone, 1 the saturated alone

    bool operator==(const SaturatorParams&) const = default;

    template <class Self, class Visitor>
    static void fields(Self& p, Visitor& v) {
        v.choice("kind", p.kind, kSaturatorKindNames, "the curve, its asymmetry and which frequencies it meets first");
        v.number("driveDb", p.driveDb, {-12.0, 24.0}, "level into the curve");
        v.number("asymmetry", p.asymmetry, {0.0, 2.0}, "even harmonics: 0 none, 1 the kind's own");
        v.flag("autoGain", p.autoGain, "keeps the level of a 1 kHz sine of -18 dBFS RMS");
        v.number("mix", p.mix, {0.0, 1.0}, "0 the input alone, 1 the saturated alone");
    }
};

}  // namespace tonewright
