#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "analysis/facts.h"
#include "core/json.h"

// What one recording sounds like beside another, at equal loudness.
namespace tonewright {

inline constexpr int kOctaves = 10;                 // 31.5 Hz ... 16 kHz
double octaveCentreHz(int octave);

// What is kept of a sound to compare it by. Spectra in dB against the integrated loudness: 0 where an octave's power is as
// high as the loudness says the whole is. nullopt: cannot be measured.
struct SoundFacts {
    double integratedLufs = kSilentDb;
    double truePeakDbtp = kSilentDb;
    std::optional<double> loudnessRangeLu, peakToLoudnessDb, dynamicRangeDb, crestDb;
    std::optional<double> widthDb;                  // side power / mid power; kSilentDb is nullopt too
    std::optional<double> correlation, monoLossLu;
    std::array<std::optional<double>, kOctaves> octaveDb;
    double seconds = 0.0;

    bool operator==(const SoundFacts&) const = default;
};
SoundFacts soundFacts(const Analysis& facts);

// One measure of both; the difference is second minus first.
struct MeasureChange {
    std::string measure, unit;                      // "integratedLufs", "LUFS"
    std::optional<double> before, after;

    std::optional<double> change() const { return before && after ? std::optional(*after - *before) : std::nullopt; }
};
std::vector<MeasureChange> compareSounds(const SoundFacts& before, const SoundFacts& after);

struct BandChange {
    double centreHz = 0.0;
    std::optional<double> levelDb;                  // second minus first, at equal loudness
    std::optional<double> widthDb;                  // of side against mid
};

// Per third octave, 20 Hz ... 20 kHz.
std::vector<BandChange> compareThirdOctaves(const Analysis& before, const Analysis& after);

// In words, the most striking first: "2.1 LU louder", "brighter: +1.5 dB above 4 kHz".
std::vector<std::string> soundWords(const SoundFacts& before, const SoundFacts& after);

}  // namespace tonewright
