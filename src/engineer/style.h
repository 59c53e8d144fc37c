#pragma once
#include <array>
#include <string>
#include <vector>

#include "analysis/facts.h"
#include "engineer/colour_wish.h"

namespace tonewright {

// What a kind of music usually measures (data/styles.json: dated, with sources). Ranges are [low, high].
struct Style {
    std::string name, description;
    double integratedLufs = -14.0;                 // what a master of it is aimed at when the user names no loudness
    std::array<double, 2> loudnessRangeLu{};
    std::array<double, 2> peakToLoudnessDb{};
    double bassDb = 0.0, trebleDb = 0.0;           // 63-160 Hz and 6.3-12.5 kHz against the average of released music
    std::array<double, 6> toleranceDb{3.0, 3.0, 3.0, 3.0, 3.0, 3.0};  // a spectrum this near to the target is left alone: at kToleranceHz
    std::array<double, 3> widthDb{};               // side/mid below 200 Hz, to 4 kHz, above
    ColourWish colour;                             // what harmonics it bears at most (rule master.harmonics)

    // How a mix of it usually measures before mastering: [mean, deviation]. What a style is recognised by.
    struct Sound {
        std::array<double, 2> bassDb{0.0, 1.0}, trebleDb{0.0, 1.0};  // as above, against the average of released music
        std::array<double, 2> percussiveness{0.0, 1.0}, onsetsPerSecond{0.0, 1.0};
        std::array<double, 2> pulse{0.0, 1.0};                       // confidence of the tempo
        std::array<double, 2> deepBassDb{0.0, 1.0}, presenceDb{0.0, 1.0};  // 50-80 Hz and 2.5-5 kHz, as above
        std::array<double, 2> flatness{0.0, 1.0}, peakToLoudnessDb{0.0, 1.0}, loudnessRangeLu{0.0, 1.0};
        std::array<double, 2> widthDb{0.0, 1.0};                     // 200 Hz to 4 kHz
    } sound;
};

// Where a style's tolerances stand: the middles of deep bass, bass, low mids, mids, presence and treble.
inline constexpr std::array<double, 6> kToleranceHz = {63.0, 125.0, 315.0, 1120.0, 3550.0, 9000.0};
double toleranceDbAt(const Style& style, double hz);  // straight between them over log frequency, level outside

const std::vector<Style>& styles();

// Null if there is none of that name.
const Style* findStyle(const std::string& name);

// Throws UsageError for a name that is neither "auto" nor a style, with the nearest one.
void checkStyle(const std::string& name);

// The style's target spectrum in third octaves, dB relative to 1 kHz: Elowsson and Friberg 2017, eq. 6 (long-term average
// of 12 345 released tracks, 100 Hz ... 16 kHz; below it falls as Pestana et al. 2013 found), with the style's bass and
// treble. Bands outside 40 Hz ... 16 kHz are only a continuation.
std::array<double, kThirdOctaves> targetSpectrumDb(const Style& style);

}  // namespace tonewright
