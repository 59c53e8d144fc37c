#pragma once
#include <array>
#include <optional>
#include <vector>

#include "core/audio.h"
#include "core/fields.h"
#include "dsp/centre_splitter.h"
#include "dsp/frame_delay.h"
#include "dsp/kick_splitter.h"

namespace tonewright {

// Raises or lowers one component of a mix between two frequencies, and leaves what shares the band with it:
//
//   y[n] = x[n - latency] + (gain - 1) component[n]
//
//   percussive   the kick without the bass (kick_splitter.h)       sustained   the rest of that band
//   centre       what stands in the middle (centre_splitter.h)     sides       the rest of that band
//
// What the component does not catch stays as it is, so the part itself moves by less than gainDb. 0 dB passes the bits.
class ComponentEqualizer {
public:
    enum class Component { percussive, sustained, centre, sides };
    static constexpr Names<4> kComponentNames{"percussive", "sustained", "centre", "sides"};

    struct Params {
        Component component = Component::percussive;
        double lowHz = 30.0;
        double highHz = 160.0;
        double gainDb = 0.0;

        bool operator==(const Params&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.choice("component", p.component, kComponentNames, "what is moved: the kick or what sustains beside it, the middle or the sides");
            v.number("lowHz", p.lowHz, {20.0, 8000.0}, "where the range begins");
            v.number("highHz", p.highHz, {60.0, 16000.0}, "where it ends; for percussive and sustained at most 250 Hz");
            v.number("gainDb", p.gainDb, {-24.0, 12.0}, "gain of the component; 0 leaves the sound untouched");
        }
    };

    // centre and sides: spec.channels must be 2.
    ComponentEqualizer(const Params& params, const StreamSpec& spec);

    void reset();
    void process(Block block) noexcept;
    int latencyFrames() const { return delay_.frames(); }

private:
    void split() noexcept;

    Component component_;
    float excess_;                                         // gain - 1
    std::optional<KickSplitter> kick_;
    std::optional<CentreSplitter> centre_;
    int chunkFrames_ = 0, filled_ = 0;
    std::vector<std::vector<float>> chunk_, moved_, other_;  // per channel: input, component, and what it is taken from
    std::vector<const float*> in_;
    std::vector<float*> out_, rest_;
    FrameDelay delay_;
};

}  // namespace tonewright
