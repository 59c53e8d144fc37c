#pragma once
#include <filesystem>
#include <optional>
#include <vector>

#include "analysis/facts.h"
#include "core/progress.h"
#include "plan/plan.h"
#include "release/codec_check.h"
#include "render/stream_renderer.h"
#include "report/report.h"

// The whole path, from files to files: what the commands mix, master, plan and render do, for any program.
namespace tonewright {

struct JourneyOptions {
    std::filesystem::path output;                 // a folder, or a .wav file; empty: a folder named after the input, here
    Intent intent;
    std::filesystem::path rolesFile;              // the user's word on roles (session_json.h); empty: none
    std::vector<std::filesystem::path> references; // recordings, folders of them, or profiles (tonewright profile); empty: the style is the target
    std::filesystem::path roughMix;               // a mix of the same recordings whose balance is kept; empty: none
    std::filesystem::path keepPlan;               // a plan whose locked and user steps are kept; empty: none
    bool revise = false;                          // keepPlan is the plan that stands at the output; it stays there under another name
    bool force = false;                           // replace what exists
    bool stems = false;
    std::vector<Alternate> alternates;            // versions of the mix that are written beside it
    bool makeMaster = true;
    bool planOnly = false;                        // decide, write the plan, render nothing
    bool dryRun = false;                          // decide, write nothing at all
    std::optional<SampleFormat> samples;          // of the results; 24 bits if not given
    CodecRequest codecCheck;                      // of the master; its destinations are intent.platforms
    int threads = 0;                              // 0: all processors
    int blockFrames = kDefaultBlockFrames;
};

// Raw tracks -> mix, master, plan, report. Throws the errors of core/error.h; whatever it throws, nothing stands under a
// final name that was not there before.
Report runMix(const std::vector<std::filesystem::path>& inputs, const JourneyOptions& options, Progress& progress);

// One stereo (or mono) file -> master, plan, report.
Report runMaster(const std::filesystem::path& input, const JourneyOptions& options, Progress& progress);

// Carries out an existing plan as it stands. Without an output the results go beside the plan (with options.force).
Report runRender(const std::filesystem::path& planFile, const JourneyOptions& options, Progress& progress);

}  // namespace tonewright
