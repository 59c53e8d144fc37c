#pragma once
#include <optional>
#include <string>
#include <vector>

#include "analysis/facts.h"

namespace tonewright {

// A place where music is played, and what is known of its loudness rules (data/platforms.json: dated, with sources).
struct Platform {
    std::string name;                           // "Spotify (normal)"
    std::optional<double> targetLufs;           // nullopt: plays files as they are
    bool turnsUp = false;                       // raises quieter masters
    double maxTruePeakAfterGainDbtp = -1.0;     // where it turns up, no further than this
    std::optional<double> adviceTruePeakDbtp;   // what it asks masters to stay under
    std::string status;                         // "official", "measured", "practice"
    std::string source;
    std::string date;                           // when the figure was last confirmed, "2026-01"
    std::string note;
    std::vector<std::string> codecs;            // in which it streams: of audiofile/codec_round_trip.h those that come nearest; empty: lossless
    double decodedCeilingDbtp = 0.0;            // what decoded sound must stay under: full scale, or less where it says so
    std::string codecSource;                    // where that is known from

    std::string word() const;                   // "apple-music": the name on the command line
};

const std::vector<Platform>& platforms();

// By name or word, whatever the case. Throws UsageError for an unknown one, with the nearest.
const Platform& findPlatform(const std::string& name);

// What a platform does to a master when it plays it.
struct PlatformEffect {
    Platform platform;
    double gainDb = 0.0;                        // applied at playback
    double playedLufs = 0.0;                    // loudness as heard
    double playedTruePeakDbtp = 0.0;
    std::string text;                           // "turned down by 2.1 dB": a sentence for people
};

std::vector<PlatformEffect> platformEffects(const LoudnessFacts& master);

}  // namespace tonewright
