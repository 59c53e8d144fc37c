#pragma once
#include <filesystem>
#include <functional>
#include <optional>

#include "core/progress.h"
#include "core/work_pool.h"
#include "journey/master_stage.h"
#include "plan/plan.h"
#include "release/codec_check.h"

// master.codec-check: a master whose peaks leave the range once a platform has encoded it is made again, lower
// (docs/rules/master-codec-check.md).
namespace tonewright {

struct CodecTuning {
    int mostRounds = 3;          // in which the master is made again
    double nearDb = 0.02;        // a decoded peak this near under the limit is mended too: other meters read a little more
    double reserveDb = 0.1;      // what decoded peaks are meant to stay under the limit by
    double firstMostDb = 1.5;    // the first time no lower than this: what an encoder adds in one place it may not add again
    double secondMarginDb = 0.3, lastMarginDb = 0.6;  // from then on lower than would just have been enough
    double leastResponse = 0.3;  // of what the ceiling was lowered by, peaks must have come down: else it is not the limiter's peaks
    double mostDb = 6.0;         // in all: beyond it the encoder is at fault, and the music would pay
    double idleDb = -0.5;        // a limiter that held peaks by less has no part in the loudness
};

// How low the next round must be.
struct CodecStep {
    double loweredDb = 0.0;      // the ceiling, as in CodecRound
    double trimmedDb = 0.0;

    bool operator==(const CodecStep&) const = default;
};

// nullopt: nothing is left to be done, because every codec holds or the rounds are used up. In steps of 0.1 dB.
// byCeiling: the limiter's ceiling may be moved, and has a part in the peaks; else, or where the last round shows that it has
// none, the whole is turned down.
std::optional<CodecStep> nextCodecStep(const CodecHistory& history, bool byCeiling, const CodecTuning& tuning = {});

// Makes the master again from the plan, decides the limiter's drive anew for a loudness that is lower by trimmedDb (which a
// step of the plan takes off), renders into the same file and refreshes the result.
using MakeAgain = std::function<void(double trimmedDb)>;

// Checks the master in the file `master` and, while a codec breaks its limit, lowers the plan's limiter or adds a trim, and
// makes it again. The plan then holds what was lowered, with its reason; result.codecs, what was found.
void holdThroughCodecs(const CodecTask& task, const std::filesystem::path& master, Plan& plan, MasterResult& result,
                       const MakeAgain& makeAgain, WorkPool& pool, Progress& progress);

// The check alone, of a plan that is only carried out.
void checkThroughCodecs(const CodecTask& task, const std::filesystem::path& master, MasterResult& result, WorkPool& pool, Progress& progress);

// Adds to what judgeDelivery() said: codecs that still break their limits are a missed target.
void judgeCodecs(MasterResult& result);

}  // namespace tonewright
