#pragma once
#include <cstdint>
#include <vector>

#include "core/audio.h"
#include "core/fields.h"

namespace tonewright {

// A gain that changes over time: straight lines in dB between points, constant before the first and after the last.
// Two points at the same time make a step. No points: 0 dB. Stretches at exactly 0 dB are bit-transparent.
class GainEnvelope {
public:
    struct Point {
        double timeSeconds = 0.0;  // from the beginning of the stream; never before the point in front of it
        double gainDb = 0.0;

        bool operator==(const Point&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.number("timeSeconds", p.timeSeconds, {0.0, 1e6}, "from the beginning of the stream");
            v.number("gainDb", p.gainDb, {-120.0, 60.0}, "gain at that time");
        }
    };

    struct Params {
        std::vector<Point> points;

        bool operator==(const Params&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.list("points", p.points, {0.0, 100000.0}, "gain over time, straight lines in dB between the points");
        }
    };

    // Throws std::invalid_argument also where times go backwards.
    GainEnvelope(const Params& params, const StreamSpec& spec);
    void reset();
    void process(Block block) noexcept;
    int latencyFrames() const { return 0; }

    double gainDbAt(double timeSeconds) const;

private:
    std::vector<Point> points_;
    double sampleRateHz_;
    std::int64_t position_ = 0;
    std::size_t next_ = 0;  // the first point after position_
    double gain_ = 1.0, ratio_ = 1.0;
};

}  // namespace tonewright
