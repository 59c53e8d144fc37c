#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "analysis/facts.h"
#include "plan/step.h"

// A mix as energy in ERB bands over time: what balance, masking and dynamics are decided on before a sample is rendered.
namespace tonewright {

using BandGains = std::array<double, kErbBands>;  // power ratios

// K-weighting (BS.1770-5) of each sketch band, as a power ratio.
const BandGains& loudnessWeights();

// Power ratio of the given equalizer in each band.
BandGains bandGains(const Equalizer::Params& equalizer);

// A spectrum in third octaves (dB) as power in the sketch's bands, 80 Hz ... 12.5 kHz; 0 in the others.
BandGains bandsOf(const std::array<double, kThirdOctaves>& thirdOctaveDb);

// The time base that all tracks of a mix share.
struct SketchGrid {
    double frameSeconds = 0.05;
    int frames = 0;

    // Long enough for `seconds`, in at most 8192 frames, no finer than `finestFrameSeconds`.
    static SketchGrid covering(double seconds, double finestFrameSeconds);
};

// One track's energy on the grid: power[frame][band], and how each frame's power lies within it, in steps of a fifth.
class TrackSketch {
public:
    static constexpr int kSteps = 5;

    TrackSketch() = default;
    // Places a recording's sketch at `startSeconds`. Energy is kept: a frame that falls between two is shared. Where its levels were
    // measured, what long windows smeared is put back to its moment.
    TrackSketch(const Sketch& sketch, double startSeconds, const SketchGrid& grid);

    // Loudness hears the lowest bands unevenly: they count as much as this recording's third octaves in them do.
    void weighLowsAs(const SpectrumFacts& spectrum);

    // Silence of that length.
    explicit TrackSketch(const SketchGrid& grid) : frames_(grid.frames), power_(static_cast<std::size_t>(grid.frames) * kErbBands) {}

    int frames() const { return frames_; }
    float at(int frame, int band) const { return power_[static_cast<std::size_t>(frame) * kErbBands + band]; }
    std::span<const float> frame(int f) const { return {power_.data() + static_cast<std::size_t>(f) * kErbBands, kErbBands}; }

    void applyGain(double db);
    void add(const TrackSketch& other);
    // The other with a power ratio for each frame and one for each band.
    void addScaled(const TrackSketch& other, std::span<const double> overTime, const BandGains& bands);
    // Adds to one cell, which stays above a twentieth of what it was.
    void addAt(int frame, int band, double power) {
        float& cell = power_[static_cast<std::size_t>(frame) * kErbBands + band];
        cell = std::max(0.05f * cell, cell + static_cast<float>(power));
    }
    // What a part of this sum gains when each of its cells is changed by that power ratio.
    void addChange(const TrackSketch& part, std::span<const float> powerGains);
    void applyBands(const BandGains& gains);
    void applyOverTime(std::span<const double> powerGains);  // one a frame
    void applyOverTimeAndBands(std::span<const float> powerGains);  // [frame * kErbBands + band]
    void applyOverSteps(std::span<const double> powerGains);        // one a step

    // Loudness-weighted power of each frame.
    std::vector<double> loudnessPower() const;
    // Unweighted power of each frame.
    std::vector<double> framePower() const;
    // Unweighted power of each step, and the square of the highest sample in it (10 dB over its power where it was not measured).
    std::vector<double> stepPower() const;
    std::vector<double> stepPeaks() const;
    // Mean power in each band over the frames within 30 dB of the loudest.
    BandGains activeSpectrum() const;

private:
    void placeLevels(const LevelSteps& levels, double startSeconds, const SketchGrid& grid);
    void sharpen(std::span<const double> framePower);
    double totalIn(int band) const;

    int frames_ = 0;
    std::vector<float> power_;
    static constexpr int kLowBands = 4;
    std::array<double, kLowBands> lowWeights_ = {loudnessWeights()[0], loudnessWeights()[1], loudnessWeights()[2], loudnessWeights()[3]};
    std::vector<float> shape_;    // of each step: its power over its frame's; empty: all alike
    std::vector<float> crest_;    // of each step: its highest sample squared over its power; empty: not measured
};

// Gated loudness (LUFS) of loudness-weighted frame powers: 400 ms blocks; those more than 40 dB under the loudest are left
// out, then those more than 10 LU under the mean of the rest, as BS.1770 gates, but with no absolute gate: the result
// follows gain exactly, however quiet a track was recorded. -infinity for silence.
double sketchLoudness(std::span<const double> loudnessPower, double frameSeconds);

// What a meter will say (ITU-R BS.1770-5): the same blocks with the standard's gates, one of them absolute, after a gain.
double measuredLoudness(std::span<const double> loudnessPower, double frameSeconds, double gainDb = 0.0);

// Loudness (LUFS) of the loudest moments: the mean of the 400 ms blocks within 10 dB of the loudest. -infinity for silence.
double hitLoudness(std::span<const double> loudnessPower, double frameSeconds);

// Levels (dB) of the frames within 30 dB of the loudest, ascending: what percentiles are read from. Empty for silence.
std::vector<double> activeLevelsDb(std::span<const double> framePower);
double percentile(std::span<const double> ascending, double share);

}  // namespace tonewright
