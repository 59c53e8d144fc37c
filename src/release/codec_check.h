#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "audiofile/codec_round_trip.h"
#include "core/progress.h"
#include "core/work_pool.h"

namespace tonewright {

// What listeners get of a file through one lossy codec.
struct CodecResult {
    CodecSetting setting;
    int sampleRateHz = 0;           // at which it was encoded
    double truePeakDbtp = 0.0;      // of the decoded sound; -infinity for silence
    double samplePeakDbfs = 0.0;
    std::int64_t overs = 0;         // decoded samples beyond full scale, all channels
    double integratedLufs = 0.0;
};

// Encodes and decodes `file` with each codec, one task of the pool a codec. Throws what throughCodec() throws.
std::vector<CodecResult> checkCodecs(const std::filesystem::path& file, std::span<const CodecSetting> settings, WorkPool& pool, Progress& progress);

enum class CodecCheckMode { automatic, on, off };

// What the user asked for: --codec-check, --codec and --for.
struct CodecRequest {
    CodecCheckMode mode = CodecCheckMode::automatic;
    std::vector<std::string> codecs;     // names of codecSettings(); empty: the destinations'
};

// One codec, and what its decoded peaks are held against.
struct CodecTarget {
    CodecSetting setting;
    double limitDbtp = 0.0;              // full scale, or what a destination asks of decoded sound
    std::vector<std::string> platforms;  // destinations that use it
};

struct CodecTask {
    std::vector<CodecTarget> targets;    // empty: nothing is checked
    std::vector<Warning> warnings;       // what is left out, and why

    std::vector<CodecSetting> settings() const;
};

// Which codecs are checked: those named; else those of the destinations; else, with `on`, all that are known. What is not
// built in is left out with a warning under `automatic`.
// Throws UsageError for unknown names, or codecs named beside `off`; Error(ErrorKind::component) for what was asked for and
// is not built in.
CodecTask codecTask(const CodecRequest& request, const std::vector<std::string>& platforms);

// What a check found, round by round: each but the first after the master had been made again, lower.
struct CodecRound {
    double loweredDb = 0.0;              // the limiter's ceiling, since the first round
    double trimmedDb = 0.0;              // the level of the whole, since the first round
    std::vector<CodecResult> codecs;     // as CodecTask::targets

    double totalDb() const { return loweredDb + trimmedDb; }
};
struct CodecHistory {
    std::vector<CodecTarget> targets;
    std::vector<CodecRound> rounds;      // empty: not checked

    bool checked() const { return !rounds.empty(); }
    bool held() const;                   // nothing in the last round is over its limit
    // How far the worst codec of a round is above its limit; -infinity for silence.
    double worstExcessDb(const CodecRound& round) const;
    std::size_t worst(const CodecRound& round) const;  // its place
};

}  // namespace tonewright
