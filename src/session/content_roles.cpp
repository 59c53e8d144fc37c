#include "session/content_roles.h"

#include <algorithm>
#include <cmath>

#include "core/decibels.h"

namespace tonewright {

namespace {

double bandPower(const SpectrumFacts& spectrum, double fromHz, double toHz) {
    double power = 0.0;
    for (int band = 0; band < kThirdOctaves; ++band)
        if (const double hz = thirdOctaveCentreHz(band); hz >= fromHz && hz < toHz) power += dbToPower(spectrum.thirdOctaveDb[band]);
    return power;
}

// The numbers that come from the sketch: the course of the level and of the spectrum.
void readSketch(const Sketch& sketch, Sound& sound) {
    std::vector<double> level(sketch.frames);
    double loudest = 0.0;
    for (int frame = 0; frame < sketch.frames; ++frame) {
        for (int band = 0; band < kErbBands; ++band) level[frame] += sketch.at(frame, band);
        loudest = std::max(loudest, level[frame]);
    }
    if (loudest <= 0.0) return;
    const double audible = loudest * dbToPower(-40.0), sounding = loudest * dbToPower(-30.0);

    int first = sketch.frames, last = -1, soundingFrames = 0, strikes = 0, compared = 0;
    double tonality = 0.0, movement = 0.0;
    std::vector<double> heard;
    for (int frame = 0; frame < sketch.frames; ++frame) {
        if (level[frame] > audible) heard.push_back(level[frame]);
        if (level[frame] <= sounding) continue;
        first = std::min(first, frame);
        last = frame;
        ++soundingFrames;
        double concentration = 0.0, difference = 0.0;
        for (int band = 0; band < kErbBands; ++band) {
            const double share = sketch.at(frame, band) / level[frame];
            concentration += share * share;
            if (frame > 0 && level[frame - 1] > sounding) difference += std::abs(share - sketch.at(frame - 1, band) / level[frame - 1]);
        }
        tonality += concentration;
        if (frame > 0 && level[frame - 1] > sounding) {
            movement += 0.5 * difference;
            ++compared;
        }
        if (frame == 0 || level[frame] > 10.0 * level[frame - 1]) ++strikes;
    }
    sound.tonality = tonality / soundingFrames;
    sound.movement = compared ? movement / compared : 0.0;
    sound.strikeShare = static_cast<double>(strikes) / soundingFrames;
    sound.soundingShare = static_cast<double>(soundingFrames) / (last - first + 1);
    std::ranges::sort(heard);
    sound.burstDb = powerToDb(heard[heard.size() * 19 / 20] / heard[heard.size() / 2]);
}

}  // namespace

Sound soundOf(const Analysis& analysis) {
    Sound sound;
    const double low = bandPower(analysis.spectrum, 0.0, 120.0), lowMid = bandPower(analysis.spectrum, 120.0, 500.0), mid = bandPower(analysis.spectrum, 500.0, 2000.0),
                 presence = bandPower(analysis.spectrum, 2000.0, 6000.0), air = bandPower(analysis.spectrum, 6000.0, 1e6), sum = low + lowMid + mid + presence + air;
    if (sum > 0.0) {
        sound.lowShare = low / sum;
        sound.lowMidShare = lowMid / sum;
        sound.midShare = mid / sum;
        sound.presenceShare = presence / sum;
        sound.airShare = air / sum;
    }
    sound.centroidHz = analysis.spectrum.centroidHz.value_or(0.0);
    if (analysis.stereo.widthDb) {
        const double ratio = dbToPower(*analysis.stereo.widthDb);
        sound.width = ratio / (1.0 + ratio);
    }
    readSketch(analysis.sketch, sound);
    return sound;
}

ContentReading roleOfSound(const Sound&) { return {}; }
double plausibility(std::string_view, const Sound&) { return 1.0; }

}  // namespace tonewright
