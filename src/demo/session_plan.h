#pragma once
#include <optional>
#include <string>
#include <vector>

#include "demo/drum_kit.h"

// The demo session as a table: which tracks there are, and what is wrong with each.
namespace tonewright::demo {

enum class Sound { microphone, bass, rhythmGuitar, cleanGuitar, piano, strings, lead, backing, tambourine, nothing };

enum class FileKind { wav16, wav24, wavFloat, flac24 };

struct Hum {
    double hz = 50.0;
    double levelDbfs = 0.0;  // RMS of all harmonics together
};

struct NoiseFloor {  // RMS over the whole track
    double hissDbfs = 0.0;
    double rumbleDbfs = 0.0;  // below about 40 Hz
};

struct TrackPlan {
    std::string file;
    std::string role;  // in the vocabulary of session/roles.h
    Sound sound = Sound::nothing;
    std::vector<int> microphones;  // of kitMicrophones(), one a channel, if the sound is a microphone
    int channels = 1;
    FileKind kind = FileKind::wav24;
    bool otherRate = false;        // 44.1 kHz in a 48 kHz session
    bool startsLate = false;       // the file begins shortly before its first note, with a BWF time reference
    std::string sameAs;            // the file that holds the same performance

    // Planted faults.
    double gainDb = 0.0;           // against the well recorded session, whose tracks peak at kCleanPeakDbfs
    bool polarityInverted = false; // beyond what the microphone's place does by nature
    double delayMs = 0.0;
    std::optional<Hum> hum;
    std::optional<NoiseFloor> noise;
    double dcOffset = 0.0;         // of full scale
};

// Well recorded tracks peak here; microphones of one pair (the overheads) share a preamplifier setting.
inline constexpr double kCleanPeakDbfs = -12.0;

const std::vector<Microphone>& kitMicrophones();
const std::vector<TrackPlan>& trackPlans();

}  // namespace tonewright::demo
