#pragma once
#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "analysis/facts.h"
#include "analysis/song_structure.h"
#include "core/decibels.h"

// Songs of known tempo, metre and form as the analysis of their tracks would describe them: sketches and onsets, no audio.
namespace tonewright::testing {

// One of "intro", "verse", "chorus", "bridge", "solo", "break", "outro", and how many bars it has.
struct FormPart {
    std::string name;
    int bars = 8;
};

struct MadeSong {
    double bpm = 104.0;
    int beatsPerBar = 4;
    double startSeconds = 0.4;      // of the first downbeat
    double driftShare = 0.0;        // the tempo's swing around its mean, 0.03: +-3 %, over the song
    double noiseDb = 1.5;           // how unevenly everybody plays
    bool drums = true;
    std::vector<FormPart> form = {{"intro", 4}, {"verse", 8}, {"chorus", 8}, {"verse", 8}, {"chorus", 8}, {"bridge", 8}, {"chorus", 8}, {"outro", 4}};
};

class SongPlayers {
public:
    explicit SongPlayers(const MadeSong& song) : song_(song) {
        for (const FormPart& part : song.form) bars_ += part.bars;
        double t = song.startSeconds;
        const int beats = bars_ * song.beatsPerBar;
        for (int b = 0; b <= beats; ++b) {
            beatSeconds.push_back(t);
            t += 60.0 / (song.bpm * (1.0 + song.driftShare * std::sin(2.0 * 3.14159265 * b / std::max(1, beats))));
        }
        durationSeconds = beatSeconds.back() + 1.5;
        int bar = 0;
        for (const FormPart& part : song.form) {
            boundaries.push_back(barSeconds(bar));
            for (int b = 0; b < part.bars; ++b) playBar(part, bar + b, b);
            bar += part.bars;
        }
        boundaries.push_back(barSeconds(bar));
        for (auto& [id, facts] : tracks_) finish(facts);
    }

    double barSeconds(int bar) const { return beatSeconds[static_cast<std::size_t>(bar) * song_.beatsPerBar]; }
    const std::map<std::string, Analysis>& tracks() const { return tracks_; }
    Analysis& track(const std::string& id) { return tracks_.at(id); }

    std::vector<SongVoice> voices() const {
        std::vector<SongVoice> voices;
        for (const auto& [id, facts] : tracks_)
            voices.push_back({.id = id, .analysis = &facts, .startSeconds = 0.0, .weight = 1.0, .sings = id == "lead", .isDrum = id == "kick" || id == "snare" || id == "hihat"});
        return voices;
    }

    std::vector<double> beatSeconds;    // truth
    std::vector<double> boundaries;     // of the form's parts, and the end
    double durationSeconds = 0.0;

private:
    // 0 ... 1, the same every time.
    double random() {
        state_ = state_ * 6364136223846793005ull + 1442695040888963407ull;
        return static_cast<double>(state_ >> 40) / static_cast<double>(1 << 24);
    }

    // A note that decays by 60 dB in decaySeconds, cut off at its end.
    void note(const std::string& id, double start, double seconds, double decaySeconds, double levelDb, double lowHz, double highHz) {
        Analysis& facts = tracks_[id];
        if (facts.sketch.frames == 0) {
            facts.sketch.frames = static_cast<int>(std::ceil(durationSeconds / facts.sketch.frameSeconds));
            facts.sketch.power.assign(static_cast<std::size_t>(facts.sketch.frames) * kErbBands, 0.0f);
        }
        start += 0.008 * (random() - 0.5);
        levelDb += song_.noiseDb * (2.0 * random() - 1.0);
        facts.rhythm.onsetSeconds.push_back(static_cast<float>(start));
        const double step = facts.sketch.frameSeconds;
        for (int f = std::max(0, static_cast<int>(start / step)); f < std::min<double>(facts.sketch.frames, (start + seconds) / step); ++f) {
            const double from = std::max(start, f * step), to = std::min(start + seconds, (f + 1) * step);
            const double power = dbToPower(levelDb - 60.0 * (from - start) / decaySeconds) * (to - from) / step;
            for (int band = 0; band < kErbBands; ++band)
                if (erbCentreHz(band) >= lowHz && erbCentreHz(band) <= highHz)
                    facts.sketch.power[static_cast<std::size_t>(f) * kErbBands + band] += static_cast<float>(power / 10.0);
        }
    }

