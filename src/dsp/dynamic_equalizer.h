#pragma once
#include <vector>

#include "core/audio.h"
#include "core/fields.h"
#include "dsp/ballistics.h"
#include "dsp/gain_computer.h"
#include "dsp/level_detector.h"
#include "dsp/svf.h"

namespace tonewright {

// Equalizer whose bands move with the sound in them. Each band listens to its own band of what reaches it (band-pass
// for a bell, low- or high-pass for a shelf, rms over 10 ms, loudest channel) and sets its gain:
//
//   over[n]   = curve(level[n])                          dB, gain_computer.h, knee 6 dB
//   gainDb[n] = -+ min(rangeDb, ballistics(over[n]))     cut: loud gets quieter; boost: loud gets louder
//
// The filters are trapezoidal SVFs whose coefficients follow the gain sample by sample. A band at 0 dB passes the
// bits unchanged.
class DynamicEqualizer {
public:
    enum class Shape { bell, lowShelf, highShelf };
    static constexpr Names<3> kShapeNames{"bell", "lowShelf", "highShelf"};
    enum class Direction { cut, boost };
    static constexpr Names<2> kDirectionNames{"cut", "boost"};

    struct Band {
        Shape type = Shape::bell;
        double frequencyHz = 1000.0;
        double q = 1.0;
        double thresholdDb = -30.0;
        double ratio = 2.0;
        double rangeDb = 0.0;
        Direction direction = Direction::cut;
        double attackMs = 10.0;
        double releaseMs = 100.0;

        bool operator==(const Band&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.choice("type", p.type, kShapeNames, "shape of the band");
            v.number("frequencyHz", p.frequencyHz, {20.0, 20000.0}, "centre of the bell or middle of the shelf");
            v.number("q", p.q, {0.1, 30.0}, "narrowness of the bell, steepness of the shelf");
            v.number("thresholdDb", p.thresholdDb, {-100.0, 12.0}, "rms level in the band above which it moves");
            v.number("ratio", p.ratio, {1.0, 100.0}, "dB in for one dB out above the threshold; 1 leaves the sound untouched");
            v.number("rangeDb", p.rangeDb, {0.0, 24.0}, "farthest that it moves; 0 leaves the sound untouched");
            v.choice("direction", p.direction, kDirectionNames, "cut or boost what is above the threshold");
            v.number("attackMs", p.attackMs, {0.0, 500.0}, "time constant of moving away from 0 dB");
            v.number("releaseMs", p.releaseMs, {1.0, 5000.0}, "time constant of coming back");
        }
    };

    struct Params {
        std::vector<Band> bands;

        bool operator==(const Params&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.list("bands", p.bands, {0, 12}, "bands, in series");
        }
    };

    DynamicEqualizer(const Params& params, const StreamSpec& spec);

    void reset();
    void process(Block block) noexcept;
    // The bands listen to `key` instead: as many frames as the block, any number of channels.
    void processWithKey(Block block, ConstBlock key) noexcept;
    int latencyFrames() const { return 0; }

    // Since reset(), of one band of the params: the gain farthest from 0 dB, and the mean gain.
    double extremeGainDb(int band) const;
    double meanGainDb(int band) const;

private:
    struct Voice {
        Shape shape;
        double warped, q, rangeDb, sign, idlePower;
        GainComputer curve;
        Ballistics ballistics;
        std::vector<Svf> ears, filters;  // one each per channel of what is heard, and of what is filtered
        std::vector<LevelDetector> detectors;
        bool neutral;
        double gainDb = 0.0, extremeDb = 0.0, sumDb = 0.0;

        void process(Block block, ConstBlock heard) noexcept;
        void setGain(double db);
    };
    std::vector<Voice> voices_;
    long long frames_ = 0;
};

}  // namespace tonewright
