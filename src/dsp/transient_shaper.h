#pragma once
#include <vector>

#include "core/audio.h"
#include "core/fields.h"

namespace tonewright {

// Raises or lowers attacks and sustain, the same at every level: the gain comes from the dB distance of envelopes.
//
//   level           peak of the loudest channel, held for 15 ms
//   fast, slow      envelopes of it that rise at once / in 20 ms, and fall alike
//   tight, long     envelopes that rise alike, and fall in 25 ms / in 250 ms
//   attackShare     = clamp(20 log10(fast / slow) / 12 dB, 0, 1)
//   sustainShare    = clamp(20 log10(long / tight) / 12 dB, 0, 1)
//   gainDb          = attackDb attackShare + sustainDb sustainShare, smoothed over 1 ms
//
// A steady sound has neither attack nor sustain and passes unchanged. One gain for all channels.
class TransientShaper {
public:
    struct Params {
        double attackDb = 0.0;
        double sustainDb = 0.0;

        bool operator==(const Params&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.number("attackDb", p.attackDb, {-24.0, 24.0}, "gain of attacks; 0 leaves them untouched");
            v.number("sustainDb", p.sustainDb, {-24.0, 24.0}, "gain of what rings after them; 0 leaves it untouched");
        }
    };

    TransientShaper(const Params& params, const StreamSpec& spec);

    void reset();
    void process(Block block) noexcept;
    int latencyFrames() const { return 0; }

    // Since reset(): the highest and the lowest gain.
    double maxGainDb() const { return highestDb_; }
    double minGainDb() const { return lowestDb_; }

private:
    double attackDb_, sustainDb_;
    int holdFrames_;
    double crest_, slowRise_, fall_, tightFall_, longFall_, smoothing_;
    bool transparent_;

    int heldFrames_ = 0;
    double level_ = 0.0, fast_ = 0.0, slow_ = 0.0, tight_ = 0.0, long_ = 0.0;
    double gainDb_ = 0.0, highestDb_ = 0.0, lowestDb_ = 0.0;
};

}  // namespace tonewright
