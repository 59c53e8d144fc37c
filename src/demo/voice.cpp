#include "demo/voice.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <span>

#include "core/decibels.h"
#include "demo/random.h"

namespace tonewright::demo {
namespace {

constexpr int kVoiceOohs = 53, kSawWave = 81;
constexpr double kControlSeconds = 0.005;
constexpr double kSingersFormantDb = 6.0;  // the ring around 3 kHz that carries a trained voice
constexpr double kTwoPi = 2.0 * std::numbers::pi;

// Csound manual, appendix "Formant values", alto.
constexpr int kFormants = 4;
struct Vowel {
    char name;
    std::array<double, kFormants> hz, db, bandwidthHz;
};
constexpr std::array<Vowel, 5> kVowels = {{{'a', {800, 1150, 2800, 3500}, {0, -4, -20, -36}, {80, 90, 120, 130}},
                                           {'e', {400, 1600, 2700, 3300}, {0, -24, -30, -35}, {60, 80, 120, 150}},
                                           {'i', {350, 1700, 2700, 3700}, {0, -20, -30, -36}, {50, 100, 120, 150}},
                                           {'o', {450, 800, 2830, 3500}, {0, -9, -16, -28}, {70, 80, 100, 130}},
                                           {'u', {325, 700, 2530, 3500}, {0, -12, -30, -40}, {50, 60, 170, 180}}}};

const Vowel& vowelOf(const std::string& syllable) {
    for (const Vowel& vowel : kVowels)
        if (!syllable.empty() && syllable.back() == vowel.name) return vowel;
    return kVowels[0];
}

// Two-pole resonator with unit gain at its centre, run with coefficients that move.
struct Resonator {
    double y1 = 0.0, y2 = 0.0;

