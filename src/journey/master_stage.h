#pragma once
#include <filesystem>

#include "core/staged_file.h"
#include "core/work_pool.h"
#include "journey/journey.h"
#include "plan/plan.h"
#include "release/codec_check.h"
#include "report/report.h"

namespace tonewright {

struct ReferenceMatch;

struct MasterResult {
    Analysis facts;                  // of the samples in the file
    std::vector<StepWork> work;
    bool targetReached = true;
    std::string targetText;
    CodecHistory codecs;
};

// Decides plan.master for the programme in `source` (analysed as `facts`), settles the limiter's drive by trials, and
// writes the master to `part`. plan.delivery must name the rate; `keep` may hold locked steps; `match` is carried out and
// settled, where there is a reference. What `codecs` names is checked on the file, and the master made again where it breaks
// (codec_stage.h).
MasterResult decideAndRenderMaster(Plan& plan, const std::filesystem::path& source, const Analysis& facts, const Plan* keep,
                                   ReferenceMatch* match, const CodecTask& codecs, const std::filesystem::path& part,
                                   const std::filesystem::path& scratchFolder, int blockFrames,
                                   WorkPool& pool, Progress& progress);

// Carries out plan.master as it stands.
MasterResult renderMaster(const Plan& plan, const std::filesystem::path& source, std::int64_t sourceFrames, const std::filesystem::path& part,
                          int blockFrames, bool threaded, Progress& progress);

// Compares what the file measures with the plan's target and ceiling, and says so in a sentence.
void judgeDelivery(const Plan& plan, MasterResult& result);

}  // namespace tonewright
