#pragma once
#include <cstdint>

#include "core/audio.h"
#include "core/fields.h"

namespace tonewright {

// Fades a stream in and out. Positions count frames from its beginning (of what is heard: latency of whatever came before
// is taken out). Silence before startFrames and from endFrames on; between them the curves, with u going from 0 to 1 (and from 1 to 0 at the end):
//   linear       u                        equalPower   sin(pi/2 u)
//   smooth       3 u^2 - 2 u^3            exponential  -60 dB ... 0 dB in a straight line of dB, from 0 at u = 0
class Fade {
public:
    enum class Curve { linear, equalPower, smooth, exponential };
    static constexpr Names<4> kCurveNames{"linear", "equalPower", "smooth", "exponential"};

    struct Params {
        double startFrames = 0.0;  // the fade-in begins
        double inFrames = 0.0;     // its length
        Curve inCurve = Curve::smooth;
        double endFrames = 0.0;    // the fade-out is complete; 0: the stream is not ended
        double outFrames = 0.0;    // its length
        Curve outCurve = Curve::smooth;

        bool operator==(const Params&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.number("startFrames", p.startFrames, {0.0, 1e12}, "frame at which the fade-in begins; silence before");
            v.number("inFrames", p.inFrames, {0.0, 1e12}, "length of the fade-in");
            v.choice("inCurve", p.inCurve, kCurveNames, "shape of the fade-in");
            v.number("endFrames", p.endFrames, {0.0, 1e12}, "frame at which the fade-out is complete; silence from there; 0: no end");
            v.number("outFrames", p.outFrames, {0.0, 1e12}, "length of the fade-out");
            v.choice("outCurve", p.outCurve, kCurveNames, "shape of the fade-out");
        }
    };

    // lateFrames: by how much the stream is late where this stands.
    Fade(const Params& params, const StreamSpec& spec, std::int64_t lateFrames = 0);
    void reset() { position_ = -lateFrames_; }
    void process(Block block) noexcept;
    int latencyFrames() const { return 0; }

    // Gain of a curve at u (0 ... 1).
    static double gain(Curve curve, double u);

private:
    double gainAt(std::int64_t frame) const;
    std::int64_t untouchedFrom(std::int64_t frame) const;

    Params params_;
    std::int64_t lateFrames_, position_;
};

}  // namespace tonewright