    double operator()(double x, double hz, double bandwidthHz, double sampleRateHz) {
        if (hz != hz_) {
            hz_ = hz;
            const double r = std::exp(-std::numbers::pi * bandwidthHz / sampleRateHz);
            const double angle = kTwoPi * hz / sampleRateHz;
            a1_ = 2.0 * r * std::cos(angle);
            a2_ = -r * r;
            gain_ = (1.0 - r) * std::sqrt(1.0 - 2.0 * r * std::cos(2.0 * angle) + r * r);
        }
        const double y = gain_ * x + a1_ * y1 + a2_ * y2;
        y2 = y1;
        y1 = std::abs(y) < 1e-14 ? 0.0 : y;
        return y1;
    }

private:
    double hz_ = 0.0, a1_ = 0.0, a2_ = 0.0, gain_ = 0.0;
};

// Pitch and loudness of each note, every 5 ms.
std::vector<Controller> singing(const std::vector<PlayedNote>& notes) {
    std::vector<Controller> controllers;
    Random random(2029);
    for (std::size_t i = 0; i < notes.size(); ++i) {
        const PlayedNote& note = notes[i];
        const double length = note.endSeconds - note.startSeconds;
        const double untilNext = i + 1 < notes.size() ? notes[i + 1].startSeconds - note.startSeconds : length + 1.0;
        const double scoopCents = 35.0 + 15.0 * random.uniform();
        const double rateHz = 5.4 + 0.3 * random.uniform();
        const double depthCents = 26.0 + 6.0 * random.uniform();
        for (double t = 0.0; t < std::min(length + 0.05, untilNext); t += kControlSeconds) {
            const double vibratoOn = std::clamp((t - 0.25) / 0.3, 0.0, 1.0);
            const double cents = -scoopCents * std::exp(-t / 0.05) + vibratoOn * depthCents * std::sin(kTwoPi * rateHz * t);
            const double swell = std::min(1.0, 0.72 + 0.28 * t / 0.18) * (1.0 - 0.25 * std::max(0.0, (t - 0.6 * length) / (0.4 * length)));
            controllers.push_back({note.startSeconds + t, Controller::Kind::bendCents, cents});
            controllers.push_back({note.startSeconds + t, Controller::Kind::expression, 120.0 * swell});
        }
    }
    return controllers;
}

std::vector<float> mono(const AudioBuffer& audio) {
    std::vector<float> sum(audio.numFrames());
    for (int n = 0; n < audio.numFrames(); ++n) sum[n] = 0.5f * (audio.channel(0)[n] + audio.channel(1)[n]);
    return sum;
}

// To a level at which the loudest sample is 1.
void normalise(std::span<float> sound) {
    float peak = 0.0f;
    for (float x : sound) peak = std::max(peak, std::abs(x));
    if (peak == 0.0f) return;
    for (float& x : sound) x /= peak;
}

// The buzz through the vowels, gliding from one to the next within 50 ms.
std::vector<float> shapeVowels(std::span<const float> buzz, const std::vector<PlayedNote>& notes, double sampleRateHz) {
    std::vector<float> out(buzz.size());
    std::array<Resonator, kFormants> resonators;
    Vowel now = kVowels[0];
    std::size_t next = 0;
    const Vowel* target = &kVowels[0];
    constexpr int kStepFrames = 64;
    const double glide = 1.0 - std::exp(-kStepFrames / (0.05 * sampleRateHz));
    for (std::size_t start = 0; start < buzz.size(); start += kStepFrames) {
        while (next < notes.size() && notes[next].startSeconds * sampleRateHz <= static_cast<double>(start)) target = &vowelOf(notes[next++].syllable);
        std::array<double, kFormants> gains{};
        for (int f = 0; f < kFormants; ++f) {
            now.hz[f] += glide * (target->hz[f] - now.hz[f]);
            now.db[f] += glide * (target->db[f] - now.db[f]);
            now.bandwidthHz[f] += glide * (target->bandwidthHz[f] - now.bandwidthHz[f]);
            // The table is for a softer singer: less contrast between formants lets the words through in a band.
            gains[f] = dbToGain(0.3 * now.db[f] + (f >= 2 ? kSingersFormantDb : 0.0));
        }
        const std::size_t end = std::min(buzz.size(), start + kStepFrames);
        for (std::size_t n = start; n < end; ++n) {
            double sum = 0.0;
            for (int f = 0; f < kFormants; ++f) sum += gains[f] * resonators[f](buzz[n], now.hz[f], now.bandwidthHz[f] * 1.6, sampleRateHz);
            out[n] = static_cast<float>(sum);
        }
    }
    return out;
}

// A burst of noise around `hz`, rising and falling as a squared sine.
void addNoise(std::span<float> sound, double startSeconds, double seconds, double hz, double bandwidthHz, double gain, Random& random,
              double sampleRateHz) {
    Resonator first, second;
    const int length = static_cast<int>(seconds * sampleRateHz);
    const int start = static_cast<int>(startSeconds * sampleRateHz);
    for (int i = 0; i < length; ++i) {
        const double shape = std::sin(std::numbers::pi * (i + 0.5) / length);
        const double noise = second(first(random.uniform(), hz, bandwidthHz, sampleRateHz), hz * 1.2, bandwidthHz, sampleRateHz);
        const int n = start + i;
        if (n >= 0 && n < static_cast<int>(sound.size())) sound[n] += static_cast<float>(gain * shape * shape * noise);
    }
}

void addConsonantsAndBreaths(std::span<float> sound, const std::vector<PlayedNote>& notes, double sampleRateHz) {
    Random random(41);
    double phraseEnd = -10.0;
    for (const PlayedNote& note : notes) {
        const double start = note.startSeconds;
        if (start - phraseEnd > 0.35) addNoise(sound, start - 0.30, 0.24, 1900.0, 1800.0, 0.16, random, sampleRateHz);  // a breath
        phraseEnd = note.endSeconds;
        switch (note.syllable.empty() ? 'a' : note.syllable.front()) {
            case 's': addNoise(sound, start - 0.085, 0.12, 6800.0, 2600.0, 1.1, random, sampleRateHz); break;
            case 't': addNoise(sound, start - 0.020, 0.035, 4200.0, 3500.0, 1.0, random, sampleRateHz); break;
            case 'h': addNoise(sound, start - 0.060, 0.10, 1500.0, 1500.0, 0.35, random, sampleRateHz); break;
            default: break;  // voiced consonants are in the note's own onset
        }
    }
}

// Nothing but silence outside of phrases: what the synthesiser's releases leave behind is faded out.
void closeBetweenPhrases(std::span<float> sound, const std::vector<PlayedNote>& notes, double sampleRateHz) {
    constexpr double kBeforeSeconds = 0.32, kAfterSeconds = 0.30, kFadeSeconds = 0.15;
    std::vector<float> gate(sound.size(), 0.0f);
    for (const PlayedNote& note : notes) {
        const int from = std::max(0, static_cast<int>((note.startSeconds - kBeforeSeconds) * sampleRateHz));
        const int fade = static_cast<int>((note.endSeconds + kAfterSeconds - kFadeSeconds) * sampleRateHz);
        const int to = std::min(static_cast<int>(sound.size()), static_cast<int>((note.endSeconds + kAfterSeconds) * sampleRateHz));
        for (int n = from; n < to; ++n) {
            const double falling = n < fade ? 1.0 : 0.5 + 0.5 * std::cos(std::numbers::pi * (n - fade) / (to - fade));
            gate[n] = std::max(gate[n], static_cast<float>(falling));
        }
    }
    for (std::size_t n = 0; n < sound.size(); ++n) sound[n] *= gate[n];
}

}  // namespace

std::vector<Controller> swells(const std::vector<PlayedNote>& notes, double from, double to) {
    std::vector<Controller> controllers;
    double lastStart = -1.0;
    for (const PlayedNote& note : notes) {
        if (note.startSeconds - lastStart < 0.3) continue;  // one swell a chord
        lastStart = note.startSeconds;
        const double length = note.endSeconds - note.startSeconds;
        for (double t = 0.0; t < length; t += 0.02)
            controllers.push_back({note.startSeconds + t, Controller::Kind::expression, from + (to - from) * std::sin(std::numbers::pi * t / length)});
    }
    return controllers;
}

std::vector<float> singLead(const std::vector<PlayedNote>& notes, const std::filesystem::path& soundFont, double sampleRateHz, int numFrames) {
    Performance performance{.notes = notes, .controllers = singing(notes)};
    performance.program = kVoiceOohs;
    std::vector<float> soft = mono(renderPerformance(performance, soundFont, sampleRateHz, numFrames));
    performance.program = kSawWave;
    std::vector<float> shaped = shapeVowels(mono(renderPerformance(performance, soundFont, sampleRateHz, numFrames)), notes, sampleRateHz);
    normalise(soft);
    normalise(shaped);
    for (std::size_t n = 0; n < soft.size(); ++n) soft[n] = 0.45f * soft[n] + 0.8f * shaped[n];
    addConsonantsAndBreaths(soft, notes, sampleRateHz);
    closeBetweenPhrases(soft, notes, sampleRateHz);
    return soft;
}

}  // namespace tonewright::demo
