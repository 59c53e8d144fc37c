#pragma once
#include <array>
#include <cstdint>

#include "analysis/facts.h"
#include "analysis/framer.h"
#include "analysis/level_histogram.h"
#include "core/audio.h"

namespace tonewright {

// Where there is sound, and what lies under it: power of frames of 50 ms, each less its own mean (so DC and subsonic
// drift are not sound), channels averaged.
//
//   active level   mean power of the loudest tenth of the frames
//   steady         frames that differ by 3 dB at most over half a second: noise stands, notes and rooms decay
//   noise floor    mean power of the quietest 3 dB that hold 3 % of all frames (10 at least), counting steady ones only
//                  (minimum statistics, Martin 2001); if it lies 12 dB or more below the active level, and hardly a frame
//                  (3 %) lies below it
//   active         40 dB below the active level or less, 6 dB above the noise floor, and above -90 dBFS
class ActivityMeter {
public:
    explicit ActivityMeter(const StreamSpec& spec);

    void add(ConstBlock block);
    ActivityFacts activity() const;
    NoiseFacts noise() const;            // floor kSilentDb where the pauses are digital silence
    double activePower() const;          // 0 if silent

private:
    void close(ConstBlock frame);
    double gatePower() const;
    double floorPower() const;           // negative: it never rests

    double sampleRateHz_;
    Framer framer_;
    std::int64_t frames_ = 0;
    LevelHistogram levels_, steady_;
    std::array<double, 10> recent_{};     // powers of the last frames
};

}  // namespace tonewright
