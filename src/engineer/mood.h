#pragma once
#include <array>
#include <string>
#include <vector>

#include "dsp/equalizer.h"
#include "engineer/colour_wish.h"
#include "plan/plan.h"

namespace tonewright {

// A wish in a word (data/moods.json: with sources): what it does to the target, at amount 1 and intensity 1.
struct Mood {
    std::string name, description;
    std::vector<EqualizerBand> tone;          // drawn onto the target spectrum
    std::array<double, 2> widthDb{};          // side against mid: 400 Hz ... 2.5 kHz, from 6.3 kHz on
    double attackDb = 0.0, sustainDb = 0.0;   // of transients
    double compressionDb = 0.0;               // more or less at the loud moments
    ColourWish colour;                        // harmonics that are added
    double colourShare = 1.0;                 // so much stays of all other colour: 0 none
    struct Measure {
        std::string fact;                     // path in `tonewright analyze --json`: "stereo.widthDb"
        std::array<double, 2> change{};       // by how much it moves on the result, least and most
    } measure;
};

const std::vector<Mood>& moods();
const Mood* findMood(const std::string& name);  // null if there is none of that name

// "warm,punchy" or "warm=0.5,wide=1": what --mood takes. Throws UsageError, with the nearest name.
std::vector<MoodWish> parseMoods(const std::string& text);

// Throws UsageError for a name that is no mood, with the nearest one.
void checkMoods(const std::vector<MoodWish>& wishes);

// All wishes together, in proportion to the intensity and within the bounds of data/moods.json.
struct MoodShape {
    std::vector<EqualizerBand> tone;
    std::array<double, 2> widthDb{};
    double attackDb = 0.0, sustainDb = 0.0, compressionDb = 0.0;
    ColourWish colour;                        // of the mood that asks for most
    double colourShare = 1.0;
    std::string words;                        // "warm and punchy"
};
MoodShape moodShape(const std::vector<MoodWish>& wishes, double intensity);

}  // namespace tonewright