    void playBar(const FormPart& part, int bar, int barInPart) {
        const std::string& name = part.name;
        const bool sung = name == "verse" || name == "chorus" || name == "bridge", full = name == "chorus" || name == "solo";
        const int beats = song_.beatsPerBar;
        const auto at = [&](double beat) {
            const std::size_t first = static_cast<std::size_t>(bar) * beats + static_cast<std::size_t>(beat);
            return beatSeconds[first] + (beat - std::floor(beat)) * (beatSeconds[std::min(first + 1, beatSeconds.size() - 1)] - beatSeconds[first]);
        };
        const double beat = 60.0 / song_.bpm, barLength = beats * beat;
        constexpr double kVerse[] = {1.0, 1.33, 1.5, 0.89}, kChorus[] = {0.89, 1.12, 1.68, 1.33};
        const double chord = name == "chorus" ? kChorus[bar % 4] : name == "bridge" ? 1.2 * kVerse[3 - bar % 4] : kVerse[bar % 4];
        const double lift = name == "chorus" ? 3.0 : name == "bridge" ? -1.0 : 0.0;

        if (song_.drums && name != "outro" && name != "break" && name != "bridge")
            for (int b = 0; b < beats; ++b) {
                const bool kick = b == 0 || (beats == 4 && b == 2);
                if (kick) note("kick", at(b), 0.2, 0.4, -8.0, 40.0, 120.0);
                if (!kick && name != "intro") note("snare", at(b), 0.2, 0.4, -8.0 + 0.5 * lift, 180.0, 6000.0);
                note("hihat", at(b), 0.1, 0.3, -20.0 + lift, 5000.0, 16000.0);
                note("hihat", at(b + 0.5), 0.1, 0.3, -24.0 + lift, 5000.0, 16000.0);
            }
        if (name != "break")
            for (int b = 0; b < beats; ++b) note("bass", at(b), 0.9 * beat, 3.0, -14.0 + (b == 0 ? 2.0 : 0.0), 70.0 * chord, 150.0 * chord);
        if (name != "outro" && name != "bridge") note("guitar", at(0), barLength, 8.0, -18.0 + lift, 250.0 * chord, 1600.0 * chord);
        if (full || name == "bridge" || name == "break" || name == "outro") note("pad", at(0), barLength, 60.0, -22.0, 400.0 * chord, 3000.0);
        if (name == "chorus") note("backing", at(0), 0.8 * barLength, 20.0, -20.0, 300.0, 4000.0);
        if (name == "solo") for (int b = 0; b < beats; ++b) note("saxophone", at(b), 0.9 * beat, 6.0, -14.0, 400.0, 3000.0);
        // Phrases of two bars with a breath; the first word of a part comes a beat early.
        if (sung)
            for (int b = 0; b < beats - (barInPart % 2 == 1 ? 1 : 0); ++b) note("lead", at(b), 0.85 * beat, 4.0, -16.0 + lift, 250.0, 5000.0);
        if (sung && barInPart == 0 && bar > 0) note("lead", barSeconds(bar) - beat, 0.8 * beat, 4.0, -16.0, 250.0, 5000.0);
    }

    void finish(Analysis& facts) {
        std::sort(facts.rhythm.onsetSeconds.begin(), facts.rhythm.onsetSeconds.end());
        facts.rhythm.percussiveness = 0.5;
        facts.spec = {48000.0, 1};
        facts.frames = static_cast<std::int64_t>(durationSeconds * 48000.0);
        facts.activity = {.firstSoundSeconds = 0.0, .lastSoundSeconds = durationSeconds, .activeShare = 0.5, .silent = false};
        facts.dynamics.rmsDbfs = facts.loudness.integratedLufs = -20.0;
        facts.spectrum.centroidHz = 800.0;
        facts.spectrum.thirdOctaveDb.fill(-40.0);
    }

    MadeSong song_;
    std::map<std::string, Analysis> tracks_;
    int bars_ = 0;
    unsigned long long state_ = 42;
};

}  // namespace tonewright::testing
