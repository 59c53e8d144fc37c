#pragma once
#include "core/audio.h"
#include "core/fields.h"

namespace tonewright {

// A gain. 0 dB is bit-transparent.
class Gain {
public:
    struct Params {
        double gainDb = 0.0;

        bool operator==(const Params&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.number("gainDb", p.gainDb, {-120.0, 60.0}, "gain");
        }
    };

    Gain(const Params& params, const StreamSpec& spec);
    void reset() {}
    void process(Block block) noexcept;
    int latencyFrames() const { return 0; }

private:
    double gain_;
};

}  // namespace tonewright
