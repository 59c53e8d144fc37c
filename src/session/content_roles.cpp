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

// One row of the table: what it must be like, and how far to believe it then. The first row that fits speaks.
struct Rule {
    std::string_view role;
    double confidence;
    std::string_view because;
    bool (*fits)(const Sound&);
};

constexpr Rule kRules[] = {
    {"drums/kick", 0.8, "nearly all of it lies below 120 Hz, and it strikes",
     [](const Sound& s) { return s.lowShare >= 0.8 && s.strikeShare >= 0.12 && s.burstDb >= 5.0; }},
    {"bass/sub", 0.55, "nearly all of it lies below 120 Hz, and it sustains",
     [](const Sound& s) { return s.lowShare >= 0.93 && s.burstDb < 5.0 && s.soundingShare >= 0.5; }},
    {"bass/electric", 0.6, "it lives below 500 Hz with much below 120 Hz, and it sustains",
     [](const Sound& s) { return s.lowShare >= 0.35 && s.lowShare + s.lowMidShare >= 0.9 && s.centroidHz < 250.0 && s.burstDb < 6.0 && s.soundingShare >= 0.55 && s.width < 0.1; }},
    {"drums/hihat", 0.7, "it lies above 2 kHz, mostly above 6 kHz, and it strikes",
     [](const Sound& s) { return s.presenceShare + s.airShare >= 0.8 && s.airShare >= 0.5 && s.burstDb >= 8.0 && s.strikeShare >= 0.1 && s.flatness >= 0.2; }},
    {"drums/overhead", 0.55, "it is bright and noisy, never rests, and single strikes stand out little",
     [](const Sound& s) { return s.presenceShare + s.airShare >= 0.6 && s.burstDb >= 6.0 && s.soundingShare >= 0.85 && s.strikeShare <= 0.03 && s.flatness >= 0.2; }},
    {"drums/snare", 0.65, "it strikes, sits between 120 Hz and 2 kHz, and rattles",
     [](const Sound& s) { return s.lowMidShare + s.midShare >= 0.75 && s.burstDb >= 8.5 && s.strikeShare >= 0.2 && s.flatness >= 0.085 && s.tonality <= 0.42; }},
    {"drums/tom", 0.5, "it strikes now and then below 500 Hz and is quiet between",
     [](const Sound& s) { return s.lowShare + s.lowMidShare >= 0.8 && s.lowShare <= 0.6 && s.burstDb >= 18.0 && s.strikeShare <= 0.1 && s.soundingShare <= 0.5; }},
    {"drums/kit", 0.6, "it covers everything from low to high, is noisy and strikes",
     [](const Sound& s) { return s.lowShare >= 0.1 && s.presenceShare + s.airShare >= 0.06 && s.burstDb >= 10.0 && s.strikeShare >= 0.08 && s.flatness >= 0.15 && s.soundingShare >= 0.7; }},
    {"mallets/mallets", 0.45, "it strikes, and every strike is a clear tone",
     [](const Sound& s) { return s.midShare >= 0.6 && s.burstDb >= 18.0 && s.strikeShare >= 0.2 && s.flatness <= 0.05; }},
    {"guitar/electric-driven", 0.6, "it is dense between 500 Hz and 6 kHz, with nothing below or above, and hardly moves in level",
     [](const Sound& s) { return s.presenceShare >= 0.45 && s.midShare >= 0.2 && s.airShare <= 0.1 && s.burstDb <= 5.0 && s.soundingShare >= 0.8 && s.flatness >= 0.12; }},
    {"strings/ensemble", 0.45, "it is tonal, wide and sustained",
     [](const Sound& s) { return s.width >= 0.25 && s.strikeShare <= 0.03 && s.flatness <= 0.015 && s.lowShare <= 0.05 && s.presenceShare + s.airShare <= 0.45; }},
    {"vocals/lead", 0.5, "it is one voice in the middle whose sound changes all the time",
     [](const Sound& s) {
         return s.lowMidShare >= 0.3 && s.lowMidShare <= 0.8 && s.midShare >= 0.12 && s.lowMidShare + s.midShare >= 0.7 && s.movement >= 0.22 && s.strikeShare <= 0.08 &&
                s.width <= 0.06 && s.tonality >= 0.22 && s.tonality <= 0.36;
     }},
};

// 0 at `none` and less, 1 at `enough` and more.
double rising(double value, double none, double enough) { return std::clamp((value - none) / (enough - none), 0.0, 1.0); }

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
    sound.flatness = analysis.spectrum.flatness.value_or(0.0);
    sound.centroidHz = analysis.spectrum.centroidHz.value_or(0.0);
    if (analysis.stereo.widthDb) {
        const double ratio = dbToPower(*analysis.stereo.widthDb);
        sound.width = ratio / (1.0 + ratio);
    }
    readSketch(analysis.sketch, sound);
    return sound;
}

ContentReading roleOfSound(const Sound& sound) {
    for (const Rule& rule : kRules)
        if (rule.fits(sound)) return {std::string(rule.role), rule.confidence, std::string(rule.because)};
    return {};
}

double plausibility(std::string_view role, const Sound& s) {
    const double low = s.lowShare + s.lowMidShare, high = s.presenceShare + s.airShare;
    if (low + s.midShare + high <= 0.0) return 1.0;  // nothing was heard
    if (role == "drums/kick") return rising(low, 0.05, 0.3);  // an inside microphone may be mostly click
    if (roleFamily(role) == "bass") return rising(low, 0.05, 0.3);
    if (role == "drums/hihat" || role == "drums/ride" || role == "drums/crash" || role == "drums/cymbals") return rising(high, 0.02, 0.15);
    if (role == "drums/snare" || roleFamily(role) == "vocals") return 1.0 - rising(s.lowShare, 0.7, 0.95);
    return 1.0;
}

}  // namespace tonewright
