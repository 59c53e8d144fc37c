#pragma once
#include <array>
#include <cstdint>

#include "analysis/facts.h"
#include "analysis/framer.h"
#include "analysis/level_histogram.h"
#include "core/audio.h"

namespace tonewright {

// Where there is sound, and what lies under it. Frames of 50 ms in ten pieces; channels averaged:
//
//   broad   power less the frame's mean
//   detail  power less each piece's straight line: what lies above 150 Hz or so (-6 dB at 130 Hz, -18 dB at 60 Hz, -37 dB
//           at 20 Hz). DC and drift are not in it, rumble hardly; of a bass its overtones are
//
// Whether there is sound is told from the detail, for rumble wanders where hiss stands; levels are told of the broad power.
//
//   active level   mean power of the loudest tenth of the frames
//   steady         frames that differ by 3 dB at most over half a second: noise stands, notes and rooms decay
//   noise floor    the quietest 3 dB that hold 3 % of all frames (10 at least), counting steady ones only (minimum
//                  statistics, Martin 2001); if it lies 12 dB or more below the active level, and hardly a frame (3 %)
//                  lies below it
//   active         40 dB below the active level or less, 6 dB above the noise floor, and above -90 dBFS
class ActivityMeter {
public:
    explicit ActivityMeter(const StreamSpec& spec);

    void add(ConstBlock block);
    ActivityFacts activity() const;
    NoiseFacts noise() const;            // floor kSilentDb where the pauses are digital silence
    double activePower() const;          // 0 if silent
    double floorPower() const;           // 0 where the pauses are digital silence; negative: it never rests

private:
    struct Floor {
        double from = -1.0, to = -1.0;   // of detail; negative: it never rests
        double detail = -1.0, broad = -1.0;
    };

    void close(ConstBlock frame);
    double activeDetail() const;
    double gateDetail() const;
    Floor floor() const;

    double sampleRateHz_;
    Framer framer_;
    std::int64_t frames_ = 0;
    LevelHistogram levels_, steady_;      // of detail; broad power rides along
    std::array<double, 10> recent_{};     // detail of the last frames
};

}  // namespace tonewright
