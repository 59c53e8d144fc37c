#pragma once
#include <cstdint>

#include "core/audio.h"
#include "core/fields.h"

namespace tonewright {

// Takes away what lies before startSeconds and after endSeconds. What remains begins at the stream's first frame.
//
// It moves earlier as Alignment does, by declaring latency: a renderer that compensates every processor's latency drops
// that many frames from the front. Nothing is held back. What lies outside is silence to whatever comes after it; the end
// is not shortened here: whoever renders asks for remainingFrames().
class Trim {
public:
    struct Params {
        double startSeconds = 0.0;
        double endSeconds = 0.0;   // 0: to the end

        bool operator==(const Params&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.number("startSeconds", p.startSeconds, {0.0, 36000.0}, "what lies before it is taken away");
            v.number("endSeconds", p.endSeconds, {0.0, 1e6}, "what lies after it is taken away; 0: nothing");
        }
    };

    // lateFrames: by how much the stream is late where this stands.
    Trim(const Params& params, const StreamSpec& spec, std::int64_t lateFrames = 0);
    void reset() { position_ = -lateFrames_; }
    void process(Block block) noexcept;
    int latencyFrames() const { return static_cast<int>(startFrame_); }

    // Of a stream of so many frames.
    static std::int64_t remainingFrames(const Params& params, double sampleRateHz, std::int64_t frames);

private:
    std::int64_t startFrame_, endFrame_;  // endFrame_ 0: none
    std::int64_t lateFrames_, position_;
};

}  // namespace tonewright
