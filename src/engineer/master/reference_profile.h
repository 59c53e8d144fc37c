#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/balance_meter.h"
#include "analysis/facts.h"
#include "core/error.h"
#include "core/json.h"

// What is kept of a reference: enough to match a master to it, and none of its faults.
namespace tonewright {

// Levels per third octave in dB; nullopt where there is nothing to be matched.
using BandLevels = std::array<std::optional<double>, kThirdOctaves>;

struct BalanceTarget {
    BandLevels midDb, sideDb;                  // relative to the recording's integrated loudness
};

// Its loud sections over its quiet ones (sections.h).
struct SectionContrast {
    double contrastLu = 0.0, confidence = 0.0;
};

// One or several recordings, described. Made by describeReference(), or read from a file of `tonewright profile`.
struct ReferenceProfile {
    static constexpr int kVersion = 1;

    struct Song {
        std::string name;                      // for people
        std::string hash;                      // contentHash() of the file
        double seconds = 0.0;
    };
    std::vector<Song> songs;
    double integratedLufs = -14.0;             // as heard from two loudspeakers
    double peakToLoudnessDb = 12.0;
    std::optional<double> loudnessRangeLu;
    std::optional<SectionContrast> sections;   // nullopt: none that could be told apart
    double topHz = 22500.0;                    // nothing is known above: a lossy source, or a low sample rate
    bool stereo = true;                        // false: mono, or one channel missing - its width says nothing
    BalanceTarget whole, loud, quiet;          // all of it; its loud parts; its quiet parts
    std::vector<Warning> warnings;             // what is wrong with it, and therefore not copied
};

struct ReferenceTuning {
    double noiseMarginDb = 6.0;                // a band so near to its own floor holds only noise
    double humShareDb = -45.0;                 // hum above it, against the programme, is taken out of its bands
    double leastPlrDb = 7.0;                   // less is over-limited, and said
    double emptySideDb = -60.0;                // a side so far under the middle is none
};

// Describes one recording. `name` and `hash` name it in the profile. Precondition: it is not silent.
ReferenceProfile describeReference(const std::string& name, const std::string& hash, const Analysis& facts, const BalanceFacts& balance,
                                   const ReferenceTuning& tuning = {});

// Several become one: levels are aligned by loudness, then averaged band by band - two by power, more by their median, so
// that one odd song decides nothing. The order is of no consequence. Precondition: not empty.
ReferenceProfile averageReferences(std::vector<ReferenceProfile> profiles);

// The file of `tonewright profile`; schema: `tonewright schema profile`. What is read back equals what was written.
Json toJson(const ReferenceProfile& profile);
// Throws InputError naming the source and the place.
ReferenceProfile referenceProfileFromJson(const Json& json, const std::string& source);
Json referenceProfileSchema();

}  // namespace tonewright
